"""The history's filter as chips, and how much matches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cards.states import AT, area, demo, event, put, text_of
from tests.known import known
from usage_tui.cards.filter_line import filter_line, without_condition
from usage_tui.cards.typeset.lines import EMPTY, width
from usage_tui.models import Choice, Credits, EventPage, EventQuery, Name, Page, Totals
from usage_tui.state.reducers import filtered


def period() -> dict[str, Any]:
    summary = demo().summary.value
    assert summary is not None
    bounds = known(summary.period)
    return {"starts_at": bounds.starts_at, "ends_at": bounds.ends_at}


DAY: dict[str, Any] = {
    "starts_at": datetime(2026, 11, 12, 5, tzinfo=UTC),
    "ends_at": datetime(2026, 11, 13, 5, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (EventQuery(kind="ai_tool", source_id="tool_contract"), "source Contract review"),
        (EventQuery(kind="ai_tool", source_id="unknown_source"), "source unknown_source"),
        (EventQuery(kind="ai_tool"), "category AI Tools"),
        (EventQuery(**DAY), "day Thu, Nov 12"),
        (EventQuery(kind="workflow", **DAY), "category Workflows day Thu, Nov 12"),
    ],
)
def test_every_condition_of_the_filter_is_named_and_can_be_cleared(query: EventQuery, text: str) -> None:
    line = filter_line(filtered(demo(), query), area(78))
    assert " ".join(text_of(line).split()) == f"Filter {text} x clear"
    assert line[-1].command == "clear_filter"
    assert width(line) == 78


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (EventQuery(least=Credits.parse("5")), "credits:>=5"),
        (EventQuery(starts_at=DAY["starts_at"]), "from:2026-11-12"),
        (EventQuery(actors=Choice((Name("maria"),)), without_words=("chat",)), "actor:maria -chat"),
        (EventQuery(kinds=Choice(none_of=("ai_tool",)), text="sam"), "-kind:ai_tool text sam"),
    ],
)
def test_a_condition_without_a_name_of_its_own_stands_as_it_is_typed(query: EventQuery, text: str) -> None:
    line = filter_line(filtered(demo(), query), area(78))
    assert " ".join(text_of(line).split()) == f"Filter {text} x clear"
    left = query
    for label in {span.choice for span in line if span.choice}:
        left = without_condition(left, label)
    assert left == EventQuery()


@pytest.mark.parametrize(
    ("totals", "cells", "text"),
    [
        (Totals(events=2, credits=Credits.parse("7.5")), 78, "2 events, 7.50 credits x clear"),
        (Totals(events=2, credits=Credits.parse("7.5")), 60, "Contract review 7.50 credits x clear"),
        (Totals(events=2, credits=Credits.parse("7.5")), 40, "Contract review x clear"),
        (
            Totals(events=2, credits=Credits.parse("7.5"), events_complete=False, credits_complete=False),
            90,
            "at least 2 events, at least 7.50 credits x clear",
        ),
    ],
)
def test_the_filter_says_how_many_match_and_their_credits(totals: Totals, cells: int, text: str) -> None:
    found = EventPage(as_of=AT, revision=1, items=(event(),), page=Page(size=1), totals=totals)
    state = put(filtered(demo(), EventQuery(source_id="tool_contract")), events=found)
    assert " ".join(text_of(filter_line(state, area(cells))).split()).endswith(text)


def test_a_period_is_named_by_its_first_and_last_day() -> None:
    line = filter_line(filtered(demo(), EventQuery(**period())), area(78))
    assert "period Nov 1 – Nov 30, 2026" in text_of(line)
    half: dict[str, Any] = {
        "starts_at": period()["starts_at"],
        "ends_at": datetime(2026, 11, 16, 17, tzinfo=UTC),
    }
    line = filter_line(filtered(demo(), EventQuery(**half)), area(78, glyphs="ascii"))
    assert "period Nov 1 - Nov 16, 2026" in text_of(line)


def test_without_a_filter_there_is_no_line() -> None:
    assert filter_line(demo(), area(78)) == EMPTY


@pytest.mark.parametrize(
    ("label", "left"),
    [
        ("source", EventQuery(starts_at=AT, ends_at=AT, text="maria")),
        ("category", EventQuery(starts_at=AT, ends_at=AT, text="maria")),
        ("day", EventQuery(kind="ai_tool", source_id="tool_contract", text="maria")),
        ("period", EventQuery(kind="ai_tool", source_id="tool_contract", text="maria")),
        ("text", EventQuery(kind="ai_tool", source_id="tool_contract", starts_at=AT, ends_at=AT)),
    ],
)
def test_one_condition_of_a_filter_is_dropped_by_the_name_on_its_chip(label: str, left: EventQuery) -> None:
    query = EventQuery(kind="ai_tool", source_id="tool_contract", starts_at=AT, ends_at=AT, text="maria")
    assert without_condition(query, label) == left


def test_every_chip_of_a_filter_can_be_clicked() -> None:
    query = EventQuery(source_id="tool_contract", starts_at=AT, ends_at=AT, text="maria")
    spans = filter_line(filtered(demo(), query), area(118))
    assert {span.choice for span in spans if span.tone == "chip-strong"} == {"source", "day", "text"}
