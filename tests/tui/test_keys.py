"""One table of commands: keys, hints on the screens, and help, also where a user has set other keys."""

from __future__ import annotations

import re

import pytest

from tests.tui.clients import Growing, demo
from tests.tui.session import NORMAL, WIDE, make_app, running
from usage_tui.config.commands import COMMANDS
from usage_tui.tui.app import UsageApp
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.screens.filtering import FilteringScreen, FilterInput
from usage_tui.tui.screens.help import HelpDialog
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.screens.link import LinkDialog
from usage_tui.tui.screens.overview import OverviewScreen
from usage_tui.tui.screens.runway import Assumption, RunwayScreen
from usage_tui.tui.widgets.chart import ChartWidget
from usage_tui.tui.widgets.table import LongTable, TableWidget

SCREENS = (Dashboard, HistoryScreen, FilteringScreen, OverviewScreen, RunwayScreen, Dialog, LinkDialog)
OURS = (UsageApp, *SCREENS, ChartWidget, TableWidget, LongTable, Assumption, FilterInput)
KEYS = dict(zip(COMMANDS, "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789ÄÖÜÉÈÇÑØÅÆÂÊÍÓÚ", strict=False))
"""Another key for every command."""


# The table


def test_every_binding_is_a_command_of_the_table_with_its_words() -> None:
    for owner in OURS:
        for binding in owner.__dict__["BINDINGS"]:
            command = COMMANDS[binding.id]
            assert binding.key == command.keys
            assert binding.description == command.label
            assert binding.tooltip
            action = binding.action.removeprefix("app.").partition("(")[0]
            assert hasattr(UsageApp if binding.action.startswith("app.") else owner, f"action_{action}")


def test_every_command_is_bound() -> None:
    bound = {binding.id for owner in OURS for binding in owner.__dict__["BINDINGS"]}
    screen = {binding.id for binding in Dashboard.__mro__[1].__dict__["BINDINGS"]}
    assert bound | screen == set(COMMANDS)


# Keys that the user has set


async def test_another_key_runs_the_command_and_the_usual_one_no_longer_does() -> None:
    async with running(make_app(keys={"history": "f7"})) as ui:
        await ui.press("2")
        assert isinstance(ui.app.screen, Dashboard)
        await ui.press("f7")
        assert isinstance(ui.app.screen, HistoryScreen)


async def test_several_keys_may_run_one_command() -> None:
    async with running(make_app(keys={"next_page": "space,n"}), NORMAL) as ui:
        await ui.press("2", "space", "n")
        assert "Rows 27–39" in ui.text
        assert "Space Next →" in ui.line("Rows ")


@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_every_hint_on_the_dashboard_shows_the_key_that_was_set(size: tuple[int, int]) -> None:
    async with running(make_app(keys=KEYS), size) as ui:
        assert ui.lines[0].strip().startswith(f"Acme   {KEYS['usage']} Usage   {KEYS['history']} History")
        assert f"{KEYS['buy_credits']} Buy credits  {KEYS['auto_recharge']} Auto-recharge" in ui.text
        for command, word in (
            ("next_card", "next card"),
            ("open", "grants"),
            ("help", "help"),
            ("quit", "quit"),
        ):
            assert f"{KEYS[command]} {word}" in ui.footer
        for _ in range(6):
            await ui.press(KEYS["next_card"])
        assert f"{KEYS['allowance']} View allowance details" in ui.text
        assert not re.search(r"(?<!\S)(?:Tab|Enter|Esc|[a-z?]) [a-z]", ui.footer)


async def test_every_hint_of_the_history_shows_the_key_that_was_set() -> None:
    client = Growing()
    async with running(make_app(client, keys=KEYS)) as ui:
        await ui.press(*[KEYS["next_card"]] * 3, KEYS["open"])
        assert f"{KEYS['clear_filter']} clear" in ui.line("Filter")
        client.arrived = True
        await ui.press(KEYS["next_page"])
        pager = ui.line("Rows ")
        for command, word in (("previous_page", "Previous"), ("next_page", "Next"), ("newer", "show")):
            assert f"{KEYS[command]} {word}" in pager
        assert f"{KEYS['cursor_up']}{KEYS['cursor_down']} move" in ui.footer
        assert f"{KEYS['back']} back" in ui.footer


@pytest.mark.parametrize("command", ["help", "allowance", "buy_credits"])
async def test_a_dialog_says_by_which_key_it_closes(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    async with running(make_app(keys=KEYS)) as ui:
        await ui.press(KEYS[command])
        assert f"{KEYS['back']} close" in ui.text
        assert "Esc" not in ui.text
        await ui.press(KEYS["back"])
        assert isinstance(ui.app.screen, Dashboard)


async def test_the_help_shows_the_keys_that_were_set() -> None:
    async with running(make_app("organizations", keys=KEYS)) as ui:
        await ui.press(KEYS["help"])
        assert isinstance(ui.app.screen, HelpDialog)
        text = ui.shown("#help")
        for command in COMMANDS:
            assert re.search(rf"(?<!\w){KEYS[command]}(?!\w)", text), command


async def test_the_way_out_of_a_terminal_that_is_too_small_shows_the_key_that_was_set() -> None:
    async with running(make_app(keys=KEYS), (36, 10)) as ui:
        assert f"{KEYS['quit']} quit" in ui.text


async def test_a_failed_card_says_by_which_key_to_try_again() -> None:
    client = demo("failed")
    async with running(make_app(client, keys={"refresh": "f5"})) as ui:
        assert "F5 try again" in ui.text
        client.asked.clear()
        await ui.press("f5")
        assert "sources" in client.asked
