"""A service to ask: one that answers from the examples, or one on a real socket that answers badly."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from zlib import crc32

import httpx
import pytest
from rich.console import Console
from rich.traceback import Traceback

from tests import replies
from usage_tui.clients.base import ClientError
from usage_tui.clients.transport.retries import RetryPolicy
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.models import EventQuery

SECRET = "uat_7_c0ffee-s3cret"
HOST = "https://usage.example"
ANY = EventQuery()


async def no_pause(_: float) -> None:
    pass


AT_ONCE = RetryPolicy(sleep=no_pause)
"""Tries again without a pause."""

Handler = (
    Callable[[httpx.Request], httpx.Response]
    | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
)


class Service:
    """Answers with the example replies and remembers what it was asked.

    Attributes:
        tagged: Whether replies have tags, and one that is known is not sent again.
        status: Of every answer, if it is not 200 or 304.
        code: What an answer of another status says is wrong.
    """

    def __init__(self, *, tagged: bool = False, code: str = "") -> None:
        self.tagged = tagged
        self.status = 200
        self.code = code
        self.requests: list[httpx.Request] = []
        self.replies: dict[str, dict[str, Any]] = {
            "/v1/me": replies.ME,
            "/v1/orgs/acme/usage/summary": replies.SUMMARY,
            "/v1/orgs/acme/usage/sources": replies.SOURCES,
            "/v1/orgs/acme/usage/daily": replies.DAILY,
            "/v1/orgs/acme/usage/events": replies.EVENTS,
            "/v1/orgs/acme/grants": replies.GRANTS,
            "/v1/orgs/acme/allowances": replies.ALLOWANCES,
        }

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.sleep(0)  # lets the other requests begin
        if self.status != 200:
            return httpx.Response(self.status, json={"code": self.code})
        reply = self.replies.get(request.url.path) or self._of_another(request.url.path)
        if not self.tagged:
            return httpx.Response(200, json=reply)
        headers = {"ETag": f'W/"{crc32(f"{request.url} {reply}".encode())}"'}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return httpx.Response(304, headers=headers)
        return httpx.Response(200, headers=headers, json=reply)

    def _of_another(self, path: str) -> dict[str, Any]:
        """The same reply for another organization, which says so where it says for which it is."""
        org_id = path.split("/")[3]
        if org_id not in ("beta", "globex"):
            raise KeyError(path)
        reply = self.replies[path.replace(f"/{org_id}/", "/acme/", 1)]
        return {**reply, "org": {**reply["org"], "id": org_id}} if "org" in reply else reply

    @property
    def known(self) -> list[bool]:
        """Whether each request so far named a reply that is known."""
        return ["If-None-Match" in request.headers for request in self.requests]

    @property
    def asked(self) -> list[str]:
        """The targets of the requests so far: path and query."""
        return [request.url.raw_path.decode() for request in self.requests]


def client_of(handler: Handler, organization: str | None = "acme", url: str = HOST) -> UsageApiClient:
    transport = httpx.MockTransport(handler)
    return UsageApiClient(url, BearerToken(SECRET), organization, retries=AT_ONCE, transport=transport)


@contextmanager
def serving(
    answer: Callable[[BaseHTTPRequestHandler], None], tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """A server on this machine; yields its address."""

    class RequestHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """Whoever hangs up is no news."""

    with Server(("127.0.0.1", 0), RequestHandler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"{scheme}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def bound(*, listening: bool) -> Iterator[int]:
    """A port of this machine that refuses connections, or takes them and never answers."""
    with socket.socket() as endpoint:
        endpoint.bind(("127.0.0.1", 0))
        if listening:
            endpoint.listen()
        yield endpoint.getsockname()[1]


async def failing(url: str, **options: Any) -> ClientError:
    """How asking for the summary at this address fails."""
    client = UsageApiClient(url, BearerToken(SECRET), "acme", retries=AT_ONCE, **options)
    try:
        with pytest.raises(ClientError) as caught:
            await client.summary()
        return caught.value
    finally:
        await client.aclose()


def truncated(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"org":')


def served_summary(request: BaseHTTPRequestHandler) -> None:
    body = json.dumps(replies.SUMMARY).encode()
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def rendered(error: BaseException) -> str:
    """The error as tracebacks with local variables print it, and its whole context, shown or not."""
    rich = Console(width=1000)
    with rich.capture() as capture:
        rich.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
    text = [capture.get()]
    parts = [traceback.TracebackException.from_exception(error, capture_locals=True)]
    while parts:
        part = parts.pop()
        text += part.format(chain=False)
        parts += [further for further in (part.__cause__, part.__context__) if further]
    return "\n".join(text)
