"""Billing periods, as replies name and show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A billing period.

    Attributes:
        ends_at: Exclusive.
        end_date: The last day, inclusive.
        days_left: Days until the end, counting today.
    """

    id: str
    starts_at: datetime
    ends_at: datetime
    start_date: date
    end_date: date
    days_total: int
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReference:
    """The billing period that the reply is about."""

    id: str
