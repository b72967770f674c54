"""`usage-tui providers`: the vendors whose accounts are shown, and what each of them reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from usage_tui.cli.ending import DONE, Misuse
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import Parser
from usage_tui.clients.offers import CARDS, Extent, Offer, declared_offers, reasons
from usage_tui.clients.registry import Provider, UnknownProvider, require_provider, vendor_names

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
        provider = require_provider(name)
    except UnknownProvider as error:
        raise Misuse(str(error)) from None
    for line in describe(provider):
        print_line(line)
    return DONE


def table_of_cards() -> list[tuple[str, ...]]:
    """Which vendor tells what: a title row, then a row for each card."""
    providers = [require_provider(name) for name in vendor_names()]
    columns = [[one.extent.value for one in declared_offers(provider)] for provider in providers]
    rows = [("", *(provider.name for provider in providers))]
    return [*rows, *zip(CARDS.values(), *columns, strict=True)]


def describe(provider: Provider) -> Iterator[str]:
    """What is declared of a provider, a line each: its key, its data, what it shows and what not."""
    yield f"{provider.title} (usage-tui login {provider.name})"
    if provider.key is not None:
        yield f"key          {provider.key.words}"
        yield from [f"create it    {provider.key.page}"] if provider.key.page else []
        yield f"variable     {provider.key.variable}"
    address = provider.url or (f"your own, or {provider.url_variable}" if provider.url_variable else "")
    yield from [f"address      {address}"] if address else []
    yield from [f"unit         {provider.unit}"] if provider.unit else []
    yield from [f"days in      {provider.time_zone}"] if provider.time_zone else []
    if provider.vendor is not None and provider.vendor.delay:
        yield f"data delay   {provider.vendor.delay}"
    yield f"refreshed    every {max(provider.refresh_seconds, provider.shortest_refresh)} s"
    offers = declared_offers(provider)
    yield f"shows        {_titles(offers, Extent.ALL)}"
    if any(one.extent is Extent.SOME for one in offers):
        yield f"some show    {_titles(offers, Extent.SOME)}"
    for reason in reasons(offers):
        yield f"not shown    {reason}"


def _titles(offers: Sequence[Offer], extent: Extent) -> str:
    return ", ".join(one.title for one in offers if one.extent is extent)
