"""The palette: every command that acts now, by its words."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.events import MouseScrollDown, MouseScrollUp
from textual.widgets import Input

from tests.known import known
from tests.tui.clients import demo
from tests.tui.hostile import is_harmless, record_poisoned
from tests.tui.session import NARROW, NORMAL, Session, make_app, running
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.config import paths
from usage_tui.config.remembered import remembered_theme
from usage_tui.tui.screens.allowance import AllowanceDialog
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.grants import GrantsScreen
from usage_tui.tui.screens.help import HelpDialog
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.screens.palette import PaletteDialog
from usage_tui.tui.screens.theme import ThemeDialog
from usage_tui.tui.themes import LIGHT
from usage_tui.tui.widgets.choices import Choices

EVERYWHERE = {
    "Change the theme": "t",
    "Show Usage": "1",
    "Show Historical usage": "2",
    "Show Credit grants": "3",
    "Show the runway": "4",
    "Next card or link": "Tab",
    "Previous card or link": "Shift+Tab",
    "Keys and marks": "?",
    "One step back": "Esc",
    "Quit": "q",
    "Open what is under the cursor": "Enter",
    "Plan a batch": "P",
    "View allowance details": "v",
    "Buy credits in Billing": "b",
    "Adjust auto-recharge in Billing": "a",
    "Copy the row or number": "y",
    "Copy as command": "Y",
    "Export": "e",
    "Refresh": "r",
    "Hide or show names": "R",
    "Redraw the screen": "Ctrl+L",
    "Suspend": "Ctrl+Z",
    "Bytes sent to the terminal": "Ctrl+T",
    "One screen up": "PgUp",
    "One screen down": "PgDn",
    "Filter events": "/",
}
TABLE = {"Row above": "↑", "Row below": "↓", "First row or page": "g", "Last row or page": "G"}


def without(commands: dict[str, str], *labels: str) -> dict[str, str]:
    return {label: key for label, key in commands.items() if label not in labels}


DASHBOARD = without(EVERYWHERE, "Show Usage") | {
    "Rank, group or compare sources": "c",
    "Rank people or sources": "u",
    "Next range of days": "d",
    "Previous billing period": "[",
    "Explain the day of the chart": "w",
    "Next page": "n",
}
HISTORY = without(EVERYWHERE, "Show Historical usage", "One screen up") | {
    **TABLE,
    "Next page": "n",
    "Sort by time or credits": "s",
}
GRANTS = without(EVERYWHERE, "Show Credit grants") | TABLE
RUNWAY = without(EVERYWHERE, "Show the runway", "One screen up", "One screen down") | {
    "Ask what if": "i",
    "Next range of days": "d",
    "Day before": "←",
    "Day after": "→",
    "First row or page": "g",
    "Last row or page": "G",
}


def listed(ui: Session) -> dict[str, str]:
    """What the palette lists, each with what stands at its right."""
    assert isinstance(ui.app.screen, PaletteDialog)
    return {row.label: row.end for row in ui.app.screen.choices.rows}


async def type_in(ui: Session, words: str) -> None:
    """Type words, all at once, in place of what was typed before."""
    ui.app.screen.query_one(Input).value = words
    await ui.settle()


async def choose(ui: Session, words: str) -> None:
    """Open the palette, type, and take the first that is found."""
    await ui.press("ctrl+p")
    await type_in(ui, words)
    await ui.press("enter")


@pytest.mark.parametrize(
    ("keys", "commands"),
    [
        ([], DASHBOARD),
        (["tab", "tab", "tab"], DASHBOARD | without(TABLE, "First row or page", "Last row or page")),
        (
            ["tab", "tab", "tab", "tab"],
            DASHBOARD | without(TABLE, "Row above", "Row below") | {"Day before": "←", "Day after": "→"},
        ),
        (["2"], HISTORY),
        (["2", "n"], HISTORY | {"Previous page": "p", "One screen up": "PgUp"}),
        (["tab", "tab", "tab", "enter"], HISTORY | {"Clear the filter": "x"}),
        (["3"], GRANTS),
        (["4"], RUNWAY),
    ],
)
async def test_the_palette_lists_what_acts_now_and_nothing_else(
    keys: list[str], commands: dict[str, str]
) -> None:
    async with running(make_app(), (120, 60)) as ui:
        await ui.press(*keys, "ctrl+p")
        assert listed(ui) == commands


async def test_what_the_viewer_may_not_do_is_not_listed() -> None:
    async with running(make_app("member"), (120, 60)) as ui:
        await ui.press("ctrl+p")
        billing = (
            "Buy credits in Billing",
            "Adjust auto-recharge in Billing",
            "Next page",
            "Rank people or sources",
        )
        assert listed(ui) == without(DASHBOARD, *billing)


async def test_the_palette_shows_the_keys_that_were_set() -> None:
    async with running(make_app(keys={"refresh": "f5", "palette": "f2"})) as ui:
        await ui.press("f2")
        assert listed(ui)["Refresh"] == "F5"


@pytest.mark.parametrize(
    ("words", "screen"),
    [
        ("historical", HistoryScreen),
        ("credit grants", GrantsScreen),
        ("allowance", AllowanceDialog),
        ("keys and", HelpDialog),
    ],
)
async def test_a_command_is_found_by_its_words_and_run(words: str, screen: type) -> None:
    async with running(make_app()) as ui:
        await choose(ui, words)
        assert isinstance(ui.app.screen, screen)


async def test_a_command_acts_on_the_card_that_had_the_focus() -> None:
    async with running(make_app()) as ui:
        await ui.press("tab", "tab", "tab", "down")
        await choose(ui, "open what")
        assert " source Contract review " in ui.line("Filter")


async def test_pages_are_turned_by_the_palette() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("2")
        await choose(ui, "next page")
        assert "Rows 14–26" in ui.text
        await choose(ui, "previous page")
        assert "Rows 1–13" in ui.text


async def test_refresh_from_the_palette_asks_the_client() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        client.asked.clear()
        await choose(ui, "refresh")
        assert client.asked[0] == "refresh"


async def test_quit_from_the_palette_quits() -> None:
    app = make_app()
    async with running(app) as ui:
        await ui.press("ctrl+p")
        await type_in(ui, "quit")
        await ui.pilot.press("enter")
    assert app.return_code == 0


async def test_escape_closes_the_palette() -> None:
    async with running(make_app()) as ui:
        before = ui.text
        await ui.press("ctrl+p")
        assert isinstance(ui.app.screen, PaletteDialog)
        await ui.press("escape")
        assert ui.text == before


# How it looks and is used


@pytest.mark.parametrize("size", [(40, 12), NARROW, NORMAL, (200, 60)])
async def test_a_row_is_a_command_with_its_key_at_the_right(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press("ctrl+p")
        row = ui.line("Show Historical usage").split("│")[1]
        assert row.endswith(" 2 ")
        assert ("Go to" in row) == (size[0] >= NARROW[0])
        for corner in "╭╮╰╯":
            assert ui.text.count(corner) == 1
        assert "Enter run   Esc close" in ui.text


async def test_the_groups_are_those_of_the_help_in_its_order() -> None:
    async with running(make_app(), (120, 60)) as ui:
        await ui.press("2", "ctrl+p")
        groups = [row.group for row in ui.app.screen.query_one(Choices).rows]
        assert list(dict.fromkeys(groups)) == ["Go to", "Move", "Usage", "History", "Data"]
        shown = ui.shown("#palette")
        for group in set(groups):
            assert shown.count(f"│ {group} ") <= 1


async def test_the_cursor_goes_down_up_and_by_pages_and_enter_runs_its_row() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("ctrl+p")
        choices = ui.app.screen.query_one(Choices)
        await ui.press("down", "down", "up")
        assert choices.chosen is choices.rows[1]
        await ui.press("pagedown", "pagedown")
        assert choices.chosen is choices.rows[-1]
        assert choices.rows[-1].label in ui.text
        await ui.press("pageup", "pageup", "down", "enter")
        assert isinstance(ui.app.screen, GrantsScreen)


async def test_letters_that_are_keys_elsewhere_are_typed() -> None:
    async with running(make_app()) as ui:
        await ui.press("ctrl+p", "q", "k", "1")
        assert isinstance(ui.app.screen, PaletteDialog)
        assert ui.app.screen.query_one(Input).value == "qk1"
        assert "Nothing matches." in ui.text
        await ui.press("enter")
        assert isinstance(ui.app.screen, PaletteDialog)


async def test_arrows_enter_and_escape_act_here_even_if_other_keys_are_set() -> None:
    keys = {"cursor_up": "w", "cursor_down": "s", "open": "e", "back": "b", "page_down": "f"}
    async with running(make_app(keys=keys)) as ui:
        await ui.press("ctrl+p", "down", "pagedown", "pageup", "up", "down", "enter")
        assert isinstance(ui.app.screen, GrantsScreen)
        await ui.press("ctrl+p", "escape")
        assert isinstance(ui.app.screen, GrantsScreen)


async def test_a_click_runs_a_command() -> None:
    async with running(make_app()) as ui:
        await ui.press("ctrl+p")
        await ui.click("Keys and marks")
        assert isinstance(ui.app.screen, HelpDialog)


async def test_the_wheel_moves_the_cursor() -> None:
    async with running(make_app()) as ui:
        await ui.press("ctrl+p")
        choices = ui.app.screen.query_one(Choices)
        for event, row in ((MouseScrollDown, 1), (MouseScrollDown, 2), (MouseScrollUp, 1)):
            await ui.pilot._post_mouse_events([event], widget=choices)
            await ui.settle()
            assert choices.chosen is choices.rows[row]


# What it finds in the data


async def found(ui: Session, words: str) -> dict[str, str]:
    await ui.press("ctrl+p")
    await type_in(ui, words)
    return listed(ui)


async def test_a_source_is_found_and_leads_to_its_events() -> None:
    async with running(make_app()) as ui:
        assert (await found(ui, "contr rev")) == {"Contract review": "1,240.50"}
        await ui.press("enter")
        assert " source Contract review " in ui.line("Filter")


async def test_a_person_is_found_and_leads_to_their_events() -> None:
    async with running(make_app()) as ui:
        assert (await found(ui, "maria")) == {"maria@acme.example": "events"}
        await ui.press("enter")
        assert " actor:=maria@acme.example " in ui.line("Filter")
        page = ui.app.state.events.value
        assert page
        assert {event.actor for event in page.items} == {"maria@acme.example"}


@pytest.mark.parametrize("before", [(), ("3", "1"), ("3",)])
async def test_a_grant_is_found_and_leads_to_it(before: tuple[str, ...]) -> None:
    async with running(make_app()) as ui:
        await ui.press(*before)
        assert (await found(ui, "add-on")) == {"Add-on pack, former plan": "1,500.00"}
        await ui.press("enter")
        assert isinstance(ui.app.screen, GrantsScreen)
        assert "Add-on pack" in ui.shown("#grant-details")


async def test_a_period_is_found_and_leads_to_it_on_usage_and_back() -> None:
    async with running(make_app()) as ui:
        await ui.press("2")
        assert (await found(ui, "period oct")) == {"Oct 1 – Oct 31, 2026": "762.25"}
        await ui.press("enter")
        assert isinstance(ui.app.screen, Dashboard)
        assert "Usage Oct 1 – Oct 31" in ui.shown("#ranking")
        await choose(ui, "period current")
        assert "Current-period usage" in ui.shown("#ranking")


async def test_who_may_not_see_events_and_grants_finds_no_people_and_no_grants() -> None:
    async with running(make_app("member")) as ui:
        await ui.press("ctrl+p")
        assert "Command, source, or period" in ui.text
        await type_in(ui, "a")
        groups = {row.group for row in ui.app.screen.query_one(Choices).rows}
        assert "Sources" in groups
        assert not groups & {"People", "Grants"}


async def test_names_from_outside_are_shown_as_they_are_without_markup(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_poisoned(tmp_path, codes=True))
    async with running(make_app(client), (200, 60)) as ui:
        await ui.press("ctrl+p")
        await type_in(ui, "[red]")
        rows = ui.app.screen.query_one(Choices).rows
        assert {"Sources", "Grants", "People"} <= {row.group for row in rows}
        assert all(is_harmless(line) for line in ui.lines)
        await type_in(ui, "contract [red]")
        assert ui.shown("#palette").count("Contract review") >= 1


async def test_what_is_pasted_is_text() -> None:
    async with running(make_app()) as ui:
        await ui.press("ctrl+p")
        await type_in(ui, "\x1b]52;c;c3RvbGVu\x07")
        assert all(is_harmless(line) for line in ui.lines)


# Themes


async def test_themes_are_listed_with_ours_first_and_the_cursor_on_the_one_shown() -> None:
    async with running(make_app(theme="usage-light")) as ui:
        await ui.press("t")
        choices = ui.app.screen.query_one(Choices)
        assert [row.label for row in choices.rows][:4] == [
            "usage-dark",
            "usage-light",
            "ansi-dark",
            "ansi-light",
        ]
        assert len(choices.rows) == len(ui.app.available_themes)
        assert choices.chosen
        assert choices.chosen.label == "usage-light"


async def test_a_theme_is_tried_as_the_cursor_moves_and_left_by_escape() -> None:
    async with running(make_app()) as ui:
        await ui.press("t", "down")
        assert ui.app.theme == "usage-light"
        await type_in(ui, "nord")
        assert ui.app.theme == "nord"
        await ui.press("escape")
        assert ui.app.theme == "usage-dark"
        assert remembered_theme(paths.state_file()) is None


async def test_a_theme_that_is_tried_colors_the_screen_behind() -> None:
    async with running(make_app()) as ui:
        await ui.press("t", "down")
        background = Color.parse(known(LIGHT.background))
        corner = ui.app.screen._compositor.render_strips()[3]._segments[0].style
        assert corner
        assert corner.bgcolor == background.rich_color


async def test_a_theme_that_is_kept_is_remembered() -> None:
    app = make_app()
    async with running(app) as ui:
        await choose(ui, "theme")
        assert isinstance(app.screen, ThemeDialog)
        assert remembered_theme(paths.state_file()) is None
        await type_in(ui, "usage-light")
        await ui.press("enter")
        assert app.theme == "usage-light"
        assert remembered_theme(paths.state_file()) == "usage-light"


async def test_without_color_there_is_no_theme_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(make_app()) as ui:
        before = ui.text
        await ui.press("t")
        assert ui.text == before
        await ui.press("ctrl+p")
        assert "Change the theme" not in listed(ui)
