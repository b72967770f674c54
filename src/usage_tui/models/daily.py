"""Daily usage: credits per civil day of the organization's zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from usage_tui.models.credits import Credits


@dataclass(frozen=True, slots=True, kw_only=True)
class TopSource:
    """The source that used the most credits on a day."""

    source_id: str
    label: str
    credits: Credits


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One calendar day in the organization's time zone.

    Attributes:
        ends_at: Exclusive.
        credits: What the day's events cost.
        complete: False if the day is not over at `as_of`.
        by_kind: Credits by category of usage.
        top: The source that used most; None on a day without usage.
    """

    date: date
    starts_at: datetime
    ends_at: datetime
    credits: Credits
    count: int
    complete: bool
    by_kind: Mapping[str, Credits] = field(default_factory=dict)
    top: TopSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """A range of days; both ends are included."""

    start_date: date
    end_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyUsage:
    """Every day of a range in order, with or without usage; none after `as_of`."""

    as_of: datetime
    revision: int
    time_zone: str
    range: DateRange
    total: Credits
    items: tuple[Day, ...]
