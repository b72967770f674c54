"""Billing periods."""

from __future__ import annotations

from datetime import date, datetime

from usage_tui.frozen import frozen


@frozen
class Period:
    """A billing period: instants with the end exclusive, dates with the end inclusive.

    Attributes:
        days_total: How many civil days it has; None if the client does not say.
        days_left: Civil days from today to the last one, both included.
    """

    id: str
    starts_at: datetime
    ends_at: datetime
    start_date: date
    end_date: date
    days_total: int | None = None
    days_left: int


@frozen
class PeriodReference:
    """Which billing period a reply is about."""

    id: str
