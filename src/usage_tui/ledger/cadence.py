"""When the billing periods of a subscription begin."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}
"""The months of a period, by the word for its cadence."""


def next_start(starts_at: datetime, anchor: datetime, cadence: str, time_zone: str) -> datetime:
    """When the period after the one that starts at an instant begins: its end, exclusive.

    It begins by the clocks of the zone at the anchor's time of day, and on the anchor's day of the month,
    or on the last day of a month that has no such day.

    Args:
        starts_at: The start of the period, in UTC.
        anchor: The start of the first period.
        cadence: One of `MONTHS`.
        time_zone: An IANA name.
    """
    return _months_later(starts_at, anchor, MONTHS[cadence], time_zone)


def previous_start(starts_at: datetime, anchor: datetime, cadence: str, time_zone: str) -> datetime:
    """When the period before the one that starts at an instant began; see `next_start`."""
    return _months_later(starts_at, anchor, -MONTHS[cadence], time_zone)


def _months_later(starts_at: datetime, anchor: datetime, months: int, time_zone: str) -> datetime:
    zone = ZoneInfo(time_zone)
    first, current = anchor.astimezone(zone), starts_at.astimezone(zone)
    month = current.year * 12 + current.month - 1 + months
    year, month = divmod(month, 12)
    day = min(first.day, monthrange(year, month + 1)[1])
    # The anchor's own fold: an hour that happens twice is meant as it was the first time.
    following = first.replace(year=year, month=month + 1, day=day)
    return following.astimezone(UTC)
