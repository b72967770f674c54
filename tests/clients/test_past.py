"""Earlier periods, and days by source: what each client tells of them, and that they tell the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import replies
from tests.clients.recordings import EVENTS, HEADER, STATEMENT
from tests.clients.transport.service import client_of
from usage_tui.clients.base import InvalidReply, NotFound, NotOffered, UsageClient
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.past import Past
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.file import write_recording
from usage_tui.clients.recording.header import Denial, Extent
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import Credits, Period, SourceDays
from usage_tui.state.recorder import record

TODAY = date(2026, 11, 22)
FIRST = date(2026, 10, 20)
"""The day of the recording's first event."""
MISSING = "This recording does not contain every event, so it shows no earlier period."


async def test_acme_has_an_october(tmp_path: Path) -> None:
    demo = open_demo()
    periods = await demo.periods()
    november, october = periods.items
    assert (november.period.id, october.period.id) == ("2026-11", "2026-10")
    assert november.usage == (await demo.summary()).usage
    assert periods.first_event_date == date(2026, 1, 19)
    daily, ranking = await demo.daily("2026-10"), await demo.sources("2026-10")
    assert daily.total == ranking.total == october.usage.total > Credits.ZERO
    assert (daily.range.start_date, daily.range.end_date) == (date(2026, 10, 1), date(2026, 10, 31))
    assert all(day.complete for day in daily.items)
    assert ranking.period is not None
    assert ranking.period.id == "2026-10"


@pytest.mark.parametrize("scenario", ["acme", "switch"])
async def test_the_id_of_the_current_period_is_as_good_as_none(scenario: str) -> None:
    demo = open_demo(scenario)
    current = (await demo.periods()).items[0].period.id
    assert await demo.daily(current) == await demo.daily()
    assert await demo.sources(current) == await demo.sources()


async def test_periods_follow_one_another() -> None:
    periods = await open_demo().periods()
    november, october = periods.items
    assert periods.before("2026-11") == october
    assert periods.after("2026-10") == november
    assert periods.find("2026-10") == october
    assert (periods.before("2026-10"), periods.after("2026-11"), periods.find("2026-09")) == (None,) * 3
    assert (periods.before("2026-09"), periods.after("2026-09")) == (None, None)


async def test_a_member_sees_the_past_and_nothing_that_is_withheld() -> None:
    owner, member = open_demo(), open_demo("member")
    told = await owner.periods()
    assert told.items[0].roll_forward is not None
    items = tuple(replace(one, roll_forward=None) for one in told.items)
    assert await member.periods() == replace(told, items=items)
    assert await member.days(FIRST, TODAY) == await owner.days(FIRST, TODAY)
    assert await member.source_days(FIRST, TODAY) == await owner.source_days(FIRST, TODAY)


@pytest.mark.parametrize("scenario", ["acme", "member", "switch", "annual"])
async def test_a_recording_tells_the_same_past(tmp_path: Path, scenario: str) -> None:
    demo, path = open_demo(scenario), tmp_path / "demo.jsonl"
    await record(demo, path)
    recording = await RecordingClient.open(path)
    first = TODAY - timedelta(days=90)
    assert await recording.periods() == await demo.periods()
    assert await recording.days(first, TODAY) == await demo.days(first, TODAY)
    assert await recording.source_days(first, TODAY) == await demo.source_days(first, TODAY)
    if scenario == "acme":
        assert await recording.daily("2026-10") == await demo.daily("2026-10")
        assert await recording.sources("2026-10") == await demo.sources("2026-10")
        long_ago = date(2026, 1, 1), date(2026, 3, 1)
        assert await recording.days(*long_ago) == await demo.days(*long_ago)


async def acme(folder: Path, **changes: Any) -> RecordingClient:
    path = folder / "acme.jsonl"
    write_recording(path, HEADER._replace(**changes), EVENTS)
    return await RecordingClient.open(path)


async def test_the_events_of_a_recording_are_added_up(tmp_path: Path) -> None:
    client = await acme(tmp_path)
    periods = await client.periods()
    assert [one.period.id for one in periods.items] == ["2026-11"]
    assert periods.first_event_date == FIRST
    days = await client.days(FIRST - timedelta(days=5), TODAY + timedelta(days=5))
    assert (days.range.start_date, days.range.end_date) == (date(2026, 10, 15), TODAY)
    assert days.total == Credits.total(event.credits for event in EVENTS)
    assert days.items[-22:] == STATEMENT.daily.items
    by_source = await client.source_days(days.range.start_date, TODAY)
    columns = zip(*(item.credits for item in by_source.items), strict=True)
    assert [Credits.total(column) for column in columns] == [day.credits for day in days.items]
    with pytest.raises(NotFound, match=r"^There is no billing period '2026-10'\.$"):
        await client.daily("2026-10")


async def test_what_is_asked_for_at_once_is_added_up_once() -> None:
    added = []

    async def add_up(period: Period, rollup: PeriodRollup) -> None:
        added.append(period)
        await asyncio.sleep(0)
        for event in EVENTS:
            rollup.add(event)

    past = Past(STATEMENT.summary, (), add_up)
    days, sources = await asyncio.gather(past.days(FIRST, TODAY), past.source_days(FIRST, TODAY))
    assert len(added) == 1
    assert days.total == Credits.total(amount for one in sources.items for amount in one.credits)


