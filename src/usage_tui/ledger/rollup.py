"""One period's use by date, kind and source: the single sum behind ranking, days and period usage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.ledger.ranking import SourceTotal, add_counts, rank, rank_order, sum_counts
from usage_tui.ledger.spending import INCLUDED
from usage_tui.models import (
    Credits,
    DailyUsage,
    DateRange,
    Day,
    Event,
    Period,
    PeriodReference,
    PeriodUsage,
    Ranking,
    TopSource,
)

NEVER_NAMED = datetime.min.replace(tzinfo=UTC)
"""When a name was given that any other replaces: a reversal or adjustment does not rename its source."""


class PeriodRollup:
    """Sums of the events of a period. The order in which they are added does not matter."""

    def __init__(self, period: Period, calendar: Calendar) -> None:
        self._period = period
        self._calendar = calendar
        self._sums: defaultdict[date, dict[tuple[str, str], tuple[int, int | None]]] = defaultdict(dict)
        self._labels: dict[tuple[str, str], tuple[datetime, str]] = {}
        self._event_count = self._total = self._included = self._uncovered = 0

    def add(self, event: Event) -> None:
        """Count an event in; one outside the period changes nothing."""
        occurred_at = event.occurred_at
        if not self._period.starts_at <= occurred_at < self._period.ends_at:
            return
        amount = event.credits.micro
        self._event_count += 1
        self._total += amount
        self._uncovered += event.uncovered.micro
        for allocation in event.allocations:
            if allocation.bucket == INCLUDED:
                self._included += allocation.credits.micro
        total = SourceTotal(event.kind, event.source_id, event.label, amount, event.quantity)
        labeled_at = NEVER_NAMED if event.credits < Credits.ZERO else occurred_at
        self._merge(self._calendar.date_of(occurred_at), total, labeled_at)

    def add_sum(self, day: date, total: SourceTotal, labeled_at: datetime) -> None:
        """Count in what a source used on a day, for the ranking and the days; `usage` is not changed.

        Args:
            day: The civil date.
            total: The sum of its events of that day, under the newest name.
            labeled_at: The time of the event that gave the name.
        """
        self._total += total.credits
        self._merge(day, total, labeled_at)

    def ranking(self, *, as_of: datetime, revision: int, limit: int | None = None) -> Ranking:
        """The period's sources, highest first."""
        ranking = rank(self._totals(self._sums), as_of=as_of, revision=revision, limit=limit)
        return replace(ranking, period=PeriodReference(id=self._period.id))

    def daily(self, *, as_of: datetime, revision: int) -> DailyUsage:
        """Every day from the period's first to that of `as_of`, or to the period's last.

        A day's bounds are clipped to the period, so that a day on which two periods meet has in each
        the bounds of what it counts there.
        """
        first, last = self._period.start_date, self._period.end_date
        today = min(self._calendar.date_of(as_of), last)
        # A clock that runs ahead may date an event after `as_of`; its day is shown, or the sum would lie.
        end = max([today, *self._sums])
        days = tuple(self._day(first + ONE_DAY * number, as_of) for number in range((end - first).days + 1))
        return DailyUsage(
            as_of=as_of,
            revision=revision,
            time_zone=self._calendar.time_zone,
            range=DateRange(start_date=first, end_date=end),
            total=Credits(self._total),
            items=days,
        )

    def usage(self) -> PeriodUsage:
        """What the period cost, and who paid."""
        return PeriodUsage(
            total=Credits(self._total),
            from_included=Credits(self._included),
            from_purchased=Credits(self._total - self._included - self._uncovered),
            uncovered=Credits(self._uncovered),
            event_count=self._event_count,
        )

    def _merge(self, day: date, total: SourceTotal, labeled_at: datetime) -> None:
        source = total.kind, total.source_id
        sums = self._sums[day]
        if source in sums:
            amount, count = sums[source]
            sums[source] = amount + total.credits, add_counts(count, total.quantity)
        else:
            sums[source] = total.credits, total.quantity
        # A source that was renamed is shown under its newest name.
        label = labeled_at, total.label
        if label > self._labels.get(source, label[:0]):
            self._labels[source] = label

    def _totals(self, days: Iterable[date]) -> list[SourceTotal]:
        sums: dict[tuple[str, str], tuple[int, int | None]] = {}
        for day in days:
            for source, (amount, count) in self._sums.get(day, {}).items():
                total, counted = sums.get(source, (0, 0))
                sums[source] = total + amount, add_counts(counted, count)
        return [
            SourceTotal(kind, source_id, self._labels[kind, source_id][1], amount, count)
            for (kind, source_id), (amount, count) in sums.items()
        ]

    def _day(self, day: date, as_of: datetime) -> Day:
        totals = sorted(self._totals([day]), key=rank_order)
        by_kind: defaultdict[str, int] = defaultdict(int)
        for total in totals:
            by_kind[total.kind] += total.credits
        top = None
        if totals and totals[0].credits > 0:
            first = totals[0]
            top = TopSource(source_id=first.source_id, label=first.label, credits=Credits(first.credits))
        starts_at, ends_at = self._calendar.bounds(day)
        ends_at = min(ends_at, self._period.ends_at)
        return Day(
            date=day,
            starts_at=max(starts_at, self._period.starts_at),
            ends_at=ends_at,
            credits=Credits(sum(by_kind.values())),
            count=sum_counts(total.quantity for total in totals),
            complete=ends_at <= as_of,
            by_kind={kind: Credits(amount) for kind, amount in by_kind.items()},
            top=top,
        )
