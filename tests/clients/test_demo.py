"""The demo: scenarios whose numbers agree, pages that walk forth and back, failures on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.known import known
from usage_tui.clients.base import (
    ClientError,
    CursorExpired,
    ServiceFailed,
    Slice,
    Unreachable,
    Withheld,
)
from usage_tui.clients.demo.client import DemoClient, open_demo
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS
from usage_tui.models import Capabilities, Credits, Event, EventPage, EventQuery, Grants, Summary, clean

ALL = EventQuery()
SPECIAL = {"member", "failed", "loading", "not-offered"}
WHOLE = sorted(set(SCENARIOS) - SPECIAL)
"""The scenarios that answer every request."""


async def all_events(client: DemoClient, query: EventQuery = ALL, limit: int = 100) -> list[Event]:
    return [event for page in await walk_forth(client, query, limit) for event in page.items]


async def walk_forth(client: DemoClient, query: EventQuery, limit: int) -> list[EventPage]:
    pages = [await client.events(query, limit=limit)]
    while pages[-1].page.next is not None:
        pages.append(await client.events(query, cursor=pages[-1].page.next, limit=limit))
    return pages


async def walk_back(client: DemoClient, query: EventQuery, limit: int, last: EventPage) -> list[EventPage]:
    pages = [last]
    while pages[-1].page.prev is not None:
        pages.append(await client.events(query, cursor=pages[-1].page.prev, limit=limit))
    return pages


def in_period(events: list[Event], summary: Summary) -> list[Event]:
    period = known(summary.period)
    return [event for event in events if period.starts_at <= event.occurred_at < period.ends_at]


def total(events: list[Event]) -> Credits:
    return Credits.total(event.credits for event in events)


@pytest.mark.parametrize("name", WHOLE)
async def test_all_replies_are_of_one_moment(name: str) -> None:
    client = open_demo(name)
    summary = await client.summary()
    page = await client.events(ALL, limit=1)
    replies: list[Any] = [
        await client.sources(),
        await client.daily(),
        await client.grants(),
        await client.allowances(),
        page,
    ]
    assert {(reply.as_of, reply.revision) for reply in replies} == {(summary.as_of, summary.revision)}


@pytest.mark.parametrize("name", WHOLE)
async def test_days_and_sources_and_the_summary_have_the_sum_of_the_periods_events(name: str) -> None:
    client = open_demo(name)
    summary, ranking, daily = await client.summary(), await client.sources(), await client.daily()
    events = in_period(await all_events(client), summary)
    usage = known(summary.usage)
    assert usage.total == ranking.total == daily.total == total(events)
    assert usage.event_count == len(events)
    for row in ranking.items:
        behind = [event for event in events if (event.kind, event.source_id) == (row.kind, row.source_id)]
        assert (row.credits, row.count) == (total(behind), sum(known(event.quantity) for event in behind))
    for day in daily.items:
        behind = [event for event in events if day.starts_at <= event.occurred_at < day.ends_at]
        assert (day.credits, day.count) == (total(behind), sum(known(event.quantity) for event in behind))
    assert Credits.total(day.credits for day in daily.items) == daily.total


@pytest.mark.parametrize("name", WHOLE)
async def test_grants_hold_the_balance_and_what_events_left_of_them(name: str) -> None:
    client = open_demo(name)
    summary, grants, events = await client.summary(), await client.grants(), await all_events(client)
    balance = known(summary.balance)
    for grant in grants.items:
        parts = [part for event in events for part in event.allocations if part.grant_id == grant.id]
        assert grant.used == Credits.total(part.credits for part in parts)
        left = [grant.used, grant.expired_amount, grant.voided_amount, grant.remaining]
        assert Credits.total(left) == grant.original
        assert {part.bucket for part in parts} <= {grant.bucket}
    assert balance.total == known(balance.included) + known(balance.purchased) == remaining(grants, "active")
    assert balance.locked == remaining(grants, "locked")
    assert balance.overage == Credits.total(event.uncovered for event in events)


def remaining(grants: Grants, status: str) -> Credits:
    return Credits.total(grant.remaining for grant in grants.items if grant.status == status)


@pytest.mark.parametrize("name", WHOLE)
async def test_included_progress_is_what_the_periods_events_took(name: str) -> None:
    client = open_demo(name)
    summary = await client.summary()
    parts = [part for event in in_period(await all_events(client), summary) for part in event.allocations]
    included = known(summary.included)
    assert included.used == Credits.total(part.credits for part in parts if part.bucket == "included")
    assert included.remaining == known(summary.balance).included
    assert included.granted == included.used + included.remaining


@pytest.mark.parametrize("name", WHOLE)
async def test_events_come_newest_first_and_name_only_events_before_them(name: str) -> None:
    client = open_demo(name)
    summary, events = await client.summary(), await all_events(client)
    assert [event.occurred_at for event in events] == sorted((e.occurred_at for e in events), reverse=True)
    assert summary.last_event_at == (events[0].occurred_at if events else None)
    assert all(event.occurred_at <= summary.as_of for event in events)
    by_id = {event.id: event for event in events}
    assert len(by_id) == len(events)
    for event in events:
        for other in filter(None, (event.parent_id, event.reverses)):
            assert by_id[other].occurred_at <= event.occurred_at


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("limit", [1, 7, 30, 1000])
async def test_previous_visits_the_pages_of_next_in_reverse(name: str, limit: int) -> None:
    client = open_demo(name)
    forth = await walk_forth(client, ALL, limit)
    assert await walk_back(client, ALL, limit, forth[-1]) == forth[::-1]
    assert {page.page.total for page in forth} == {sum(len(page.items) for page in forth)}
    assert all(page.page.size == len(page.items) <= limit for page in forth)


async def test_the_last_page_is_that_of_a_walk_and_here_is_the_page_itself() -> None:
    client = open_demo()
    forth = await walk_forth(client, ALL, 30)
    for page in forth:
        assert await client.events(ALL, cursor=page.page.last, limit=30) == forth[-1]
        assert await client.events(ALL, cursor=page.page.here, limit=30) == page


async def test_the_first_row_stays_when_the_page_becomes_longer() -> None:
    client = open_demo()
    first = await client.events(ALL, limit=10)
    second = await client.events(ALL, cursor=first.page.next, limit=10)
    longer = await client.events(ALL, cursor=second.page.here, limit=25)
    assert longer.items[:10] == second.items
    assert len(longer.items) == 25
    before = await client.events(ALL, cursor=longer.page.prev, limit=25)
    assert before.items == first.items  # no row comes twice, though more would fit
    assert before.page.prev is None


@pytest.mark.parametrize(
    "query",
    [
        EventQuery(kind="workflow"),
        EventQuery(kind="ai_tool", source_id="tool_contract"),
        EventQuery(starts_at=datetime.fromisoformat("2026-11-12T05:00:00Z")),
        EventQuery(ends_at=datetime.fromisoformat("2026-11-01T04:00:00Z")),
        EventQuery(kind="nothing_like_it"),
        EventQuery(text="CONTRACT"),
    ],
)
async def test_a_filter_leaves_what_matches_in_the_same_order(query: EventQuery) -> None:
    client = open_demo()
    everything = await all_events(client)
    assert await all_events(client, query, limit=9) == [event for event in everything if query.matches(event)]


@pytest.mark.parametrize("cursor", ["", "from-", "from-x", "before--1", "from-99999", "30", "from-٣٣x"])
async def test_a_cursor_that_was_never_given_is_refused(cursor: str) -> None:
    with pytest.raises(CursorExpired, match="not issued by the demo"):
        await open_demo().events(ALL, cursor=cursor, limit=10)


@pytest.mark.parametrize(
    ("name", "state"),
    {
        "acme": "normal",
        "annual": "normal",
        "empty": "normal",
        "ending": "normal",
        "locked": "locked",
        "low": "low",
        "no-included": "normal",
        "overage": "low",
        "paused": "paused",
    }.items(),
)
async def test_a_scenario_shows_the_state_it_is_named_for(name: str, state: str) -> None:
    assert (await open_demo(name).summary()).state == state


async def test_acme_is_the_organization_of_the_documents() -> None:
    client = open_demo()
    summary = await client.summary()
    balance = known(summary.balance)
    assert (str(balance.total), str(balance.included), str(balance.purchased)) == (
        "10009.75",
        "3759.5",
        "6250.25",
    )
    included = known(summary.included)
    assert (str(included.granted), str(included.used_fraction)) == ("10000", "0.62405")
    assert known(summary.period).days_left == 9
    assert (summary.auto_recharge and str(summary.auto_recharge.threshold), str(summary.low_threshold)) == (
        "5000",
        "5000",
    )
    assert [(row.label, str(row.credits), row.count) for row in (await client.sources()).items] == [
        ("Agent chat", "2810.25", 412),
        ("Contract review", "1240.5", 38),
        ("Weekly digest", "725", 12),
        ("Browser sessions", "500", 9),
        ("Invoice matching", "412.75", 64),
        ("Lead enrichment", "300.25", 21),
        ("Meeting notes", "186.5", 31),
        ("Brand voice check", "65.25", 7),
    ]


async def test_acme_peaks_on_november_12_and_rests_on_a_weekend() -> None:
    days = {day.date: day for day in (await open_demo().daily()).items}
    peak = max(days.values(), key=lambda day: day.credits)
    assert (peak.date, str(peak.credits)) == (date(2026, 11, 12), "1404.5")
    assert peak.top is not None
    assert peak.top.label == "Contract review"
    assert peak.top.credits.micro * 100 // peak.credits.micro == 74
    assert [day.date.day for day in days.values() if not day.credits] == [7, 8]


async def test_acme_has_a_grant_of_every_status() -> None:
    grants = (await open_demo().grants()).items
    assert [
        (grant.status, grant.description, str(grant.original), str(grant.remaining)) for grant in grants
    ] == [
        ("active", "Team plan, November 2026", "10000", "3759.5"),
        ("active", "Auto-recharge", "2000", "1250.25"),
        ("active", "Top-up", "5000", "5000"),
        ("scheduled", "Team plan, December 2026", "10000", "10000"),
        ("expired", "Team plan, October 2026", "10000", "0"),
        ("locked", "Add-on pack, former plan", "1500", "1500"),
        ("voided", "Top-up, duplicate charge", "5000", "0"),
        ("used", "Welcome credits", "500", "0"),
    ]


async def test_acmes_newest_run_was_started_in_a_chat() -> None:
    newest, chat, *_ = (await open_demo().events(ALL, limit=5)).items
    assert (newest.label, str(newest.credits), newest.actor) == (
        "Contract review",
        "50.125",
        "maria@acme.example",
    )
    assert (newest.parent_id, chat.label) == (chat.id, "Agent chat")


async def test_without_billing_access_no_event_no_grant_and_no_link_leaves_the_client() -> None:
    client = open_demo("member")
    for request in (client.events(ALL, limit=5), client.grants()):
        with pytest.raises(Withheld, match="An owner or a billing admin"):
            await request
    summary = await client.summary()
    balance = known(summary.balance)
    assert (summary.links, summary.auto_recharge, balance.next_expiry) == (None, None, None)
    assert summary.capabilities == Capabilities(
        view_events=False, view_grants=False, buy_credits=False, auto_recharge=False
    )
    assert summary.access_notice is not None
    assert balance.total == known((await open_demo().summary()).balance).total


async def test_after_the_first_refresh_nothing_answers() -> None:
    client = open_demo("stale")
    assert (await client.events(ALL, limit=5)).items
    for request in (client.refresh, client.refresh, client.summary, client.sources, client.grants):
        with pytest.raises(Unreachable, match="does not answer"):
            await request()


async def test_one_reply_fails_and_the_others_come() -> None:
    client = open_demo("failed")
    with pytest.raises(ServiceFailed) as caught:
        await client.sources()
    assert caught.value.request_id == "req_8f3a1c"
    assert await client.summary()
    assert await client.daily()


async def test_no_answer_ever_comes() -> None:
    client = open_demo("loading")
    requests = [client.me(), client.summary(), client.sources(), client.daily(), client.events(ALL, limit=5)]
    tasks = [asyncio.ensure_future(request) for request in requests]
    for _ in range(10):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_is_not_offered_says_why() -> None:
    client = open_demo("not-offered")
    assert set(client.not_offered) == {Slice.GRANTS, Slice.ALLOWANCES}
    with pytest.raises(ClientError, match="does not offer credit grants"):
        await client.grants()
    assert (await client.summary()).allowances == ()


async def test_a_refund_makes_a_day_negative() -> None:
    days = (await open_demo("refund").daily()).items
    assert [str(day.credits) for day in days if day.credits < Credits.ZERO] == ["-260.5"]


async def test_an_annual_plan_has_twelve_allowances_in_one_period() -> None:
    client = open_demo("annual")
    included = [grant for grant in (await client.grants()).items if grant.bucket == "included"]
    assert len(included) == 12
    assert len({grant.effective_at for grant in included}) == 1
    assert known((await client.summary()).period).days_total == 365


async def test_after_a_change_of_cadence_two_included_grants_are_summed() -> None:
    client = open_demo("switch")
    live = [g for g in (await client.grants()).items if (g.bucket, g.status) == ("included", "active")]
    assert len(live) == 2
    assert known((await client.summary()).balance).included == live[0].remaining + live[1].remaining


async def test_the_period_ends_today() -> None:
    assert known((await open_demo("ends-today").summary()).period).days_left == 1


async def test_the_hour_that_happens_twice_has_events_both_times() -> None:
    client = open_demo("clocks")
    first_day = (await client.daily()).items[0]
    assert first_day.ends_at - first_day.starts_at == timedelta(hours=25)
    hours = [event.occurred_at.hour for event in await all_events(client)]
    assert {5, 6} <= set(hours)


@pytest.mark.parametrize("name", WHOLE)
async def test_no_text_could_steer_a_terminal(name: str) -> None:
    client = open_demo(name)
    replies = [
        await client.me(),
        await client.summary(),
        await client.sources(),
        await client.daily(),
        await client.events(ALL, limit=1000),
        await client.grants(),
        await client.allowances(),
    ]
    for text in texts(replies):
        assert clean(text) == text


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        yield from texts([*value, *value.values()])
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


async def test_labels_are_as_long_as_labels_get() -> None:
    rows = (await open_demo("labels").sources()).items
    assert sum(len(row.label) == 200 for row in rows) == 5


async def test_every_scenario_has_a_line_of_its_own_and_is_never_refreshed() -> None:
    assert len(set(SCENARIOS.values())) == len(SCENARIOS)
    assert not await open_demo().refresh()


def test_a_name_that_is_no_scenario_is_answered_with_all_names() -> None:
    with pytest.raises(ValueError, match="unknown demo scenario 'acne'; the scenarios are acme, empty, "):
        open_demo("acne")
