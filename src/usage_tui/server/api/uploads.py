"""Bodies of requests: read only when a route needs one, with limits on size and time."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from usage_tui.server.ledger_writer.cloudevents import LARGEST_BATCH
from usage_tui.server.problems import Problem

LARGEST_BODY = 2**20
"""In bytes."""
BODY_SECONDS = 30.0
"""How long a sender can take for a body."""


def has_body(headers: Headers) -> bool:
    """Whether the headers of a request announce a body."""
    return "Transfer-Encoding" in headers or headers.get("Content-Length", "0") != "0"


class UploadLimits:
    """Limits every body in size and time.

    If a request is answered before its body was read, the rest is read and discarded within the same limits,
    so that the sender gets the answer instead of a reset. Then the connection is closed.
    """

    def __init__(self, app: ASGIApp, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as ASGI says."""
        if scope["type"] != "http" or not has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        upload = _Upload(Headers(scope=scope), receive, send, self._seconds)
        await self._app(scope, upload.receive, upload.send)


class _Upload:
    """One request with a body."""

    def __init__(self, headers: Headers, receive: Receive, send: Send, seconds: float) -> None:
        self._receive, self._send = receive, send
        self._announced = int(headers.get("Content-Length", "0"))
        # A client that waits for "100 Continue" is told by the answer not to send the body.
        self._awaited = headers.get("Expect", "").lower() == "100-continue"
        self._seconds, self._deadline = seconds, 0.0
        self._size = 0
        self._complete = self._answered = False

    async def receive(self) -> Message:
        """The next part of the body.

        Raises:
            Problem: It is too large, or did not come in time.
        """
        if self._complete or self._answered:
            return await self._receive()
        if self._announced > LARGEST_BODY:
            raise _too_large()
        self._awaited = False
        try:
            return await self._next_part()
        except TimeoutError:
            raise Problem(
                "request_timeout", f"The body did not arrive within {self._seconds:g} seconds; send it again."
            ) from None

    async def send(self, message: Message) -> None:
        """Answer, and discard what was not read."""
        if self._complete:
            await self._send(message)
            return
        self._answered = True
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        elif not message.get("more_body", False) and not self._awaited:
            await self._send({**message, "more_body": True})
            await self._discard()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    async def _discard(self) -> None:
        try:
            while not self._complete and self._size <= LARGEST_BODY:
                await self._next_part()
        except (Problem, TimeoutError):
            return

    async def _next_part(self) -> Message:
        loop = asyncio.get_running_loop()
        self._deadline = self._deadline or loop.time() + self._seconds
        async with asyncio.timeout_at(self._deadline):
            message = await self._receive()
        self._size += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._size > LARGEST_BODY:
            raise _too_large()
        return message


def _too_large() -> Problem:
    return Problem(
        "too_large",
        f"A body can have at most {LARGEST_BODY:,} bytes (1 MiB), and a batch {LARGEST_BATCH:,} events. "
        "Send several requests.",
    )
