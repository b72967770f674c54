"""Billing periods that are over, and days by source: on both databases, for whoever may see the days."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.server.world import SAM, World, at, event
from usage_tui.models import Credits
from usage_tui.server.db.instants import to_micros
from usage_tui.server.db.schema import billing_periods, subscriptions
from usage_tui.server.ledger_writer.organizations import add_member
from usage_tui.server.ledger_writer.verify import differences

CHANGED_AT = at("12-01T12:00")
"""When the second period began, within a day."""


@pytest.fixture
def world(either_world: World) -> World:
    """November, and a period that begins at noon of December 1; each with a part of that day."""
    world = either_world
    with world.database.writing() as connection:
        connection.execute(
            update(billing_periods).where(billing_periods.c.number == 1).values(ends_at=to_micros(CHANGED_AT))
        )
    world.change("subscription", {"plan": "Team", "included": "100", "cadence": "monthly"}, method="PUT")
    world.post(
        event("a", "1", at("11-02T12:00"), subject="one", label="Old name"),
        event("b", "2", at("11-20T12:00"), subject="two"),
    )
    world.clock.now = at("12-01T11:00")
    world.post(event("c", "4", at("12-01T10:00"), subject="one", label="Middle name"))
    world.clock.now = at("12-03T20:30")
    world.post(
        event("d", "8", at("12-01T17:00"), subject="one", label="New name"),
        event("e", "16", at("12-02T12:00"), subject="three", kind="workflow"),
    )
    return world


def used(daily: dict[str, Any]) -> dict[str, str]:
    return {day["date"]: day["credits"] for day in daily["items"] if day["credits"] != "0"}


def series(reply: dict[str, Any]) -> dict[str, list[str]]:
    return {item["label"]: item["credits"] for item in reply["items"]}


def test_the_days_of_a_past_period_are_whole_and_end_with_it(world: World) -> None:
    daily = world.read("usage/daily?period=2026-11")
    assert daily["range"] == {"start_date": "2026-11-01", "end_date": "2026-12-01"}
    assert used(daily) == {"2026-11-02": "1", "2026-11-20": "2", "2026-12-01": "4"}
    last = daily["items"][-1]
    assert (last["ends_at"], last["complete"]) == ("2026-12-01T12:00:00Z", True)
    assert last["top"] == {"source_id": "one", "label": "Middle name", "credits": "4"}
    current = world.read("usage/daily?period=2026-12")
    assert current == world.read("usage/daily") == world.read("usage/daily?period=current")
    assert used(current) == {"2026-12-01": "8", "2026-12-02": "16"}


def test_what_a_past_period_cost_is_the_same_by_days_by_sources_and_in_all(world: World) -> None:
    periods = world.read("billing-periods")
    assert periods["first_event_date"] == "2026-11-02"
    assert [item["period"]["id"] for item in periods["items"]] == ["2026-12", "2026-11"]
    for item in periods["items"]:
        chosen = f"?period={item['period']['id']}"
        total = item["usage"]["total"]
        assert world.read(f"usage/daily{chosen}")["total"] == total
        assert world.read(f"usage/sources{chosen}")["total"] == total


def test_a_day_of_two_periods_is_one_day_of_a_range(world: World) -> None:
    daily = world.read("usage/daily?start=2026-11-30&end=2026-12-02")
    assert used(daily) == {"2026-12-01": "12", "2026-12-02": "16"}
    assert daily["items"][1]["top"] == {"source_id": "one", "label": "New name", "credits": "12"}
    assert daily["items"][1]["count"] == 2


def test_the_newest_name_counts_also_where_it_was_given_after_the_last_period(either_world: World) -> None:
    world, ended_at = either_world, at("11-20T12:30")
    with world.database.writing() as connection:
        connection.execute(update(billing_periods).values(ends_at=to_micros(ended_at)))
        connection.execute(update(subscriptions).values(entitlement_active=False))
    world.post(
        event("a", "1", at("11-20T12:00"), label="Old name"),
        event("b", "1", at("11-20T13:00"), label="New name"),
    )
    day = "start=2026-11-20&end=2026-11-20"
    assert series(world.read(f"usage/daily/sources?{day}")) == {"New name": ["2"]}
    assert world.read(f"usage/daily?{day}")["items"][0]["top"]["label"] == "New name"


def test_a_reversal_on_a_later_day_does_not_rename_its_source(either_world: World) -> None:
    world = either_world
    receipt = world.post(event("a", "5", at("11-18T12:00"), label="Old name"))
    world.post(event("b", "1", at("11-19T12:00"), label="New name"))
    assert world.change(f"usage/events/{receipt['results'][0]['event_id']}/reversal").status_code == 200
    by_source = world.read("usage/daily/sources?start=2026-11-18")
    assert series(by_source) == {"New name": ["5", "1", "0", "0", "-5"]}
    tops = [day["top"] and day["top"]["label"] for day in world.read("usage/daily?start=2026-11-18")["items"]]
    assert tops == ["New name", "New name", None, None, None]
    assert [row["label"] for row in world.read("usage/sources")["items"]] == ["New name"]


def test_every_source_on_every_day(world: World) -> None:
    reply = world.read("usage/daily/sources?start=2026-11-20&end=2026-12-31")
    assert reply["range"] == {"start_date": "2026-11-20", "end_date": "2026-12-03"}
    assert [(item["kind"], item["source_id"], item["label"]) for item in reply["items"]] == [
        ("workflow", "three", "three"),
        ("ai_tool", "one", "New name"),
        ("ai_tool", "two", "two"),
    ]
    zeros = ["0"] * 10
    assert series(reply) == {
        "three": ["0", *zeros, "0", "16", "0"],
        "New name": ["0", *zeros, "12", "0", "0"],
        "two": ["2", *zeros, "0", "0", "0"],
    }
    assert reply["other"] is None


def test_the_sources_past_the_limit_are_one_sum_a_day(world: World) -> None:
    reply = world.read("usage/daily/sources?start=2026-12-01&limit=1")
    assert series(reply) == {"three": ["0", "16", "0"]}
    assert reply["other"] == ["12", "0", "0"]


def test_by_default_the_sources_are_those_of_the_current_period_s_days(world: World) -> None:
    reply = world.read("usage/daily/sources")
    assert reply["range"] == world.read("usage/daily")["range"]


@pytest.mark.parametrize("query", ["start=2026-12-02&end=2026-12-01", "start=2027-01-01&end=2027-01-31"])
def test_a_range_without_days_has_no_sources(world: World, query: str) -> None:
    reply = world.read(f"usage/daily/sources?{query}")
    assert (reply["items"], reply["other"]) == ([], None)
    assert reply["range"] == world.read(f"usage/daily?{query}")["range"]


def test_dates_go_before_a_period_and_that_before_a_range(world: World) -> None:
    dates = "start=2026-11-02&end=2026-11-03"
    assert world.read(f"usage/daily?period=2026-12&{dates}") == world.read(f"usage/daily?{dates}")
    november = world.read("usage/daily?period=2026-11")
    assert world.read("usage/daily?period=2026-11&range=7d") == november


def test_the_days_of_a_period_that_never_was_are_not_found(world: World) -> None:
    assert world.get("usage/daily?period=2025-01").status_code == 404


def test_who_may_see_days_may_see_them_by_source(world: World) -> None:
    with world.database.writing() as connection:
        add_member(connection, "acme", SAM, "viewer", billing_access=False)
    for path in ("usage/daily?period=2026-11", "usage/daily/sources?start=2026-11-01"):
        assert world.read(path, world.member) == world.read(path)


def test_an_unchanged_reply_is_not_sent_again(world: World) -> None:
    for path in ("usage/daily?period=2026-11", "usage/daily/sources?start=2026-11-01"):
        tag = world.get(path).headers["ETag"]
        assert world.get(path, **{"If-None-Match": tag}).status_code == 304
    world.post(event("late", "1", at("11-03T12:00"), subject="two"))
    assert world.get(path, **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("seed", range(3))
def test_days_sources_and_days_by_source_add_up_alike(world: World, seed: int) -> None:
    chance = random.Random(seed)
    world.post(
        *(
            event(
                f"r{number}",
                str(Credits(chance.randint(0, 3_000_000))),
                at("12-03T20:00") - timedelta(hours=chance.randint(0, 800)),
                kind=chance.choice(("ai_tool", "agent_chat")),
                subject=f"s{chance.randint(1, 5)}",
                label=chance.choice("abc"),
            )
            for number in range(200)
        )
    )
    daily = world.read("usage/daily?start=2026-11-01")
    by_source = world.read("usage/daily/sources?start=2026-11-01&limit=4")
    rows = [item["credits"] for item in by_source["items"]] + [by_source["other"]]
    columns = [Credits.total(map(Credits.parse, column)) for column in zip(*rows, strict=True)]
    assert [str(amount) for amount in columns] == [day["credits"] for day in daily["items"]]
    for day, amount in zip(daily["items"], columns, strict=True):
        assert Credits.total(map(Credits.parse, day["by_kind"].values())) == amount
    totals = [Credits.total(map(Credits.parse, item["credits"])) for item in by_source["items"]]
    assert totals == sorted(totals, reverse=True)
    counts = [item["usage"]["event_count"] for item in world.read("billing-periods")["items"]]
    assert sum(day["count"] for day in daily["items"]) == sum(counts)


def carried(world: World) -> dict[str, dict[str, str]]:
    """The balance carried through each period, by its ID, without what is zero."""
    return {
        item["period"]["id"]: {name: text for name, text in item["roll_forward"].items() if text != "0"}
        for item in world.read("billing-periods")["items"]
    }


def test_the_balance_is_carried_through_every_period(world: World) -> None:
    world.grant("gift", "purchased", "20")
    assert carried(world) == {
        # The plan was set when November had begun, and pays what was used in it.
        "2026-11": {"granted": "100", "used": "7", "lapsed": "93"},
        "2026-12": {"granted": "120", "used": "24"},
    }
    world.post(event("late", "3", at("12-01T11:30"), subject="one"))
    assert carried(world)["2026-11"] == {"granted": "100", "used": "10", "lapsed": "90"}
    world.change("grants/gift/void")
    assert carried(world)["2026-12"] == {"granted": "120", "used": "24", "voided": "20"}


def test_what_a_late_event_uses_of_a_purchase_lowers_what_later_periods_began_with(world: World) -> None:
    with_time = {"effective_at": at("11-01T12:00").isoformat()}
    world.grant("bought", "purchased", "50", **with_time)
    before = carried(world)
    assert (before["2026-11"]["granted"], before["2026-12"]["opening"]) == ("150", "50")
    world.clock.now = at("12-20T12:00")  # what is left of November's included credits cannot be used any more
    world.post(event("late", "5", at("11-10T12:00"), subject="one"))
    after = carried(world)
    assert (after["2026-11"]["used"], after["2026-12"]["opening"]) == ("12", "45")


def test_effects_of_time_are_carried_before_they_are_booked(world: World) -> None:
    world.clock.now = at("01-01T12:00").replace(year=2027)
    ahead = world.read("billing-periods")
    assert world.service.book_time() == 1
    assert world.read("billing-periods")["items"] == ahead["items"]
    assert carried(world)["2026-12"] == {"granted": "100", "used": "24", "lapsed": "76"}


def test_a_void_in_the_moment_in_which_a_new_term_begins_is_of_the_time_before(world: World) -> None:
    world.grant("bought", "purchased", "50")
    plan = {"plan": "Team", "included": "100"}
    world.change("subscription", {**plan, "entitlement_active": False}, method="PUT")
    world.clock.now = at("02-10T12:00").replace(year=2027)
    world.change("grants/bought/void")
    world.change("subscription", plan, method="PUT")
    assert carried(world)["2026-12"]["voided"] == "50"
    assert carried(world)["2027-02"] == {"granted": "100"}
    with world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []


def test_without_billing_access_no_balance_is_carried(world: World) -> None:
    told = world.read("billing-periods", token=world.member)
    assert [item["period"]["id"] for item in told["items"]] == ["2026-12", "2026-11"]
    assert all(item.keys() == {"period", "usage"} for item in told["items"])
