"""The filter of the history: typed, completed, refused, cleared; and the order of the events."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.clients import demo
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.clients.base import CannotFilter, Slice, UsageClient
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.models import Credits, Event, EventPage, EventQuery, SortKey
from usage_tui.text.amounts import spoken_amount
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.filtering import FilterInput, listed
from usage_tui.tui.widgets.events_table import EventsTable

EVENTS = acme().events
CONTRACT = [event for event in EVENTS if event.label == "Contract review"]


def page(ui: Session) -> tuple[Event, ...]:
    """The events on the screen."""
    events = ui.app.state.events.value
    assert events is not None
    return events.items


async def type_in(ui: Session, text: str) -> None:
    """Open the line, and type."""
    await ui.press("slash", *["space" if one == " " else one for one in text])


def typed(ui: Session) -> str:
    return ui.focused(FilterInput).value


@pytest.mark.parametrize("size", [NORMAL, WIDE, NARROW])
async def test_what_is_typed_filters_the_events_on_enter(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("2")
        before = page(ui)
        await type_in(ui, "contract")
        assert page(ui) == before
        await ui.press("enter")
        assert page(ui) == tuple(CONTRACT[: len(page(ui))])
        assert " contract " in ui.line("x clear")
        assert isinstance(ui.app.focused, EventsTable)


async def test_no_row_moves_while_a_filter_is_typed() -> None:
    client = demo()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        before = ui.lines
        client.asked.clear()
        await type_in(ui, "nqxs")
        changed = [old.split()[0] for old, new in zip(before, ui.lines, strict=True) if old != new]
        assert changed == ["Historical", "←", "↑↓"]  # the mark of the focus, the pager, the footer
        assert typed(ui) == "nqxs"
        assert not client.asked


async def test_the_line_begins_with_the_present_filter() -> None:
    async with running(make_app()) as ui:
        await ui.press("2")
        await type_in(ui, "credits:>=5 contract")
        await ui.press("enter", "slash")
        assert typed(ui) == "contract credits:>=5"


async def test_escape_drops_the_edit_and_keeps_the_filter() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        await ui.press("2")
        await type_in(ui, "contract")
        await ui.press("enter")
        before = ui.text
        client.asked.clear()
        await type_in(ui, " credits:>5")
        await ui.press("escape")
        assert ui.text == before
        assert not client.asked
        await ui.press("escape")
        assert isinstance(ui.app.screen, Dashboard)


async def test_a_mistake_is_named_and_selected_and_nothing_is_filtered() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        await ui.press("2")
        before = page(ui)
        client.asked.clear()
        await type_in(ui, "contract credits:>x")
        await ui.press("enter")
        assert 'credits:>x: "x" is not an amount' in ui.footer
        assert ui.focused(FilterInput).selected_text == "credits:>x"
        assert page(ui) == before
        assert not client.asked
        await ui.press("backspace")
        assert "not an amount" not in ui.footer
        await ui.press("enter")
        assert page(ui)[0] == CONTRACT[0]


async def test_tab_takes_the_completion_that_the_footer_shows() -> None:
    async with running(make_app()) as ui:
        await ui.press("2")
        await type_in(ui, "so")
        assert "Tab source:" in ui.footer
        await ui.press("tab")
        assert typed(ui) == "source:"
        await ui.press(*"contr")
        assert 'Tab source:="Contract review"' in ui.footer
        await ui.press("tab")
        assert typed(ui) == 'source:="Contract review"'
        assert "Tab" not in ui.footer
        await ui.press("enter")
        assert page(ui)[0] == CONTRACT[0]


async def test_the_footer_lists_the_completions_that_there_is_room_for() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2")
        await type_in(ui, "s")
        assert "Tab source:  source_id:" in ui.footer
        await ui.press("backspace")
        assert "Tab source:  source_id:  kind:" in ui.footer
        assert "more" in ui.footer
        await ui.resize(*WIDE)
        assert "Tab source:  source_id:  kind:  type:  actor:  on:  from:  to:  credits:" in ui.footer
        await ui.resize(*NARROW)
        assert "Tab source:" in ui.footer
        await ui.press(*"source:m")
        assert 'Tab source:="Meeting notes"' in ui.footer


@given(st.lists(st.text("ab:", min_size=1, max_size=20), min_size=1, max_size=9), st.integers(0, 80))
def test_a_list_of_completions_says_how_many_it_leaves_out(texts: list[str], cells: int) -> None:
    said = listed(texts, cells)
    assert said.startswith(texts[0])
    assert len(said) <= max(cells, len(texts[0]))
    shown = said.split("  ")
    if len(shown) > 1:
        left_out = int(shown.pop().split()[0]) if said.endswith(" more") else 0
        assert shown == texts[: len(shown)]
        assert len(shown) + left_out == len(texts)


async def test_every_mistake_is_named_and_the_first_is_selected() -> None:
    async with running(make_app(), WIDE) as ui:
        await ui.press("2")
        await type_in(ui, "credits:>x contract on:never")
        await ui.press("enter")
        assert '2 mistakes: credits:>x: "x" is not an amount; on:never: ' in ui.footer
        assert ui.focused(FilterInput).selected_text == "credits:>x"
        await ui.press("backspace", "enter")
        assert ui.footer.strip().startswith("on:never: ")


async def test_the_totals_of_all_that_match_stay_from_page_to_page() -> None:
    total = Credits.total(event.credits for event in CONTRACT)
    said = f"{len(CONTRACT)} events, {spoken_amount(total, 'credit')}"
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2")
        await type_in(ui, "contract")
        await ui.press("enter")
        assert said in ui.line("x clear")
        await ui.press("n")
        assert said in ui.line("x clear")
        await ui.resize(*WIDE)
        assert said in ui.line("x clear")


async def test_the_pager_counts_what_matches_the_new_filter_at_once() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2")
        await type_in(ui, "on:2026-11-16")
        await ui.press("enter")
        assert ui.line("Next").endswith("of 31")
        await ui.press("slash", "ctrl+u", *"contract", "enter")
        assert ui.line("Next").endswith(f"of {len(CONTRACT)}")


async def test_clearing_the_filter_keeps_the_order() -> None:
    async with running(make_app()) as ui:
        await ui.press("2", "s")
        await type_in(ui, "contract")
        await ui.press("enter")
        assert ui.app.state.query.sort is SortKey.CREDITS
        await ui.press("x")
        assert ui.app.state.query == EventQuery(sort=SortKey.CREDITS)
        assert "x clear" not in ui.text


async def test_s_sorts_by_credits_and_back() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2")
        assert "newest first" in ui.text
        await ui.press("s")
        assert "highest first" in ui.text
        assert page(ui) == tuple(EventQuery(sort=SortKey.CREDITS).select(EVENTS)[: len(page(ui))])
        await ui.press("s")
        assert "newest first" in ui.text
        assert page(ui)[0] == EVENTS[0]


class Limited(DemoClient):
    """Acme, which lists events newest first only, and by no more than a source."""

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        if not query.is_newest_first or query.words:
            raise CannotFilter("This service cannot do that.")
        return await super().events(query, cursor=cursor, limit=limit)


@pytest.mark.parametrize("keys", ["s", ["slash", *"maria", "enter"]])
async def test_a_query_that_is_refused_is_said_to_be_and_the_former_one_stays(keys: Any) -> None:
    async with running(make_app(Limited(acme()))) as ui:
        await ui.press("2")
        await type_in(ui, "credits:>5")
        await ui.press("enter")
        query, shown = ui.app.state.query, page(ui)
        await ui.press(*keys)
        assert ui.footer == "This service cannot do that."
        assert (ui.app.state.query, page(ui)) == (query, shown)


@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_where_events_are_withheld_nothing_is_filtered_or_sorted(size: tuple[int, int]) -> None:
    async with running(make_app(demo("member")), size) as ui:
        await ui.press("2")
        before = ui.text
        assert "/ filter" not in ui.footer
        assert not ui.app.screen.check_action("filter", ())
        assert not ui.app.screen.check_action("sort", ())
        await ui.press("slash", "s")
        assert ui.text == before


@pytest.mark.parametrize("size", [NORMAL, NARROW])
async def test_a_filter_can_be_typed_from_every_screen(size: tuple[int, int]) -> None:
    for screen in ("1", "3", "4", "2"):
        async with running(make_app(), size) as ui:
            await ui.press(screen)
            await type_in(ui, "contract")
            assert typed(ui) == "contract", screen
            await ui.press("enter")
            assert page(ui) == tuple(CONTRACT[: len(page(ui))]), screen


async def test_the_line_begins_with_the_filter_of_before_on_another_screen_too() -> None:
    async with running(make_app(), NORMAL) as ui:
        await type_in(ui, "contract")
        await ui.press("enter", "1", "slash")
        assert typed(ui) == "contract"


@pytest.mark.parametrize(
    ("client", "why"),
    [
        (demo("member"), "no billing\n access."),
        (DemoClient(acme()._replace(not_offered={Slice.EVENTS: "No events."})), "No events."),
    ],
    ids=["withheld", "not offered"],
)
async def test_where_there_are_no_events_the_history_says_why(client: UsageClient, why: str) -> None:
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("2")
        said = ui.text
        await ui.press("1", "slash")
        assert ui.text == said
        assert why in said


async def test_another_part_of_the_screen_drops_the_edit() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2")
        before = ui.text
        await type_in(ui, "contract")
        await ui.pilot.click(EventsTable, offset=(5, 2))
        await ui.settle()
        assert ui.text == before
