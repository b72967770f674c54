"""Adjustments over the API: as the ledger in memory books them, on either database."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.conftest import OpenDatabase
from tests.server.world import NOW, SOURCE, World, event
from usage_tui.cli import main
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.ledger.booked_grant import NothingLeft
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.spending import Terms
from usage_tui.models import Credits, Event
from usage_tui.server.api.app import create_app
from usage_tui.server.ledger_writer.verify import differences
from usage_tui.state.recorder import record


def adjustment(
    sender_id: str, amount: str, time: datetime = NOW, subject: str | None = "review", **data: Any
) -> dict[str, Any]:
    """A CloudEvent that corrects what a tool has used."""
    envelope = {"specversion": "1.0", "type": "usage.adjustment", "source": SOURCE, "id": sender_id}
    if subject is not None:
        envelope["subject"] = subject
    return {**envelope, "time": time.isoformat(), "data": {"credits": amount, "kind": "ai_tool", **data}}


def events_of(world: World) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in world.read("usage/events?limit=200")["items"]}


class Twin:
    """A world, and a ledger in memory to which the same is done."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ledger = Ledger()
        self.booked: dict[str, Event] = {}

    def grant(self, grant_id: str, bucket: str, amount: int, lasts: int | None) -> None:
        now = self.world.clock.now
        ends_at = None if lasts is None else now + timedelta(hours=lasts)
        members = {} if ends_at is None else {"expires_at": ends_at.isoformat()}
        self.world.grant(grant_id, bucket, str(amount), **members)
        original = Credits.parse(str(amount))
        self.ledger.grant(Terms(grant_id, "", bucket, "purchase", now, now, ends_at, original))

    def post(self, *batch: dict[str, Any]) -> None:
        """Uses before adjustments, as a batch is booked."""
        results = self.world.post(*batch)["results"]
        for sent, result in sorted(zip(batch, results, strict=True), key=lambda one: _is_adjustment(one[0])):
            assert result["status"] == "accepted"
            self._book(sent, result["event_id"])

    def _book(self, sent: dict[str, Any], event_id: str) -> None:
        use = Use(
            event_id,
            datetime.fromisoformat(sent["time"]),
            "ai_tool",
            sent["subject"],
            "",
            "",
            Credits.parse(sent["data"]["credits"]),
        )
        book = self.ledger.adjust if _is_adjustment(sent) else self.ledger.use
        self.booked[event_id] = book(use, arrived_at=self.world.clock.now)

    def reverse(self, event_id: str) -> None:
        response = self.world.change(f"usage/events/{event_id}/reversal")
        original = self.booked[event_id]
        if original.reverses is not None or original.credits < Credits.ZERO:
            assert (response.status_code, response.json()["code"]) == (409, "not_reversible")
        elif response.status_code == 200:
            reversal_id = response.json()["id"]
            self.booked[reversal_id] = self.ledger.reverse(
                original, reversal_id=reversal_id, at=self.world.clock.now
            )

    def void(self, grant_id: str) -> None:
        if self.world.change(f"grants/{grant_id}/void").status_code == 200:
            self.ledger.void(grant_id, at=self.world.clock.now)
        else:
            with pytest.raises(NothingLeft):
                self.ledger.void(grant_id, at=self.world.clock.now)

    def compare(self) -> None:
        """Grants, balance and who paid for each event are the same, and follow from the events."""
        self.ledger.advance(self.world.clock.now)
        told = {row["id"]: row for row in self.world.read("grants")["items"]}
        for grant in self.ledger.grants():
            parts = grant.used, grant.expired_amount, grant.voided_amount, grant.remaining
            row = told[grant.id]
            assert [row[name] for name in ("used", "expired_amount", "voided_amount", "remaining")] == [
                *map(str, parts)
            ]
        balance, found = self.ledger.balance(), self.world.read("usage/summary")["balance"]
        assert (found["total"], found["overage"]) == (str(balance.total), str(balance.overage))
        rows = events_of(self.world)
        assert rows.keys() == self.booked.keys()
        for event_id, booked in self.booked.items():
            row = rows[event_id]
            paid = {part.grant_id: str(part.credits) for part in booked.allocations}
            assert {part["grant_id"]: part["credits"] for part in row["allocations"]} == paid
            assert (row["uncovered"], row["quantity"]) == (str(booked.uncovered), booked.quantity)
        with self.world.database.reading() as connection:
            assert list(differences(connection, "acme")) == []


def _is_adjustment(sent: dict[str, Any]) -> bool:
    return bool(sent["type"] == "usage.adjustment")


