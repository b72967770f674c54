"""The billing periods before the one that is described, as the cadence of the plan says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from usage_tui.importing.organization import Description
from usage_tui.ledger.cadence import MONTHS, previous_start
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import BillingPeriods, Event, PastPeriod, Period, Summary

_MOST = 120


class FormerPeriods:
    """What the events before the described period add up to, period by period."""

    def __init__(self, description: Description, calendar: Calendar, as_of: datetime) -> None:
        self._description = description
        self._calendar = calendar
        self._as_of = as_of
        self._first_date: date | None = None
        self._coming: list[Period] = []
        self._passed: list[tuple[Period, PeriodRollup]] = []

    def add(self, event: Event) -> None:
        """Count an event in; they come in the order of time."""
        if self._first_date is None:
            self._first_date = self._calendar.date_of(event.occurred_at)
            self._coming = list(self._back_to(event.occurred_at))
        while self._coming and self._coming[-1].starts_at <= event.occurred_at:
            period = self._coming.pop()
            self._passed.append((period, PeriodRollup(period, self._calendar)))
        if self._passed:
            self._passed[-1][1].add(event)

    def before(self, summary: Summary) -> BillingPeriods | None:
        """The current period and those before it, newest first; None where there is none before it."""
        period, usage = summary.period, summary.usage
        while self._coming:  # in which nothing was used
            coming = self._coming.pop()
            self._passed.append((coming, PeriodRollup(coming, self._calendar)))
        if period is None or usage is None or not self._passed:
            return None
        former = [PastPeriod(period=one, usage=rollup.usage()) for one, rollup in reversed(self._passed)]
        return BillingPeriods(
            as_of=summary.as_of,
            revision=summary.revision,
            first_event_date=self._first_date,
            items=(PastPeriod(period=period, usage=usage), *former),
        )

    def _back_to(self, first: datetime) -> Iterator[Period]:
        """The periods before the described one, newest first, back to the one that holds an instant."""
        bounds, zone = self._description.bounds, self._description.org.time_zone
        cadence = self._description.subscription.cadence
        ends_at, taken = bounds.starts_at, {bounds.id}
        while first < ends_at and cadence in MONTHS and len(taken) <= _MOST:
            starts_at = previous_start(ends_at, bounds.starts_at, cadence, zone)
            local = starts_at.astimezone(ZoneInfo(zone))
            period_id = f"{local:%Y-%m}" if f"{local:%Y-%m}" not in taken else f"{local:%Y-%m-%d}"
            taken.add(period_id)
            yield self._calendar.period(period_id, starts_at, ends_at, self._as_of)
            ends_at = starts_at
