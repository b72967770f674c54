"""One span's use by date, kind and source: the single sum behind ranking, days and period usage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    SourceDays,
    SourceSeries,
    TopSource,
)
from usage_tui.named_tuple import NamedTuple

NEVER_NAMED = datetime.min.replace(tzinfo=UTC)
"""When a name was given that any other replaces: a reversal or adjustment does not rename its source."""


class DaySum(NamedTuple):
    """What a day used.

    Attributes:
        by_kind: Millionths of each category.
        quantity: How many uses; None if the counts are not known.
        top: The source that ranks first.
    """

    by_kind: Mapping[str, int]
    quantity: int | None
    top: SourceTotal


class PeriodRollup:
    """Sums of the events of a period, or of any span. The order in which they are added does not matter."""

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

    def add_sum(self, day: date, total: SourceTotal, *, events: int, labeled_at: datetime | None) -> None:
        """Count in what a source used on a day of the period, where nobody knows who paid.

        Args:
            day: The day.
            total: What it used.
            events: How many events that was.
            labeled_at: When the source last had this label; None if it only gave something back.
        """
        self._event_count += events
        self._total += total.credits
        self._merge(day, total, labeled_at or NEVER_NAMED)

    def ranking(self, *, as_of: datetime, revision: int, limit: int | None = None) -> Ranking:
        """The period's sources, highest first."""
        ranking = rank(self._totals(self._sums), as_of=as_of, revision=revision, limit=limit)
        return replace(ranking, period=PeriodReference(id=self._period.id))

    def daily(self, *, as_of: datetime, revision: int) -> DailyUsage:
        """Every day of the period; see `daily_usage`."""
        sums = {day: day_sum(self._totals([day])) for day in self._sums}
        return daily_usage(self._period, self._calendar, sums, as_of=as_of, revision=revision)

    def source_days(self, *, as_of: datetime, revision: int, limit: int | None = None) -> SourceDays:
        """Every source on the same days, the one that used most first; see `source_days`."""
        totals = self._totals(self._sums)
        amounts = {
            day: {key: amount for key, (amount, _) in sums.items()} for day, sums in self._sums.items()
        }
        return source_days(
            self._period, self._calendar, totals, amounts, as_of=as_of, revision=revision, limit=limit
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


def day_sum(totals: Iterable[SourceTotal]) -> DaySum:
    """What a day used, by what its sources did; there must be one."""
    ordered = sorted(totals, key=rank_order)
    by_kind: defaultdict[str, int] = defaultdict(int)
    for total in ordered:
        by_kind[total.kind] += total.credits
    return DaySum(by_kind, sum_counts(total.quantity for total in ordered), ordered[0])


def daily_usage(
    period: Period, calendar: Calendar, sums: Mapping[date, DaySum], *, as_of: datetime, revision: int
) -> DailyUsage:
    """Every day from the period's first to that of `as_of`, or to the period's last.

    A day's bounds are clipped to the period, so that a day on which two periods meet has in each the bounds
    of what it counts there.

    Args:
        period: The period, or any span.
        calendar: The days of the organization.
        sums: What each day used; one without use may be missing.
        as_of: The present.
        revision: Of which state of the organization this is.
    """
    span = _span(period, calendar, sums, as_of)
    days = tuple(_day(period, calendar, day, sums.get(day), as_of) for day in _dates(span))
    return DailyUsage(
        as_of=as_of,
        revision=revision,
        time_zone=calendar.time_zone,
        range=span,
        total=Credits.total(day.credits for day in days),
        items=days,
    )


def source_days(
    period: Period,
    calendar: Calendar,
    totals: Iterable[SourceTotal],
    amounts: Mapping[date, Mapping[tuple[str, str], int]],
    *,
    as_of: datetime,
    revision: int,
    limit: int | None = None,
) -> SourceDays:
    """Every source on the days of `daily_usage`; the ones past `limit` are added up in `other`.

    Args:
        period: The period, or any span.
        calendar: The days of the organization.
        totals: What each source used in all.
        amounts: Millionths by day, and by kind and id of the source.
        as_of: The present.
        revision: Of which state of the organization this is.
        limit: The most sources.
    """
    span = _span(period, calendar, amounts, as_of)
    by_day = [amounts.get(day, {}) for day in _dates(span)]
    ordered = sorted(totals, key=rank_order)
    shown, rest = ordered[:limit], ordered[limit:] if limit is not None else []

    def row(total: SourceTotal) -> list[int]:
        key = total.kind, total.source_id
        return [day.get(key, 0) for day in by_day]

    others = [row(total) for total in rest]
    return SourceDays(
        as_of=as_of,
        revision=revision,
        time_zone=calendar.time_zone,
        range=span,
        items=tuple(
            SourceSeries(
                kind=total.kind,
                source_id=total.source_id,
                label=total.label,
                credits=tuple(map(Credits, row(total))),
            )
            for total in shown
        ),
        other=tuple(Credits(sum(day)) for day in zip(*others, strict=True)) if others else None,
    )


def _span(period: Period, calendar: Calendar, used: Iterable[date], as_of: datetime) -> DateRange:
    today = min(calendar.date_of(as_of), period.end_date)
    # A clock that runs ahead may date an event after `as_of`; its day is shown, or the sum would lie.
    return DateRange(start_date=period.start_date, end_date=max([today, *used]))


def _dates(span: DateRange) -> Sequence[date]:
    length = (span.end_date - span.start_date).days + 1
    return [span.start_date + ONE_DAY * number for number in range(length)]


def _day(period: Period, calendar: Calendar, day: date, used: DaySum | None, as_of: datetime) -> Day:
    starts_at, ends_at = calendar.bounds(day)
    ends_at = min(ends_at, period.ends_at)
    by_kind, top = used.by_kind if used else {}, used.top if used else None
    return Day(
        date=day,
        starts_at=max(starts_at, period.starts_at),
        ends_at=ends_at,
        credits=Credits(sum(by_kind.values())),
        count=used.quantity if used else 0,
        complete=ends_at <= as_of,
        by_kind={kind: Credits(amount) for kind, amount in by_kind.items()},
        top=TopSource(source_id=top.source_id, label=top.label, credits=Credits(top.credits))
        if top is not None and top.credits > 0
        else None,
    )
