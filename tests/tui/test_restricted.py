"""A restricted dashboard: whatever is pressed, it starts no program and leaves nothing on the disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from textual.widgets import Input

from tests.tui.session import Session, make_app, running
from usage_tui.config import paths
from usage_tui.config.commands import COMMANDS
from usage_tui.config.remembered import remembered_theme
from usage_tui.tui.screens.link import LinkDialog
from usage_tui.tui.widgets.choices import Choices

SCREENS = {
    "usage": "1",
    "history": "2",
    "grants": "3",
    "overview": "0",
    "runway": "4",
    "allowance": "v",
    "help": "?",
    "link": "b",
}
ENDING = {"q", "ctrl+q"}
_PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn"}
_WRITES = {"os.mkdir", "os.remove", "os.rename", "os.link", "os.symlink", "os.truncate"}
_OTHERS = {"os.kill", "socket.connect", "webbrowser.open"}
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class Watch:
    """Everything by which the process reached beyond itself.

    Attributes:
        seen: What it did, in the words of Python's audit events.
        on: Whether it is watched.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.on = False

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event in _PROGRAMS | _WRITES | _OTHERS or (event == "open" and arguments[2] & _TO_WRITE):
            self.seen.append(f"{event} {arguments[0]}")


@pytest.fixture(scope="module")
def watching() -> Watch:
    """The only one, because it stays for as long as the process, and costs every later test."""
    watch = Watch()
    sys.addaudithook(watch.hook)
    return watch


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, watching: Watch) -> Iterator[Watch]:
    """Watches from now on. Compiled modules are no output of the program's."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("DISPLAY", ":0")
    watching.seen.clear()
    watching.on = True
    yield watching
    watching.on = False


async def close(ui: Session) -> None:
    """Close whatever lies over the screen."""
    while len(ui.app.screen_stack) > 1:
        ui.app.pop_screen()
        await ui.settle()


def keys(ui: Session) -> list[str]:
    """Every key that does something here, Textual's own included, but those that end the program."""
    return [key for key, active in ui.app.screen.active_bindings.items() if key not in ENDING]


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
async def test_no_key_leads_out(screen: str, watch: Watch) -> None:
    async with running(make_app("organizations", restricted=True)) as ui:
        await ui.press(screen)
        there, pressed = ui.app.screen, keys(ui)
        assert len(pressed) > 3
        for key in pressed:
            await ui.press(key)
            if isinstance(ui.app.focused, Input):  # which would take the next keys for text
                await ui.press("escape")
            if ui.app.screen is not there:
                await close(ui)
                await ui.press(screen)
                there = ui.app.screen
    assert watch.seen == []


@pytest.mark.parametrize("screen", ["1", "2", "3"])
async def test_the_palette_lists_commands_of_the_table_alone(screen: str) -> None:
    async with running(make_app("organizations", restricted=True)) as ui:
        await ui.press(screen, "ctrl+p")
        rows = ui.app.screen.query_one(Choices).rows
        assert rows
        assert {row.label for row in rows} <= {command.label for command in COMMANDS.values()}
        assert not {row.leads_to for row in rows} & {"suspend"}


async def test_the_help_names_no_key_that_is_taken_away() -> None:
    async with running(make_app(restricted=True)) as ui:
        await ui.press("question_mark")
        assert "bytes sent" in ui.text
        assert "suspend" not in ui.text


async def test_the_watch_sees_what_an_open_dashboard_does(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "usage_tui.tui.links._open", lambda url: bool(os.posix_spawnp("true", ["true"], os.environ))
    )
    async with running(make_app()) as ui:
        await ui.press("b", "t")
        ui.app.screen.query_one(Input).value = "usage-light"
        await ui.settle()
        await ui.press("enter")
    assert any(event.startswith("os.posix_spawn") for event in watch.seen)
    assert f"open {paths.state_file()}" in watch.seen


async def test_an_address_is_shown_although_there_is_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    async with running(make_app(restricted=True)) as ui:
        await ui.press("b")
        assert isinstance(ui.app.screen, LinkDialog)
        assert "https://billing.example/buy" in ui.text


async def test_a_theme_is_chosen_and_not_remembered() -> None:
    app = make_app(restricted=True)
    async with running(app) as ui:
        await ui.press("t")
        ui.app.screen.query_one(Input).value = "usage-light"
        await ui.settle()
        await ui.press("enter")
        assert app.theme == "usage-light"
        assert remembered_theme(paths.state_file()) is None


@pytest.mark.parametrize("action", ["suspend_process", "screenshot"])
async def test_what_textual_itself_could_do_is_refused(action: str, watch: Watch) -> None:
    async with running(make_app(restricted=True)) as ui:
        assert not await ui.app.run_action(action)
        await ui.settle()
    assert watch.seen == []
