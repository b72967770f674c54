"""Metrics for Prometheus. They never name an organization, a person, a token or an ID."""

from __future__ import annotations

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
from starlette.types import Scope

from usage_tui import __version__

if TYPE_CHECKING:
    from usage_tui.server.ledger_writer.ingest import Receipt

MEDIA_TYPE = CONTENT_TYPE_LATEST

_METHODS = frozenset({"GET", "POST", "PUT", "OPTIONS", "DELETE", "PATCH"})
_OTHER = "other"
"""Stands for unknown methods and paths, because a sender can send any."""


class Metrics:
    """The metrics of one application, in its own registry."""

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
            "Time from a request to the end of its response.",
            ("route", "method"),
            registry=self._registry,
        )
        self._events = Counter(
            "usage_tui_ingested_events",
            "Events received, by outcome.",
            ("outcome",),
            registry=self._registry,
        )
        self._unavailable = Counter(
            "usage_tui_database_unavailable",
            "Requests that the database could not serve.",
            registry=self._registry,
        )
        build = Gauge("usage_tui_build_info", "The running version.", ("version",), registry=self._registry)
        build.labels(__version__).set(1)

    def count_request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count an answered request. HEAD counts as GET.

        Args:
            scope: The ASGI scope of the request, with its route.
            status: The HTTP status.
            seconds: From its arrival to the end of the response.
        """
        route = getattr(scope.get("route"), "path_format", _OTHER)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        method = method if method in _METHODS else _OTHER
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
        """All metrics in the text format of Prometheus."""
        return generate_latest(self._registry)
