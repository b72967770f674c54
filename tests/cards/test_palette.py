"""The palette as data: what there is to choose from, and what is found by which words."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from itertools import groupby

import pytest

from tests.cards.states import area, demo, shown
from tests.known import known
from usage_tui import models
from usage_tui.cards.choices import Choice, draw, matching
from usage_tui.cards.palette import Palette, palette
from usage_tui.cards.panel import GrantToShow, PeriodToShow
from usage_tui.cards.typeset.glyphs import UNICODE
from usage_tui.clients.demo.client import open_demo
from usage_tui.config.commands import COMMANDS
from usage_tui.models import EventQuery, Name
from usage_tui.state.loading import PlainStore, load_all, load_past
from usage_tui.state.remote import Remote
from usage_tui.state.usage import UsageState

ROWS = [
    Choice("Go to", "Show Usage", "1", "usage"),
    Choice("Go to", "Show Credit grants", "3", "grants"),
    Choice("Data", "Copy the row or number", "y", "copy", words="clipboard"),
    Choice("Grants", "Credits of spring", "5.00", "spring"),
    Choice("Grants", "Top-up", "1.00", "top-up"),
]


def of(state: UsageState, active: Collection[str] = COMMANDS) -> Palette:
    return palette(state, active, {}, UNICODE)


def with_past(scenario: str = "acme") -> UsageState:
    """The demo with its former periods, which are asked for after the dashboard."""
    client = open_demo(scenario)
    store = PlainStore.of(client)

    async def fill() -> None:
        await load_all(store, client)
        await load_past(store, client)

    asyncio.run(fill())
    return store.state


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["usage", "grants", "copy", "spring", "top-up"]),
        ("grants", ["grants", "spring", "top-up"]),
        ("credit", ["spring", "grants"]),
        ("CREDIT  grant", ["spring", "grants"]),
        ("clip", ["copy"]),
        ("credit clip", []),
    ],
)
def test_rows_are_found_by_all_words_and_the_best_group_comes_first(query: str, found: list[str]) -> None:
    rows = matching(ROWS, query)
    assert [row.leads_to for row in rows] == found
    groups = [row.group for row in rows]
    assert [group for group, _ in groupby(groups)] == list(dict.fromkeys(groups))


@pytest.mark.parametrize("cells", range(12, 80))
def test_rows_fit_and_the_first_of_each_group_names_it(cells: int) -> None:
    lines = shown(draw(ROWS, area(cells)))
    assert all(len(line) <= cells for line in lines)
    assert [line.startswith("Go to") for line in lines[:2]] == [cells >= 40, False]


def test_a_list_that_begins_within_a_group_names_it() -> None:
    assert shown(draw(ROWS, area(60, 2), 1))[0].startswith("Go to")


def test_only_commands_that_act_now_are_there_and_never_the_palette_itself() -> None:
    rows = of(demo(), {"usage", "palette", "copy"}).commands
    assert [row.leads_to for row in rows] == ["usage", "copy"]


def test_what_is_known_leads_to_events_and_grants() -> None:
    state = with_past()
    found = {row.label: row.leads_to for row in of(state).data}
    period = known(known(state.summary.value).period)
    assert found["Contract review"] == EventQuery(
        kind="ai_tool", source_id="tool_contract", starts_at=period.starts_at, ends_at=period.ends_at
    )
    assert found["maria@acme.example"] == EventQuery(
        actors=models.Choice((Name("maria@acme.example", whole=True),))
    )
    assert found["Welcome credits"] == GrantToShow("gr_01")
    assert found["Nov 1 – Nov 30, 2026"] == PeriodToShow(period.id)


def test_former_periods_are_there_once_they_are_known() -> None:
    periods = [(row.label, row.end) for row in of(with_past()).data if row.group == "Periods"]
    assert periods[:2] == [("Nov 1 – Nov 30, 2026", "6,240.50"), ("Oct 1 – Oct 31, 2026", "762.25")]


def test_before_anything_is_known_there_are_commands_alone() -> None:
    found = of(demo("loading"))
    assert found.data == ()
    assert found.kinds == "Command"


@pytest.mark.parametrize(
    ("scenario", "kinds"),
    [
        ("acme", "Command, source, person, grant, or period"),
        ("not-offered", "Command, source, person, or period"),
        ("member", "Command, source, or period"),
    ],
)
def test_the_line_says_what_can_be_found(scenario: str, kinds: str) -> None:
    assert of(with_past(scenario)).kinds == kinds


def test_without_billing_access_neither_people_nor_grants_are_there() -> None:
    groups = {row.group for row in of(with_past("member")).data}
    assert groups == {"Sources", "Periods"}


def test_amounts_of_a_group_have_one_number_of_decimals() -> None:
    state = demo("fractions")
    for group in ("Sources", "Grants"):
        ends = [row.end for row in of(state).data if row.group == group]
        assert len({len(end.partition(".")[2]) for end in ends}) == 1


def test_a_state_that_lost_its_period_offers_none() -> None:
    state = demo()
    summary = replace(known(state.summary.value), period=None)
    without = replace(state, summary=replace(state.summary, value=summary), periods=Remote())
    assert not [row for row in of(without).data if row.group == "Periods"]
