"""Alerts on the screen: one calm line, after the first frame, until Esc; and what the terminal is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from tests.tui.clients import demo
from tests.tui.session import NARROW, NORMAL, WIDE, make_app, running
from usage_tui.config.settings import AlertSettings
from usage_tui.state.reported_alerts import ReportedAlerts
from usage_tui.tui.app import UsageApp
from usage_tui.tui.widgets.card import CardWidget

USED = "62% of"


def app(scenario: str = "acme", path: Path | None = None, **settings: Any) -> UsageApp:
    return make_app(scenario, told=ReportedAlerts(path), **settings)


@pytest.mark.parametrize("size", [(40, 12), NARROW, NORMAL, WIDE])
async def test_it_is_one_line_below_the_header_until_esc(size: tuple[int, int]) -> None:
    async with running(app(), size) as ui:
        assert USED in ui.line("Esc dismiss")
        assert ui.text.count("dismiss") == 1
        await ui.press("escape")
        assert "dismiss" not in ui.text
        assert ui.lines[1 + (size[1] > 30)].startswith(" Credits remaining") or size == NARROW


@pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60)])
async def test_no_card_moves_when_it_comes_or_goes(size: tuple[int, int]) -> None:
    async with running(app(), size) as ui:
        cards = [card.region for card in ui.app.screen.query(CardWidget)]
        await ui.press("escape")
        assert [card.region for card in ui.app.screen.query(CardWidget)] == cards


async def test_it_stays_away_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "state" / "alerts.json"
    async with running(app(path=path)) as ui:
        assert USED in ui.text
    async with running(app(path=path)) as ui:  # nobody has dismissed it
        await ui.press("escape")
        assert "dismiss" not in ui.text
    async with running(app(path=path)) as ui:
        assert "dismiss" not in ui.text


async def test_the_next_screen_keeps_it_to_the_dashboard_and_esc_its_meaning() -> None:
    async with running(app()) as ui:
        await ui.press("2")
        assert "dismiss" not in ui.text
        await ui.press("escape")
        assert USED in ui.text


async def test_what_to_do_can_be_clicked() -> None:
    async with running(app()) as ui:
        await ui.click("plan a batch")
        assert "Type how many credits." in ui.text
    async with running(app()) as ui:
        await ui.click("dismiss")
        assert "dismiss" not in ui.text


async def test_a_place_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with running(app(path=tmp_path / "file" / "alerts.json")) as ui:
        assert USED in ui.text
        await ui.press("escape", "r")
        assert "dismiss" not in ui.text


async def test_two_banners_leave_no_room_for_it() -> None:
    async with running(app("ending")) as ui:
        assert "Ending" in ui.text
        assert "dismiss" in ui.text
    async with running(app("paused")) as ui:
        assert "dismiss" not in ui.text


async def test_it_asks_nobody_for_anything_more() -> None:
    client = demo("member")
    async with running(make_app(client, told=ReportedAlerts(None))) as ui:
        assert USED in ui.text
        assert not {"events", "grants"} & {*client.asked}


class Terminal:
    """What is written beside the frames."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.text = ""
        self.bells = 0
        monkeypatch.delenv("TMUX", raising=False)
        monkeypatch.setattr(HeadlessDriver, "write", self._write)
        monkeypatch.setattr(UsageApp, "bell", self._ring)

    def _write(self, data: str) -> None:
        if data.startswith(("\x1b]9;", "\x1b]777;", "\x1bPtmux;")):
            self.text += data

    def _ring(self) -> None:
        self.bells += 1


@pytest.mark.parametrize(
    ("notify", "start"),
    [("off", ""), ("osc9", "\x1b]9;Acme: 62% of"), ("osc777", "\x1b]777;notify;usage-tui;Acme: 62% of")],
)
async def test_the_terminal_is_told_once_over_all_runs(
    notify: str, start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal, path = Terminal(monkeypatch), tmp_path / "alerts.json"
    for _ in range(2):
        async with running(app(path=path, alerts=AlertSettings(bell=True, notify=notify))) as ui:
            assert USED in ui.text
    assert terminal.bells == 1
    assert terminal.text.startswith(start)
    assert terminal.text.count("\a") == (notify != "off")


async def test_a_hostile_name_ends_no_sequence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    async with running(app("labels", tmp_path / "a.json", alerts=AlertSettings(notify="osc9"))):
        assert terminal.text.count("\x1b") == 1
        assert terminal.text.count("\a") == 1


async def test_tmux_passes_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    monkeypatch.setenv("TMUX", "tmux-0/default,1,0")
    async with running(app(alerts=AlertSettings(notify="osc9"))):
        assert terminal.text.startswith("\x1bPtmux;\x1b\x1b]9;Acme: 62%")
        assert terminal.text.endswith("\a\x1b\\")


async def test_by_default_the_terminal_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    async with running(app()):
        assert (terminal.bells, terminal.text) == (0, "")
