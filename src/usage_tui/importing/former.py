"""The billing periods before the one that is shown, as the cadence of the plan says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from usage_tui.importing.organization import PeriodBounds
from usage_tui.ledger.cadence import MONTHS, previous_start
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import BillingPeriods, Event, PastPeriod, Period, RollForward, Summary

_MOST = 120


class FormerPeriods:
    """What the events before the shown period add up to, period by period."""

    def __init__(self, periods: Iterable[Period], calendar: Calendar) -> None:
        """Begin before the first event.

        Args:
            periods: Those periods, newest first.
            calendar: The days of the organization.
        """
        self._calendar = calendar
        self._first_date: date | None = None
        self._coming = [*periods]
        self._passed: list[tuple[Period, PeriodRollup]] = []

    def add(self, event: Event) -> None:
        """Count an event in; they come in the order of time."""
        at = event.occurred_at
        if self._first_date is None:
            self._first_date = self._calendar.date_of(at)
        while self._coming and self._coming[-1].starts_at <= at:
            period = self._coming.pop()
            self._passed.append((period, PeriodRollup(period, self._calendar)))
        if self._passed:
            self._passed[-1][1].add(event)

    def periods(self, summary: Summary, roll_forwards: Sequence[RollForward]) -> BillingPeriods | None:
        """The current period and those before it, newest first; None if there is nothing beyond the summary.

        Args:
            summary: How the organization stands.
            roll_forwards: The balance carried forward through each period, newest first; empty if unknown.
        """
        period, usage = summary.period, summary.usage
        while self._coming:  # in which nothing was used
            coming = self._coming.pop()
            self._passed.append((coming, PeriodRollup(coming, self._calendar)))
        if period is None or usage is None or not (self._passed or roll_forwards):
            return None
        former = [PastPeriod(period=one, usage=rollup.usage()) for one, rollup in reversed(self._passed)]
        told = BillingPeriods(
            as_of=summary.as_of,
            revision=summary.revision,
            first_event_date=self._first_date,
            items=(PastPeriod(period=period, usage=usage), *former),
        )
        return told.carrying(roll_forwards)


def former_periods(
    bounds: PeriodBounds, cadence: str, calendar: Calendar, as_of: datetime, *, since: datetime
) -> Iterator[Period]:
    """The periods before the shown one, newest first, back to the one that holds an instant.

    Args:
        bounds: The shown one.
        cadence: How often the plan renews.
        calendar: The days of the organization.
        as_of: The present.
        since: The instant.
    """
    zone, ends_at, taken = calendar.time_zone, bounds.starts_at, {bounds.id}
    while since < ends_at and cadence in MONTHS and len(taken) <= _MOST:
        starts_at = previous_start(ends_at, bounds.starts_at, cadence, zone)
        local = starts_at.astimezone(ZoneInfo(zone))
        period_id = f"{local:%Y-%m}" if f"{local:%Y-%m}" not in taken else f"{local:%Y-%m-%d}"
        taken.add(period_id)
        yield calendar.period(period_id, starts_at, ends_at, as_of)
        ends_at = starts_at