async def test_events_that_cannot_be_added_up_are_an_error_of_the_data(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    huge = replace(EVENTS[-1], credits=Credits(2**62))
    write_recording(path, HEADER, [*EVENTS, huge, huge])
    client = await RecordingClient.open(path)
    for ask in (client.days(FIRST, TODAY), client.source_days(FIRST, TODAY)):
        with pytest.raises(InvalidReply, match=r"^The events cannot be added up: the amount is too large"):
            await ask


async def test_without_every_event_only_the_days_of_the_header_are_known(tmp_path: Path) -> None:
    client = await acme(tmp_path, events=Extent(complete=False))
    days = await client.days(FIRST, TODAY)
    assert (days.range.start_date, days.items) == (date(2026, 11, 1), STATEMENT.daily.items)
    assert days.total == STATEMENT.daily.total
    assert (await client.days(FIRST, date(2026, 10, 31))).items == ()
    assert (await client.periods()).first_event_date is None
    for ask in (client.daily("2026-10"), client.sources("2026-10")):
        with pytest.raises(NotOffered) as caught:
            await ask
        assert caught.value.message == MISSING
    with pytest.raises(NotOffered, match=r"^This recording has no days by source\.$"):
        await client.source_days(FIRST, TODAY)


async def test_recorded_days_by_source_are_cut_to_what_is_asked_for(tmp_path: Path) -> None:
    whole = await (await acme(tmp_path)).source_days(FIRST, TODAY)
    denial = Denial(withheld="billing_access_required")
    path = tmp_path / "member.jsonl"
    write_recording(path, HEADER._replace(events=denial, grants=denial, source_days=whole), [])
    member = await RecordingClient.open(path)
    part = await member.source_days(date(2026, 11, 20), date(2026, 11, 21))
    assert part == await (await acme(tmp_path)).source_days(date(2026, 11, 20), date(2026, 11, 21))
    assert (await member.source_days(date(2026, 9, 1), date(2026, 9, 2))).items == ()


SOURCE_DAYS = {
    **replies.MADE,
    "time_zone": "America/New_York",
    "range": {"start_date": "2026-11-21", "end_date": "2026-11-22"},
    "items": [{"kind": "ai_tool", "source_id": "a", "label": "A", "credits": ["1", "0"]}],
    "other": ["0", "2.5"],
}
PERIODS = {
    **replies.MADE,
    "first_event_date": "2026-01-19",
    "items": [{"period": replies.SUMMARY["period"], "usage": replies.SUMMARY["usage"]}],
}
DAY = date(2026, 11, 21), date(2026, 11, 22)


def answering(**answers: object) -> tuple[UsageClient, list[str]]:
    """A client of a service with these replies, by the end of their paths."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode().removeprefix("/v1/orgs/acme/"))
        name = request.url.path.rpartition("/")[2].replace("-", "_")
        if name in answers:
            return httpx.Response(200, json=answers[name])
        return httpx.Response(404, json={"code": "not_found", "detail": "No."})

    return client_of(answer), asked


async def test_the_past_is_asked_for_in_the_contract_s_words() -> None:
    ranking = {**replies.SOURCES, "period": {"id": "2026-10"}}
    client, asked = answering(sources=ranking, daily=replies.DAILY, billing_periods=PERIODS)
    assert (await client.periods()).first_event_date == date(2026, 1, 19)
    await client.sources("2026-10")
    await client.daily("2026-10")
    await client.days(date(2026, 11, 1), date(2026, 11, 2))
    assert asked == [
        "billing-periods",
        "usage/sources?period=2026-10",
        "usage/daily?period=2026-10",
        "usage/daily?start=2026-11-01&end=2026-11-02",
    ]
    client, asked = answering(sources=SOURCE_DAYS)
    reply = await client.source_days(*DAY)
    assert isinstance(reply, SourceDays)
    assert reply.other == (Credits.ZERO, Credits.parse("2.5"))
    assert asked == ["usage/daily/sources?start=2026-11-21&end=2026-11-22"]


async def test_a_service_without_them_does_not_offer_them() -> None:
    client, _ = answering()
    with pytest.raises(NotOffered, match="does not offer billing periods"):
        await client.periods()
    with pytest.raises(NotOffered, match="does not offer days by source"):
        await client.source_days(*DAY)


@pytest.mark.parametrize(
    "changed",
    [
        {"range": {"start_date": "2026-11-20", "end_date": "2026-11-22"}},
        {"range": {"start_date": "2026-11-21", "end_date": "2026-11-23"}},
        {"other": ["0"]},
        {"items": [{"kind": "ai_tool", "source_id": "a", "label": "A", "credits": ["1"]}]},
    ],
)
async def test_days_that_were_not_asked_for_are_refused(changed: dict[str, object]) -> None:
    client, _ = answering(sources={**SOURCE_DAYS, **changed})
    with pytest.raises(InvalidReply, match="another range of days than the one asked for"):
        await client.source_days(*DAY)


async def test_the_sources_of_another_period_are_refused() -> None:
    client, _ = answering(sources=replies.SOURCES)
    with pytest.raises(InvalidReply, match="another period than the one asked for"):
        await client.sources("2026-10")
