"""Event details: what is known about one event, what it leads on to, and what is never broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.cards.states import AT, area, demo, event, shown
from tests.known import known
from usage_tui.cards.event import EarlierEvent, details, draw_details, links
from usage_tui.models import Allocation, Credits, Event, EventQuery
from usage_tui.state.reducers import filtered
from usage_tui.state.usage import UsageState


def said(state: UsageState, one: Event) -> list[tuple[str, str]]:
    return [(row.label, row.value) for row in details(state, one)]


def test_the_details_name_everything_that_is_known() -> None:
    one = event(actor="maria@acme.example", parent_id="evt_8", late=True)
    assert said(demo(), one) == [
        ("Source", "Contract review"),
        ("Type", "Tool run, AI Tools"),
        ("Credits", "50.125"),
        ("When", "Sun, Nov 22, 15:30:00 New York"),
        ("Who", "maria@acme.example"),
        ("Started by", "evt_8"),
        ("Paid from", "50.125  Team plan, November 2026"),
        ("Output", "in the tool's own History tab"),
        ("Event", "evt_9"),
        ("Status", "settled, arrived late"),
    ]


def test_every_payer_has_a_line_in_the_decimals_of_all() -> None:
    paid = [
        Allocation(grant_id=grant, bucket="included", credits=Credits.parse(amount))
        for grant, amount in (("gr_04", "30"), ("gr_99", "20.125"))
    ]
    one = event(allocations=tuple(paid), credits=Credits.parse("60.125"), uncovered=Credits.parse("10"))
    assert said(demo(), one)[4:7] == [
        ("Paid from", "30.000  Team plan, November 2026"),
        ("", "20.125  gr_99"),
        ("", "10.000  no grant (overage)"),
    ]


def test_a_reversal_says_what_it_gives_back_and_to_which_grant() -> None:
    back = Allocation(grant_id="gr_04", bucket="included", credits=Credits.parse("-50"))
    one = event(activity="reversal", credits=Credits.parse("-50"), reverses="evt_1", allocations=(back,))
    values = dict(said(demo(), one))
    assert values["Type"] == "Reversal, AI Tools"
    assert values["Credits"] == "-50"
    assert values["Returned to"] == "50  Team plan, November 2026"
    assert values["Reverses"] == "evt_1"


def test_an_adjustment_says_what_it_gives_back_also_to_no_grant() -> None:
    back = Allocation(grant_id="gr_04", bucket="included", credits=Credits.parse("-5"))
    one = event(activity="refund", credits=Credits.parse("-7.5"), quantity=0, allocations=(back,))
    rows = said(demo(), replace(one, uncovered=Credits.parse("-2.5")))
    start = rows.index(("Returned to", "5.00  Team plan, November 2026"))
    assert rows[start + 1] == ("", "2.50  no grant")
    assert dict(rows)["Type"] == "Refund, AI Tools"


def test_the_hour_that_comes_twice_is_told_apart_in_the_details() -> None:
    night = event(occurred_at=datetime(2026, 11, 1, 6, 10, tzinfo=UTC))
    assert dict(said(demo(), night))["When"] == "Sun, Nov 1, 01:10:00 EST New York"


def test_in_a_narrow_pane_values_are_wrapped_and_kept_whole() -> None:
    rows = details(demo(), event())
    lines = shown(draw_details(rows, area(32, 20)))
    assert lines[:6] == [
        "Event details " + "─" * 18,
        "Source     Contract review",
        "Type       Tool run, AI Tools",
        "Credits    50.125",
        "When       Sun, Nov 22,",
        "           15:30:00 New York",
    ]


def test_a_pane_that_is_too_low_says_how_many_details_are_left_out() -> None:
    lines = shown(draw_details(details(demo(), event()), area(32, 4)))
    assert lines == [
        "Event details " + "─" * 11 + " 5 more",
        "Source     Contract review",
        "Type       Tool run, AI Tools",
        "Credits    50.125",
    ]


def test_in_a_low_pane_the_details_have_two_columns_and_say_what_is_left_out() -> None:
    lines = shown(draw_details(details(demo(), event(actor="maria")), area(78, 4)))
    assert lines == [
        "Event details " + "─" * 57 + " 4 more",
        "Source   Contract review                When       Sun, Nov 22,",
        "Type     Tool run, AI Tools                        15:30:00 New York",
        "Credits  50.125                         Who        maria",
    ]


@pytest.mark.parametrize("height", [4, 5, 30])
def test_a_time_is_never_broken_and_never_without_its_zone(height: int) -> None:
    rows = details(demo(), event(actor="maria", parent_id="evt_8"))
    for cells in range(32, 120):
        lines = shown(draw_details(rows, area(cells, height)))
        if "When" in " ".join(lines):
            with_time = [line for line in lines if "15:30:00" in line] or [""]
            assert "15:30:00 New York" in with_time[0] or len(lines) == height, cells


@pytest.mark.parametrize("zone", ["America/Argentina/ComodRivadavia", "Antarctica/DumontDUrville", "UTC"])
def test_a_zone_of_any_length_stays_at_its_time(zone: str) -> None:
    state = demo()
    summary = known(state.summary.value)
    there = replace(
        state,
        summary=replace(state.summary, value=replace(summary, org=replace(summary.org, time_zone=zone))),
    )
    for cells in (32, 58, 78, 118):
        lines = shown(draw_details(details(there, event()), area(cells, 20)))
        assert zone.rpartition("/")[2] in " ".join(lines)


def test_what_is_left_out_is_counted_in_rows() -> None:
    rows = details(demo(), event(actor="maria", parent_id="evt_8"))
    for height in range(2, 14):
        for cells in (32, 78):
            lines = shown(draw_details(rows, area(cells, height)))
            left_out = int(lines[0].split()[-2]) if lines[0].endswith("more") else 0
            labels = sum(f"{row.label} " in " ".join(lines[1:]) for row in rows)
            assert left_out in (len(rows) - labels, len(rows) - labels + 1)


# What it leads on to


def test_source_and_person_lead_to_their_events_and_a_parent_to_itself_first() -> None:
    rows = details(demo(), event(actor="maria", parent_id="evt_8"))
    assert [(rows[index].label, rows[index].leads_to) for index in links(rows)] == [
        ("Started by", EarlierEvent("evt_8", AT)),
        ("Source", EventQuery(kind="ai_tool", source_id="tool_contract")),
        ("Who", EventQuery(text="maria")),
    ]


def test_what_is_on_the_screen_already_leads_nowhere() -> None:
    query = EventQuery(kind="ai_tool", source_id="tool_contract")
    rows = details(filtered(demo(), query), event(actor="maria"))
    assert [rows[index].label for index in links(rows)] == ["Who"]


def test_a_parent_that_is_known_is_named_with_its_time() -> None:
    state = demo()
    first, second, *_ = known(state.recent.value).items
    assert first.parent_id == second.id
    assert dict(said(state, first))["Started by"] == "Agent chat, 15:27:03"


def test_only_the_marked_row_looks_like_a_link_and_every_link_can_be_clicked() -> None:
    rows = details(demo(), event(actor="maria"))
    for cells in (32, 78):
        spans = [span for line in draw_details(rows, area(cells, 20), 0) for span in line]
        assert [span.text for span in spans if span.tone == "link"] == ["Contract review"]
        assert {span.text for span in spans if span.choice} == {"Contract review", "maria"}
