"""Events found by a part of what they say: alike on both databases, with bounded work for each page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.server.test_plans import statements
from tests.server.world import NOW, World, event
from usage_tui.server.replies import walks


@pytest.fixture
def world(either_world: World) -> World:
    return either_world


def fill(world: World, count: int) -> list[str]:
    """So many events, an hour apart; every fifth is Maria's. The ids of hers, newest first."""
    batch = [
        event(f"e{number}", "1", NOW - timedelta(hours=number), actor="Maria" if number % 5 == 0 else "Sam")
        for number in range(count)
    ]
    results = world.post(*batch)["results"]
    return [result["event_id"] for result in results[::5]]


def ids(page: dict[str, Any]) -> list[str]:
    return [row["id"] for row in page["items"]]


def walk(world: World, path: str, direction: str, start: dict[str, Any]) -> list[dict[str, Any]]:
    """The pages from one to the end, that one first."""
    found = [start]
    while found[-1]["page"][direction] is not None:
        found.append(world.read(f"{path}&cursor={found[-1]['page'][direction]}"))
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("contract", {"label", "source", "actor"}),
        ("CONTRACT", {"label", "source", "actor"}),
        ("été", {"accents"}),
        ("ÉTÉ", {"accents"}),
        ("strasse", {"sharp s"}),
        ("100%25", {"percent"}),
        ("%25", {"percent"}),
        ("_", {"underscore", "source"}),
        ("contract review", {"label"}),
        ("nothing like it", set()),
        ("workflow", set()),
    ],
)
def test_a_part_of_label_source_or_actor_is_found(world: World, text: str, found: set[str]) -> None:
    said = {
        "label": {"subject": "a", "label": "Contract review"},
        "source": {"subject": "my_CONTRACT", "label": "b"},
        "actor": {"subject": "c", "label": "c", "actor": "contractor@acme.example"},
        "accents": {"subject": "d", "label": "Été"},
        "sharp s": {"subject": "e", "label": "Straße"},
        "percent": {"subject": "f", "label": "100% sure"},
        "underscore": {"subject": "g", "label": "snake_case"},
    }
    results = world.post(*(event(name, "1", NOW, kind="workflow", **words) for name, words in said.items()))
    names = {result["event_id"]: result["id"] for result in results["results"]}
    assert {names[event_id] for event_id in ids(world.read(f"usage/events?q={text}"))} == found


def test_previous_visits_the_pages_of_next_in_reverse(world: World) -> None:
    expected = fill(world, 60)
    path = "usage/events?q=maria&limit=5"
    forward = walk(world, path, "next", world.read(path))
    assert [ids(page) for page in forward] == [expected[:5], expected[5:10], expected[10:]]
    back = walk(world, path, "prev", forward[-1])
    assert [ids(page) for page in back] == [ids(page) for page in forward[::-1]]
    here = world.read(f"{path}&cursor={forward[1]['page']['here']}")
    assert (ids(here), here["page"]["prev"] is None) == (ids(forward[1]), False)


@pytest.mark.parametrize("searched", [1, 3, 7, 20])
@pytest.mark.parametrize("limit", [1, 2, 50])
def test_a_walk_in_small_steps_finds_each_once_in_either_direction(
    world: World, monkeypatch: pytest.MonkeyPatch, searched: int, limit: int
) -> None:
    monkeypatch.setattr(walks, "SEARCHED", searched)
    expected = fill(world, 23)
    path = f"usage/events?q=maria&limit={limit}"
    forward = walk(world, path, "next", world.read(path))
    assert [event_id for page in forward for event_id in ids(page)] == expected
    back = walk(world, path, "prev", forward[-1])
    assert [event_id for page in back[::-1] for event_id in ids(page)] == expected
    assert all(len(ids(page)) <= limit for page in forward + back)


def test_a_page_looks_at_no_more_than_so_many_events(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "SEARCHED", 10)
    fill(world, 30)
    with statements(world.database) as sent:
        page = world.read("usage/events?q=nobody")
    assert (page["items"], page["page"]["size"], page["page"]["next"] is None) == ([], 0, False)
    (searching,) = [
        parameters
        for statement, parameters in sent
        if "events.parent_id" in statement and "LIMIT" in statement
    ]
    values = searching.values() if isinstance(searching, dict) else searching
    assert 10 + 1 in values


def test_other_conditions_hold_too(world: World) -> None:
    fill(world, 30)
    assert ids(world.read("usage/events?q=maria&kind=workflow")) == []
    assert len(ids(world.read("usage/events?q=maria&kind=ai_tool&to=2026-11-22T00:00:00Z"))) == 1


def test_what_came_since_is_counted_where_it_matches(world: World) -> None:
    fill(world, 30)
    page = world.read("usage/events?q=maria&limit=2")
    world.post(event("x", "1", NOW, actor="Maria"), event("y", "1", NOW, actor="Sam"))
    assert world.read(f"usage/events?q=maria&limit=2&cursor={page['page']['next']}")["newer"] == 1


def test_a_cursor_of_another_text_is_refused(world: World) -> None:
    fill(world, 30)
    cursor = world.read("usage/events?q=maria&limit=2")["page"]["next"]
    for query in ("q=sam", "limit=2", "q=mari"):
        response = world.get(f"usage/events?{query}&cursor={cursor}")
        assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


def test_an_export_holds_all_that_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "SEARCHED", 4)
    expected = fill(world, 40)
    lines = world.get("usage/events?q=MARIA", Accept="application/x-ndjson").text.splitlines()
    assert [line.split('"')[3] for line in lines] == expected
    assert len(world.get("usage/events?q=MARIA", Accept="text/csv").text.splitlines()) == 1 + len(expected)


def test_no_text_is_no_condition(world: World) -> None:
    fill(world, 10)
    assert len(ids(world.read("usage/events?q="))) == 10
