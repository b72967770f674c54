"""Totals of a filter: exact from the daily sums, else counted among a bounded number of events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.server.test_plans import statements
from tests.server.world import NOW, World, at, event
from usage_tui.server.replies import totals

DAYS = "from=2026-11-20T05:00:00Z&to=2026-11-22T05:00:00Z"


@pytest.fixture
def world(either_world: World) -> World:
    """Events of every hour of five days, each of another amount."""
    sent = [
        event(
            f"e{number}",
            f"{number % 7}.5",
            NOW - timedelta(hours=number),
            kind=("ai_tool", "workflow")[number % 2],
            subject=f"s{number % 3}",
            actor=("Maria", "Sam")[number % 2],
        )
        for number in range(120)
    ]
    either_world.post(*sent)
    return either_world


def told(events: int, credits: str, *, complete: bool = True) -> dict[str, Any]:  # noqa: A002
    return {
        "events": events,
        "credits": credits,
        "events_complete": complete,
        "credits_complete": complete,
    }


def test_whole_days_kinds_and_sources_are_exact_without_looking_at_events(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(totals, "COUNTED", 0)
    for query in (
        DAYS,
        f"{DAYS}&kind=workflow",
        "source_id=s1&source_id=s2",
        "not_kind=ai_tool&not_source_id=s1",
    ):
        page = world.read(f"usage/events?limit=200&{query}")
        amounts = [int(float(row["credits"]) * 10) for row in page["items"]]
        assert page["totals"]["events"] == len(amounts) > 0
        assert float(page["totals"]["credits"]) * 10 == sum(amounts)
        assert page["totals"]["events_complete"]


def test_whole_days_without_events_have_totals_of_nothing(world: World) -> None:
    query = "from=2026-10-20T04:00:00Z&to=2026-10-22T04:00:00Z"
    assert world.read(f"usage/events?{query}")["totals"] == told(0, "0")


def test_other_conditions_are_counted(world: World) -> None:
    assert world.read("usage/events?actor=maria&limit=1")["totals"] == told(60, "210")
    assert world.read("usage/events?min_credits=6.5&limit=1")["totals"] == told(17, "110.5")
    part = world.read("usage/events?from=2026-11-22T12:00:00Z&limit=1")["totals"]
    assert part["events"] == 9


def test_a_count_looks_at_no_more_than_so_many_events(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "COUNTED", 40)
    with statements(world.database) as sent:
        page = world.read("usage/events?actor=maria&limit=1")
    assert page["totals"] == told(20, "68", complete=False)
    values = [values for _, values in sent if 40 in (values.values() if isinstance(values, dict) else values)]
    assert len(values) == 1
    # An index finds the largest amounts, whatever is beside them.
    assert world.read("usage/events?min_credits=6.5&limit=1")["totals"] == told(17, "110.5")


def test_only_the_first_page_of_a_filter_has_totals(world: World) -> None:
    assert world.read("usage/events")["totals"] is None
    first = world.read("usage/events?kind=workflow&limit=2")
    assert first["totals"]["events"] == 60
    assert world.read(f"usage/events?kind=workflow&limit=2&cursor={first['page']['next']}")["totals"] is None


def test_a_late_event_and_a_reversal_are_counted(world: World) -> None:
    before = world.read("usage/events?kind=ai_tool")["totals"]
    late = event("late", "2", at("11-03T10:00"), kind="ai_tool", subject="s0")
    event_id = world.post(late)["results"][0]["event_id"]
    assert world.read("usage/events?kind=ai_tool")["totals"]["events"] == before["events"] + 1
    assert world.change(f"usage/events/{event_id}/reversal").status_code == 200
    after = world.read("usage/events?kind=ai_tool")["totals"]
    assert (after["events"], after["credits"]) == (before["events"] + 2, before["credits"])


def test_what_was_applied_is_told(world: World) -> None:
    assert world.read("usage/events")["applied"] == []
    path = "usage/events?limit=2&kind=workflow&actor=sam&min_credits=1&sort=credits&unknown=1"
    page = world.read(path)
    assert page["applied"] == ["kind", "actor", "min_credits", "sort"]
    assert world.read(f"{path}&cursor={page['page']['next']}")["applied"] == page["applied"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("min_credits=x", "min_credits"),
        ("max_credits=1.0000001", "max_credits"),
        ("sort=label", "sort"),
        ("order=up", "order"),
        ("&".join(f"kind=k{number}" for number in range(51)), "kind"),
        (f"actor={'x' * 201}", "actor"),
    ],
)
def test_what_is_invalid_is_named(world: World, query: str, name: str) -> None:
    response = world.get(f"usage/events?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_parameter")
    assert response.json()["invalid_parameters"][0]["name"] == name


def test_who_may_not_see_events_gets_no_totals(world: World) -> None:
    for query in ("actor=maria", "min_credits=x", "sort=credits"):
        response = world.get(f"usage/events?{query}", world.member)
        assert (response.status_code, response.json()["code"]) == (403, "billing_access_required")


def test_a_sorted_walk_uses_the_index_on_the_amount(world: World) -> None:
    if world.database.path is None:
        pytest.skip("SQLite tells which columns of an index it uses")
    page = world.read("usage/events?sort=credits&limit=5")
    with statements(world.database) as sent:
        world.read(f"usage/events?sort=credits&limit=5&cursor={page['page']['next']}")
    asked = next(entry for entry in sent if "events.parent_id" in entry[0])
    with world.database.reading() as connection:
        (row,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1])
    assert (
        "ix_events_org_id_credits_occurred_at_seq (org_id=? AND (credits,occurred_at,seq)<(?,?,?))"
        in row.detail
    )
