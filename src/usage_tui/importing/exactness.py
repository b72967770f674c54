"""Amounts finer than a millionth, rounded once, when all files are read."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from decimal import Decimal

from usage_tui.importing.amounts import EXACT, FINEST
from usage_tui.importing.entry_list import EntryList
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.rounding import round_table, share_out
from usage_tui.text.amounts import MICRO

_ONE = 10**-FINEST // MICRO
"""How many steps of the finest digit are a millionth."""


def rounded(entries: EntryList, calendar: Calendar, period_of: Callable[[date], Hashable]) -> EntryList:
    """Give the entries amounts of whole millionths, in place.

    Of each period the total is the exact one, rounded once; each day and each source of it differs from its
    exact amount by less than a millionth, and so does each entry. Where nothing is finer, nothing changes.

    Args:
        entries: All of them, in order of time; those of a cell share its remainder in that order.
        calendar: Whose days count.
        period_of: The period of a day.

    Returns:
        The same list.
    """
    if not entries.is_fine:
        return entries
    periods: defaultdict[Hashable, _Cells] = defaultdict(lambda: defaultdict(_Cell))
    for index, entry in enumerate(entries):
        use = entry.use
        day = calendar.date_of(use.occurred_at)
        cell = periods[period_of(day)][day, (use.kind, use.source_id)]
        if entry.exact is None:
            cell.whole += use.credits.micro
        else:
            cell.finer.append(index)
    for cells in periods.values():
        _round(entries, cells)
    return entries


class _Cell:
    """What a source used on a day: the sum of whole millionths, and the places of finer amounts."""

    __slots__ = ("finer", "whole")

    def __init__(self) -> None:
        self.whole = 0
        self.finer = array("L")


_Cells = defaultdict[tuple[date, tuple[str, str]], _Cell]


def _round(entries: EntryList, cells: _Cells) -> None:
    """Round the entries of one period."""
    exact = {
        place: EXACT.scaleb(Decimal(cell.whole * _ONE + sum(_steps(entries, cell))), FINEST)
        for place, cell in cells.items()
    }
    totals = round_table(exact)
    for place, cell in cells.items():
        shares = share_out(totals[place] - cell.whole, [*_steps(entries, cell)], _ONE)
        for index, micro in zip(cell.finer, shares, strict=True):
            entries.put_micro(index, micro)


def _steps(entries: EntryList, cell: _Cell) -> Iterator[int]:
    """The finer amounts of a cell in steps of the finest digit."""
    return (int(EXACT.scaleb(entries.amount(index), -FINEST)) for index in cell.finer)
