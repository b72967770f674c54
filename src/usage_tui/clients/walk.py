"""A walk through pages of events that always ends, whatever the source answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from usage_tui.clients.base import EventPages, InvalidReply
from usage_tui.models import EventPage, EventQuery

_ADVICE = "Report it to whoever runs the service."


async def walk(
    pages: EventPages, first: EventPage, query: EventQuery, limit: int
) -> AsyncIterator[EventPage]:
    """A page, and every older one of the same walk.

    Args:
        pages: Where they come from.
        first: The page to begin with.
        query: What it was asked for with.
        limit: Events to ask for at once.

    Raises:
        ClientError: A page cannot be fetched, or leads nowhere: it is empty although there are older events,
            its cursor was followed before, or its events come a second time or are not the newest first.
    """
    page, progress, followed = first, _Progress(), set[int]()
    while True:
        progress.check(page)
        yield page
        cursor = page.page.next
        if cursor is None:
            return
        if not page.items:
            raise InvalidReply("A page has no events, but says that there are older ones.", advice=_ADVICE)
        if hash(cursor) in followed:
            raise InvalidReply("The pages of events lead back to one that was read before.", advice=_ADVICE)
        followed.add(hash(cursor))
        page = await pages.events(query, cursor=cursor, limit=limit)


def check_order(newer: EventPage, older: EventPage) -> None:
    """Check that one page follows another, so that nobody turns the same pages forever.

    Raises:
        InvalidReply: The older one repeats events of the newer one, or is not older.
    """
    progress = _Progress()
    progress.check(newer)
    progress.check(older)


class _Progress:
    """How far a walk has come. Only digests of the ids of one instant are held, however long it is."""

    def __init__(self) -> None:
        self._oldest: datetime | None = None
        self._ids: set[int] = set()

    def check(self, page: EventPage) -> None:
        for event in page.items:
            if self._oldest is None or event.occurred_at < self._oldest:
                self._oldest = event.occurred_at
                self._ids.clear()
            elif event.occurred_at > self._oldest or hash(event.id) in self._ids:
                raise InvalidReply("Events come a second time, or not newest first.", advice=_ADVICE)
            self._ids.add(hash(event.id))
