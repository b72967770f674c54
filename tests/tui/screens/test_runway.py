"""Runway: the balance over time, what happens on which day, and what if."""

from __future__ import annotations

import re

import pytest
from textual.geometry import Region
from textual.widget import Widget

from tests.tui.clients import demo
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.tui.screens.grants import GrantsScreen
from usage_tui.tui.screens.runway import Assumption, RunwayScreen
from usage_tui.tui.widgets.table import LongTable

XWIDE = (200, 60)
SIZES = [NARROW, NORMAL, WIDE, XWIDE]


def days(ui: Session) -> list[str]:
    """The rows of the table."""
    return ui.shown(LongTable).splitlines()[2:]


def answers(ui: Session) -> dict[str, list[str]]:
    """The answers by their labels: without, and with what is assumed."""
    rows = [line.split("  ") for line in ui.shown("#what-if-answers").splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    return {row[0]: row[1:] for row in cells if row}


def regions(ui: Session) -> dict[str | None, Region]:
    """Where each part of the screen is."""
    return {widget.id: widget.region for widget in ui.app.screen.walk_children(Widget)}


async def type_in(ui: Session, text: str) -> None:
    """Open the line, and type."""
    await ui.press("i")
    ui.focused(Assumption).value = text
    await ui.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_leads_there_and_back(size: tuple[int, int]) -> None:
    async with running(make_app("runway"), size) as ui:
        await ui.press("4")
        assert isinstance(ui.app.screen, RunwayScreen)
        assert ui.focus == "#runway-chart"
        assert "about Dec 31" in ui.shown("#runway-chart")
        for name in ("usual", "busiest", "quietest", "today", "refresh", "What happens", "what if"):
            assert name in ui.text
        await ui.press("escape")
        assert ui.app.current_mode == "usage"


async def test_enter_on_the_card_leads_there() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press("tab", "tab")
        assert ui.focus == "#runway"
        assert "Enter runway" in ui.footer
        await ui.press("enter")
        assert isinstance(ui.app.screen, RunwayScreen)


async def test_enter_on_the_chart_tells_how_it_is_worked_out() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press("4", "enter")
        assert "How the runway is worked out" in ui.text
        assert "About eight times of ten" in " ".join(ui.text.split())


async def test_the_balance_of_the_day_under_the_cursor_is_read_out() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press("4")
        assert "2,787 left" in ui.line("⠤⠤⠤ usual")
        await ui.press("right")
        assert ui.line("⠤⠤⠤ usual").startswith("Nov 23  ⠤⠤⠤ usual 2,780 ")
        await ui.press("left", "left")
        assert ui.line("⠤⠤⠤").startswith("Nov 21  ⠤⠤⠤ 2,860 left")
        await ui.press("g")
        assert ui.line("⠤⠤⠤").startswith("Nov 1  ⠤⠤⠤ 7,010 left")


async def test_a_narrow_screen_names_all_curves_in_place_of_the_balance() -> None:
    async with running(make_app(), (40, 30)) as ui:
        await ui.press("4")
        assert ui.line("usual  ").strip() == "⠤⠤⠤ usual  ⠤ ⠤ busiest  ⠄⠄⠄ quietest"


async def test_the_range_goes_in_a_circle_and_begins_with_the_one_that_shows_when_it_runs_out() -> None:
    async with running(make_app("runway"), (120, 50)) as ui:
        await ui.press("4")
        first = ui.shown("#runway-chart")
        assert "runs out Dec 31" in first
        seen = [first]
        for _ in range(3):
            await ui.press("d")
            seen.append(ui.shown("#runway-chart"))
        assert seen[3] == first
        assert len({*seen}) == 3
        await ui.click("5 weeks")
        assert "runs out" not in ui.shown("#runway-chart")


async def test_the_days_are_a_table_that_the_keyboard_moves_over() -> None:
    async with running(make_app("lapsing"), NORMAL) as ui:
        await ui.press("4", "tab", "G")
        table = ui.focused(LongTable)
        assert table.cursor == table.row_count - 1
        assert "of 16" in ui.line("What happens")
        await ui.press("g", "pagedown")
        assert table.cursor == table.visible_rows
        every = "\n".join(days(ui))
        for _ in range(20):
            await ui.press("down")
            every += "\n".join(days(ui))
        assert re.search("Top-up expires +-500", every)
        assert "Runs out at every pace" in every


async def test_enter_on_a_day_leads_to_the_grant_that_it_is_about() -> None:
    async with running(make_app("acme")) as ui:
        await ui.press("4", "tab")
        assert "Team plan, November 2026" in days(ui)[0]
        assert "Enter grant" in ui.footer
        await ui.press("enter")
        assert isinstance(ui.app.screen, GrantsScreen)
        assert "Team plan, November 2026" in ui.shown("#grant-details")


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_assumed_stands_beside_what_is_known(size: tuple[int, int]) -> None:
    async with running(make_app("runway"), size) as ui:
        await ui.press("4")
        await type_in(ui, "top-up 5000")
        assert answers(ui)["Runs out"] == ["Dec 31", "Jun 2027"]
        assert "without" in ui.shown("#runway-chart")
        await ui.press("enter")
        assert ui.focus == "#runway-chart"
        assert answers(ui)["Runs out"] == ["Dec 31", "Jun 2027"]
        assert "> top-up 5000" in ui.text
        await ui.press("escape")
        assert "without" not in ui.shown("#runway-chart")
        assert "Jun 2027" not in ui.text
        assert isinstance(ui.app.screen, RunwayScreen)


async def test_every_key_that_is_typed_counts_and_none_is_a_command() -> None:
    async with running(make_app("runway"), NORMAL) as ui:
        await ui.press("4", "i", *"cut", "space", "2", "0", "percent_sign")
        assert ui.focused(Assumption).value == "cut 20%"
        assert answers(ui)["Runs out"] == ["Dec 31", "not within a year"]


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_moves_while_it_is_typed(size: tuple[int, int]) -> None:
    async with running(make_app("runway"), size) as ui:
        await ui.press("4", "i")
        places = regions(ui)
        for key in ("t", "o", "p", "minus", "u", "p", "space", "9", "0", "0", "0", "0"):
            await ui.press(key)
            assert regions(ui) == places


MISTAKES = {
    "top-up x": '"x" is not an amount',
    "sell 20": '"sell" is not understood',
    'cut "Nobody" 20%': 'No source is called "Nobody"',
    "recharge 10000": "What auto-recharge buys is not known",
    "top-up 5 until 2020-01-01": "2020-01-01 has passed; use a later date",
}
"""Lines that are not understood, and why."""


@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_a_line_that_is_not_understood_says_what_is_wrong(size: tuple[int, int]) -> None:
    async with running(make_app("recharging"), size) as ui:
        await ui.press("4")
        for text, wrong in MISTAKES.items():
            await type_in(ui, text)
            assert wrong in ui.text
            assert f"! {wrong}" not in ui.text
            await ui.press("enter")
            assert f"! {wrong}" in ui.text
            assert ui.focused(Assumption).value == text
            await ui.press("escape")
            assert wrong not in ui.text
            assert ui.focus == "#runway-chart"


async def test_what_is_wrong_is_said_in_full_on_a_narrow_screen() -> None:
    async with running(make_app("recharging"), (40, 30)) as ui:
        await ui.press("4")
        for text, wrong in MISTAKES.items():
            await type_in(ui, text)
            await ui.press("enter")
            said = " ".join(ui.text.split())
            assert f"! {wrong}" in said
            below = said.partition(wrong)[2].partition("Runs out")[0]
            assert "…" not in below
            assert below.endswith(". "), text
            await ui.press("escape")


async def test_auto_recharge_is_assumed_where_it_is_known_what_it_buys() -> None:
    async with running(make_app("acme")) as ui:
        await ui.press("4")
        await type_in(ui, "recharge 9000")
        assert answers(ui)["at busiest"] == ["Mar 2027", "not within a year"]
        assert "Auto-recharge buys" in "\n".join(days(ui))


async def test_going_on_to_another_part_keeps_what_is_typed() -> None:
    async with running(make_app("runway"), NORMAL) as ui:
        await ui.press("4")
        await type_in(ui, "top-up 5000")
        await ui.press("tab")
        assert not isinstance(ui.app.focused, Assumption)
        assert "i change" in ui.text
        await ui.press("i")
        assert ui.focused(Assumption).value == "top-up 5000"


async def test_what_is_kept_is_still_there_on_return_and_esc_clears_it_first() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press("4")
        await type_in(ui, "cut 50%")
        await ui.press("enter", "1", "4", "r")
        assert "> cut 50%" in ui.text
        await ui.press("escape")
        assert ui.app.current_mode == "runway"
        await ui.press("escape")
        assert ui.app.current_mode == "usage"


async def test_every_size_shows_the_screen_again() -> None:
    async with running(make_app("runway"), NORMAL) as ui:
        await ui.press("4")
        before = ui.text
        for size in ((40, 12), (36, 10), XWIDE, NARROW, NORMAL):
            await ui.resize(*size)
        assert ui.text == before
        assert ui.focus == "#runway-chart"


async def test_the_smallest_screen_has_the_facts_and_no_chart() -> None:
    async with running(make_app("runway"), (40, 12)) as ui:
        await ui.press("4")
        assert "about Dec 31" in ui.line("Runs out  about")
        assert "usual" not in ui.shown("#runway-chart")
        assert "What happens" in ui.text


async def test_without_billing_access_nothing_is_asked_for_and_no_expiry_is_known() -> None:
    client = demo("member")
    async with running(make_app(client)) as ui:
        await ui.press("4")
        assert "expiry dates are not known to you" in ui.line("What happens")
        await type_in(ui, "recharge 10000")
        assert "Without the grants it is not known what auto-recharge buys" in " ".join(
            ui.shown("#what-if-answers").split()
        )
        assert not {"grants", "events"} & {*client.asked}


@pytest.mark.parametrize("scenario", ["new-organization", "empty"])
async def test_too_little_history_is_said_in_a_sentence(scenario: str) -> None:
    async with running(make_app(scenario)) as ui:
        await ui.press("4", "i", "d", "right", "down")
        assert isinstance(ui.app.screen, RunwayScreen)
        assert "Too little history" in ui.text
        assert "what if" not in ui.text
        assert "What happens" not in ui.text


async def test_old_data_are_marked() -> None:
    async with running(make_app("stale")) as ui:
        await ui.press("4", "r")
        assert "as of Nov 22, 15:30 · 220.23 a day" in ui.line("3 months")
        assert ui.line("3 months").startswith("Runway !")


async def test_a_locked_plan_has_no_chart() -> None:
    async with running(make_app("locked")) as ui:
        await ui.press("4")
        assert "nothing is usable until the plan is reactivated" in ui.shown("#runway-chart")
        assert "today" not in ui.shown("#runway-chart")


async def test_the_end_of_the_plan_is_told_as_what_it_is() -> None:
    async with running(make_app("ending")) as ui:
        await ui.press("4")
        assert "■ plan ends Dec 1" in ui.shown("#runway-chart")
        assert re.search("The plan ends; purchased.* -5,000", "\n".join(days(ui)))
        assert "Runs out at" not in ui.text


async def test_the_facts_are_copied_and_a_day_too() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press("4", "y")
        assert ui.app.clipboard.startswith("Runs out\tabout Dec 31, between Dec 25 and Jan 31\n")
        await ui.press("tab", "G", "g", "down", "down", "y")
        assert ui.app.clipboard == "Dec 1\tRefresh\t+5,000"
