"""28,185 requests of a real service, imported and read back: a public trace as usage events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.known import known
from tests.trace import import_trace
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.models import Credits, EventQuery

COUNT = 28_185
PAGE = 40


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return import_trace(tmp_path_factory.mktemp("trace"))


@pytest.fixture
async def client(recording: Path) -> AsyncIterator[RecordingClient]:
    client = await RecordingClient.open(recording)
    yield client
    await client.aclose()


async def test_the_whole_recording_agrees_with_itself(client: RecordingClient) -> None:
    await client.check()


async def test_what_was_used_is_exact(client: RecordingClient) -> None:
    summary = await client.summary()
    usage, period = known(summary.usage), known(summary.period)
    assert str(usage.total) == "5776.0088"
    assert usage.event_count == COUNT
    assert (summary.org.time_zone, str(period.start_date)) == ("America/New_York", "2026-11-01")
    assert str(period.end_date) == "2026-11-30"


async def test_agent_chat_comes_before_code_completion(client: RecordingClient) -> None:
    ranking = await client.sources()
    rows = [(row.label, str(row.credits), row.count, row.count_unit) for row in ranking.items]
    assert rows == [
        ("Agent chat", "3871.653", 19_366, "message"),
        ("Code completion", "1904.3558", 8_819, "run"),
    ]
    percents = [round(row.share * 100, 1) for row in ranking.items if row.share is not None]
    assert percents == [Decimal("67.0"), Decimal("33.0")]


async def test_the_included_credits_are_used_up_and_the_soonest_to_expire_pays_the_rest(
    client: RecordingClient,
) -> None:
    summary = await client.summary()
    included = known(summary.included)
    assert (str(included.used), included.remaining) == ("5000", Credits.ZERO)
    assert included.used_fraction == 1
    grants = (await client.grants()).items
    used = {grant.description: str(grant.used) for grant in grants}
    assert used == {"Team plan, November 2026": "5000", "Auto-recharge": "776.0088", "Top-up": "0"}
    assert known(known(summary.balance).next_expiry).grant_id == "spring"


async def test_the_included_grant_runs_out_inside_one_event(client: RecordingClient) -> None:
    page = await client.events(EventQuery(), limit=COUNT)
    split = [event for event in page.items if len(event.allocations) > 1]
    assert [event.id for event in split] == ["conv-16419"]
    parts = [(part.bucket, part.grant_id, str(part.credits)) for part in split[0].allocations]
    assert parts == [("included", "grant-1", "0.0563"), ("purchased", "spring", "0.2489")]


async def test_twenty_two_days_have_use(client: RecordingClient) -> None:
    daily = await client.daily()
    assert sum(day.credits > Credits.ZERO for day in daily.items) == 22
    assert Credits.total(day.credits for day in daily.items) == daily.total
    assert (
        daily.items[0].ends_at - daily.items[0].starts_at
        == 25 * (daily.items[1].ends_at - daily.items[1].starts_at) / 24
    )


async def test_next_walks_through_every_event_and_previous_walks_back(client: RecordingClient) -> None:
    page = await client.events(EventQuery(), limit=PAGE)
    pages = [page]
    while page.page.next is not None:
        page = await client.events(EventQuery(), cursor=page.page.next, limit=PAGE)
        pages.append(page)
    ids = [event.id for page in pages for event in page.items]
    assert len(ids) == len(set(ids)) == COUNT
    times = [event.occurred_at for page in pages for event in page.items]
    assert times == sorted(times, reverse=True)

    for expected in reversed(pages[:-1]):
        assert page.page.prev is not None
        page = await client.events(EventQuery(), cursor=page.page.prev, limit=PAGE)
        assert page.items == expected.items
    assert page.page.prev is None
