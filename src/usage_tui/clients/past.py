"""Earlier periods and days, by source too, for a client that has events but no sums of them."""

from __future__ import annotations

from asyncio import Lock
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NoReturn

from usage_tui.clients.base import InvalidReply, NotFound
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import (
    BillingPeriods,
    Credits,
    DailyUsage,
    DateRange,
    InvalidCredits,
    PastPeriod,
    Period,
    Ranking,
    SourceDays,
    Summary,
    clean,
)

AddUp = Callable[[Period, PeriodRollup], Awaitable[None]]
"""Adds the events of a span to its rollup."""

_ROLLUPS_KEPT = 8
_ID_SHOWN = 40
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


class Past:
    """What all events of an organization add up to, for any of its periods and any days."""

    def __init__(
        self,
        summary: Summary,
        former: tuple[Period, ...],
        add_up: AddUp,
        rollup: type[PeriodRollup] = PeriodRollup,
    ) -> None:
        """Prepare it; nothing is added up before it is asked for.

        Args:
            summary: How the organization stands.
            former: The periods before the current one, newest first.
            add_up: Adds the events of a span up.
            rollup: By what they are added up: `PeopleRollup` for people in place of sources.
        """
        self._new_rollup = rollup
        self._summary = summary
        self._former = former
        self._add_up = add_up
        self._calendar = Calendar(summary.org.time_zone)
        self._rollups: dict[tuple[datetime, datetime], PeriodRollup] = {}
        self._adding = Lock()

    async def periods(self, first_event_date: date | None) -> BillingPeriods:
        """The current period, as far as it is told, and those before it."""
        rollups = [await self._rollup(period) for period in self._former]
        with _added_up():
            usages = [rollup.usage() for rollup in rollups]
        former = [
            PastPeriod(period=period, usage=usage) for period, usage in zip(self._former, usages, strict=True)
        ]
        return BillingPeriods(
            as_of=self._summary.as_of,
            revision=self._summary.revision,
            first_event_date=first_event_date,
            items=(*current_period(self._summary), *former),
        )

    async def ranking(self, period_id: str | None) -> Ranking:
        """The sources of a period, the current one without an id; of all time where none is told.

        Raises:
            NotFound: The period does not exist.
        """
        as_of, period = self._summary.as_of, self._summary.period
        if period_id is not None:
            period = self._find(period_id)
        is_told = period is not None
        rollup = await self._rollup(period or self._calendar.period("", _LONG_AGO, as_of + ONE_DAY, as_of))
        with _added_up():
            ranking = rollup.ranking(as_of=as_of, revision=self._summary.revision)
        return ranking if is_told else replace(ranking, period=None)

    async def daily(self, period_id: str) -> DailyUsage:
        """The days of an earlier period.

        Raises:
            NotFound: The period does not exist.
        """
        rollup = await self._rollup(self._find(period_id))
        with _added_up():
            return rollup.daily(as_of=self._summary.as_of, revision=self._summary.revision)

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another."""
        span = self._calendar.span(first, last, self._summary.as_of)
        if span is None:
            return no_days(self._summary, first, last)
        rollup = await self._rollup(span)
        with _added_up():
            return rollup.daily(as_of=self._summary.as_of, revision=self._summary.revision)

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another."""
        span = self._calendar.span(first, last, self._summary.as_of)
        if span is None:
            return no_source_days(self._summary, first, last)
        rollup = await self._rollup(span)
        with _added_up():
            return rollup.source_days(as_of=self._summary.as_of, revision=self._summary.revision)

    def _find(self, period_id: str) -> Period:
        current = self._summary.period
        known = (*self._former, *([current] if current is not None else []))
        found = next((period for period in known if period.id == period_id), None)
        return found or no_period(period_id)

    async def _rollup(self, period: Period) -> PeriodRollup:
        key = period.starts_at, period.ends_at
        async with self._adding:  # whoever asks for the same span meanwhile waits for its sums
            known = self._rollups.get(key)
            if known is None:
                known = self._new_rollup(period, self._calendar)
                await self._add_up(period, known)
                self._rollups[key] = known
                if len(self._rollups) > _ROLLUPS_KEPT:
                    del self._rollups[next(iter(self._rollups))]
        return known


@contextmanager
def _added_up() -> Iterator[None]:
    """Turn sums that are too large into a reply that does not fit the contract.

    Raises:
        InvalidReply: One is.
    """
    try:
        yield
    except InvalidCredits as error:
        raise InvalidReply(f"The events cannot be added up: {error}.") from None


def current_period(summary: Summary) -> tuple[PastPeriod, ...]:
    """The current period and what it cost; empty if one of these is not reported."""
    if summary.period is None or summary.usage is None:
        return ()
    return (PastPeriod(period=summary.period, usage=summary.usage),)


def no_period(period_id: str) -> NoReturn:
    """Refuse the id of a period.

    Raises:
        NotFound: Always.
    """
    raise NotFound(f"There is no billing period {clean(period_id)[:_ID_SHOWN]!r}.")


def no_days(summary: Summary, first: date, last: date) -> DailyUsage:
    """A range of which no day is known."""
    return DailyUsage(
        as_of=summary.as_of,
        revision=summary.revision,
        time_zone=summary.org.time_zone,
        range=DateRange(start_date=first, end_date=last),
        total=Credits.ZERO,
        items=(),
    )


def no_source_days(summary: Summary, first: date, last: date) -> SourceDays:
    """A range of which no day is known."""
    return SourceDays(
        as_of=summary.as_of,
        revision=summary.revision,
        time_zone=summary.org.time_zone,
        range=DateRange(start_date=first, end_date=last),
        items=(),
    )


def part_of_days(known: DailyUsage, first: date, last: date) -> DailyUsage | None:
    """The days among those known; None if none is known."""
    items = tuple(day for day in known.items if first <= day.date <= last)
    if not items:
        return None
    span = DateRange(start_date=items[0].date, end_date=items[-1].date)
    return replace(known, range=span, total=Credits.total(day.credits for day in items), items=items)


def part_of_source_days(known: SourceDays, first: date, last: date) -> SourceDays | None:
    """The days among those known, with the sources that used something on them; None if none is known."""
    start, end = max(first, known.range.start_date), min(last, known.range.end_date)
    if end < start:
        return None
    begin = (start - known.range.start_date).days
    kept = slice(begin, begin + (end - start).days + 1)
    parts = (replace(item, credits=item.credits[kept]) for item in known.items)
    items = [item for item in parts if any(item.credits)]
    items.sort(key=lambda item: (-Credits.total(item.credits).micro, item.label, item.kind, item.source_id))
    return replace(
        known,
        range=DateRange(start_date=start, end_date=end),
        items=tuple(items),
        other=None if known.other is None else known.other[kept],
    )
