"""Amounts finer than a millionth, rounded once, when all files are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from decimal import Decimal

from usage_tui.importing.amounts import EXACT
from usage_tui.importing.entries import Entry
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.rounding import round_table, share_out
from usage_tui.models import Credits

_Cell = tuple[date, tuple[str, str]]


def rounded(entries: list[Entry], calendar: Calendar, period_of: Callable[[date], Hashable]) -> list[Entry]:
    """The entries with amounts of whole millionths.

    Of each period the total is the exact one, rounded once; each day and each source of it differs from its
    exact amount by less than a millionth, and so does each entry. Where nothing is finer, nothing changes.

    Args:
        entries: All of them, in order of time; those of a cell share its remainder in that order.
        calendar: Whose days count.
        period_of: The period of a day.
    """
    if not is_fine(entries):
        return entries
    finer: defaultdict[Hashable, defaultdict[_Cell, list[int]]] = defaultdict(lambda: defaultdict(list))
    whole: defaultdict[Hashable, defaultdict[_Cell, int]] = defaultdict(lambda: defaultdict(int))
    for index, entry in enumerate(entries):
        use = entry.use
        day = calendar.date_of(use.occurred_at)
        cell = day, (use.kind, use.source_id)
        if entry.exact is None:
            whole[period_of(day)][cell] += use.credits.micro
        else:
            finer[period_of(day)][cell].append(index)
    result = list(entries)
    for period, cells in finer.items():
        _round(result, cells, whole[period])
    return result


def is_fine(entries: Iterable[Entry]) -> bool:
    """Whether some amount is finer than a millionth."""
    return any(entry.exact is not None for entry in entries)


def _round(entries: list[Entry], finer: dict[_Cell, list[int]], whole: dict[_Cell, int]) -> None:
    """Round the entries of one period in place."""
    places = -min(_exponent(entries[index].exact) for indexes in finer.values() for index in indexes)
    one = 10 ** max(places - 6, 0)

    def parts(cell: _Cell) -> list[int]:
        scaled = (
            EXACT.scaleb(entries[index].exact or Decimal(0), max(places, 6)) for index in finer.get(cell, ())
        )
        return [int(part) for part in scaled]

    exact = {
        cell: EXACT.scaleb(Decimal(whole.get(cell, 0) * one + sum(parts(cell))), -max(places, 6))
        for cell in {**finer, **whole}
    }
    totals = round_table(exact)
    for cell, indexes in finer.items():
        for index, micro in zip(
            indexes, share_out(totals[cell] - whole.get(cell, 0), parts(cell), one), strict=True
        ):
            entry = entries[index]
            entries[index] = entry._replace(use=entry.use._replace(credits=Credits(micro)), exact=None)


def _exponent(amount: Decimal | None) -> int:
    exponent = 0 if amount is None else amount.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - it is finite
    return exponent
