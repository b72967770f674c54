"""`usage-tui providers`: the vendors whose accounts are shown, and what each of them reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from usage_tui.cli.ending import DONE, Misuse
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import Parser
from usage_tui.clients.offers import CARDS, Extent, Offer, declared_offers, reasons
from usage_tui.clients.registry import SourceKind, UnknownKind, require_kind, vendor_names

LEGEND = "yes: for every account; some: depends on the plan, the account, or the key; -: not offered."
"""What the words of `table_of_cards` mean."""


def run(words: Sequence[str]) -> int:
    """List the providers with what each of them reports; with a name, all that is known of one."""
    parser = Parser("usage-tui providers", description=run.__doc__)
    parser.add_argument("name", nargs="?", metavar="NAME", help="one provider")
    name = parser.parse_args(words).name
    if name is None:
        rows = table_of_cards()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
            print_line("  ".join(cells).rstrip())
        print_line(LEGEND)
        print_line("usage-tui providers NAME says more; usage-tui login NAME opens an account.")
        return DONE
    try:
        kind = require_kind(name)
    except UnknownKind as error:
        raise Misuse(str(error)) from None
    for line in describe(kind):
        print_line(line)
    return DONE


def table_of_cards() -> list[tuple[str, ...]]:
    """Which vendor tells what: a title row, then a row for each card."""
    kinds = [require_kind(name) for name in vendor_names()]
    columns = [[one.extent.value for one in declared_offers(kind)] for kind in kinds]
    rows = [("", *(kind.name for kind in kinds))]
    return [*rows, *zip(CARDS.values(), *columns, strict=True)]


def describe(kind: SourceKind) -> Iterator[str]:
    """What is declared of a kind, a line each: its key, its data, what it shows and what not."""
    yield f"{kind.title} (usage-tui login {kind.name})"
    if kind.key is not None:
        yield f"key          {kind.key.words}"
        yield from [f"create it    {kind.key.page}"] if kind.key.page else []
        yield f"variable     {kind.key.variable}"
    address = kind.url or (f"your own, or {kind.url_variable}" if kind.url_variable else "")
    yield from [f"address      {address}"] if address else []
    yield from [f"unit         {kind.unit}"] if kind.unit else []
    yield from [f"days in      {kind.time_zone}"] if kind.time_zone else []
    if kind.vendor is not None and kind.vendor.delay:
        yield f"data delay   {kind.vendor.delay}"
    yield f"refreshed    every {max(kind.refresh_seconds, kind.shortest_refresh)} s"
    offers = declared_offers(kind)
    yield f"shows        {_titles(offers, Extent.ALL)}"
    if any(one.extent is Extent.SOME for one in offers):
        yield f"some show    {_titles(offers, Extent.SOME)}"
    for reason in reasons(offers):
        yield f"not shown    {reason}"


def _titles(offers: Sequence[Offer], extent: Extent) -> str:
    return ", ".join(one.title for one in offers if one.extent is extent)
