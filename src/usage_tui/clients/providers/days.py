"""The days that are known of an account, which are final, and which to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple

from usage_tui.clients.base import InvalidReply
from usage_tui.clients.providers.base import Cell, Days
from usage_tui.clients.providers.cells import RoundedCell, merged, rounded
from usage_tui.ledger.days import ONE_DAY, Calendar


class KnownDay(NamedTuple):
    """A day as it was told last.

    Attributes:
        cells: Exact, one for each source.
        told_at: The time of the data.
    """

    cells: tuple[Cell, ...]
    told_at: datetime


class KnownDays:
    """Days by date. A day that is told again replaces the former one as a whole.

    Attributes:
        days: What is known.
        unit: The code of the unit of every amount; empty before the first.
        as_of: The time of the newest data; None before the first.
        newest: The last day that the vendor knew; None before the first.
    """

    def __init__(self, calendar: Calendar, settles: timedelta) -> None:
        self._calendar = calendar
        self._settles = settles
        self.days: dict[date, KnownDay] = {}
        self.unit = ""
        self.as_of: datetime | None = None
        self.newest: date | None = None
        self._rounded: dict[tuple[int, int] | None, tuple[list[Cell], list[RoundedCell]]] = {}

    def put(self, first: date, last: date, told: Days, now: datetime, unit: str) -> dict[date, KnownDay]:
        """Take over a range of days.

        Args:
            first: The first day that was asked for.
            last: The last one.
            told: What the vendor says of them.
            now: When it was asked.
            unit: The code of its amounts' unit.

        Returns:
            The days that it told.

        Raises:
            InvalidReply: The unit is another one than before.
        """
        if self.unit not in ("", unit):
            raise InvalidReply(f"Amounts in {unit} cannot be added to amounts in {self.unit}.")
        as_of = min(now, told.as_of or now)
        oldest, newest = max(told.oldest or first, first), min(told.newest or last, last)
        by_day: dict[date, list[Cell]] = {day: [] for day in days_between(oldest, newest)}
        for cell in merged(told.cells):
            if cell.day in by_day:
                by_day[cell.day].append(cell)
        new = {day: KnownDay(tuple(cells), as_of) for day, cells in by_day.items()}
        self.take_over(new, unit)
        return new

    def take_over(self, days: Mapping[date, KnownDay], unit: str) -> None:
        """Add days as they were told before."""
        self.days.update(days)
        self.unit = unit
        if days:
            self.newest = max(self.days)
            self.as_of = max(day.told_at for day in self.days.values())

    def is_final(self, day: date) -> bool:
        """Whether a day is known and does not change any more."""
        known = self.days.get(day)
        return known is not None and known.told_at >= self._calendar.bounds(day)[1] + self._settles

    def wanted(self, first: date, split: date, last: date, most: int) -> Iterator[tuple[date, date]]:
        """Which days to ask for: ranges, the newest first, of days that are not final.

        Args:
            first: The first day to know.
            split: No range reaches over the start of this day.
            last: The last day to know.
            most: Days at most.
        """
        missing = [day for day in days_between(first, last) if not self.is_final(day)][-most:]
        while missing:
            end = start = missing.pop()
            while missing and missing[-1] == start - ONE_DAY and start != split:
                start = missing.pop()
            yield start, end

    def rounded(self, first: date, last: date) -> tuple[list[RoundedCell], list[RoundedCell]]:
        """The cells of a period in whole millionths, and those of all other days.

        Each other month is rounded by itself. What has not changed is not rounded again.

        Args:
            first: The period's first day.
            last: Its last one.
        """
        groups: dict[tuple[int, int] | None, list[Cell]] = {None: []}
        for day, known in self.days.items():
            group = None if first <= day <= last else (day.year, day.month)
            groups.setdefault(group, []).extend(known.cells)
        before, self._rounded = self._rounded, {}
        for group, cells in groups.items():
            same = before.get(group)
            if same is None or same[0] != cells:
                same = cells, rounded(cells)
            self._rounded[group] = same
        others = (rows for group, (_, rows) in self._rounded.items() if group is not None)
        return self._rounded[None][1], [*chain.from_iterable(others)]

    def since(self, last: date) -> date:
        """The first of the days that are all known up to this one; the day after it where it is not known."""
        first = last + ONE_DAY
        while first - ONE_DAY in self.days:
            first -= ONE_DAY
        return first

    def unknown(self, first: date, last: date) -> list[date]:
        """The days of a range that are not known."""
        return [day for day in days_between(first, last) if day not in self.days]


def days_between(first: date, last: date) -> Iterable[date]:
    """Every day of a range, both ends included; none where it ends before it begins."""
    return (first + ONE_DAY * number for number in range((last - first).days + 1))
