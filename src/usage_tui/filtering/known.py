"""What is known of the history that a filter is written for."""

from __future__ import annotations

from datetime import date, datetime

from usage_tui.frozen import frozen
from usage_tui.ledger.days import Calendar
from usage_tui.models import BillingPeriods, Period, Summary


@frozen
class Known:
    """The days that words mean, and the names to complete with. None and empty are unknown.

    Attributes:
        calendar: The organization's days.
        today: Its date.
        period: The current billing period.
        last_period: The one before it.
        sources: Each source's id and label.
    """

    calendar: Calendar
    today: date
    period: Period | None = None
    last_period: Period | None = None
    kinds: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    actors: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()

    @classmethod
    def of(cls, summary: Summary, now: datetime, periods: BillingPeriods | None = None) -> Known:
        """What an overview tells, without any names.

        Args:
            summary: The overview.
            now: The present, for the words that depend on it.
            periods: The billing periods, if they are known.
        """
        calendar = Calendar(summary.org.time_zone)
        before = periods.before(summary.period.id) if periods and summary.period else None
        return cls(
            calendar=calendar,
            today=calendar.date_of(now),
            period=summary.period,
            last_period=before.period if before else None,
        )
