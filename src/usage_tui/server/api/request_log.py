"""Logs and counts every request."""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import suppress
from http import HTTPStatus
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from usage_tui.server.api.refusals import problem_response
from usage_tui.server.metrics import Metrics
from usage_tui.server.problems import Problem
from usage_tui.text.secrets import masked

_LOG = logging.getLogger("usage_tui.server")

_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Paths that monitoring requests every few seconds."""


class RequestLog:
    """Gives every request an ID, logs one line when it is answered, and counts it.

    The line never has a query, a header or a body. An unexpected exception is answered here and raised again,
    so that the server logs its traceback.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, *, behind_proxy: bool = False) -> None:
        """Log the requests of an application.

        Args:
            app: The application.
            metrics: The metrics that count its requests.
            behind_proxy: Whether all requests come through a proxy, which forwards the address of the client.
        """
        self._app = app
        self._metrics = metrics
        self._behind_proxy = behind_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, exchange = scope["method"], _Exchange(send)
        scope.setdefault("state", {})["request_id"] = exchange.request_id
        try:
            await self._app(scope, receive, exchange.send)
        except Exception:
            if not exchange.answered:
                bug = Problem("internal_error", "The service failed. See its log for details.")
                await problem_response(Request(scope), bug)(scope, receive, exchange.send)
            raise
        finally:
            self._metrics.count_request(scope, exchange.status, exchange.seconds)
            _LOG.log(_level(scope["path"], exchange.status), self._entry(scope, method, exchange))

    def _entry(self, scope: Scope, method: str, exchange: _Exchange) -> dict[str, object]:
        entry = {
            "request_id": exchange.request_id,
            "client": self._client(scope),
            "token": scope["state"].get("token_id"),
            "organization": scope.get("path_params", {}).get("org"),
            "method": method,
            "path": scope["path"],
            "status": exchange.status,
            "bytes": exchange.size,
            "milliseconds": round(exchange.seconds * 1000, 1),
        }
        return {name: masked(value) if isinstance(value, str) else value for name, value in entry.items()}

    def _client(self, scope: Scope) -> str | None:
        """The address of the client. Of forwarded addresses, only the last one comes from the proxy."""
        if self._behind_proxy:
            forwarded = ",".join(Headers(scope=scope).getlist("X-Forwarded-For"))
            with suppress(ValueError):
                return str(ip_address(forwarded.rpartition(",")[2].strip()))
        client = scope.get("client")
        return client[0] if client else None


class _Exchange:
    """The response to one request, while it is sent.

    Attributes:
        request_id: Its ID in the response and in the log.
        status: The HTTP status.
        size: How many bytes its body had.
        seconds: From its arrival to its last byte.
    """

    def __init__(self, send: Send) -> None:
        self.request_id = f"req_{secrets.token_hex(8)}"
        self.answered, self.status, self.size = False, 500, 0
        self._send = send
        self._started, self._ended = time.perf_counter(), 0.0

    async def send(self, message: Message) -> None:
        """Pass a message on, as ASGI says."""
        if message["type"] == "http.response.start":
            self.answered, self.status = True, message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self.request_id
        else:
            self.size += len(message.get("body", b""))
            if not message.get("more_body", False):
                self._ended = time.perf_counter()
        await self._send(message)

    @property
    def seconds(self) -> float:
        return (self._ended or time.perf_counter()) - self._started


def _level(path: str, status: int) -> int:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return logging.ERROR
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return logging.WARNING
    return logging.DEBUG if path in _QUIET else logging.INFO
