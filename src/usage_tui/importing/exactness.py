"""Amounts finer than a millionth, rounded once, when all files are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from decimal import Decimal

from usage_tui.importing.amounts import EXACT, FINEST
from usage_tui.importing.entries import Entry
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ledger import Use
from usage_tui.ledger.rounding import round_table, share_out
from usage_tui.models import Credits
from usage_tui.text.amounts import MICRO

_ONE = 10**-FINEST // MICRO
"""How many steps of the finest digit are a millionth."""
_EXACT = Entry._fields.index("exact")
_CREDITS = Use._fields.index("credits")


def rounded(entries: list[Entry], calendar: Calendar, period_of: Callable[[date], Hashable]) -> list[Entry]:
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
    if not is_fine(entries):
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


def is_fine(entries: Iterable[Entry]) -> bool:
    """Whether some amount is finer than a millionth."""
    return any(entry.exact is not None for entry in entries)


class _Cell:
    """What a source used on a day: the sum of whole millionths, and the places of finer amounts."""

    __slots__ = ("finer", "whole")

    def __init__(self) -> None:
        self.whole = 0
        self.finer: list[int] = []


_Cells = defaultdict[tuple[date, tuple[str, str]], _Cell]


def _round(entries: list[Entry], cells: _Cells) -> None:
    """Round the entries of one period."""
    parts = {place: [_steps(entries[index]) for index in cell.finer] for place, cell in cells.items()}
    exact = {
        place: EXACT.scaleb(Decimal(cell.whole * _ONE + sum(parts[place])), FINEST)
        for place, cell in cells.items()
    }
    totals = round_table(exact)
    for place, cell in cells.items():
        shares = share_out(totals[place] - cell.whole, parts[place], _ONE)
        for index, micro in zip(cell.finer, shares, strict=True):
            entries[index] = _with_credits(entries[index], micro)


def _steps(entry: Entry) -> int:
    """The amount in steps of the finest digit."""
    return int(EXACT.scaleb(entry.exact or Decimal(0), -FINEST))


def _with_credits(entry: Entry, micro: int) -> Entry:
    # A third of the time of `_replace`, for each of what may be a million.
    use = entry.use
    return Entry._make(
        (
            entry.line,
            Use._make((*use[:_CREDITS], Credits(micro), *use[_CREDITS + 1 :])),
            entry.reverses,
            None,
            *entry[_EXACT + 1 :],
        )
    )
