"""Earlier months and days of a vendor's account, as far as every day of them is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from usage_tui.clients.past import Past, no_days, no_source_days
from usage_tui.clients.providers.days import KnownDays
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import (
    BillingPeriods,
    DailyUsage,
    Event,
    Period,
    PeriodUsage,
    Ranking,
    SourceDays,
    Summary,
)


class Finish(Protocol):
    """Adds to a reply what only the vendor knows: the noun of counts, and which days may still change."""

    def ranking(self, ranking: Ranking) -> Ranking:
        """The ranking as it is shown."""

    def daily(self, daily: DailyUsage) -> DailyUsage:
        """The days as they are shown."""


class KnownPast:
    """What the days before the period add up to."""

    def __init__(self, summary: Summary, rows: Sequence[Event], days: KnownDays, finish: Finish) -> None:
        """Prepare it; nothing is added up before it is asked for.

        Args:
            summary: How the account stands.
            rows: The daily totals of every known day.
            days: The known days.
            finish: Adds what only the vendor knows.
        """
        self._summary = summary
        self._finish = finish
        self._calendar = Calendar(summary.org.time_zone)
        self._newest = days.newest or self._calendar.date_of(summary.as_of)
        self._since = days.since(self._newest)

        async def add_up(period: Period, rollup: PeriodRollup) -> None:
            for row in rows:
                if period.starts_at <= row.occurred_at < period.ends_at:
                    rollup.add(row)

        self._past = Past(summary, tuple(self._former_months()), add_up)

    async def periods(self) -> BillingPeriods:
        """The current period and every earlier month of which each day is known, newest first."""
        told = await self._past.periods(None)
        return replace(told, items=tuple(replace(one, usage=_total(one.usage)) for one in told.items))

    async def ranking(self, period_id: str) -> Ranking:
        """The sources of an earlier month.

        Raises:
            NotFound: It is not known, or not all of it.
        """
        return self._finish.ranking(await self._past.ranking(period_id))

    async def daily(self, period_id: str) -> DailyUsage:
        """The days of an earlier month.

        Raises:
            NotFound: It is not known, or not all of it.
        """
        return self._finish.daily(await self._past.daily(period_id))

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another, as far as they are known."""
        start, end = max(first, self._since), min(last, self._newest)
        if end < start:
            return no_days(self._summary, first, last)
        return self._finish.daily(await self._past.days(start, end))

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another, as far as they are known."""
        start, end = max(first, self._since), min(last, self._newest)
        if end < start:
            return no_source_days(self._summary, first, last)
        return await self._past.source_days(start, end)

    def _former_months(self) -> Iterable[Period]:
        """The calendar months before the period, where that is one itself."""
        period = self._summary.period
        if (
            period is None
            or period.start_date.day != 1
            or period.end_date + ONE_DAY != _next(period.start_date)
        ):
            return
        last = period.start_date - ONE_DAY
        while last.replace(day=1) >= self._since:
            first = last.replace(day=1)
            bounds = self._calendar.bounds(first)[0], self._calendar.bounds(last)[1]
            yield self._calendar.period(first.isoformat(), *bounds, self._summary.as_of)
            last = first - ONE_DAY


def _next(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=32)).replace(day=1)


def _total(usage: PeriodUsage) -> PeriodUsage:
    """What a period cost; who paid is not known."""
    return PeriodUsage(total=usage.total)
