"""The palette: every command that acts now, by its words."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.widgets import Input, OptionList

from tests.tui.clients import demo
from tests.tui.session import NORMAL, Session, make_app, running
from usage_tui.config import paths
from usage_tui.config.remembered import remembered_theme
from usage_tui.tui.screens.allowance import AllowanceDialog
from usage_tui.tui.screens.grants import GrantsScreen
from usage_tui.tui.screens.help import HelpDialog
from usage_tui.tui.screens.history import HistoryScreen

EVERYWHERE = {
    "Change the theme": "t",
    "Show Usage": "1",
    "Show Historical usage": "2",
    "Show Credit grants": "3",
    "Next card": "Tab",
    "Previous card": "Shift+Tab",
    "Keys and marks": "?",
    "One step back": "Esc",
    "Quit": "q",
    "Open what is under the cursor": "Enter",
    "View allowance details": "v",
    "Buy credits in Billing": "b",
    "Adjust auto-recharge in Billing": "a",
    "Copy the row or number": "y",
    "Refresh": "r",
    "Redraw the screen": "Ctrl+L",
    "Suspend": "Ctrl+Z",
    "Bytes sent to the terminal": "Ctrl+T",
    "One screen up": "PgUp",
    "One screen down": "PgDn",
}
TABLE = {"Row above": "↑", "Row below": "↓", "First row or page": "g", "Last row or page": "G"}


def without(commands: dict[str, str], *labels: str) -> dict[str, str]:
    return {label: key for label, key in commands.items() if label not in labels}


DASHBOARD = without(EVERYWHERE, "Show Usage") | {
    "Sources or categories": "c",
    "Next range of days": "d",
    "Next page": "n",
}
HISTORY = without(EVERYWHERE, "Show Historical usage", "One screen up") | TABLE | {"Next page": "n"}
GRANTS = without(EVERYWHERE, "Show Credit grants") | TABLE


def listed(ui: Session) -> dict[str, str]:
    """The commands in the palette, each with its second line."""
    options = ui.app.screen.query_one(OptionList)
    texts = (
        str(options.get_option_at_index(index).prompt).split("\n") for index in range(options.option_count)
    )
    return {text[0]: text[1] if len(text) > 1 else "" for text in texts}


async def choose(ui: Session, words: str) -> None:
    """Open the palette, type, and take the first that is found."""
    await ui.press("ctrl+p")
    ui.app.screen.query_one(Input).value = words
    await ui.settle()
    await ui.press("enter")


@pytest.mark.parametrize(
    ("keys", "commands"),
    [
        ([], DASHBOARD),
        (["tab", "tab"], DASHBOARD | without(TABLE, "First row or page", "Last row or page")),
        (
            ["tab", "tab", "tab"],
            DASHBOARD | without(TABLE, "Row above", "Row below") | {"Day before": "←", "Day after": "→"},
        ),
        (["2"], HISTORY),
        (["2", "n"], HISTORY | {"Previous page": "p", "One screen up": "PgUp"}),
        (["tab", "tab", "enter"], HISTORY | {"Clear the filter": "x"}),
        (["3"], GRANTS),
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
        billing = ("Buy credits in Billing", "Adjust auto-recharge in Billing", "Next page")
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
        await ui.press("tab", "tab", "down")
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
        ui.app.screen.query_one(Input).value = "quit"
        await ui.settle()
        await ui.pilot.press("enter")
    assert app.return_code == 0


async def test_escape_closes_the_palette() -> None:
    async with running(make_app()) as ui:
        before = ui.text
        await ui.press("ctrl+p")
        assert isinstance(ui.app.screen, CommandPalette)
        await ui.press("escape")
        assert ui.text == before


async def test_a_theme_chosen_in_the_palette_is_shown_and_remembered() -> None:
    app = make_app()
    async with running(app) as ui:
        assert remembered_theme(paths.state_file()) is None
        await choose(ui, "theme")
        ui.app.screen.query_one(Input).value = "usage-light"
        await ui.settle()
        await ui.press("enter")
        assert app.theme == "usage-light"
        assert remembered_theme(paths.state_file()) == "usage-light"
