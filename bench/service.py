"""The service over a long history: replies without HTTP, and ingest over it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import httpx
from sqlalchemy import text

from bench.databases import NewDatabase, databases
from bench.histories import KINDS, ORG, SENDER, SOURCES, Tokens, amount, book_history
from bench.report import Measurement
from tests.server.processes import serve
from usage_tui import wire
from usage_tui.models import EventPage, EventQuery
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.ledger_writer.cloudevents import BATCH
from usage_tui.server.limits import RateLimit
from usage_tui.server.replies import slices as replies
from usage_tui.server.replies.pages import DEFAULT_LIMIT
from usage_tui.server.replies.slices import Build
from usage_tui.server.service import Ask, UsageService

SIZES = 10_000, 1_000_000
LARGEST = 10_000_000
REPEATS = 300
BATCHES = 30
PER_BATCH = 1000

_LEAST_RATE = {"SQLite": 20_000, "PostgreSQL": 8_000}
_PAGE_MS, _UNCHANGED_MS = 1, 0.3
_NO_LIMIT = RateLimit(per_second=1e9, burst=1e9)


def measure(folder: Path, sizes: Sequence[int], tell: Callable[[str], None]) -> Iterator[Measurement]:
    """Fill databases and ask for what is in them.

    Args:
        folder: For the files.
        sizes: How many events to begin with.
        tell: Is told what is done at present.
    """
    with databases(folder) as kinds:
        for size in sizes:
            for kind, create in kinds.items():
                tell(f"{kind}: booking {size:,} events")
                yield from _measure(kind, create, size)


def _measure(kind: str, create: NewDatabase, size: int) -> Iterator[Measurement]:
    name, now = create(), utc_now()
    database = Database.open(name)
    tokens = book_history(database, size, now)
    if kind == "PostgreSQL":
        _analyze(database)
    group = f"{kind}, {size:,} events"
    service = UsageService(database, clock=lambda: now, rate_limit=_NO_LIMIT)
    yield from _replies(group, service, tokens, now)
    database.close()
    rate = _ingest_rate(name, tokens)
    yield Measurement(group, "ingest over HTTP", rate, "events/s", least=_LEAST_RATE[kind])


def _analyze(database: Database) -> None:
    """Tell the planner how large the tables are, as autovacuum does within a minute."""
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))


def _replies(group: str, service: UsageService, tokens: Tokens, now: datetime) -> Iterator[Measurement]:
    ask = Ask(f"Bearer {tokens.owner}", "GET /")
    page = partial(_page, query=EventQuery(), cursor=None)
    half_way = EventQuery(ends_at=now - timedelta(days=180))
    first = service.read(ask, ORG.id, partial(_page, query=half_way, cursor=None))
    cursor = wire.parse(EventPage, first.body or b"").page.next
    tag = service.read(ask, ORG.id, page).tag

    def taken(ask: Ask, build: Build) -> float:
        return _milliseconds(lambda: service.read(ask, ORG.id, build))

    yield Measurement(group, "304", taken(ask._replace(known_tags=tag), page), "ms", limit=_UNCHANGED_MS)
    yield Measurement(group, "page", taken(ask, page), "ms", limit=_PAGE_MS)
    deep = partial(_page, query=half_way, cursor=cursor)
    yield Measurement(group, "page half a year back", taken(ask, deep), "ms", limit=_PAGE_MS)
    yield Measurement(group, "summary", taken(ask, replies.summary), "ms")


def _page(view: replies.View, *, query: EventQuery, cursor: str | None) -> EventPage:
    return replies.events(view, lambda: query, cursor, DEFAULT_LIMIT)


def _milliseconds(act: Callable[[], object]) -> float:
    """The median time of an act."""
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return median(taken) * 1000


def _ingest_rate(name: str, tokens: Tokens) -> float:
    """Events a second, from the median batch of several that one sender posts one after another."""
    headers = {"Authorization": f"Bearer {tokens.machine}", "Content-Type": BATCH}
    bodies = [_batch(number) for number in range(BATCHES)]
    taken = []
    with serve("--database", name) as served, httpx.Client(trust_env=False, timeout=60) as client:
        for body in bodies:
            started = time.perf_counter()
            reply = client.post(f"{served.url}/v1/orgs/{ORG.id}/usage/events", content=body, headers=headers)
            taken.append(time.perf_counter() - started)
            assert reply.json()["accepted"] == PER_BATCH, reply.text[:500]
    return PER_BATCH / median(taken)


def _batch(batch: int) -> bytes:
    first = batch * PER_BATCH
    return json.dumps([_event(number) for number in range(first, first + PER_BATCH)]).encode()


def _event(number: int) -> dict[str, object]:
    """An event without a time, and so one that happens when it arrives."""
    source = number % SOURCES
    return {
        "specversion": "1.0",
        "type": f"usage.{KINDS[source % len(KINDS)]}",
        "source": SENDER,
        "id": f"new-{number}",
        "subject": f"source_{source}",
        "data": {
            "credits": str(amount(number)),
            "label": f"Source {source}",
            "activity": "run",
            "quantity": 1,
            "actor": "maria@acme.example",
        },
    }
