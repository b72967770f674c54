"""Who used what, whatever the client: as all events add up, where they can be seen and counted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import httpx
import pytest

from tests import replies
from tests.clients.transport.service import client_of
from usage_tui.clients.base import NotOffered, Slice, UsageClient, Withheld
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.redaction import Redaction
from usage_tui.models import Credits, EventQuery, Ranking
from usage_tui.state.recorder import record

DAY = date(2026, 11, 12)


async def used(client: UsageClient) -> dict[str, Credits]:
    """What each person used in the current period, by a scan of its events; nobody is empty."""
    period = (await client.summary()).period
    query = EventQuery() if period is None else EventQuery(starts_at=period.starts_at, ends_at=period.ends_at)
    sums: Counter[str] = Counter()
    cursor: str | None = None
    while True:
        page = await client.events(query, cursor=cursor, limit=200)
        for event in page.items:
            sums[event.actor or ""] += event.credits.micro
        cursor = page.page.next
        if cursor is None:
            return {actor: Credits(amount) for actor, amount in sums.items()}


def told(ranking: Ranking) -> dict[str, Credits]:
    return {item.source_id: item.credits for item in ranking.items}


@pytest.mark.parametrize("scenario", ["acme", "spike", "dollars", "runway", "annual", "fractions"])
async def test_people_are_the_events_of_the_period_added_up(scenario: str, tmp_path: Path) -> None:
    client = open_demo(scenario)
    people = await client.people()
    assert told(people) == {"": Credits.ZERO, **await used(client)}
    assert people.total == (await client.sources()).total
    path = tmp_path / "recording.jsonl"
    await record(client, path)
    assert await (await RecordingClient.open(path)).people() == people


async def test_the_days_of_people_are_those_of_the_sources() -> None:
    client = open_demo()
    people, sources = await client.people_days(DAY, DAY), await client.source_days(DAY, DAY)
    assert sum(item.credits[0].micro for item in people.items) == sum(
        item.credits[0].micro for item in sources.items
    )


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if "member" in name])
async def test_without_billing_access_people_are_withheld(scenario: str, tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    await record(open_demo(scenario), path)
    for client in (open_demo(scenario), await RecordingClient.open(path)):
        for ask in (client.people(), client.people_days(DAY, DAY)):
            with pytest.raises(Withheld):
                await ask


async def test_a_part_of_the_events_tells_nothing_of_people(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    await record(open_demo(), path, most=10)
    client = await RecordingClient.open(path)
    assert "does not tell who used what" in client.not_offered[Slice.PEOPLE]
    with pytest.raises(NotOffered):
        await client.people()


async def test_a_service_of_before_answers_by_source_which_is_not_taken_for_people() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        return httpx.Response(200, json={**replies.SOURCES, "period": {"id": "2026-10"}})

    with pytest.raises(NotOffered, match="does not tell who used what"):
        await client_of(answer).people("2026-10")
    assert asked == ["period=2026-10&by=actor"]


async def test_names_of_people_are_replaced_and_the_rest_keeps_its_own() -> None:
    found = Redaction().value(await open_demo().people())
    assert [(one.source_id, one.label) for one in found.items] == [
        *((f"Person {number}", f"Person {number}") for number in range(1, 5)),
        ("", "Not attributed"),
    ]
