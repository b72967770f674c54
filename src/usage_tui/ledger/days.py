"""Civil days of an organization's time zone, and the billing period in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from usage_tui.models import Period

ONE_DAY = timedelta(days=1)

LONGEST_RANGE = 400
"""The most days of one reply."""

_INSTANT = timedelta.resolution


class Calendar:
    """The days of one time zone. A day lasts 23, 24 or 25 hours, as the zone's clocks say."""

    def __init__(self, time_zone: str) -> None:
        """Look the zone up.

        Raises:
            ValueError: The name is not an IANA time zone.
        """
        try:
            self._zone = ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"not an IANA time zone: {time_zone[:60]!r}") from None
        self.time_zone = time_zone
        self._day = date.min
        self._starts_at = self._ends_at = datetime.min.replace(tzinfo=UTC)

    def date_of(self, instant: datetime) -> date:
        """The civil date on which an aware instant falls."""
        # Events come in order of time, so the day is nearly always that of the event before.
        if not self._starts_at <= instant < self._ends_at:
            self._day = instant.astimezone(self._zone).date()
            self._starts_at, self._ends_at = self.bounds(self._day)
        return self._day

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """The first instant of a civil day and the first of the next, in UTC."""
        return self.start(day), self.start(day + ONE_DAY)

    def start(self, day: date) -> datetime:
        """The first instant of a civil day, in UTC."""
        return datetime.combine(day, time.min, self._zone).astimezone(UTC)

    def period(self, period_id: str, starts_at: datetime, ends_at: datetime, as_of: datetime) -> Period:
        """A billing period from its instants, the end exclusive.

        Days left count from the date of `as_of` to the last date, both included: 1 on the last day,
        0 after it, all of them before the first.
        """
        first, last = self.date_of(starts_at), self.date_of(ends_at - _INSTANT)
        days_total = (last - first).days + 1
        days_left = (last - self.date_of(as_of)).days + 1
        return Period(
            id=period_id,
            starts_at=starts_at,
            ends_at=ends_at,
            start_date=first,
            end_date=last,
            days_total=days_total,
            days_left=min(max(days_left, 0), days_total),
        )

    def span(self, first: date, last: date, as_of: datetime) -> Period | None:
        """The days from one to another, both included: none after `as_of`, and the last `LONGEST_RANGE`.

        Returns:
            None if no day is left, because the range lies ahead or ends before it begins.
        """
        last = min(last, self.date_of(as_of))
        if last < first:
            return None
        first = max(first, last - ONE_DAY * (LONGEST_RANGE - 1))
        return self.period("", self.bounds(first)[0], self.bounds(last)[1], as_of)
