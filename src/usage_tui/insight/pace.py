"""The pace: how much an organization uses on each weekday, and how far that varies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from usage_tui.frozen import frozen
from usage_tui.ledger.days import ONE_DAY
from usage_tui.models import Credits, Day

KNOWN_DAYS = 56
"""How many days back the pace looks at most."""

WEEK = 7
_BASIS_WEEKS = 4
_SPREADS = (
    (42, Fraction(1), Fraction(1)),
    (28, Fraction(9, 10), Fraction(10, 9)),
    (14, Fraction(3, 4), Fraction(4, 3)),
)
"""From how many known days on the quietest and the busiest week are multiplied by what."""
_SHORTEST_SPREAD = Fraction(1, 2), Fraction(2)
_DOMINANT = Fraction(1, 4)


def cut(amount: Fraction | int) -> Credits:
    """The amount in whole millionths; what comes after them is dropped, not rounded."""
    return Credits(int(amount))


@frozen
class History:
    """The complete days before today that are known, one after the other, at most `KNOWN_DAYS`.

    Attributes:
        starts_on: The date of the first.
        amounts: What each used, net of refunds, in millionths; days without use too.
    """

    starts_on: date
    amounts: tuple[int, ...]

    @property
    def mean(self) -> Fraction | None:
        """What a day used on average; None if no day is known."""
        return Fraction(sum(self.amounts), len(self.amounts)) if self.amounts else None


@frozen
class DominantDay:
    """A single day that makes up a large part of the basis."""

    date: date
    amount: int
    share: Fraction


@frozen
class Pace:
    """What an organization uses a day, in millionths.

    Attributes:
        week: The mean of each weekday, Monday first.
        slow: The quietest seven days in a row, relative to the week; 1 at most.
        fast: The busiest seven days in a row, relative to the week; 1 at least.
        known_days: How many complete days are known.
        basis_starts_on: The first of the days that the means are made of.
        basis_days: How many those are; the last is yesterday.
        basis_total: What they used.
        dominant_day: The one that used a quarter of that or more; None if none did.
    """

    week: tuple[Fraction, ...]
    slow: Fraction
    fast: Fraction
    known_days: int
    basis_starts_on: date
    basis_days: int
    basis_total: int
    dominant_day: DominantDay | None

    @property
    def a_day(self) -> Fraction:
        """The mean of all weekdays."""
        return sum(self.week, Fraction(0)) / WEEK


def daily_amounts(days: Iterable[Day]) -> dict[date, int]:
    """What each date used, from the first that has use; a date that two periods share is one."""
    amounts: defaultdict[date, int] = defaultdict(int)
    used: list[date] = []
    for day in days:
        amounts[day.date] += day.credits.micro
        if day.count or day.credits:
            used.append(day.date)
    first = min(used, default=date.max)
    return {civil: amount for civil, amount in amounts.items() if civil >= first}


def history(days: Iterable[Day], today: date) -> History:
    """The complete days that are known.

    Before the first day with use there is no history. To tell that first day from a pause, give days that
    reach back further than `KNOWN_DAYS`.

    Args:
        days: Days of the organization in any order; one that is missing after the first used nothing.
        today: The date that is not over.
    """
    amounts = daily_amounts(days)
    first = max(min(amounts, default=today), today - ONE_DAY * KNOWN_DAYS)
    length = max((today - first).days, 0)
    dates = (first + ONE_DAY * number for number in range(length))
    return History(starts_on=first, amounts=tuple(amounts.get(civil, 0) for civil in dates))


def pace(days: Iterable[Day], today: date) -> Pace | None:
    """The pace that follows from the days before today.

    Returns:
        None if fewer than seven complete days are known.
    """
    return pace_of(history(days, today))


def pace_of(known: History) -> Pace | None:
    """The pace that follows from a history; None if it has fewer than seven days."""
    weeks = min(_BASIS_WEEKS, len(known.amounts) // WEEK)
    if not weeks:
        return None
    basis = known.amounts[-weeks * WEEK :]
    first = known.starts_on + ONE_DAY * (len(known.amounts) - len(basis))
    week = _weekday_means(basis, first) if weeks == _BASIS_WEEKS else _equal_means(basis)
    slow, fast = _spread(known.amounts, sum(week, Fraction(0)))
    return Pace(
        week=week,
        slow=slow,
        fast=fast,
        known_days=len(known.amounts),
        basis_starts_on=first,
        basis_days=len(basis),
        basis_total=sum(basis),
        dominant_day=_dominant_day(basis, first),
    )


def _weekday_means(basis: Sequence[int], first: date) -> tuple[Fraction, ...]:
    # The basis is of whole weeks: the days of one weekday are seven apart.
    offsets = ((weekday - first.weekday()) % WEEK for weekday in range(WEEK))
    return tuple(_mean(basis[offset::WEEK]) for offset in offsets)


def _equal_means(basis: Sequence[int]) -> tuple[Fraction, ...]:
    return (_mean(basis),) * WEEK


def _mean(amounts: Sequence[int]) -> Fraction:
    return max(Fraction(sum(amounts), len(amounts)), Fraction(0))


def _spread(amounts: Sequence[int], week: Fraction) -> tuple[Fraction, Fraction]:
    if not week:
        return Fraction(1), Fraction(1)
    slow, fast = _SHORTEST_SPREAD
    for days, narrower, wider in _SPREADS:
        if len(amounts) >= days:
            sums = [sum(amounts[start : start + WEEK]) for start in range(len(amounts) - WEEK + 1)]
            slow, fast = max(min(sums), 0) / week * narrower, max(*sums, 0) / week * wider
            break
    return min(slow, Fraction(1)), max(fast, Fraction(1))


def _dominant_day(basis: Sequence[int], first: date) -> DominantDay | None:
    total, largest = sum(basis), max(basis)
    if total <= 0 or largest < total * _DOMINANT:
        return None
    day = first + ONE_DAY * basis.index(largest)
    return DominantDay(date=day, amount=largest, share=Fraction(largest, total))
