"""Dialogs: allowance details, help, and an address for another computer's browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.clients import Scripted, demo
from tests.tui.session import NARROW, NORMAL, WIDE, make_app, running
from usage_tui.cards.panel import Explanation
from usage_tui.clients.base import ServiceFailed
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.config.commands import COMMANDS
from usage_tui.models import Links
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.screens.explanation import ExplanationDialog

SUMMARY = acme().statement.summary
SIZES = [(40, 12), NARROW, NORMAL, WIDE]


@pytest.mark.parametrize("size", SIZES)
async def test_a_dialog_opens_with_its_frame_whole_and_closes(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    async with running(make_app(), size) as ui:
        below = ui.text
        for key in "v", "question_mark", "b":
            await ui.press(key)
            assert isinstance(ui.app.screen, Dialog), key
            for corner in "╭╮╰╯":
                assert ui.text.count(corner) == 1, key
            assert "Esc close" in ui.text, key
            await ui.press("escape")
            assert isinstance(ui.app.screen, Dashboard), key
            assert ui.text == below, key


async def test_the_keys_of_the_screen_below_do_not_act() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        await ui.press("v")
        before = ui.text
        client.asked.clear()
        for key in "1", "2", "3", "r", "c", "tab", "y", "x":
            await ui.press(key)
            assert ui.text == before, key
            assert not client.asked, key


@pytest.mark.parametrize("key", ["v", "question_mark"])
async def test_q_leaves_the_dialog_and_not_the_program(key: str) -> None:
    async with running(make_app()) as ui:
        await ui.press(key, "q")
        assert isinstance(ui.app.screen, Dashboard)
        assert ui.app.is_running


async def test_a_dialog_that_is_higher_than_the_terminal_scrolls() -> None:
    async with running(make_app(), (80, 12)) as ui:
        await ui.press("question_mark")
        top = ui.text
        await ui.press("down")
        assert ui.text != top
        await ui.press("up")
        assert ui.text == top
        await ui.press(*["pagedown"] * 4)
        assert "ends soon" in ui.text or "a day to come" in ui.text
        await ui.press(*["pageup"] * 4)
        assert ui.text == top


# Allowance details


async def test_the_allowance_shows_every_meter_with_what_it_is_made_of() -> None:
    async with running(make_app()) as ui:
        await ui.press("v")
        dialog = ui.shown("#allowance")
        for text in (
            "Background AI",
            "1,200 of 2,000 credits",
            "60%",
            "800 left",
            "resets Dec 1, 2026",
            "Memory upkeep",
            "700 credits",
            "Suggestions",
            "500 credits",
            "Sandbox runtime",
            "15 of 50 hours",
            "Storage",
            "41.2 of 100 GB",
            "does not reset",
            "Not part of Credits remaining.",
        ):
            assert text in dialog


async def test_the_allowance_follows_a_refresh() -> None:
    client = Scripted()
    app = make_app(client)
    async with running(app) as ui:
        await ui.press("v")
        allowances = acme().statement.allowances
        client.replies["allowances"] = replace(allowances, items=allowances.items[:1])
        app.action_refresh()
        await ui.settle()
        assert "Background AI" in ui.shown("#allowance")
        assert "Storage" not in ui.shown("#allowance")


async def test_an_allowance_that_could_not_be_loaded_says_why() -> None:
    async with running(make_app(Scripted(allowances=ServiceFailed("The server answered 500.")))) as ui:
        await ui.press("v")
        assert "The server answered 500." in ui.shown("#allowance")


async def test_an_allowance_that_is_not_offered_says_so() -> None:
    async with running(make_app("not-offered")) as ui:
        await ui.press("v")
        assert "This service does not offer allowances." in ui.text


# Help


@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_the_help_names_every_key_and_every_mark_without_scrolling(size: tuple[int, int]) -> None:
    async with running(make_app("organizations"), size) as ui:
        await ui.press("question_mark")
        text = ui.shown("#help")
        for command in COMMANDS.values():
            assert command.id == "open" or command.help in text
        for words in ("1 2 3", "Tab Shift+Tab", "n p", "g G", "y", "Esc", "Ctrl+L", "Ctrl+P", "?"):
            assert words in text
        for mark in ("included, purchased", "Active, Scheduled, Locked", "spent next, ends soon"):
            assert mark in text


async def test_the_help_opens_on_every_screen_and_by_f1() -> None:
    async with running(make_app()) as ui:
        for screen in ("1", "2", "3", "4"):
            await ui.press(screen, "f1")
            assert "Keys" in ui.text
            await ui.press("escape")


@pytest.mark.parametrize("key", ["1", "2", "ctrl+p"])
async def test_no_name_in_a_frame_is_markup(key: str) -> None:
    name = "[/x][bold]a[/bold] [@click=app.quit]b[/]"
    async with running(make_app()) as ui:
        await ui.press(key)
        ui.app.push_screen(ExplanationDialog(Explanation(name, ("Why.",)), lambda: None))
        await ui.settle()
        assert name in ui.text


# Links


@pytest.mark.parametrize(("left", "right"), [("left", "right"), ("h", "l")])
async def test_a_long_address_is_on_one_line_that_scrolls_sideways(
    left: str, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://billing.example/buy?" + "0123456789" * 12 + "end"
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    client = Scripted(summary=replace(SUMMARY, links=Links(buy_credits=url)))
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("b")
        assert ui.app.clipboard == url
        assert url[:60] in ui.text
        await ui.press(*[right] * 12)
        assert url[-60:] in ui.text
        await ui.press(*[left] * 12)
        assert url[:60] in ui.text


async def test_an_address_is_sent_again_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    app = make_app()
    async with running(app, NORMAL) as ui:
        await ui.press("b")
        sent: list[str] = []
        monkeypatch.setattr(app, "copy_to_clipboard", sent.append)
        await ui.press("y")
        assert sent == ["https://billing.example/buy"]


@pytest.mark.parametrize("size", [NARROW, NORMAL, WIDE])
async def test_the_help_says_the_zone_for_which_a_narrow_header_has_no_room(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        assert ("New York" in ui.lines[0]) == (size == WIDE)
        await ui.press("question_mark", *["pagedown"] * 5)
        assert "Days and times are in New York time." in " ".join(ui.text.split())
