"""Single events of vendors that number their pages: asked for a month at a time, the newest month first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self

from usage_tui.clients.providers.base import Act
from usage_tui.models import EventQuery

_LONGEST = timedelta(days=31)
_SHORTEST = timedelta(hours=1)
_REACH = timedelta(days=365)
_SECOND = timedelta(seconds=1)
"""Vendors that take whole seconds leave out what is said after the last one."""


class Window(NamedTuple):
    """A page of the events in a span of time, both ends included.

    Attributes:
        start: The first instant, in UTC.
        end: The last one.
        page: Counted from 1.
        oldest: Where the last of all windows starts.
        longest: How long a window is at most.
    """

    start: datetime
    end: datetime
    page: int
    oldest: datetime
    longest: timedelta = _LONGEST

    @classmethod
    def of(cls, query: EventQuery, cursor: str | None, now: datetime) -> Self:
        """The window that a cursor leads to, or without one the newest of a query; a year back at most."""
        place, _, end = (cursor or "1 ").partition(" ")
        page, _, seconds = place.partition("/")
        longest = timedelta(seconds=int(seconds)) if seconds else _LONGEST
        newest = min(query.ends_at or now, now).astimezone(UTC) + _SECOND
        oldest = (query.starts_at or now - _REACH).astimezone(UTC)
        end_at = datetime.fromisoformat(end) if end else newest
        return cls(max(oldest, end_at - longest), end_at, int(page), oldest, longest)

    def halved(self) -> Self | None:
        """The newer half, if it is the first page and longer than an hour: so much may be told at once."""
        half = (self.end - self.start) / 2
        half -= timedelta(microseconds=half.microseconds)
        if self.page > 1 or half < _SHORTEST:
            return None
        return self._replace(start=self.end - half, longest=half)

    def cursor_after(self, found: Sequence[Act], *, has_more: bool) -> str | None:
        """Where older events are; None at the end.

        Args:
            found: The events of this page, the newest first.
            has_more: Whether the vendor has another page of this window.
        """
        if found and has_more:
            # Later pages end at the newest event of the first one: what comes in now would shift them.
            end = min(self.end, found[0].at + _SECOND) if self.page == 1 else self.end
            return f"{self.page + 1}{self._length} {end}"
        return f"1{self._length} {self.start}" if self.start > self.oldest else None

    @property
    def _length(self) -> str:
        return "" if self.longest == _LONGEST else f"/{self.longest // _SECOND}"