@pytest.mark.parametrize("seed", range(3))
def test_both_databases_book_what_the_ledger_in_memory_books(either_world: World, seed: int) -> None:
    chance, twin = random.Random(seed), Twin(either_world)
    world = either_world
    for number in range(40):
        world.clock.forward(hours=chance.randint(0, 12))
        if number % 6 == 0:
            bucket, lasts = chance.choice([("included", 40), ("purchased", 90), ("purchased", None)])
            twin.grant(f"g{number}", bucket, chance.randint(5, 30), lasts)
        batch = []
        for index in range(chance.randint(1, 4)):
            time = world.clock.now - timedelta(hours=chance.choice((0, 0, 1, 60)))
            subject, amount = chance.choice(("review", "digest", "Ä")), chance.randint(1, 9)
            if chance.random() < 0.4:
                batch.append(adjustment(f"a{number}-{index}", f"-{amount}.5", time, subject))
            else:
                batch.append(event(f"e{number}-{index}", f"{amount}.25", time, subject=subject))
        twin.post(*batch)
        if number % 5 == 4:
            twin.reverse(chance.choice(list(twin.booked)))
        if number % 11 == 10:
            twin.void(f"g{number - number % 6}")
    twin.compare()


def test_the_order_within_a_batch_changes_nothing(new_database: OpenDatabase) -> None:
    batch = [
        event("e1", "6", NOW, subject="review"),
        adjustment("a1", "-4"),
        event("e2", "5", NOW - timedelta(hours=1), subject="review"),
        adjustment("a2", "-9.5"),
    ]
    found = []
    for order in permutations(batch):
        world = World.open(new_database("sqlite"))
        world.grant("g", "purchased", "20", effective_at="2026-11-01T04:00:00Z")
        results = world.post(*order)["results"]
        assert [result["id"] for result in results] == [sent["id"] for sent in order]
        summary = world.read("usage/summary")
        found.append((summary["balance"], summary["usage"], world.read("usage/sources")["items"]))
        world.close()
    assert all(one == found[0] for one in found)
    assert (found[0][0]["total"], found[0][0]["overage"]) == ("20", "-2.5")


def test_a_refund_is_an_event_of_its_source_and_counts_as_no_run(either_world: World) -> None:
    world = either_world
    world.grant("g", "purchased", "20")
    world.post(event("e1", "6", NOW, subject="review", label="Contract review"))
    refund = adjustment("a1", "-2.5", activity="refund", actor="sam@acme.example", label="Invoice 7")
    (result,) = world.post(refund)["results"]
    row = events_of(world)[result["event_id"]]
    assert (row["kind"], row["source_id"], row["activity"], row["quantity"]) == (
        "ai_tool",
        "review",
        "refund",
        0,
    )
    assert (row["label"], row["actor"], row["reverses"]) == ("Invoice 7", "sam@acme.example", None)
    (source,) = world.read("usage/sources")["items"]
    assert (source["label"], source["credits"], source["count"]) == ("Contract review", "3.5", 1)
    assert world.post(refund)["results"][0]["status"] == "duplicate"


def test_an_adjustment_without_a_source_is_a_row_of_its_own(world: World) -> None:
    world.grant("g", "purchased", "20")
    sent = adjustment("a1", "-2.5", subject=None)
    del sent["data"]["kind"]
    world.post(event("e1", "6", NOW, subject="review"), sent)
    rows = {row["kind"]: row for row in world.read("usage/sources")["items"]}
    assert (rows["adjustment"]["label"], rows["adjustment"]["credits"]) == ("Adjustments", "-2.5")
    assert world.read("usage/summary")["balance"]["overage"] == "-2.5"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (
            event("e", "-1", NOW),
            "credits: must not be negative; to give credits back, send a usage.adjustment",
        ),
        (adjustment("a", "-1", unit="USD"), "unit: must be credit, the unit of the organization"),
        (adjustment("a", "-1", kind="x" * 201), "kind: longer than 200 characters"),
        (adjustment("a", "much"), "credits: invalid amount 'much'"),
    ],
)
def test_what_is_no_adjustment_is_refused_in_a_sentence(
    world: World, sent: dict[str, Any], reason: str
) -> None:
    response = world.send(sent)
    assert response.status_code == 422
    assert reason in response.json()["results"][0]["reason"]


def test_a_recording_of_refunds_adds_up_and_is_imported_as_it_is(
    new_database: OpenDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = tmp_path / "usage.jsonl", str(tmp_path / "copy.db")
    world = World.open(new_database("sqlite"))
    world.grant("g", "purchased", "20")
    world.post(event("e1", "26", NOW, subject="review"))
    world.post(adjustment("a1", "-9"), adjustment("a2", "-1", subject="digest"))
    token, transport = BearerToken(world.owner), httpx.ASGITransport(create_app(world.service))

    async def recorded() -> None:
        client = UsageApiClient("http://127.0.0.1", token, transport=transport)
        await record(client, path)
        await client.aclose()
        recording = await RecordingClient.open(path)
        await recording.check()
        await recording.aclose()

    asyncio.run(recorded())
    assert main(["admin", "import", str(path), "--database", target]) == 0
    assert main(["admin", "verify", "--database", target]) == 0
    assert "differences: 0" in capsys.readouterr().out
    assert main(["admin", "import", str(path), "--database", target]) == 0
    assert "already has all 3 events and 1 grant" in capsys.readouterr().out
    world.close()
