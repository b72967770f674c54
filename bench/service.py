"""The service over a long history: replies as a client sees them and below the socket, and ingest."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import create_engine, text

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
from usage_tui.server.replies.pages import DEFAULT_LIMIT, LARGEST_LIMIT
from usage_tui.server.replies.slices import Build
from usage_tui.server.service import Ask, UsageService

SIZES = 10_000, 1_000_000
LARGEST = 10_000_000
REPEATS = 300
REPEATS_OF_A_CLIENT = 30
"""Together fewer than a token may ask at once."""
HALF_A_YEAR = timedelta(days=180)
WEEKS = timedelta(days=90)
"""What a dashboard asks for, with today."""
BATCHES = 30
PER_BATCH = 1000

_LEAST_RATE = {"SQLite": 20_000, "PostgreSQL": 10_000}
_GOAL_MS = {
    "304": 2,
    "page": 5,
    "page half a year back": 5,
    "summary": 5,
    "ranking": 5,
    "days": 5,
    "days of a past period": 5,
}
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
        _vacuum(name)
    group = f"{kind}, {size:,} events"
    service = UsageService(database, clock=lambda: now, rate_limit=_NO_LIMIT)
    below = _below_the_socket(service, tokens, now)
    database.close()
    with serve("--database", name) as served:
        seen = _as_a_client_sees(served.url, tokens, now)
        rate = _ingest_rate(served.url, tokens)
    for reply, taken in seen.items():
        yield Measurement(group, reply, taken, "ms", limit=_GOAL_MS.get(reply))
        yield Measurement(group, f"{reply}, below the socket", below[reply], "ms")
    yield Measurement(group, "ingest over HTTP", rate, "events/s", least=_LEAST_RATE[kind])


def _vacuum(name: str) -> None:
    """Do what autovacuum does within a minute of so many inserts.

    Then the planner knows how large the tables are, and indexes are read without their tables.
    """
    engine = create_engine(name, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _below_the_socket(service: UsageService, tokens: Tokens, now: datetime) -> dict[str, float]:
    """What each reply takes from the call of the service to its bytes, in milliseconds."""
    ask = Ask(f"Bearer {tokens.owner}", "GET /")
    page = partial(_page, query=EventQuery(), cursor=None)
    back = partial(_page, query=EventQuery(ends_at=now - HALF_A_YEAR), cursor=None)
    tag = service.read(ask, ORG.id, page).etag

    def taken(build: Build, ask: Ask = ask) -> float:
        return _milliseconds(lambda: service.read(ask, ORG.id, build), REPEATS)

    return {
        "304": taken(page, ask._replace(known_etags=tag)),
        "page": taken(page),
        "page half a year back": taken(back),
        "summary": taken(replies.summary),
        "ranking": taken(partial(replies.sources, period_id="current", limit=LARGEST_LIMIT)),
        "days": taken(replies.daily_of_period),
        "days of a past period": taken(partial(replies.daily_of_period, period_id=_last_period(now))),
        "13 weeks by source": taken(
            lambda view: replies.source_days_between(view, view.today - WEEKS, view.today, LARGEST_LIMIT)
        ),
    }


def _as_a_client_sees(url: str, tokens: Tokens, now: datetime) -> dict[str, float]:
    """What each reply takes on a kept connection, from the request to the last byte, in milliseconds."""
    usage = f"/v1/orgs/{ORG.id}/usage"
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port)
    headers = {"Authorization": f"Bearer {tokens.owner}"}

    def get(path: str, status: int, **conditions: str) -> HTTPResponse:
        connection.request("GET", f"{usage}/{path}", headers=headers | conditions)
        reply = connection.getresponse()
        reply.read()
        assert reply.status == status, reply.status
        return reply

    def taken(path: str, status: int = 200, **conditions: str) -> float:
        return _milliseconds(lambda: get(path, status, **conditions), REPEATS_OF_A_CLIENT)

    tag = get("events", 200).headers["ETag"]
    half_a_year_ago = wire.write_instant(now - HALF_A_YEAR)
    seen = {
        "304": taken("events", 304, **{"If-None-Match": tag}),
        "page": taken("events"),
        "page half a year back": taken(f"events?to={half_a_year_ago}"),
        "summary": taken("summary"),
        "ranking": taken("sources"),
        "days": taken("daily"),
        "days of a past period": taken(f"daily?period={_last_period(now)}"),
        "13 weeks by source": taken(f"daily/sources?start={(now - WEEKS).date()}"),
    }
    connection.close()
    return seen


def _last_period(now: datetime) -> str:
    """The id of the billing period before the current one; both are months."""
    return f"{now.astimezone(ZoneInfo(ORG.time_zone)).replace(day=1) - timedelta(days=1):%Y-%m}"


def _page(view: replies.View, *, query: EventQuery, cursor: str | None) -> EventPage:
    return replies.events(view, lambda: query, cursor, DEFAULT_LIMIT)


def _milliseconds(act: Callable[[], object], repeats: int) -> float:
    """The median time of an act."""
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return median(taken) * 1000


def _ingest_rate(url: str, tokens: Tokens) -> float:
    """Events a second, from the median batch of several that one sender posts one after another."""
    headers = {"Authorization": f"Bearer {tokens.machine}", "Content-Type": BATCH}
    bodies = [_batch(number) for number in range(BATCHES)]
    taken = []
    with httpx.Client(trust_env=False, timeout=60) as client:
        for body in bodies:
            started = time.perf_counter()
            reply = client.post(f"{url}/v1/orgs/{ORG.id}/usage/events", content=body, headers=headers)
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
