"""Filling the state from a client: what is asked for, and in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from usage_tui.clients.base import ClientError, CursorExpired, EventPages, UsageClient
from usage_tui.clients.walk import check_order
from usage_tui.models import EventPage, EventQuery
from usage_tui.state.history import Turn, cursor, first_row, possible
from usage_tui.state.usage import (
    UsageState,
    allowed,
    at_row,
    behind,
    compared,
    failed,
    faulty,
    is_not_member,
    offline_only,
    started,
    succeeded,
    turned_kept,
)

RECENT_EVENTS = 50
"""How many events the dashboard asks for: at least as many as a tall screen has rows for."""

_MORE_ROUNDS = 2
"""How often replies of an old revision are asked for again, before it is said that they differ."""


class Store(Protocol):
    """Whatever holds the state and shows it when it is set anew."""

    state: UsageState


async def load(store: Store, name: str, request: Callable[[], Awaitable[object]]) -> object | None:
    """Started, one request, succeeded or failed. What can't or may not be seen is not asked for.

    Args:
        store: Where the reply goes.
        name: One of `REPLIES`.
        request: Asks the client.

    Returns:
        The reply; None where there is none, or where it came too late to count.
    """
    if not allowed(store.state, name):
        return None
    store.state = started(store.state, name)
    number = getattr(store.state, name).request
    try:
        value = await request()
    except ClientError as error:
        store.state = failed(store.state, name, number, error)
        return None
    store.state = succeeded(store.state, name, number, value)
    return value if getattr(store.state, name).request == number else None


async def load_all(store: Store, client: UsageClient) -> None:
    """Load every reply for the dashboard, until all are of one revision or data change too fast for it.

    Who the viewer is comes first: it decides what may be asked, and whether anything may.
    """
    requests: dict[str, Callable[[], Awaitable[object]]] = {
        "me": client.me,
        "summary": client.summary,
        "sources": client.sources,
        "daily": client.daily,
        "recent": lambda: client.events(EventQuery(), limit=RECENT_EVENTS),
        "grants": client.grants,
        "allowances": client.allowances,
    }

    async def ask(*names: str) -> None:
        await asyncio.gather(*(load(store, name, requests[name]) for name in names))

    await ask("me", "summary")
    if is_not_member(store.state):
        return
    await ask("sources", "daily", "recent", "grants", "allowances")
    for _ in range(_MORE_ROUNDS):
        await ask(*behind(store.state))
    store.state = compared(store.state)


async def load_page(store: Store, pages: EventPages, turn: Turn, limit: int) -> str:
    """Load another page of the history; where the pages of its walk are gone, the first one.

    Args:
        store: Where the page goes.
        pages: Where it comes from.
        turn: Which page, seen from the one on the screen.
        limit: The rows that fit.

    Returns:
        What is to be said of it beside the page that is shown then; empty where that is nothing.
    """
    if turn in (Turn.NEXT, Turn.PREVIOUS) and not possible(turn, store.state.events.value):
        return ""  # the page that came since this was asked for is the last one on that side
    if offline_only(store.state):
        store.state = turned_kept(store.state, turn, limit)
        return ""
    if store.state.events.kept:
        turn = Turn.FIRST  # the cursors of what was kept lead nowhere in the service
    query, old, before = store.state.query, store.state.events.value, store.state.first_row
    at, note = cursor(turn, old), ""

    async def ask() -> EventPage:
        nonlocal turn, note
        try:
            return _led_to(await pages.events(query, cursor=at, limit=limit), turn, old)
        except CursorExpired as error:
            if at is None:
                raise
            turn, note = Turn.FIRST, f"{error.message} This is the first one again."
        return await pages.events(query, limit=limit)

    page = await load(store, "events", ask)
    if not isinstance(page, EventPage):
        if offline_only(store.state):
            store.state = turned_kept(store.state, turn, limit)
            return ""
        error = store.state.events.error
        # The old page stays, and has no room to say why no other came.
        return error.full_text if error is not None and old is not None else ""
    store.state = at_row(store.state, first_row(turn, before, old, page))
    if turn is Turn.PREVIOUS and page.page.prev is None and len(page.items) < limit:
        # A taller screen has room for more than what lay before: the first page fills it.
        return await load_page(store, pages, Turn.FIRST, limit)
    return note


def _led_to(page: EventPage, turn: Turn, old: EventPage | None) -> EventPage:
    """The page, if it lies where the turn leads to.

    Raises:
        InvalidReply: It repeats events of the old page, or lies on its other side.
    """
    if old is not None and turn is Turn.NEXT:
        check_order(old, page)
    if old is not None and turn is Turn.PREVIOUS:
        check_order(page, old)
    return page


async def check_all(store: Store, client: UsageClient) -> None:
    """Say what is wrong with the data as a whole, or that nothing is."""
    try:
        await client.check()
    except ClientError as error:
        store.state = faulty(store.state, error)
    else:
        store.state = faulty(store.state, None)
