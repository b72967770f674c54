"""Random organizations as a demo, a recording and a service tell them: the same past, the same answers."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.known import known
from tests.server.world import new_sqlite
from usage_tui.cli.recorded_organization import read_recorded
from usage_tui.clients.base import UsageClient, Withheld
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.stage import AUTO_RECHARGE, TEAM_PLAN, Scenario, Stage, purchased
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.ledger.cadence import next_start
from usage_tui.ledger.ledger import Use
from usage_tui.ledger.spending import INCLUDED, Terms
from usage_tui.ledger.statement import Viewer
from usage_tui.models import Credits, Organization, User
from usage_tui.server.api.app import create_app
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.seed_demo import seed_demo
from usage_tui.server.service import UsageService
from usage_tui.state.answers import Answers
from usage_tui.state.recorder import record

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
ZONES = "UTC", "America/New_York", "Asia/Kathmandu"
STARTS = datetime(2026, 9, 3, 5, tzinfo=UTC), datetime(2026, 10, 25, 14, 30, tzinfo=UTC)
"""When the first of three periods began: at midnight in New York, or within a day."""
OWNER = Viewer(User(id="usr_01", name="Maria"), role="owner", billing_access=True)
MEMBER = Viewer(User(id="usr_02", name="Sam"), role="member", billing_access=False)
_numbers = count()


def invented(chance: random.Random, viewer: Viewer) -> Scenario:
    """An organization of up to 150 days, with pauses, refunds, renamed sources and grants of all kinds."""
    org = Organization(id="acme", name="Acme", time_zone=chance.choice(ZONES))
    bounds = [chance.choice(STARTS)]
    while bounds[-1] <= NOW:
        bounds.append(next_start(bounds[-1], bounds[0], "monthly", org.time_zone))
    *former, (starts_at, ends_at) = pairwise(bounds)
    stage = Stage(org, f"p{len(former)}", starts_at, ends_at, NOW)
    for number, (start, end) in enumerate(former):
        stage.add_former(f"p{number}", start, end)
    days = chance.randint(0, 150)
    for number, (start, end) in enumerate(pairwise(bounds)):
        amount = Credits(chance.randint(1, 40_000_000))
        stage.ledger.grant(
            Terms(f"plan-{number}", "Plan", INCLUDED, "subscription", start, start, end, amount)
        )
    for number in range(chance.randint(0, 3)):
        at = NOW - timedelta(days=chance.randint(0, 160))
        lasts = chance.choice((None, 30, 170, 400))
        expires_at = None if lasts is None else at + timedelta(days=lasts)
        origin = chance.choice(("purchase", "auto_recharge"))
        stage.ledger.grant(
            purchased(f"buy-{number}", "Bought", str(chance.randint(1, 60)), at, expires_at, origin)
        )
    for use in uses(chance, days):
        stage.use([use])
        if chance.random() < 0.03:
            event = chance.choice([one for one in stage.events if one.reverses is None])
            if event.id not in {one.reverses for one in stage.events}:
                stage.reverse(event, at=use.occurred_at, actor="maria")
    ends = chance.choice((None, None, ends_at, NOW + timedelta(days=40)))
    return stage.scenario(
        subscription=replace(TEAM_PLAN, ends_at=ends), auto_recharge=AUTO_RECHARGE, viewer=viewer
    )


def uses(chance: random.Random, days: int) -> Sequence[Use]:
    found: list[Use] = []
    for back in range(days, -1, -1):
        if chance.random() < 0.3:
            continue
        for _ in range(chance.randint(0, 6)):
            at = NOW - timedelta(days=back, seconds=chance.randint(0, 80_000))
            source = chance.choice("abcde")
            kind = "agent_chat" if source == "a" else "ai_tool"
            label = f"Source {source}{chance.choice(('', '', '', ' new'))}"
            amount = Credits(chance.choice((0, 1, chance.randint(1, 3_000_000))))
            number = len(found)
            quantity, actor = chance.randint(1, 3), chance.choice(("maria", "sam", "lin", None))
            found.append(Use(f"evt_{number:04}", at, kind, source, label, "run", amount, quantity, actor))
    return sorted(found, key=lambda use: (use.occurred_at, use.id))


class Older(httpx.AsyncBaseTransport):
    """A service from before balances were carried forward."""

    def __init__(self, service: httpx.AsyncBaseTransport) -> None:
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._service.handle_async_request(request)
        if not request.url.path.endswith("billing-periods"):
            return response
        reply = json.loads(await response.aread())
        for item in reply["items"]:
            del item["roll_forward"]
        return httpx.Response(200, json=reply, headers={"Content-Type": "application/json"})


async def serve(
    scenario: Scenario, owner: Scenario, database: Database, *, is_older: bool = False
) -> UsageClient:
    demo = await asyncio.to_thread(seed_demo, database, await read_recorded(DemoClient(owner)))
    app = create_app(UsageService(database, clock=lambda: NOW))
    billing = scenario.statement.me.organizations[0].billing_access
    token = BearerToken(demo.owner if billing else demo.member)
    transport: httpx.AsyncBaseTransport = httpx.ASGITransport(app)
    if is_older:
        transport = Older(transport)
    return UsageApiClient("http://127.0.0.1", token, transport=transport)


def undated(reply: Any) -> Any:
    """A reply but for its revision, which each source counts in its own way."""
    if reply is None or not hasattr(reply, "revision"):
        return reply
    pages = {"page": None} if hasattr(reply, "page") else {}
    return replace(reply, revision=0, **pages)


async def told(client: UsageClient) -> dict[str, Any]:
    """All that answers say, and what they are made of."""
    answers = await Answers.of(client)
    facts = answers.facts
    found = {
        part.name: undated(getattr(facts, part.name))
        for part in fields(facts)
        if part.name not in ("missing", "recent")
    }
    assert facts.periods is not None
    for one in facts.periods.items:
        found[f"days of {one.period.id}"] = undated(await client.daily(one.period.id))
        found[f"sources of {one.period.id}"] = undated(await client.sources(one.period.id))
    found |= {
        "runway": answers.runway,
        "more": answers.what_if("top-up 500; cut 10%"),
        "plan": answers.plan(Credits(12_345_678)),
        "spikes": answers.spikes,
        "books": answers.reconciliation,
        "findings": answers.findings,
        "trend": known(facts.source_days).last(14),
        "comparison": await answers.compare(),
        "silence": answers.silence,
        "yesterday": await answers.why("yesterday"),
        "peak": await answers.why("peak"),
        "earlier": await answers.why(facts.today - timedelta(days=50)),
    }
    may_see = facts.summary.capabilities is None or facts.summary.capabilities.view_events
    found["runs"] = await answers.run_costs("a") if may_see else None
    for one in facts.periods.items if may_see else ():
        people = await client.people(one.period.id)
        assert people.total == Credits.total(item.credits for item in people.items) == one.usage.total
        found[f"people of {one.period.id}"] = undated(people)
    if may_see:
        found["people now"] = undated(await client.people())
        found["who yesterday"] = await answers.why_by_actor("yesterday")
        found["who earlier"] = await answers.why_by_actor(facts.today - timedelta(days=50))
    else:
        for ask in (client.people(), client.people_days(facts.today, facts.today)):
            with pytest.raises(Withheld):
                await ask
    await client.aclose()
    return found


@pytest.mark.parametrize("viewer", [OWNER, MEMBER], ids=["owner", "member"])
@settings(
    max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_every_client_gives_the_same_answers(tmp_path: Path, viewer: Viewer, seed: int) -> None:
    scenario, owner = (invented(random.Random(seed), one) for one in (viewer, OWNER))
    # A recording in which nobody is named does not offer to rank people; the others rank nobody.
    assume(any(event.actor is not None for event in owner.events))

    async def compare() -> None:
        number = next(_numbers)
        path = tmp_path / f"{number}.jsonl"
        await record(DemoClient(scenario), path)
        recording = await RecordingClient.open(path)
        await recording.check()
        database = new_sqlite(tmp_path / f"{number}.db")
        by_demo = await told(DemoClient(scenario))
        by_service = await told(await serve(scenario, owner, database))
        for name, value in by_demo.items():
            assert by_service[name] == value, name
        if viewer is OWNER:
            by_recording = await told(recording)
            assert by_recording == by_demo
        else:
            # Without events, the past is as it was recorded; no earlier period can be added up.
            answers = await Answers.of(recording)
            assert answers.runway == by_demo["runway"]
            assert known(answers.facts.source_days).last(14) == by_demo["trend"]
            assert await answers.why("yesterday") == by_demo["yesterday"]
        books = by_demo["books"]
        assert books is not None
        assert books.agrees
        database.close()

    asyncio.run(compare())


def test_an_older_service_tells_all_but_the_balance_carried_forward(tmp_path: Path) -> None:
    scenario = invented(random.Random(3), OWNER)

    async def compare() -> None:
        found = []
        for is_older in (False, True):
            database = new_sqlite(tmp_path / f"{is_older}.db")
            found.append(await told(await serve(scenario, scenario, database, is_older=is_older)))
            database.close()
        newer, older = found
        assert known(newer["books"]).roll_forward is not None
        assert known(older["books"]).roll_forward is None
        assert older["books"].agrees
        parts = {"books", "periods", "findings"}
        assert {name: newer[name] for name in newer.keys() - parts} == {
            name: older[name] for name in older.keys() - parts
        }

    asyncio.run(compare())
