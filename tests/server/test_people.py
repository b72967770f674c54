"""Who used what, by the service: sums that follow the events, for those with billing access alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.world import NOW, World, event
from usage_tui.server.ledger_writer.verify import differences


def rows(world: World, path: str = "usage/sources?by=actor") -> list[tuple[Any, ...]]:
    return [
        (row["source_id"], row["label"], row["credits"], row["count"]) for row in world.read(path)["items"]
    ]


def test_each_person_has_a_row_and_the_rest_comes_last(either_world: World) -> None:
    world = either_world
    assert rows(world) == [("", "Not attributed", "0", 0)]
    world.post(
        event("a", "2", NOW, actor="sam"),
        event("b", "3", NOW - timedelta(days=1), actor="maria", kind="workflow"),
        event("c", "1.5", NOW, actor="maria"),
        event("d", "9", NOW),
    )
    assert rows(world) == [
        ("maria", "maria", "4.5", 2),
        ("sam", "sam", "2", 1),
        ("", "Not attributed", "9", 1),
    ]
    reply = world.read("usage/sources?by=actor")
    assert reply["total"] == world.read("usage/sources")["total"] == "15.5"
    assert {row["kind"] for row in reply["items"]} == {"actor"}
    days = world.read("usage/daily/sources?by=actor&start=2026-11-21&end=2026-11-22")
    assert {row["source_id"]: row["credits"] for row in days["items"]} == {
        "maria": ["3", "1.5"],
        "sam": ["0", "2"],
        "": ["0", "9"],
    }


def test_people_past_the_limit_are_added_up_but_never_the_rest(world: World) -> None:
    world.post(*(event(f"e{number}", f"{number}", NOW, actor=f"p{number}") for number in range(1, 5)))
    reply = world.read("usage/sources?by=actor&limit=1")
    assert [row["label"] for row in reply["items"]] == ["p4", "Not attributed"]
    assert (reply["other"]["sources"], reply["other"]["credits"]) == (3, "6")


def test_what_is_given_back_is_counted_for_whoever_gives_it_back(either_world: World) -> None:
    world = either_world
    world.post(event("a", "2", NOW, actor="sam"), event("b", "1", NOW, actor="lin"))
    (spent,) = [one for one in world.read("usage/events")["items"] if one["actor"] == "sam"]
    assert world.change(f"usage/events/{spent['id']}/reversal", {"actor": "maria"}).status_code == 200
    assert {row[0]: row[2] for row in rows(world)} == {"sam": "2", "lin": "1", "maria": "-2", "": "0"}
    with world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []


@pytest.mark.parametrize("path", ["usage/sources?by=actor", "usage/daily/sources?by=actor"])
def test_a_member_without_billing_access_learns_nothing(world: World, path: str) -> None:
    world.post(event("a", "2", NOW, actor="sam"))
    response = world.get(path, world.member)
    assert response.status_code == 403
    assert "sam" not in response.text
    assert world.get(path.replace("by=actor", "by=source"), world.member).status_code == 200
    assert world.get(path.replace("by=actor", "by=kind")).status_code == 400


def test_sums_that_differ_from_the_events_are_found(world: World) -> None:
    world.post(event("a", "2", NOW, actor="sam"))
    with world.database.writing() as connection:
        connection.execute(text("UPDATE person_sums SET credits = credits + 1"))
    with world.database.reading() as connection:
        assert list(differences(connection, "acme")) == [
            "sam on 2026-11-22: stored (2000001, 1), but should be (2000000, 1)"
        ]
