"""Times as people write them, with or without a zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from usage_tui.wire import YEARS


def instant(at: datetime, zone: ZoneInfo) -> datetime:
    """The moment in UTC; a time without a zone is in the organization's time zone.

    In the hour that a change of clocks repeats, that is the first of the two.

    Raises:
        ValueError: The year is out of range.
    """
    if at.year not in YEARS:
        raise ValueError("the year is out of range")
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO 8601 date or time; a date is its midnight, digits beyond microseconds are dropped.

    Raises:
        ValueError: It is not such a date or time.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"invalid time {text[:40]!r}: use one like 2026-11-22T20:30:00Z") from None
    return instant(at, zone)
