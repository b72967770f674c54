"""The rules of the ledger, each as it shows in the replies, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.world import World, at, event
from usage_tui.server.ledger_writer.verify import differences
from usage_tui.wire import read_instant


@pytest.fixture
def world(either_world: World) -> World:
    return either_world


def subscribe(world: World, **members: Any) -> None:
    body = {"plan": "Team", "included": "10000", **members}
    response = world.change("subscription", body, method="PUT")
    assert response.status_code == 200, response.text


def grants(world: World) -> dict[str, dict[str, str]]:
    return {grant["id"]: grant for grant in world.read("grants")["items"]}


def amounts(world: World, grant_id: str) -> tuple[str, ...]:
    grant = grants(world)[grant_id]
    return tuple(grant[name] for name in ("used", "expired_amount", "voided_amount", "remaining"))


def assert_verified(world: World) -> None:
    with world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []


def test_the_worked_example(world: World) -> None:
    subscribe(
        world,
        auto_recharge=True,
        auto_recharge_threshold="5000",
        buy_credits_link="https://billing.example/buy",
        auto_recharge_link="https://billing.example/auto",
    )
    world.grant("gr_02", "purchased", "1250.25", expires_at="2027-03-02T09:00:00Z", origin="auto_recharge")
    world.grant("gr_03", "purchased", "5000", expires_at="2027-10-14T15:02:11Z")
    receipt = world.post(
        event("chat", "2810.25", at("11-02T10:00"), kind="agent_chat", subject=None, quantity=412),
        event("review", "1905", at("11-12T10:00"), label="Contract review", quantity=38),
        event("digest", "1025.25", at("11-16T10:00"), kind="workflow", subject="wf_digest", quantity=12),
        event("browser", "500", at("11-22T20:29:41.12"), kind="browser_session", subject=None, quantity=9),
    )
    assert (receipt["accepted"], receipt["duplicates"], receipt["rejected"]) == (4, 0, 0)
    summary = world.read("usage/summary")
    balance = summary["balance"]
    assert {name: balance[name] for name in ("total", "included", "purchased", "locked", "overage")} == {
        "total": "10009.75",
        "included": "3759.5",
        "purchased": "6250.25",
        "locked": "0",
        "overage": "0",
    }
    assert balance["next_expiry"] == {
        "at": "2026-12-01T05:00:00Z",
        "amount": "3759.5",
        "grant_id": "period-1",
    }
    assert (summary["state"], summary["low_threshold"]) == ("normal", "5000")
    assert summary["period"] == {
        "id": "2026-11",
        "starts_at": "2026-11-01T04:00:00Z",
        "ends_at": "2026-12-01T05:00:00Z",
        "start_date": "2026-11-01",
        "end_date": "2026-11-30",
        "days_total": 30,
        "days_left": 9,
    }
    assert summary["included"] == {
        "granted": "10000",
        "used": "6240.5",
        "remaining": "3759.5",
        "used_fraction": "0.62405",
    }
    assert summary["usage"] == {
        "total": "6240.5",
        "from_included": "6240.5",
        "from_purchased": "0",
        "uncovered": "0",
        "event_count": 4,
    }
    assert summary["last_event_at"] == "2026-11-22T20:29:41.12Z"
    rows = world.read("usage/sources")["items"]
    assert [(row["label"], row["credits"], row["share"], row["count"]) for row in rows] == [
        ("Agent chat", "2810.25", "0.4503", 412),
        ("Contract review", "1905", "0.3053", 38),
        ("wf_digest", "1025.25", "0.1643", 12),
        ("Browser sessions", "500", "0.0801", 9),
    ]
    daily = world.read("usage/daily")
    assert (daily["total"], daily["range"]) == (
        "6240.5",
        {"start_date": "2026-11-01", "end_date": "2026-11-22"},
    )
    first = daily["items"][0]
    assert (first["starts_at"], first["ends_at"]) == ("2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")
    assert daily["items"][-1]["complete"] is False
    assert_verified(world)


def test_included_pays_before_purchased_and_the_soonest_expiry_first(world: World) -> None:
    world.grant("later", "purchased", "10", expires_at="2027-02-01T00:00:00Z")
    world.grant("never", "purchased", "10")
    world.grant("sooner", "purchased", "10", expires_at="2027-01-01T00:00:00Z")
    world.grant("plan", "included", "10", expires_at="2027-12-01T00:00:00Z")
    world.clock.forward(hours=1)
    world.post(event("a", "25", world.clock.now))
    assert [amounts(world, name)[0] for name in ("plan", "sooner", "later", "never")] == [
        "10",
        "10",
        "5",
        "0",
    ]
    (found,) = world.read("usage/events")["items"]
    assert [part["grant_id"] for part in found["allocations"]] == ["plan", "sooner", "later"]


def test_what_no_grant_covers_is_overage_that_a_later_top_up_does_not_pay(world: World) -> None:
    world.grant("small", "purchased", "10")
    world.clock.forward(hours=1)
    world.post(event("a", "25", world.clock.now))
    world.grant("top-up", "purchased", "100")
    balance = world.read("usage/summary")["balance"]
    assert (balance["overage"], balance["total"]) == ("15", "100")
    assert world.read("usage/events")["items"][0]["uncovered"] == "15"


def test_a_late_event_draws_on_a_grant_that_lapsed_within_the_grace(world: World) -> None:
    world.grant("short", "purchased", "100", expires_at="2026-11-23T00:00:00Z")
    world.clock.now = at("11-24T00:00")
    assert amounts(world, "short") == ("0", "100", "0", "0")
    world.post(event("late", "30", at("11-22T22:00")))
    assert amounts(world, "short") == ("30", "70", "0", "0")
    assert world.read("usage/events")["items"][0]["late"] is True
    world.clock.now = at("11-26T00:00")
    world.post(event("too-late", "30", at("11-22T22:30")))
    assert amounts(world, "short") == ("30", "70", "0", "0")
    assert world.read("usage/summary")["balance"]["overage"] == "30"
    assert_verified(world)


def test_a_void_takes_what_remains_and_a_repeat_succeeds(world: World) -> None:
    world.grant("top-up", "purchased", "100")
    world.clock.forward(hours=1)
    world.post(event("a", "30", world.clock.now))
    for _ in range(2):
        assert world.change("grants/top-up/void").json()["voided_amount"] == "70"
    assert amounts(world, "top-up") == ("30", "0", "70", "0")
    assert grants(world)["top-up"]["status"] == "voided"


def test_a_grant_with_nothing_left_is_not_voided(world: World) -> None:
    world.grant("top-up", "purchased", "30")
    world.clock.forward(hours=1)
    world.post(event("a", "30", world.clock.now))
    response = world.change("grants/top-up/void")
    assert (response.status_code, response.json()["code"]) == (409, "grant_not_active")
    assert world.change("grants/none/void").status_code == 404


def test_a_reversal_gives_back_once_and_the_original_stays(world: World) -> None:
    world.grant("top-up", "purchased", "100")
    world.clock.forward(hours=1)
    event_id = world.post(event("a", "30", world.clock.now))["results"][0]["event_id"]
    world.clock.forward(hours=1)
    reversal = world.change(f"usage/events/{event_id}/reversal", {"actor": "maria"}).json()
    assert (reversal["credits"], reversal["reverses"], reversal["actor"]) == ("-30", event_id, "maria")
    assert amounts(world, "top-up") == ("0", "0", "0", "100")
    again = world.change(f"usage/events/{event_id}/reversal")
    assert (again.status_code, again.json()["code"]) == (409, "not_reversible")
    of_reversal = world.change(f"usage/events/{reversal['id']}/reversal")
    assert of_reversal.status_code == 409
    newest, original = world.read("usage/events")["items"]
    assert (newest["id"], original["credits"]) == (reversal["id"], "30")
    assert world.read("usage/summary")["usage"]["total"] == "0"
    assert_verified(world)


def test_what_returns_to_a_lapsed_grant_lapses_at_once(world: World) -> None:
    world.grant("short", "purchased", "100", expires_at="2026-11-23T00:00:00Z")
    world.clock.forward(hours=1)
    event_id = world.post(event("a", "30", world.clock.now))["results"][0]["event_id"]
    world.clock.now = at("12-20T00:00")
    world.change(f"usage/events/{event_id}/reversal")
    assert amounts(world, "short") == ("0", "100", "0", "0")
    assert_verified(world)


def test_periods_roll_by_themselves_at_the_first_look(world: World) -> None:
    subscribe(world)
    world.post(event("a", "4000", at("11-10T12:00")))
    world.clock.now = datetime(2027, 2, 10, 12, tzinfo=UTC)
    summary = world.read("usage/summary")
    assert (summary["period"]["id"], summary["balance"]["included"]) == ("2027-02", "10000")
    assert summary["usage"]["event_count"] == 0
    periods = world.read("billing-periods")["items"]
    assert [(row["period"]["id"], row["usage"]["total"]) for row in periods] == [
        ("2027-02", "0"),
        ("2027-01", "0"),
        ("2026-12", "0"),
        ("2026-11", "4000"),
    ]
    assert amounts(world, "period-1") == ("4000", "6000", "0", "0")
    assert_verified(world)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_source_has_the_name_of_its_newest_event_whenever_that_arrives(world: World, at_once: bool) -> None:
    events = [
        event("new", "1", at("11-10T12:00"), label="New name"),
        event("old", "1", at("11-10T11:00"), label="Old name"),
    ]
    for batch in [events] if at_once else [[one] for one in events]:
        world.post(*batch)
    assert [row["label"] for row in world.read("usage/sources")["items"]] == ["New name"]
    assert_verified(world)


def test_what_lies_in_the_next_period_waits_until_that_begins(world: World) -> None:
    subscribe(world)
    world.clock.now = at("12-01T04:59:00")
    first = event("a", "3", at("12-01T05:01:00"))
    assert [result["status"] for result in world.send(first).json()["results"]] == ["future"]
    world.clock.forward(minutes=1)
    assert world.post(first)["accepted"] == 1
    assert [row["usage"]["total"] for row in world.read("billing-periods")["items"]] == ["3", "0"]
    assert_verified(world)


def test_the_end_of_the_term_locks_what_was_bought_and_paying_again_unlocks_it(world: World) -> None:
    subscribe(world, ends_at="2026-12-01T05:00:00Z")
    world.grant("top-up", "purchased", "500")
    world.clock.now = at("12-05T00:00")
    summary = world.read("usage/summary")
    assert (summary["state"], summary["balance"]["locked"], summary["balance"]["total"]) == (
        "locked",
        "500",
        "0",
    )
    assert (summary["subscription"]["status"], summary["period"]["id"]) == ("ended", "2026-11")
    assert summary["links"] is None
    world.post(event("a", "5", world.clock.now))
    assert world.read("usage/summary")["balance"]["overage"] == "5"
    world.clock.forward(seconds=1)
    subscribe(world)
    summary = world.read("usage/summary")
    assert (summary["balance"]["total"], summary["balance"]["locked"]) == ("10500", "0")
    assert summary["period"]["starts_at"] == "2026-12-05T00:00:01Z"
    assert_verified(world)


def test_allowances_are_counted_apart_and_start_anew_with_the_period(world: World) -> None:
    subscribe(world)
    body = {"label": "Background AI", "unit": "credit", "included": "2000"}
    assert world.change("allowances/background_ai", body, method="PUT").status_code == 200
    use = {**event("m1", "0", world.clock.now, kind="allowance.background_ai")}
    use["data"] = {"amount": "700", "line": "Memory upkeep"}
    assert world.post(use, use)["duplicates"] == 1
    unknown = {**use, "id": "m2", "type": "usage.allowance.none"}
    assert world.send(unknown).json()["results"][0]["status"] == "invalid"
    (meter,) = world.read("allowances")["items"]
    assert (meter["used"], meter["remaining"], meter["used_fraction"]) == ("700", "1300", "0.35")
    assert meter["lines"] == [{"label": "Memory upkeep", "used": "700"}]
    assert world.read("usage/summary")["usage"]["total"] == "0"
    world.clock.now = at("12-02T00:00")
    (meter,) = world.read("allowances")["items"]
    assert (meter["used"], meter["lines"], meter["resets_at"]) == ("0", [], "2027-01-01T05:00:00Z")


def test_a_period_may_begin_within_a_day_and_each_counts_its_own(world: World) -> None:
    subscribe(world, ends_at="2026-12-01T05:00:00Z")
    world.clock.now = at("12-05T14:30")
    world.post(event("before", "5", at("12-05T14:00")))
    world.clock.now = at("12-05T15:00")
    subscribe(world)
    world.clock.forward(hours=2)
    world.post(event("after", "7", at("12-05T16:00")))
    assert world.read("usage/sources")["total"] == "7"
    daily = world.read("usage/daily")
    assert (daily["total"], daily["items"][0]["starts_at"]) == ("7", "2026-12-05T15:00:00Z")
    whole = world.read("usage/daily?start=2026-12-05&end=2026-12-05")
    assert whole["total"] == "12"
    assert_verified(world)


@pytest.mark.parametrize("seconds_ahead", [200, 0])
def test_an_event_of_a_period_that_begins_later_is_counted_in_it(world: World, seconds_ahead: int) -> None:
    subscribe(world, included="3000", ends_at="2026-11-25T00:00:00Z")
    world.clock.now = at("12-03T12:00")
    ahead = event("early", "5", world.clock.now + timedelta(seconds=seconds_ahead))
    first = world.send(ahead).json()
    world.clock.forward(seconds=60 if seconds_ahead else 0)
    subscribe(world, included="3000")
    world.clock.forward(seconds=600)
    again = world.post(ahead)
    listed = world.read("usage/events")["items"]
    summary = world.read("usage/summary")
    assert len(listed) == 1
    starts_at, ends_at = (read_instant(summary["period"][name]) for name in ("starts_at", "ends_at"))
    inside = [one for one in listed if starts_at <= read_instant(one["occurred_at"]) < ends_at]
    assert summary["usage"]["event_count"] == len(inside)
    assert summary["usage"]["total"] == ("5" if inside else "0")
    assert (first["results"][0]["status"], again["results"][0]["status"]) == (
        ("future", "accepted") if seconds_ahead else ("accepted", "duplicate")
    )
    assert_verified(world)
