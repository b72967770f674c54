"""Single events of a vendor, read page by page as far as they are asked for, and held newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from usage_tui.clients.base import CannotFilter, CursorExpired, InvalidReply, NotOffered
from usage_tui.clients.providers.base import Act, Acts, EventApi
from usage_tui.clients.providers.values import to_credits
from usage_tui.clients.totals import totals_of
from usage_tui.models import Event, EventQuery, Page, Totals

_MOST_EVENTS = 100_000
"""Events that are held; older ones are not shown."""
_MOST_PAGES = 150
"""Pages of the vendor that are read for one query at most."""


class EventLog:
    """The events that match the newest query, as far as they were read. A cursor is the id of an event."""

    def __init__(self, api: EventApi) -> None:
        self._api = api
        self._query = EventQuery()
        self._reading = asyncio.Lock()
        self._begin()

    def forget(self) -> None:
        """Read everything again when the next page is asked for."""
        self._is_old = True

    def _begin(self) -> None:
        self._is_old = False
        self._events: list[Event] = []
        self._rows: dict[str, int] = {}
        self._next: str | None = None
        self._followed: set[str | None] = set()
        self._is_whole = False
        self._is_cut = False

    async def page(
        self, query: EventQuery, cursor: str | None, limit: int
    ) -> tuple[tuple[Event, ...], Page, Totals | None]:
        """One page of the events that match, and on the first page their totals.

        Raises:
            CannotFilter: The events are to be in another order than the vendor's.
            CursorExpired: The event that the cursor names is not there any more.
            ClientError: The vendor does not answer, or its pages lead nowhere.
        """
        if not query.is_newest_first:
            title = self._api.provider.title
            raise CannotFilter(f"{title} lists single events newest first; they can't be sorted otherwise.")
        async with self._reading:
            events, page = await self._page(query, cursor, limit)
            return events, page, self._totals(query, cursor)

    async def all(self, query: EventQuery) -> Sequence[Event]:
        """Every event that matches.

        Raises:
            NotOffered: There are more than are read.
            ClientError: The vendor does not answer, or its pages lead nowhere.
        """
        async with self._reading:
            await self._page(query, "last", 1)
            if self._is_cut:
                title = self._api.provider.title
                raise NotOffered(f"{title} has more single events in this time than this program adds up.")
            return self._events

    def _totals(self, query: EventQuery, cursor: str | None) -> Totals | None:
        """The totals of what was read so far."""
        totals = totals_of(query, cursor, self._events)
        if totals is None or (self._is_whole and not self._is_cut):
            return totals
        return replace(totals, events_complete=False, credits_complete=False)

    async def _page(
        self, query: EventQuery, cursor: str | None, limit: int
    ) -> tuple[tuple[Event, ...], Page]:
        if self._is_old or query != self._query:
            self._query = query
            self._begin()
        start, end = self._rows_of(cursor, max(limit, 1)) if cursor != "last" else (0, _MOST_EVENTS)
        while len(self._events) <= end and not self._is_whole:
            await self._read_on()
        total = len(self._events)
        if cursor == "last":
            start, end = max(total - 1, 0) // limit * limit, total
        end = min(end, total)
        return tuple(self._events[start:end]), Page(
            size=end - start,
            here=f"from-{self._events[start].id}" if start < total else None,
            next=f"from-{self._events[end].id}" if end < total else None,
            prev=f"before-{self._events[start].id}" if 0 < start < total else None,
            last="last" if self._is_whole and total else None,
            total=total if self._is_whole else None,
        )

    def _rows_of(self, cursor: str | None, limit: int) -> tuple[int, int]:
        if cursor is None:
            return 0, limit
        direction, _, event_id = cursor.partition("-")
        row = self._rows.get(event_id)
        if row is None or direction not in ("from", "before"):
            raise CursorExpired("The data changed; this page is gone.", advice="Start at the first page.")
        return (row, row + limit) if direction == "from" else (max(row - limit, 0), row)

    async def _read_on(self) -> None:
        """Read one more page of the vendor."""
        acts: Acts = await self._api.acts(self._query, self._next)
        self._followed.add(self._next)
        for act in acts.items:
            event = _as_event(act)
            if act.id not in self._rows and self._query.matches(event):
                self._rows[act.id] = len(self._events)
                self._events.append(event)
        self._is_whole = acts.next is None
        if not self._is_whole and acts.next in self._followed:
            raise InvalidReply("The pages of events lead back to one that was read before.")
        if len(self._followed) >= _MOST_PAGES or len(self._events) >= _MOST_EVENTS:
            self._is_cut = not self._is_whole
            self._is_whole = True
        self._next = acts.next


def _as_event(act: Act) -> Event:
    return Event(
        id=act.id,
        occurred_at=act.at,
        kind=act.kind,
        source_id=act.source_id,
        label=act.label,
        activity=act.activity,
        quantity=act.quantity,
        credits=to_credits(act.amount),
        actor=act.actor,
    )
