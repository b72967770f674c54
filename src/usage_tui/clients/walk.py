"""A walk through pages of events that always ends, whatever the source answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from usage_tui.clients.base import EventPages, InvalidReply
from usage_tui.models import EventPage, EventQuery, SortKey

LARGEST_PAGE = 200
"""Events to ask for at once: the most that a service gives."""

_ADVICE = "Report it to whoever runs the service."
_MOST_AT_ONCE = 500_000
"""Events of one place in the order. Their digests are held, and new ones could come forever."""
_MOST_EMPTY = 10_000
"""Pages without events in a row: so many a service may need to search a long history."""


async def walk(
    pages: EventPages, first: EventPage, query: EventQuery, limit: int = LARGEST_PAGE
) -> AsyncIterator[EventPage]:
    """A page, and every later one of the same walk; some may be empty if a service searches.

    Args:
        pages: Where they come from.
        first: The page to begin with.
        query: What it was asked for with.
        limit: Events to ask for at once.

    Raises:
        ClientError: A page cannot be fetched, or leads nowhere: it is empty although nothing is searched for,
            its cursor was followed before, or its events come a second time or are not in order.
    """
    page, progress, followed, empty = first, _Progress(query), set[int](), 0
    most_empty = _MOST_EMPTY if query.has_conditions else 0
    while True:
        progress.check(page)
        yield page
        cursor = page.page.next
        if cursor is None:
            return
        empty = 0 if page.items else empty + 1
        if empty > most_empty:
            raise InvalidReply("A page has no events, but says that there are older ones.", advice=_ADVICE)
        if hash(cursor) in followed:
            raise InvalidReply("The pages of events lead back to one that was read before.", advice=_ADVICE)
        followed.add(hash(cursor))
        page = await pages.events(query, cursor=cursor, limit=limit)


def check_order(query: EventQuery, earlier: EventPage, later: EventPage) -> None:
    """Check that one page follows another, so that nobody turns the same pages forever.

    Raises:
        InvalidReply: The later one repeats events of the earlier one, or does not follow it in the order of
            the query.
    """
    progress = _Progress(query)
    progress.check(earlier)
    progress.check(later)


class _Progress:
    """How far a walk has come. Only digests of the ids of one place are held, however long it is."""

    def __init__(self, query: EventQuery) -> None:
        self._query = query
        self._last: tuple[int, datetime] | None = None
        self._ids: set[int] = set()

    def check(self, page: EventPage) -> None:
        query = self._query
        for event in page.items:
            place = event.credits.micro if query.sort is SortKey.CREDITS else 0, event.occurred_at
            if self._last is None or (place > self._last if query.ascending else place < self._last):
                self._last = place
                self._ids.clear()
            elif place != self._last or hash(event.id) in self._ids:
                raise InvalidReply(f"Events come a second time, or not {_order(query)}.", advice=_ADVICE)
            if len(self._ids) == _MOST_AT_ONCE:
                raise InvalidReply(f"More than {_MOST_AT_ONCE:,} events have the same time.", advice=_ADVICE)
            self._ids.add(hash(event.id))


def _order(query: EventQuery) -> str:
    return "newest first" if query.is_newest_first else "in order"
