"""Filling the state from a client: what to request, and in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from usage_tui.clients.base import ClientError, CursorExpired, EventPages, UsageClient
from usage_tui.clients.walk import LARGEST_PAGE, check_order
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.models import Event, EventPage, EventQuery
from usage_tui.state import replies
from usage_tui.state.access import allowed, is_not_member
from usage_tui.state.freshness import behind, offline_only
from usage_tui.state.history import Turn, cursor, first_row, possible
from usage_tui.state.periods import daily_of, sources_of
from usage_tui.state.reducers import (
    checked,
    failed,
    initial,
    moved_to_row,
    revisions_compared,
    started,
    succeeded,
    turned_offline,
)
from usage_tui.state.replies import AnyReply, Reply
from usage_tui.state.usage import UsageState

T = TypeVar("T")

FIRST_WAIT = 0.05
"""Seconds that the first frame waits for data."""

RECENT_EVENTS = 50
"""How many events the dashboard asks for: at least as many as a tall screen has rows for."""

NEAREST_EVENTS = LARGEST_PAGE
"""Among how many events one is looked for by its id."""

PAST_DAYS = 91
"""How many days back the answers look, today among them: eight weeks before any day of a month."""

_MORE_ROUNDS = 2
"""How often replies of an older revision are requested again before a banner says that they differ."""


class Store(Protocol):
    """Anything that holds the state and reacts when it is set."""

    state: UsageState


@dataclass
class PlainStore:
    """A store that shows nothing."""

    state: UsageState

    @classmethod
    def of(cls, client: UsageClient) -> PlainStore:
        """An empty store for the replies of this client."""
        return cls(initial(client.origin, client.not_offered))


async def load(store: Store, reply: Reply[T], request: Callable[[], Awaitable[T]]) -> T | None:
    """Make one request and put its reply into the store. Replies that the viewer may not see are skipped.

    Args:
        store: Where the reply goes.
        reply: Which one.
        request: Asks the client.

    Returns:
        The value; None if the request failed or was skipped, or if a newer request has replaced it.
    """
    if not allowed(store.state, reply):
        return None
    store.state = started(store.state, reply)
    number = reply.of(store.state).request
    try:
        value = await request()
    except ClientError as error:
        store.state = failed(store.state, reply, number, error)
        return None
    store.state = succeeded(store.state, reply, number, value)
    return value if reply.of(store.state).request == number else None


async def load_all(
    store: Store, client: UsageClient, wanted: Collection[AnyReply[object]] = replies.OF_DASHBOARD
) -> None:
    """Load replies, until all are of one revision or the data change too fast.

    The replies about the viewer's access come first: they decide what else may be requested.

    Args:
        store: Where they go.
        client: Where they come from.
        wanted: Which ones, beside those that say what the viewer may see; by default every one that the
            dashboard shows.
    """

    def recent() -> Awaitable[EventPage]:
        return client.events(EventQuery(), limit=RECENT_EVENTS)

    requests: dict[AnyReply[object], Callable[[], Awaitable[object]]] = {
        replies.ME: lambda: load(store, replies.ME, client.me),
        replies.SUMMARY: lambda: load(store, replies.SUMMARY, client.summary),
        replies.SOURCES: lambda: load(store, replies.SOURCES, client.sources),
        replies.DAILY: lambda: load(store, replies.DAILY, client.daily),
        replies.RECENT: lambda: load(store, replies.RECENT, recent),
        replies.GRANTS: lambda: load(store, replies.GRANTS, client.grants),
        replies.ALLOWANCES: lambda: load(store, replies.ALLOWANCES, client.allowances),
    }

    async def ask(*asked: AnyReply[object]) -> None:
        await asyncio.gather(*(requests[reply]() for reply in asked))

    await ask(*replies.OF_ACCESS)
    if is_not_member(store.state):
        return
    await ask(*(reply for reply in requests if reply in wanted and reply not in replies.OF_ACCESS))
    for _ in range(_MORE_ROUNDS):
        await ask(*behind(store.state))
    store.state = revisions_compared(store.state)


async def load_past(
    store: Store, client: UsageClient, wanted: Collection[AnyReply[object]] = replies.OF_PAST
) -> None:
    """Load what the answers need beside the dashboard: the periods, and the last weeks in all and by source.

    Nothing is asked for before the summary is known, whose day is the last one.

    Args:
        store: Where it goes.
        client: Where it comes from.
        wanted: Which of these replies; by default all.
    """
    summary = store.state.summary.value
    if summary is None:
        return
    today = Calendar(summary.org.time_zone).date_of(summary.as_of)
    first = today - ONE_DAY * (PAST_DAYS - 1)
    requests: dict[AnyReply[object], Callable[[], Awaitable[object]]] = {
        replies.PERIODS: lambda: load(store, replies.PERIODS, client.periods),
        replies.DAYS: lambda: load(store, replies.DAYS, lambda: client.days(first, today)),
        replies.SOURCE_DAYS: lambda: load(
            store, replies.SOURCE_DAYS, lambda: client.source_days(first, today)
        ),
    }
    await asyncio.gather(*(request() for reply, request in requests.items() if reply in wanted))


async def load_period(store: Store, client: UsageClient, period_id: str) -> None:
    """Load what Usage shows of an earlier billing period; on a failure the old data stay.

    Args:
        store: Where it goes.
        client: Where it comes from.
        period_id: Which one.
    """
    sources = load(store, sources_of(period_id), lambda: client.sources(period_id))
    daily = load(store, daily_of(period_id), lambda: client.daily(period_id))
    await asyncio.gather(sources, daily)


async def load_page(store: Store, pages: EventPages, turn: Turn, limit: int) -> str:
    """Load another page of the history; the first one if the page has expired.

    Args:
        store: Where the page goes.
        pages: Where it comes from.
        turn: Which page, seen from the one on the screen.
        limit: The rows that fit.

    Returns:
        A note to show beside the page; empty if there is none.
    """
    if turn in (Turn.NEXT, Turn.PREVIOUS) and not possible(turn, store.state.events.value):
        return ""  # a page loaded in the meantime is already the last one in that direction
    if offline_only(store.state):
        store.state = turned_offline(store.state, turn, limit)
        return ""
    if store.state.events.cached:
        turn = Turn.FIRST  # cursors of cached pages mean nothing to the service
    query, old, before = store.state.query, store.state.events.value, store.state.first_row
    at, note = cursor(turn, old), ""

    async def ask() -> EventPage:
        nonlocal turn, note
        try:
            return _led_to(query, await pages.events(query, cursor=at, limit=limit), turn, old)
        except CursorExpired:
            if at is None:
                raise
            turn, note = Turn.FIRST, "That page has expired; back to the first page."
        return await pages.events(query, limit=limit)

    page = await load(store, replies.EVENTS, ask)
    if page is None:
        if offline_only(store.state):
            store.state = turned_offline(store.state, turn, limit)
            return ""
        error = store.state.events.error
        # The old page stays on the screen, so the note has to say why the new one failed.
        return error.full_text if error is not None and old is not None else ""
    store.state = moved_to_row(store.state, first_row(turn, before, old, page))
    if turn is Turn.PREVIOUS and page.page.prev is None and len(page.items) < limit:
        # The screen is taller than the events before this page: the first page fills it.
        return await load_page(store, pages, Turn.FIRST, limit)
    return note


async def find_event(client: UsageClient, event_id: str, until: datetime) -> Event | None:
    """An event by its id, among the nearest that happened until an instant.

    Args:
        client: Whom to ask.
        event_id: The id.
        until: The instant, which belongs to them.

    Returns:
        None if it is not among them.

    Raises:
        ClientError: There was no answer.
    """
    page = await client.events(EventQuery(ends_at=until + datetime.resolution), limit=NEAREST_EVENTS)
    return next((event for event in page.items if event.id == event_id), None)


def _led_to(query: EventQuery, page: EventPage, turn: Turn, old: EventPage | None) -> EventPage:
    """The page, after checking that it lies on the side that the turn leads to; with the totals of the walk.

    Raises:
        InvalidReply: The page repeats events of the old page, or lies on its other side.
    """
    if old is not None and turn is Turn.NEXT:
        check_order(query, old, page)
    if old is not None and turn is Turn.PREVIOUS:
        check_order(query, page, old)
    if old is not None and page.totals is None and cursor(turn, old) is not None:
        return replace(page, totals=old.totals)  # which only the first page of a walk has
    return page


async def check_all(store: Store, client: UsageClient) -> None:
    """Check the data as a whole and note what is wrong, if anything."""
    try:
        await client.check()
    except ClientError as error:
        store.state = checked(store.state, error)
    else:
        store.state = checked(store.state, None)
