"""The replies: what each one holds, by period, range and status."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.world import World, at, event

PLAN = {"plan": "Team", "included": "100"}


@pytest.fixture
def world(world: World) -> World:
    """November with its plan, and December begun: 30 credits used in one, 4 in the other."""
    assert world.change("subscription", PLAN, method="PUT").status_code == 200
    world.post(
        event("a", "10", at("11-22T12:00")),
        event("b", "20", at("11-22T13:00"), kind="workflow", subject="wf_digest"),
    )
    world.clock.now = at("12-03T20:30")
    world.post(event("c", "4", at("12-02T12:00")))
    return world


def described(ranking: dict[str, Any]) -> tuple[Any, ...]:
    return ranking["period"], ranking["total"], [row["source_id"] for row in ranking["items"]]


def test_the_sources_are_those_of_the_period_asked_for(world: World) -> None:
    november = {"id": "2026-11"}, "30", ["wf_digest", "tool_contract"]
    december = {"id": "2026-12"}, "4", ["tool_contract"]
    assert described(world.read("usage/sources?period=2026-11")) == november
    assert described(world.read("usage/sources?period=2026-12")) == december
    assert described(world.read("usage/sources?period=current")) == december
    assert described(world.read("usage/sources")) == december


def test_every_billing_period_leads_to_its_sources(world: World) -> None:
    periods = world.read("billing-periods")["items"]
    assert [item["period"]["id"] for item in periods] == ["2026-12", "2026-11"]
    for item in periods:
        ranking = world.read(f"usage/sources?period={item['period']['id']}")
        assert ranking["total"] == item["usage"]["total"]
    december, november = (item["usage"] for item in periods)
    assert (november["from_included"], december["from_included"]) == ("30", "4")
    assert (november["event_count"], december["event_count"]) == (2, 1)


@pytest.mark.parametrize(
    ("query", "first", "last", "total"),
    [
        ("", "2026-12-01", "2026-12-03", "4"),
        ("?range=period", "2026-12-01", "2026-12-03", "4"),
        ("?range=7d", "2026-11-27", "2026-12-03", "4"),
        ("?range=14d", "2026-11-20", "2026-12-03", "34"),
        ("?start=2026-11-22&end=2026-11-22", "2026-11-22", "2026-11-22", "30"),
        ("?start=2026-12-02&end=2026-12-31", "2026-12-02", "2026-12-03", "4"),
        ("?start=2026-11-22", "2026-11-22", "2026-12-03", "34"),
        ("?end=2026-12-02", "2026-12-01", "2026-12-02", "4"),
        ("?range=7d&start=2026-12-02&end=2026-12-02", "2026-12-02", "2026-12-02", "4"),
    ],
)
def test_the_days_are_those_of_the_range_asked_for(
    world: World, query: str, first: str, last: str, total: str
) -> None:
    daily = world.read(f"usage/daily{query}")
    assert daily["range"] == {"start_date": first, "end_date": last}
    assert (daily["items"][0]["date"], daily["items"][-1]["date"], daily["total"]) == (first, last, total)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-12-02", "2026-12-01"), ("2027-01-01", "2027-01-31"), ("2026-12-04", "2026-12-04")],
)
def test_a_range_that_is_reversed_or_ahead_has_no_days(world: World, first: str, last: str) -> None:
    daily = world.read(f"usage/daily?start={first}&end={last}")
    assert (daily["items"], daily["total"]) == ([], "0")
    assert daily["range"] == {"start_date": first, "end_date": last}


def test_a_long_range_is_cut_to_its_last_days(world: World) -> None:
    daily = world.read("usage/daily?start=2020-01-01&end=2026-12-03")
    assert (len(daily["items"]), daily["range"]["end_date"], daily["total"]) == (400, "2026-12-03", "34")
    assert daily["items"][0]["date"] == daily["range"]["start_date"] == "2025-10-30"


def test_a_billing_period_that_is_none_is_not_found(world: World) -> None:
    response = world.get("usage/sources?period=2001-01")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_allowances_name_the_period_that_they_count_in(world: World) -> None:
    body = {"label": "Storage", "unit": "gigabyte", "included": "100"}
    written = world.change("allowances/storage", body, method="PUT").json()
    read = world.read("allowances")
    assert read["period"] == written["period"] == {"id": "2026-12"}
    assert read["items"] == written["items"]


def test_grants_are_one_page_whatever_the_status(world: World) -> None:
    world.grant("top-up", "purchased", "5")
    world.grant("gone", "purchased", "5")
    world.change("grants/gone/void")
    every = world.read("grants")
    assert every["page"]["size"] == len(every["items"]) == 4
    assert (every["page"]["next"], every["page"]["prev"]) == (None, None)
    found = {}
    for status in ("active", "used", "expired", "locked", "scheduled", "voided"):
        page = world.read(f"grants?status={status}")
        assert page["page"]["size"] == len(page["items"])
        assert {row["status"] for row in page["items"]} <= {status}
        found[status] = [row["id"] for row in page["items"]]
    assert found["active"] == ["period-2", "top-up"]
    assert (found["expired"], found["voided"]) == (["period-1"], ["gone"])
    assert [row["id"] for row in every["items"]][:2] == found["active"]


def test_a_summary_has_a_place_for_notices(world: World) -> None:
    assert world.read("usage/summary")["notices"] == []
