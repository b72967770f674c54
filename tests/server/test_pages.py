"""Walks through the events: pages that do not shift, cursors that cannot be forged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.server.test_invariants import new_world
from tests.server.world import NOW, World, at, event


@pytest.fixture
def world(either_world: World) -> World:
    return either_world


def fill(world: World, count: int, *, first: int = 0, hours: int = 1) -> None:
    """So many events, each an hour before the one before it; every third one at the time of another."""
    world.post(
        *(
            event(
                f"e{number}",
                "1",
                NOW - timedelta(hours=hours * (number - number % 3)),
                kind="ai_tool" if number % 2 else "workflow",
                subject=f"s{number % 5}",
            )
            for number in range(first, first + count)
        )
    )


def ids(page: dict[str, Any]) -> list[str]:
    return [row["id"] for row in page["items"]]


def follow(world: World, cursor: str, limit: int, conditions: str = "") -> dict[str, Any]:
    page: dict[str, Any] = world.read(f"usage/events?limit={limit}&cursor={cursor}{conditions}")
    return page


@settings(
    max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    count=st.integers(0, 30),
    limit=st.integers(1, 7),
    arrivals=st.lists(st.integers(0, 3), min_size=1, max_size=5),
)
def test_previous_visits_the_pages_of_next_in_reverse_while_events_arrive(
    count: int, limit: int, arrivals: list[int]
) -> None:
    """I10."""
    with new_world() as world:
        if count:
            fill(world, count)
        number = count
        arrived = 0

        def something_arrives(step: int) -> None:
            nonlocal number, arrived
            size = arrivals[step % len(arrivals)]
            if size:
                fill(world, size, first=number)
            number += size
            arrived += size

        page = world.read(f"usage/events?limit={limit}")
        frozen = page["revision"]
        pages = [page]
        while page["page"]["next"] is not None:
            something_arrives(len(pages))
            page = follow(world, page["page"]["next"], limit)
            assert (page["revision"], page["newer"]) == (frozen, arrived)
            pages.append(page)
        seen = [event_id for page in pages for event_id in ids(page)]
        assert len(seen) == len(set(seen)) == count
        for expected in reversed(pages[:-1]):
            something_arrives(len(pages))
            page = follow(world, page["page"]["prev"], limit)
            assert ids(page) == ids(expected)
        assert page["page"]["prev"] is None


def test_events_are_newest_first_and_those_of_one_instant_latest_arrival_first(world: World) -> None:
    world.post(*(event(f"same{number}", "1", at("11-20T10:00")) for number in range(3)))
    world.post(event("older", "1", at("11-19T10:00")), event("newest", "1", at("11-21T10:00")))
    sent = {result: number for number, result in enumerate(ids(world.read("usage/events")))}
    times = [row["occurred_at"] for row in world.read("usage/events")["items"]]
    assert times == sorted(times, reverse=True)
    assert len(sent) == 5


def test_the_limit_may_change_along_a_walk(world: World) -> None:
    fill(world, 20)
    whole = ids(world.read("usage/events?limit=200"))
    page = world.read("usage/events?limit=3")
    page = follow(world, page["page"]["next"], 10)
    assert ids(page) == whole[3:13]
    page = follow(world, page["page"]["here"], 4)
    assert ids(page) == whole[3:7]
    page = follow(world, page["page"]["prev"], 50)
    assert ids(page) == whole[:3]


@pytest.mark.parametrize(("asked", "size"), [(-3, 1), (0, 1), (1, 1), (200, 200), (201, 200), (10**12, 200)])
def test_a_limit_is_coerced(world: World, asked: int, size: int) -> None:
    fill(world, 205, hours=0)
    assert world.read(f"usage/events?limit={asked}")["page"]["size"] == size


def test_conditions_hold_along_the_walk(world: World) -> None:
    fill(world, 30)
    page = world.read("usage/events?limit=4&kind=workflow&source_id=s2")
    rows = list(page["items"])
    while page["page"]["next"]:
        page = follow(world, page["page"]["next"], 4, "&kind=workflow&source_id=s2")
        rows += page["items"]
    assert {(row["kind"], row["source_id"]) for row in rows} == {("workflow", "s2")}
    assert len(rows) == 3
    first_day = "from=2026-11-22T00:00:00Z&to=2026-11-22T12:00:00Z"
    times = [row["occurred_at"] for row in world.read(f"usage/events?{first_day}")["items"]]
    assert times
    assert all("2026-11-22T00:00:00Z" <= time < "2026-11-22T12:00:00Z" for time in times)


def test_newer_counts_what_matches_alone(world: World) -> None:
    fill(world, 10)
    page = world.read("usage/events?limit=2&kind=workflow")
    world.post(
        event("x1", "1", NOW, kind="workflow"), event("x2", "1", NOW), event("x3", "1", NOW, kind="workflow")
    )
    assert follow(world, page["page"]["next"], 2, "&kind=workflow")["newer"] == 2


def test_a_cursor_is_refused_elsewhere_changed_or_too_late(world: World) -> None:
    fill(world, 10)
    cursor = world.read("usage/events?limit=2")["page"]["next"]
    for bad in (
        f"cursor={cursor}&kind=workflow",
        f"cursor={cursor.replace('.W', '.X')}",
        "cursor=c1.e30.x",
        "cursor=é",
    ):
        response = world.get(f"usage/events?{bad}")
        assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")
    world.clock.forward(days=8)
    response = world.get(f"usage/events?cursor={cursor}")
    assert (response.status_code, response.json()["code"]) == (410, "cursor_expired")
