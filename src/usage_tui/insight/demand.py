"""The demand: the use to come at one pace, from now to the end of the days that are walked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import lcm

from usage_tui.insight.pace import Pace
from usage_tui.ledger.days import ONE_DAY, Calendar

WALKED_DAYS = 366
"""How many civil days are walked, today among them."""

_INSTANT = timedelta.resolution


class Horizon:
    """The civil days that are walked. The first is what is left of today.

    Attributes:
        as_of: The present.
        dates: The date of each day.
        instants: The present, the midnights after it, and the end of the last day.
    """

    __slots__ = ("as_of", "calendar", "dates", "instants", "lengths")

    def __init__(self, as_of: datetime, calendar: Calendar, days: int = WALKED_DAYS) -> None:
        self.as_of = as_of.astimezone(UTC)
        self.calendar = calendar
        today = calendar.date_of(as_of)
        self.dates: Sequence[date] = [today + ONE_DAY * number for number in range(days)]
        ends = (calendar.start(day + ONE_DAY) for day in self.dates)
        self.instants: Sequence[datetime] = [self.as_of, *ends]
        self.lengths = [(end - start) // _INSTANT for start, end in pairwise(self.instants)]

    @property
    def today(self) -> date:
        """The civil date of the present."""
        return self.dates[0]

    @property
    def ends_at(self) -> datetime:
        """The end of the last day, exclusive."""
        return self.instants[-1]

    def index_of(self, instant: datetime) -> int:
        """The number of the day in which an instant of the horizon lies."""
        return bisect_right(self.instants, instant) - 1


class Demand:
    """The use to come, summed up from now on.

    It is evenly spread over each day, so that a day can be cut anywhere. Amounts are whole numbers of parts,
    `scale` of them to the millionth: with them every sum is exact, and faster than with fractions.
    """

    __slots__ = ("_sums", "_uses", "horizon", "scale")

    def __init__(self, horizon: Horizon, pace: Pace, factor: Fraction, used_today: int) -> None:
        """Sum the days up.

        Args:
            horizon: The days.
            pace: What a weekday uses.
            factor: What it is multiplied by.
            used_today: What today has used so far, in millionths.
        """
        week = [mean * factor for mean in pace.week]
        amounts = lcm(*(mean.denominator for mean in week))
        # Whatever part of a day is taken, down to the microsecond, its use comes out even.
        self.scale = amounts * lcm(*(length for length in set(horizon.lengths) if length))
        self.horizon = horizon
        by_weekday = [int(mean * self.scale) for mean in week]
        uses = [by_weekday[day.weekday()] for day in horizon.dates]
        uses[0] = max(uses[0] - used_today * self.scale, 0)
        # A day that a zone skips has no time in which anything could be used.
        self._uses = [use if length else 0 for use, length in zip(uses, horizon.lengths, strict=True)]
        self._sums = [0]
        for use in self._uses:
            self._sums.append(self._sums[-1] + use)

    def by(self, instant: datetime) -> int:
        """What is used from now to an instant of the horizon, in parts."""
        day = self.horizon.index_of(instant)
        if day == len(self._uses):
            return self._sums[-1]
        elapsed = (instant - self.horizon.instants[day]) // _INSTANT
        return self._sums[day] + (self._uses[day] * elapsed // self.horizon.lengths[day] if elapsed else 0)

    def by_days(self, first: int, end: int) -> Sequence[int]:
        """What is used before each of the days begins, by their numbers, in parts."""
        return self._sums[first:end]

    def day_beyond(self, amount: int) -> date:
        """The first day with use beyond an amount; there must be one."""
        return self.horizon.dates[bisect_right(self._sums, amount) - 1]

    def instant_reaching(self, amount: int) -> datetime:
        """The first microsecond by which so much is used; there must be one.

        The amount must be more than nothing.
        """
        day = bisect_left(self._sums, amount) - 1
        use, length = self._uses[day], self.horizon.lengths[day]
        elapsed = -((self._sums[day] - amount) * length // use)
        return self.horizon.instants[day] + elapsed * _INSTANT
