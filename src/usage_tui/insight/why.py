"""Why a day was expensive: each source against what it usually uses, and the days that stick out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from statistics import median_high, median_low

from usage_tui.frozen import frozen
from usage_tui.insight.pace import WEEK, daily_amounts
from usage_tui.ledger.days import ONE_DAY
from usage_tui.ledger.ranking import SourceTotal
from usage_tui.models import Credits, Day

SPIKE_FACTOR = 2
"""A day sticks out if it used more than so many times the usual."""

_WEEKS, _FEWEST_WEEKS = 8, 3
_DAYS, _FEWEST_DAYS = 14, 7
_SAME_WEEKDAYS = [ONE_DAY * WEEK * weeks for weeks in range(1, _WEEKS + 1)]
_DAYS_BEFORE = [ONE_DAY * days for days in range(1, _DAYS + 1)]
_SPIKE_OF_INCLUDED = 100

BASIS_DAYS = WEEK * _WEEKS
"""How far back the days are that a day is compared with."""


class BasisKind(StrEnum):
    """What a day is compared with: the same weekday of the weeks before, or the days before."""

    WEEKDAY = "weekday"
    DAYS = "days"


@frozen
class Basis:
    """The days that a day is compared with, the newest first."""

    kind: BasisKind
    dates: tuple[date, ...]


@frozen
class SourceChange:
    """A source on a day.

    Attributes:
        usual: The median of what it used on the days of the basis, in millionths; None without a basis.
        change: How much more it used than that, in millionths; None without a basis.
    """

    kind: str
    source_id: str
    label: str
    amount: Credits
    usual: Fraction | None
    change: Fraction | None


@frozen
class Explanation:
    """A day, and what made it more or less expensive than usual.

    Attributes:
        complete: Whether the day is over.
        usual: The median of the basis, in millionths; None if there is nothing to compare with.
        basis: The days of the comparison; None if too few are known.
        spike: Whether the day sticks out.
        sources: By change, the largest first; without a basis by amount.
        other: What the changes of the sources do not explain of the day's, in millionths, for medians do not
            add up.
    """

    day: date
    complete: bool
    amount: Credits
    usual: Fraction | None
    basis: Basis | None
    spike: bool
    sources: tuple[SourceChange, ...]
    other: Fraction

    @property
    def change(self) -> Fraction | None:
        """How much more than usual the day used, in millionths; None without a basis."""
        return None if self.usual is None else self.amount.micro - self.usual


def explain(
    days: Mapping[date, Iterable[SourceTotal]], day: date, *, complete: bool, included: Credits
) -> Explanation:
    """Compare a day with the days before.

    Args:
        days: What each source used on each date; a date without use may be missing. Before the first date
            that is there nothing is known.
        day: The date in question.
        complete: Whether it is over.
        included: What the period includes.
    """
    basis = basis_of(min(days, default=day), day)
    totals = {civil: _by_source(days.get(civil, ())) for civil in (day, *(basis.dates if basis else ()))}
    sums = {civil: sum(total.credits for total in totals[civil].values()) for civil in totals}
    usual = _usual(sums, basis)
    sources = sorted(_changes(totals, day, basis), key=_order)
    other = Fraction(0)
    if usual is not None:
        other = sums[day] - usual - sum((source.change or Fraction(0) for source in sources), Fraction(0))
    return Explanation(
        day=day,
        complete=complete,
        amount=Credits(sums[day]),
        usual=usual,
        basis=basis,
        spike=_is_spike(sums[day], usual, included),
        sources=tuple(sources),
        other=other,
    )


def basis_of(first: date, day: date) -> Basis | None:
    """The days to compare a day with; None if too few are known.

    Args:
        first: The first date that is known.
        day: The date in question.
    """
    for kind, ago, fewest in (
        (BasisKind.WEEKDAY, _SAME_WEEKDAYS, _FEWEST_WEEKS),
        (BasisKind.DAYS, _DAYS_BEFORE, _FEWEST_DAYS),
    ):
        known = tuple(civil for civil in (day - time for time in ago) if civil >= first)
        if len(known) >= fewest:
            return Basis(kind=kind, dates=known)
    return None


def spikes(days: Iterable[Day], included: Credits) -> frozenset[date]:
    """The dates that stick out among days.

    Args:
        days: The days, and as many of those before as are known.
        included: What the period includes.
    """
    amounts = daily_amounts(days)
    first = min(amounts, default=date.max)
    return frozenset(
        day
        for day, amount in amounts.items()
        if _is_spike(amount, _usual(amounts, basis_of(first, day)), included)
    )


def peak(days: Sequence[Day]) -> date | None:
    """The complete day that used most, the first of several; None if none used anything."""
    complete = [day for day in days if day.complete and day.credits > Credits.ZERO]
    return max(complete, key=lambda day: day.credits).date if complete else None


def _usual(amounts: Mapping[date, int], basis: Basis | None) -> Fraction | None:
    return None if basis is None else _median(amounts.get(day, 0) for day in basis.dates)


def _median(amounts: Iterable[int]) -> Fraction:
    # That of integers would be a float where it is the mean of the two in the middle.
    known = [*amounts]
    return Fraction(median_low(known) + median_high(known), 2)


def _is_spike(amount: int, usual: Fraction | None, included: Credits) -> bool:
    if usual is None:
        return False
    return amount > usual * SPIKE_FACTOR and (amount - usual) * _SPIKE_OF_INCLUDED >= included.micro


def _by_source(totals: Iterable[SourceTotal]) -> dict[tuple[str, str], SourceTotal]:
    found: dict[tuple[str, str], SourceTotal] = {}
    for total in totals:
        key = total.kind, total.source_id
        known = found.get(key)
        found[key] = total if known is None else total._replace(credits=total.credits + known.credits)
    return found


def _changes(
    totals: Mapping[date, Mapping[tuple[str, str], SourceTotal]], day: date, basis: Basis | None
) -> Iterable[SourceChange]:
    # From the oldest day to the one in question, so that a source has its newest name.
    labels = {key: total.label for civil in sorted(totals) for key, total in totals[civil].items()}
    for key, label in labels.items():
        amounts = {civil: totals[civil][key].credits if key in totals[civil] else 0 for civil in totals}
        usual, amount = _usual(amounts, basis), amounts[day]
        if amount or usual:
            kind, source_id = key
            yield SourceChange(
                kind=kind,
                source_id=source_id,
                label=label,
                amount=Credits(amount),
                usual=usual,
                change=None if usual is None else amount - usual,
            )


def _order(source: SourceChange) -> tuple[Fraction, str, str]:
    change = Fraction(source.amount.micro) if source.change is None else source.change
    return -change, source.label, source.source_id
