"""Exports: every event that matches, as a table or line by line."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest

from tests.server.world import MARIA, NOW, World, event
from usage_tui.models import EventQuery
from usage_tui.server.ledger_writer.organizations import add_member
from usage_tui.server.problems import Problem
from usage_tui.server.service import Ask

FORMULAS = ("=1+2", "+1", "-1", "@SUM(A1)", "  =1", "=cmd|' /C calc'!A0")


def fill(world: World, count: int) -> None:
    world.post(*(event(f"e{number}", "1.5", NOW - timedelta(hours=number)) for number in range(count)))


def test_ndjson_holds_every_event_as_the_pages_do(world: World) -> None:
    fill(world, 450)
    lines = world.get("usage/events", Accept="application/x-ndjson").text.splitlines()
    assert len(lines) == 450
    page = world.read("usage/events?limit=200")
    assert [json.loads(line) for line in lines[:200]] == [item | {"unit": "credit"} for item in page["items"]]


def test_csv_holds_every_event_that_matches(world: World) -> None:
    fill(world, 10)
    world.post(event("flow", "2", NOW, kind="workflow", label='Weekly, "digest"\nand more'))
    response = world.get("usage/events?kind=workflow", Accept="text/csv")
    assert response.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(response.text, newline=""))
    assert (row["credits"], row["occurred_at"], row["kind"]) == ("2", "2026-11-22T20:30:00Z", "workflow")
    assert row["unit"] == "credit"
    assert row["label"].startswith('Weekly, "digest"')


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_of_a_csv_is_a_formula_and_a_reversal_stays_a_number(world: World, formula: str) -> None:
    event_id = world.post(event("a", "3", NOW, label=formula, actor=formula))["results"][0]["event_id"]
    world.change(f"usage/events/{event_id}/reversal")
    rows = list(csv.DictReader(io.StringIO(world.get("usage/events", Accept="text/csv").text)))
    assert {row["credits"] for row in rows} == {"3", "-3"}
    for row in rows:
        assert row["label"] == f"'{formula}"
        assert row["actor"] in (f"'{formula}", "")


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/xml", "application/json"),
        ("TEXT/CSV;q=0.9, application/json", "text/csv; charset=utf-8"),
        ("application/json, text/csv", "application/json"),
        ("application/xml, application/x-ndjson, */*", "application/x-ndjson"),
    ],
)
def test_the_first_known_type_is_given(world: World, accepted: str, given: str) -> None:
    assert world.get("usage/events", Accept=accepted).headers["Content-Type"] == given


@pytest.mark.parametrize("media_type", ["text/csv", "application/x-ndjson"])
def test_an_export_needs_billing_access(world: World, media_type: str) -> None:
    fill(world, 1)
    response = world.get("usage/events", world.member, Accept=media_type)
    assert (response.status_code, response.json()["code"]) == (403, "billing_access_required")


def test_an_export_ends_where_billing_access_does(world: World) -> None:
    fill(world, 250)
    pages = world.service.export(Ask(f"Bearer {world.owner}", "GET /"), "acme", EventQuery).pages
    assert len(next(pages)) == 200
    with world.database.writing() as connection:
        add_member(connection, "acme", MARIA, "member", billing_access=False)
    with pytest.raises(Problem, match="billing"):
        next(pages)
