"""What the service counts of itself, for Prometheus: it names no organization, person, token or id."""

from __future__ import annotations

import time
from collections import Counter as Tally
from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from usage_tui import __version__

if TYPE_CHECKING:
    from usage_tui.server.ledger_writer.ingest import Receipt

MEDIA_TYPE = CONTENT_TYPE_LATEST

_METHODS = frozenset({"GET", "POST", "PUT", "OPTIONS", "DELETE", "PATCH"})
_OTHER = "other"
"""Stands for every method and address that the service does not know: a sender could name any."""


class Metrics:
    """The counts of one application, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "usage_tui_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "usage_tui_request_duration_seconds",
            "From a request to the end of its answer.",
            ("route", "method"),
            registry=self._registry,
        )
        self._events = Counter(
            "usage_tui_ingested_events",
            "Events received, by what became of them.",
            ("outcome",),
            registry=self._registry,
        )
        self._unavailable = Counter(
            "usage_tui_database_unavailable",
            "Requests that the database could not serve.",
            registry=self._registry,
        )
        build = Gauge("usage_tui_build_info", "What is running.", ("version",), registry=self._registry)
        build.labels(__version__).set(1)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request.

        Args:
            route: The template of its address, such as ``/v1/orgs/{org}/grants``.
            method: The HTTP method.
            status: The HTTP status.
            seconds: From its arrival to the end of the answer.
        """
        self._requests.labels(route, method, status).inc()
        self._seconds.labels(route, method).observe(seconds)

    def count_ingested(self, receipt: Receipt) -> None:
        """Count the events of a batch that was booked."""
        for status, count in Tally(result.status for result in receipt.results).items():
            self._events.labels(status).inc(count)

    def count_unavailable(self) -> None:
        """Count a request that the database could not serve."""
        self._unavailable.inc()

    def exposition(self) -> bytes:
        """All counts in the text format of Prometheus."""
        return generate_latest(self._registry)


class RequestCount:
    """Counts every request once it is answered. A HEAD is counted as the GET that it is answered as."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            route = getattr(scope.get("route"), "path_format", _OTHER)
            method = scope["method"] if scope["method"] in _METHODS else _OTHER
            self._metrics.count_request(route, method, status, time.perf_counter() - started)
