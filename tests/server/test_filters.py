"""Random filters: the pages, totals and exports of every client are those of a plain scan."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.server.test_same_answers import NOW, OWNER, invented
from tests.server.world import new_sqlite
from usage_tui.cli.recorded_organization import read_recorded
from usage_tui.clients.base import UsageClient
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.stage import Scenario
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.clients.walk import walk
from usage_tui.event_parameters import write_parameters
from usage_tui.filtering import Known, read_filter, write_filter
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits, Event, EventQuery, SortKey, Totals
from usage_tui.server.api.app import create_app
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.seed_demo import seed_demo
from usage_tui.server.replies import totals as server_totals
from usage_tui.server.replies import walks
from usage_tui.server.service import UsageService
from usage_tui.state.recorder import record

Test = Callable[[Event], bool]
ACTORS = "maria@acme.example", "Sam@acme.example", "bot 7", None
_numbers = count()


def peopled(chance: random.Random) -> Scenario:
    """An organization whose events are of several people."""
    scenario = invented(chance, OWNER)
    events = [replace(event, actor=chance.choice(ACTORS)) for event in scenario.events]
    return scenario._replace(events=tuple(events))


def term(chance: random.Random, key: str, events: Sequence[Event], calendar: Calendar) -> tuple[str, Test]:
    """A term of a filter, and in other words what it means."""
    one = chance.choice(events)
    if key in ("from", "to", "on", "instant"):
        return dated(key, one, calendar)
    if key == "credits":
        return priced(chance, *sorted((one.credits, chance.choice(events).credits)))
    label, kind, source_id, activity = one.label, one.kind, one.source_id, one.activity
    match key:
        case "word":
            part = label[chance.randrange(len(label)) :][:4].strip().upper() or "s"
            return f'"{part}"', lambda event: _says(part, event.label, event.source_id, event.actor)
        case "source":
            part = label[chance.randrange(len(label)) :].strip().lower() or "s"
            return f'source:"{part}"', lambda event: _says(part, event.label, event.source_id)
        case "whole source":
            name = chance.choice((label.upper(), source_id))
            return (
                f'source:="{name}"',
                lambda event: name.lower() in (event.label.lower(), event.source_id.lower()),
            )
        case "source_id":
            return f'source_id:"{source_id}"', lambda event: event.source_id == source_id
        case "kind":
            return f"kind:{kind}", lambda event: event.kind == kind
        case "type":
            return f"type:{activity}", lambda event: event.activity == activity
    part = chance.choice(("maria", "ACME", "bot", "nobody"))
    return f"actor:{part}", lambda event: _says(part, event.actor)


def dated(key: str, one: Event, calendar: Calendar) -> tuple[str, Test]:
    day, at = calendar.date_of(one.occurred_at), one.occurred_at
    match key:
        case "from":
            return f"from:{day}", lambda event: calendar.date_of(event.occurred_at) >= day
        case "to":
            return f"to:{day}", lambda event: calendar.date_of(event.occurred_at) <= day
        case "on":
            return f"on:{day}", lambda event: calendar.date_of(event.occurred_at) == day
    text = at.isoformat().replace("+00:00", "Z")
    return f"from:{text}", lambda event: event.occurred_at >= at


def priced(chance: random.Random, bound: Credits, other: Credits) -> tuple[str, Test]:
    sign, holds = chance.choice(
        [
            (f">{bound}", lambda event: event.credits.micro > bound.micro),
            (f">={bound}", lambda event: event.credits.micro >= bound.micro),
            (f"<{other}", lambda event: event.credits.micro < other.micro),
            (f"<={other}", lambda event: event.credits.micro <= other.micro),
            (f"{bound}..{other}", lambda event: bound.micro <= event.credits.micro <= other.micro),
            ("<0", lambda event: event.credits.micro < 0),
        ]
    )
    return f"credits:{sign}", holds


def _says(part: str, *names: str | None) -> bool:
    return any(part.lower() in name.lower() for name in names if name)


SEVERAL = "source", "whole source", "source_id", "kind", "type", "actor"
SINGLE = "word", "from", "to", "on", "instant", "credits"


def conditions(
    chance: random.Random, events: Sequence[Event], calendar: Calendar
) -> Iterator[tuple[str, Test]]:
    """Some terms, each with what it means; several of one key mean either."""
    keys = chance.sample([*SEVERAL, *SINGLE], chance.choice((0, 1, 1, 2, 3)))
    if "instant" in keys and "from" in keys:
        keys.remove("from")  # it is the same key
    if "whole source" in keys and "source" in keys:
        keys.remove("source")
    for key in keys:
        if key in SINGLE:
            yield term(chance, key, events, calendar)
            continue
        found = [term(chance, key, events, calendar) for _ in range(chance.randint(1, 2))]
        text = " ".join(one for one, _ in found)
        tests = [test for _, test in found]
        if chance.random() < 0.3:
            excluded = " ".join(f"-{one}" for one, _ in found)
            yield excluded, lambda event, tests=tests: not any(test(event) for test in tests)  # type: ignore[misc]
        else:
            yield text, lambda event, tests=tests: any(test(event) for test in tests)  # type: ignore[misc]


def asked(chance: random.Random, scenario: Scenario) -> tuple[EventQuery, list[Event]]:
    """A query, and what a plain scan finds for it."""
    summary, events = scenario.statement.summary, scenario.events
    known = Known.of(summary, summary.as_of)
    terms = [*conditions(chance, events, known.calendar)]
    by_amount, ascending = chance.random() < 0.5, chance.random() < 0.4
    text = " ".join(one for one, _ in terms)
    try:
        query = read_filter(text, known)
    except ValueError as error:
        assert "no time is left" in str(error)  # noqa: PT017 - two days may exclude each other
        return asked(chance, scenario)
    assert read_filter(write_filter(query, known), known) == query
    found = [event for event in events if all(test(event) for _, test in terms)]
    if by_amount:
        found.sort(key=lambda event: -event.credits.micro)
    if ascending:
        found.reverse()
    sort = SortKey.CREDITS if by_amount else SortKey.OCCURRED_AT
    return replace(query, sort=sort, ascending=ascending), found


async def check(client: UsageClient, query: EventQuery, expected: Sequence[Event], limit: int) -> None:
    """Walk forth and back, and compare all that is said of the whole."""
    first = await client.events(query, limit=limit)
    pages = [page async for page in walk(client, first, query, limit)]
    ids = [event.id for event in expected]
    assert [event.id for page in pages for event in page.items] == ids
    back = pages[-1:]
    while (cursor := back[-1].page.prev) is not None:
        back.append(await client.events(query, cursor=cursor, limit=limit))
    assert [event.id for page in back[::-1] for event in page.items] == ids
    assert all(len(page.items) <= limit for page in pages + back)
    assert first.page.total in (None, len(expected))
    if not query.has_conditions:
        assert first.totals is None
        return
    told = first.totals
    assert told is not None
    exact = Totals(events=len(expected), credits=Credits.total(event.credits for event in expected))
    if told.events_complete and told.credits_complete:
        assert told == exact
    else:
        assert told.events <= exact.events
    assert all(page.totals is None for page in pages[1:])


@pytest.mark.parametrize("patient", [True, False], ids=["whole", "in small steps"])
@settings(
    max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_demos_recordings_and_services_find_what_a_plain_scan_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patient: bool, seed: int
) -> None:
    database = new_sqlite(tmp_path / f"{next(_numbers)}.db")
    compare(seed, database, tmp_path, monkeypatch, patient=patient)


@settings(
    max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), patient=st.booleans())
def test_postgresql_finds_the_same(
    tmp_path: Path,
    new_postgresql: Callable[[], Database],
    monkeypatch: pytest.MonkeyPatch,
    patient: bool,
    seed: int,
) -> None:
    compare(seed, new_postgresql(), tmp_path, monkeypatch, patient=patient)


def compare(
    seed: int, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch, *, patient: bool
) -> None:
    chance = random.Random(seed)
    scenario = peopled(chance)
    if not scenario.events:
        return
    if not patient:
        # Several steps for each walk, but not hundreds.
        monkeypatch.setattr(walks, "SEARCHED", 2 + len(scenario.events) // chance.randint(3, 20))
        monkeypatch.setattr(walks, "SORTED", chance.choice((0, 5, 20_000)))
        monkeypatch.setattr(server_totals, "COUNTED", chance.choice((3, 100)))

    async def checked() -> None:
        demo = DemoClient(scenario)
        path = folder / f"{next(_numbers)}.jsonl"
        await record(demo, path)
        recording = await RecordingClient.open(path)
        seeded = await asyncio.to_thread(seed_demo, database, await read_recorded(DemoClient(scenario)))
        transport = httpx.ASGITransport(create_app(UsageService(database, clock=lambda: NOW)))
        service = UsageApiClient("http://127.0.0.1", BearerToken(seeded.owner), transport=transport)
        for _ in range(8):
            query, expected = asked(chance, scenario)
            limit = chance.choice((7, 50, 200))
            await check(demo, query, expected, limit)
            await check(recording, query, expected, limit)
            await check(service, query, expected, limit)
            assert await exported(transport, seeded.owner, query) == [event.id for event in expected]
        await recording.aclose()
        await service.aclose()

    asyncio.run(checked())
    monkeypatch.undo()
    database.close()


async def exported(transport: httpx.ASGITransport, token: str, query: EventQuery) -> list[str]:
    """The ids of an export."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/x-ndjson"}
    async with httpx.AsyncClient(transport=transport, base_url="http://usage", headers=headers) as http:
        reply = await http.get("/v1/orgs/acme/usage/events", params=write_parameters(query))
    assert reply.status_code == 200, reply.text
    return [json.loads(line)["id"] for line in reply.text.splitlines()]
