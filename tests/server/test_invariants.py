"""Any history of an organization, played on the real store: what must hold at every step."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.examples import examples
from tests.known import known
from tests.ledger.histories import held_at
from tests.server.conftest import OpenDatabase
from tests.server.world import NOW, World, event, new_sqlite
from usage_tui.models import Credits
from usage_tui.server.db.reads import read_ledger, read_organization
from usage_tui.server.ledger_writer.verify import _entries, differences

Json = dict[str, Any]

GRACE = timedelta(hours=72)
micro = st.integers(1, 50).map(lambda number: str(Credits(number * 250_000)))


def micros(text: str) -> int:
    return Credits.parse(text).micro


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@contextmanager
def new_world() -> Iterator[World]:
    with TemporaryDirectory() as folder:
        world = World.open(new_sqlite(Path(folder) / "usage.db"))
        try:
            yield world
        finally:
            world.close()


class Organization(RuleBasedStateMachine):
    """Events, retries, grants, voids and reversals in any order, over two months."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = new_world()
        self.world = self.opened.__enter__()
        self.sent: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.grant_ids: list[str] = []
        self.number = 0

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)

    @initialize(included=st.sampled_from(["0", "3", "20"]))
    def subscribe(self, included: str) -> None:
        body = {"plan": "Team", "included": included}
        assert self.world.change("subscription", body, method="PUT").status_code == 200

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        self.world.clock.forward(hours=hours)

    @rule(
        amount=micro,
        bucket=st.sampled_from(["included", "purchased"]),
        starts=st.integers(-48, 48),
        lasts=st.none() | st.integers(1, 400),
    )
    def grant(self, amount: str, bucket: str, starts: int, lasts: int | None) -> None:
        self.number += 1
        effective_at = self.world.clock.now + timedelta(hours=starts)
        members = {"effective_at": effective_at.isoformat()}
        if lasts is not None:
            members["expires_at"] = (effective_at + timedelta(hours=lasts)).isoformat()
        self.grant_ids.append(f"gr_{9 - self.number % 10}{self.number}")
        self.world.grant(self.grant_ids[-1], bucket, amount, **members)

    @rule(amount=micro, age=st.sampled_from([0, 0, 1, 30, 71, 100, 500]), pick=st.integers(0, 3))
    def use(self, amount: str, age: int, pick: int) -> None:
        self.number += 1
        time = self.world.clock.now - timedelta(hours=age)
        sent = event(f"e{self.number}", amount, time, subject=f"tool{pick}", label=f"Tool {pick}")
        before = self.world.read("grants")["items"]
        (result,) = self.world.post(sent)["results"]
        assert result["status"] == "accepted"
        self.sent.append(sent)
        self.ids.append(result["event_id"])
        self.check_payers(result["event_id"], time, before)

    @precondition(lambda self: self.sent)
    @rule(pick=st.integers(0, 99))
    def retry(self, pick: int) -> None:
        """I7: neither a retry nor a retry that says something else changes anything."""
        sent = self.sent[pick % len(self.sent)]
        other = {**sent, "data": {**sent["data"], "credits": "999"}}
        revision = self.world.read("usage/summary")["revision"]
        receipt = self.world.post(sent, other)
        assert [result["status"] for result in receipt["results"]] == ["duplicate", "conflict"]
        assert receipt["revision"] == revision

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 99))
    def reverse(self, pick: int) -> None:
        event_id = self.ids[pick % len(self.ids)]
        response = self.world.change(f"usage/events/{event_id}/reversal")
        assert response.status_code in (200, 409)

    @precondition(lambda self: self.grant_ids)
    @rule(pick=st.integers(0, 99))
    def void(self, pick: int) -> None:
        grant_id = self.grant_ids[pick % len(self.grant_ids)]
        assert self.world.change(f"grants/{grant_id}/void").status_code in (200, 409)

    @rule(amount=st.integers(-40, 10), age=st.sampled_from([0, 100, 900]), pick=st.integers(0, 3))
    def adjust(self, amount: int, age: int, pick: int) -> None:
        self.number += 1
        sent = event(
            f"a{self.number}",
            str(Credits(amount * 250_000)),
            self.world.clock.now - timedelta(hours=age),
            subject=f"tool{pick}",
        )
        assert self.world.post({**sent, "type": "usage.adjustment"})["accepted"] == 1

    @rule(active=st.booleans())
    def pay_or_not(self, active: bool) -> None:
        """A term that has ended locks what was purchased; a new one may begin a period within a day."""
        body = {"plan": "Team", "included": "3", "entitlement_active": active}
        assert self.world.change("subscription", body, method="PUT").status_code == 200

    def check_payers(self, event_id: str, time: datetime, before: list[dict[str, Any]]) -> None:
        """I5, I6: only grants of that time paid, and none while a better one still had something."""
        booked = next(row for row in self.events() if row["id"] == event_id)
        parts = {part["grant_id"]: micros(part["credits"]) for part in booked["allocations"]}
        held = {
            row["id"]: micros(row["remaining"]) or micros(row["expired_amount"])
            for row in before
            if self.eligible(row, time)
        }
        assert parts.keys() <= held.keys()
        order = sorted(held, key=lambda grant_id: self.rank(before, grant_id))
        left = micros(booked["credits"])
        for grant_id in order:
            assert parts.get(grant_id, 0) == min(left, held[grant_id])
            left -= parts.get(grant_id, 0)
        assert micros(booked["uncovered"]) == left

    def eligible(self, row: dict[str, Any], time: datetime) -> bool:
        starts_at, ends_at = instant(row["effective_at"]), instant(row["expires_at"])
        assert starts_at is not None
        if row["status"] in ("voided", "locked") or time < starts_at:
            return False
        if ends_at is None:
            return True
        now = self.world.clock.now
        return time < ends_at and (now < ends_at or now < ends_at + GRACE)

    @staticmethod
    def rank(rows: list[dict[str, Any]], grant_id: str) -> tuple[Any, ...]:
        """Included first; then what ends soonest, the endless last; then what began earlier; then the id."""
        row = next(row for row in rows if row["id"] == grant_id)
        included = 0 if row["bucket"] == "included" else 1
        ends = (0, instant(row["expires_at"])) if row["expires_at"] else (1, instant(row["effective_at"]))
        return included, ends, instant(row["effective_at"]), grant_id

    def events(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        path = "usage/events?limit=200"
        while True:
            page = self.world.read(path)
            rows += page["items"]
            if page["page"]["next"] is None:
                return rows
            path = f"usage/events?limit=200&cursor={page['page']['next']}"

    @invariant()
    def everything_adds_up(self) -> None:
        summary, grants, events = self.world.read("usage/summary"), self.world.read("grants"), self.events()
        self.every_grant_adds_up(summary, grants["items"])
        self.every_event_adds_up(summary, grants["items"], events)
        self.days_sources_and_events_of_the_period_agree(summary, events)

    def every_grant_adds_up(self, summary: Json, rows: list[Json]) -> None:
        """I1, I2."""
        for row in rows:
            parts = [micros(row[name]) for name in ("used", "expired_amount", "voided_amount", "remaining")]
            assert min(parts) >= 0
            assert sum(parts) == micros(row["original"])
        usable = sum(micros(row["remaining"]) for row in rows if row["status"] == "active")
        balance = {name: micros(summary["balance"][name]) for name in ("total", "included", "purchased")}
        assert balance["total"] == usable == balance["included"] + balance["purchased"]

    def every_event_adds_up(self, summary: Json, grants: list[Json], rows: list[Json]) -> None:
        """I4."""
        for row in rows:
            paid = sum(micros(part["credits"]) for part in row["allocations"])
            assert micros(row["credits"]) == paid + micros(row["uncovered"])
        used = sum(micros(row["used"]) for row in grants)
        uncovered = sum(micros(row["uncovered"]) for row in rows)
        assert sum(micros(row["credits"]) for row in rows) == used + uncovered
        assert micros(summary["balance"]["overage"]) == uncovered

    def days_sources_and_events_of_the_period_agree(self, summary: Json, rows: list[Json]) -> None:
        """I9, I11."""
        ranking, daily = (self.world.read(f"usage/{name}") for name in ("sources", "daily"))
        assert summary["revision"] == ranking["revision"] == daily["revision"]
        starts_at, ends_at = (known(instant(summary["period"][name])) for name in ("starts_at", "ends_at"))
        total = sum(
            micros(row["credits"])
            for row in rows
            if starts_at <= known(instant(row["occurred_at"])) < ends_at
        )
        days: defaultdict[str, int] = defaultdict(int)
        for day in daily["items"]:
            for kind, amount in day["by_kind"].items():
                days[kind] += micros(amount)
        sources: defaultdict[str, int] = defaultdict(int)
        for row in ranking["items"]:
            sources[row["kind"]] += micros(row["credits"])
        assert total == micros(summary["usage"]["total"]) == sum(days.values()) == sum(sources.values())
        assert dict(days) == dict(sources)

    @invariant()
    def the_balance_is_carried_from_one_period_into_the_next(self) -> None:
        """Each began with what grants held then, by the journal; the last one ends with the balance."""
        items = self.world.read("billing-periods")["items"][::-1]
        balance = self.world.read("usage/summary")["balance"]
        rows = self.world.read("grants")["items"]
        if not rows:
            assert all("roll_forward" not in item for item in items)
            return
        carried = [{name: micros(text) for name, text in item["roll_forward"].items()} for item in items]
        closing = [
            one["opening"] + one["granted"] - one["used"] - one["lapsed"] - one["voided"] + one["restored"]
            for one in carried
        ]
        assert closing == [
            *(one["opening"] for one in carried[1:]),
            micros(balance["total"]) + micros(balance["locked"]),
        ]
        if any(row["status"] == "locked" for row in rows):
            return  # those that have not begun are told as held
        now = self.world.clock.now
        with self.world.database.reading() as connection:
            journal = list(_entries(connection, "acme"))
            organization = known(read_organization(connection, "acme"))
            terms = [one.terms for one in read_ledger(connection, organization).booked_grants]
        for item, one in zip(items, carried, strict=True):
            starts_at = known(instant(item["period"]["starts_at"]))
            begun = (grant for grant in terms if grant.effective_at <= now)
            assert one["opening"] == sum(held_at(journal, grant, starts_at) for grant in begun)

    @invariant()
    def the_journal_replays_to_what_is_kept(self) -> None:
        """I3."""
        with self.world.database.reading() as connection:
            assert list(differences(connection, "acme")) == []


Organization.TestCase.settings = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyHistory = Organization.TestCase


@settings(max_examples=examples(8), deadline=None)
@given(amounts=st.lists(micro, min_size=1, max_size=20), seed=st.integers(0, 99), size=st.integers(1, 7))
def test_any_order_of_arrival_gives_the_same_totals(amounts: list[str], seed: int, size: int) -> None:
    """I8: where every grant is eligible for every event."""
    found = []
    for shuffled in (False, True):
        with new_world() as world:
            for number, amount in enumerate(("20", "30", "40")):
                world.grant(f"g{number}", "purchased", amount, effective_at="2026-11-01T04:00:00Z")
            sent = [
                event(f"e{number}", amount, NOW - timedelta(hours=13 * number), subject=f"s{number % 3}")
                for number, amount in enumerate(amounts)
            ]
            if shuffled:
                random.Random(seed).shuffle(sent)
            for start in range(0, len(sent), size):
                world.post(*sent[start : start + size])
            replies = [world.read(path) for path in ("grants", "usage/sources", "usage/daily")]
            balance = world.read("usage/summary")["balance"]
            found.append(([reply["items"] for reply in replies], balance))
    assert found[0] == found[1]


def test_both_databases_give_the_same_replies_for_one_history(new_database: OpenDatabase) -> None:
    """I12."""
    bodies = []
    for kind in ("sqlite", "postgresql", "pgbouncer"):
        world = World.open(new_database(kind))
        bodies.append(list(play(world)))
        world.close()
    assert bodies[0] == bodies[1] == bodies[2]


def play(world: World) -> Iterator[bytes]:
    """A history with something of everything; the bytes of every reply, but cursors, which are signed."""
    chance = random.Random(7)
    body = {"plan": "Team", "included": "60", "ends_at": "2027-01-20T05:00:00Z"}
    yield world.change("subscription", body, method="PUT").content
    yield world.change(
        "allowances/hours", {"label": "Zürich 時間", "unit": "hour", "included": "50"}, method="PUT"
    ).content
    for number in range(60):
        world.clock.forward(hours=chance.randint(0, 48), seconds=chance.random())
        if number % 9 == 0:
            yield repr(world.grant(f"g{number}", "purchased", str(chance.randint(1, 30)))).encode()
        batch = [
            event(
                f"e{number}-{index}",
                str(Credits(chance.randint(0, 9_000_000))),
                world.clock.now - timedelta(hours=chance.choice((0, 1, 60, 90))),
                kind=chance.choice(("ai_tool", "agent_chat", "Ünbekannt", "ai_Tool")),
                subject=chance.choice(("b", "B", "ä", "z", "_")),
                label=chance.choice(("b", "B", "ä", "Z")),
            )
            for index in range(chance.randint(1, 4))
        ]
        receipt = world.send(*batch)
        yield receipt.content
        if number % 7 == 0:
            event_id = receipt.json()["results"][0]["event_id"]
            yield world.change(f"usage/events/{event_id}/reversal").content
        if number % 20 == 19:
            for path in ("summary", "sources", "daily"):
                yield world.get(f"usage/{path}").content
    for path in (
        "usage/summary",
        "usage/sources",
        "usage/daily",
        "usage/daily/sources",
        "usage/daily?range=14d",
        "grants",
        "allowances",
        "billing-periods",
    ):
        yield world.get(path).content
    yield repr(world.read("usage/events?limit=200")["items"]).encode()
    yield repr(world.read("usage/events?limit=200&source_id=B")["items"]).encode()
