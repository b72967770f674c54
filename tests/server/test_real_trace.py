"""28,185 requests of a real service, posted out of order and twice: the import's totals, exactly.

See `tests/trace.py` for where the file comes from.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from tests.known import known
from tests.server.world import World, event
from tests.trace import EVENTS, import_trace
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.header import Extent
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.importing.entry_list import Entry
from usage_tui.importing.plan import Choices
from usage_tui.importing.reading import read as read_tables
from usage_tui.models import Credits, DailyUsage, Grants, Ranking, Summary
from usage_tui.server.api.app import create_app
from usage_tui.state.recorder import record

BATCH = 1000


def sent(entry: Entry) -> dict[str, object]:
    use = entry.use
    return event(
        use.id,
        str(use.credits),
        use.occurred_at,
        kind=use.kind,
        subject=use.source_id,
        label=use.label,
        activity=use.activity,
        quantity=use.quantity,
    )


def test_the_trace_posted_out_of_order_and_twice_gives_the_imports_totals(
    world: World, tmp_path: Path
) -> None:
    recording = import_trace(tmp_path)

    async def read() -> tuple[Summary, Ranking, DailyUsage, Grants]:
        client = await RecordingClient.open(recording)
        replies = await client.summary(), await client.sources(), await client.daily(), await client.grants()
        await client.aclose()
        return replies

    summary, ranking, daily, grants = asyncio.run(read())
    world.clock.now = summary.as_of
    for grant in sorted(grants.items, key=lambda grant: grant.granted_at):
        world.grant(
            grant.id,
            grant.bucket,
            str(grant.original),
            effective_at=grant.effective_at.isoformat(),
            expires_at=known(grant.expires_at).isoformat(),
        )
    zone = ZoneInfo("America/New_York")
    found = read_tables([EVENTS], Choices(), zone, lambda rows, *_: rows, latest=None)
    events = [sent(entry) for entry in found.entries]
    random.Random(11).shuffle(events)
    accepted = duplicates = 0
    for start in range(0, len(events), BATCH):
        batch = events[start : start + BATCH]
        for _ in range(2):
            receipt = world.post(*batch)
            accepted += receipt["accepted"]
            duplicates += receipt["duplicates"]
    assert accepted == duplicates == len(events) == 28_185

    served = world.read("usage/summary")
    assert served["usage"]["total"] == str(known(summary.usage).total) == "5776.0088"
    assert served["balance"]["total"] == str(known(summary.balance).total)
    used = {row["id"]: row["used"] for row in world.read("grants")["items"]}
    assert used == {grant.id: str(grant.used) for grant in grants.items}
    rows = world.read("usage/sources")["items"]
    assert [(row["label"], row["credits"], row["count"]) for row in rows] == [
        (row.label, str(row.credits), row.count) for row in ranking.items
    ]
    days = {day["date"]: day["credits"] for day in world.read("usage/daily")["items"]}
    assert days == {str(day.date): str(day.credits) for day in daily.items}
    assert sum(Credits.parse(amount).micro for amount in days.values()) == known(summary.usage).total.micro

    async def record_again() -> None:
        transport = httpx.ASGITransport(create_app(world.service))
        client = UsageApiClient("http://127.0.0.1", BearerToken(world.owner), transport=transport)
        written = await record(client, tmp_path / "served.jsonl")
        assert (written.events, written.header.events) == (28_185, Extent(complete=True))
        await (await RecordingClient.open(tmp_path / "served.jsonl")).check()

    asyncio.run(record_again())
