"""Clients that do what a demo does not: note what is asked of them, wait, grow, or break."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from usage_tui.clients.base import Slice, UsageClient
from usage_tui.clients.demo.client import DemoClient, open_demo
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.models import EventPage, EventQuery


class Noted:
    """A client that notes every request made of another.

    Attributes:
        asked: The names of the requests, in order.
    """

    def __init__(self, client: UsageClient) -> None:
        self._client = client
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._client, name)
        return self._noting(name, value) if iscoroutinefunction(value) else value

    def _noting(
        self, name: str, request: Callable[..., Awaitable[object]]
    ) -> Callable[..., Awaitable[object]]:
        @wraps(request)
        async def ask(*arguments: Any, **options: Any) -> object:
            self.asked.append(name)
            return await request(*arguments, **options)

        return ask


class Growing(DemoClient):
    """Acme, of whose events the three newest come later.

    Attributes:
        arrived: Whether they have come.
    """

    def __init__(self) -> None:
        whole = acme()
        super().__init__(whole._replace(events=whole.events[3:]))
        self._whole = DemoClient(whole)
        self.arrived = False

    async def refresh(self) -> bool:
        """Something may have changed."""
        return True

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """All of them on the first page; a walk that has begun only tells how many are newer."""
        if self.arrived and cursor is None:
            return await self._whole.events(query, limit=limit)
        page = await super().events(query, cursor=cursor, limit=limit)
        return replace(page, newer=3 if self.arrived else 0)


class Scripted(DemoClient):
    """Acme, with some replies of its own; at every refresh they may be others.

    Attributes:
        replies: What is answered in the place of Acme's, by the slice's name; a failure is raised.
    """

    def __init__(self, **replies: object) -> None:
        super().__init__(acme())
        self.replies = replies

    async def _answer(self, name: Slice, reply: Any) -> Any:
        own = self.replies.get(name, reply)
        if isinstance(own, Exception):
            raise own
        return own

    async def refresh(self) -> bool:
        """Something may have changed."""
        return True


class Stubborn(DemoClient):
    """Acme, whose first request for a later page is answered only when it is let go, whatever is asked since.

    Attributes:
        asked: Set when that request has come.
        released: Set to let it be answered.
    """

    def __init__(self) -> None:
        super().__init__(acme())
        self.asked = asyncio.Event()
        self.released = asyncio.Event()

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        page = await super().events(query, cursor=cursor, limit=limit)
        if cursor is not None and not self.asked.is_set():
            self.asked.set()
            with suppress(asyncio.CancelledError):
                await self.released.wait()
            await self.released.wait()
        return page


class Slow(DemoClient):
    """Acme, which answers requests for later pages of events only when they are let go.

    Attributes:
        pending: What lets each of them go, in the order of the requests.
        waits: Whether requests to come have to wait, too.
    """

    def __init__(self) -> None:
        super().__init__(acme())
        self.pending: list[asyncio.Event] = []
        self.waits = True

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        if cursor is not None and self.waits:
            self.pending.append(asyncio.Event())
            await self.pending[-1].wait()
        return await super().events(query, cursor=cursor, limit=limit)

    def answer(self) -> None:
        """Let all go, those to come as well."""
        self.waits = False
        for waiting in self.pending:
            waiting.set()


def demo(name: str = "acme") -> Noted:
    """A demo whose requests are noted."""
    return Noted(open_demo(name))
