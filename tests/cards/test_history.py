"""Historical usage: rows and pager."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cards.states import AT, area, demo, event, put, shown, text_of
from usage_tui.cards.card import Placeholder
from usage_tui.cards.history import (
    HistoryView,
    draw,
    history_view,
    pager,
    row_text,
)
from usage_tui.cards.typeset.lines import EMPTY, width
from usage_tui.models import Credits, Event, EventPage, EventQuery, Page
from usage_tui.state.reducers import filtered, moved_to_row
from usage_tui.state.usage import UsageState


def page_of(*events: Event, **page: Any) -> EventPage:
    newer = page.pop("newer", 0)
    return EventPage(as_of=AT, revision=1, items=events, page=Page(size=len(events), **page), newer=newer)


def with_page(*events: Event, **page: Any) -> UsageState:
    return put(demo(), events=page_of(*events, **page))


def view_of(state: UsageState, name: Any = "events") -> HistoryView:
    view = history_view(state, name)
    assert isinstance(view, HistoryView)
    return view


def test_the_newest_events_of_acme() -> None:
    assert shown(draw(view_of(demo(), "recent"), area(78, 5), EMPTY)) == [
        "Historical usage " + "─" * 61,
        "When              Source                         Type                  Credits",
        "Nov 22  15:29:41  Contract review                Tool run               50.125",
        "Nov 22  15:27:03  Agent chat                     Chat message            6.750",
        "Nov 22  15:11:58  Browser sessions               Browser session        42.500",
    ]


def test_an_event_of_another_year_says_so() -> None:
    old = event(occurred_at=datetime(2025, 11, 3, 12, tzinfo=UTC))
    rows = shown(draw(view_of(with_page(event(), old)), area(78), EMPTY))
    assert rows[2].startswith("Nov 22  15:30:00  ")
    assert rows[3].startswith("Nov 3, 2025  07:00:00  ")


def test_an_event_without_a_label_goes_by_its_source() -> None:
    assert "tool_contract" in shown(draw(view_of(with_page(event(label=""))), area(78), EMPTY))[2]


def test_a_reversal_is_negative_and_named() -> None:
    row = shown(
        draw(view_of(with_page(event(credits=Credits.parse("-50"), reverses="evt_1"))), area(78), EMPTY)
    )[2]
    assert row.split()[-2:] == ["Reversal", "-50"]


def test_an_empty_page_says_whether_a_filter_is_the_reason() -> None:
    assert shown(draw(view_of(with_page()), area(58), EMPTY))[1:] == ["No events yet."]
    state = put(filtered(demo(), EventQuery(kind="workflow")), events=page_of())
    assert shown(draw(view_of(state), area(58), EMPTY))[1:] == ["No events match the filter."]
    assert isinstance(history_view(demo("member"), "events"), Placeholder)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (78, "← p Previous   n Next →   Rows 31–50 of 676                    3 newer  N show"),
        (60, "← p Previous   n Next →   Rows 31–50 of 676  3 newer  N show"),
        (58, "← p   n →   Rows 31–50 of 676              3 newer  N show"),
        (44, "← p   n →   Rows 31–50        3 newer  N show"),
        (34, "← p   n →   Rows 31–50"),
    ],
)
def test_the_pager_keeps_its_numbers_at_any_width(cells: int, text: str) -> None:
    page = page_of(*[event()] * 20, next="older", prev="newer", total=676, newer=3)
    state = moved_to_row(put(demo(), events=page), 30)
    line = pager(state, area(cells))
    assert width(line) == cells
    assert text_of(line).split() == text.split()


def test_the_pager_is_grey_at_the_ends() -> None:
    first = pager(with_page(event(), next="older"), area(78))
    assert {span.tone for span in first if span.command == "previous_page"} == {"disabled"}
    assert {span.tone for span in first if span.command == "next_page"} == {"key", "muted"}
    last = pager(with_page(event(), prev="newer"), area(78))
    assert {span.tone for span in last if span.command == "next_page"} == {"disabled"}


def test_the_pager_says_only_what_it_knows() -> None:
    state = with_page(*[event()] * 3, next="older", prev="newer")
    assert text_of(pager(moved_to_row(state, 30), area(78))).rstrip().endswith("Rows 31–33")
    assert text_of(pager(moved_to_row(state, None), area(78))).rstrip().endswith("Rows 3")
    assert text_of(pager(with_page(), area(78))).rstrip().endswith("n Next →")
    assert pager(demo("member"), area(78)) == EMPTY


def test_a_copied_row_has_its_cells_between_tabs() -> None:
    view = view_of(with_page(event(actor="maria")))
    assert row_text(view, view.events[0]) == "Nov 22, 2026 15:30:00\tContract review\tTool run\tmaria\t50.125"
