"""All organizations: what the rows say, where Enter leads, and that nothing moves under the cursor."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.service import Service
from tests.tui.session import NORMAL, WIDE, Session, make_app, running
from usage_tui.clients.demo.client import DemoClient, open_demo
from usage_tui.clients.registry import DEMO
from usage_tui.config.profiles import Profile, TokenCommand, TokenVariable
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.state.cache import Cache
from usage_tui.state.overview_profiles import Opened, OverviewProfile, overview_profiles
from usage_tui.tui.app import UsageApp
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.overview import OverviewScreen

SIZES = [(60, 30), (80, 24), (120, 40), (200, 60)]


def demo(name: str | None, scenario: str) -> Profile:
    return Profile(name, provider=DEMO, options={"scenario": scenario})


def make(*profiles: Profile, restricted: bool = False, keys: Mapping[str, str] | None = None) -> UsageApp:
    """The dashboard of a demo, with other profiles beside it."""
    first, *others = profiles
    client = open_demo(str(first.options["scenario"]))
    settings = Settings(restricted=restricted, keys=keys or {})
    sources = overview_profiles(
        first, None, Started(), others, keeps=False, restricted=restricted, refresh_seconds=0
    )
    return UsageApp(client, settings, sources=sources)


def names(ui: Session) -> list[str]:
    """The organizations in the order of the screen."""
    assert isinstance(ui.app.screen, OverviewScreen)
    return [row.name or row.source for row in ui.app.screen.overview.rows]


def under_cursor(ui: Session) -> Any:
    assert isinstance(ui.app.screen, OverviewScreen)
    row = ui.app.screen.table.row
    assert row is not None
    return row.target


@pytest.mark.parametrize("scenario", ["acme", "member"])
async def test_with_one_organization_and_one_profile_there_is_no_such_screen(scenario: str) -> None:
    async with running(make_app(scenario), WIDE) as ui:
        before = ui.text
        await ui.press("0")
        assert ui.text == before
        assert "0 All" not in ui.text
        await ui.press("ctrl+p", *"all organizations")
        assert "Show all organizations" not in ui.text
        await ui.press("escape", "question_mark")
        assert "o 0" not in ui.text


async def test_each_organization_has_a_row_in_its_own_unit() -> None:
    async with running(make(demo(None, "organizations"), demo("money", "dollars")), WIDE) as ui:
        assert "0 All" in ui.lines[0]
        await ui.press("0")
        assert "Beta Labs" in ui.line("889.50 credits")
        assert "Nov 28" in ui.line("889.50 credits")
        assert "$" in ui.line("money")
        assert "shortest runway first" in ui.text
        assert names(ui)[0] == "Beta Labs"


async def test_without_room_for_both_a_row_is_called_by_its_profile() -> None:
    async with running(make(demo(None, "acme"), demo("work", "runway")), NORMAL) as ui:
        await ui.press("0")
        assert ui.line("2,787 credits").split()[0] == "work"
        await ui.resize(*WIDE)
        assert ui.line("2,787 credits").split()[:2] == ["Acme", "work"]


async def test_at_every_size_a_row_says_what_is_left_and_how_long_it_lasts() -> None:
    async with running(make(demo(None, "organizations"), demo("work", "runway"))) as ui:
        await ui.press("0")
        for size in SIZES:
            await ui.resize(*size)
            row = ui.line("889.50 credits")
            assert all(text in row for text in ("Beta Labs", "77%", "Nov 28", "Normal")), size
            assert all(len(line) <= size[0] for line in ui.lines), size


async def test_the_help_and_the_palette_name_it() -> None:
    async with running(make_app("organizations"), WIDE) as ui:
        await ui.press("question_mark")
        assert "o 0" in ui.line("switch organization, all")
        await ui.press("escape", "ctrl+p", *"show all", "enter")
        assert isinstance(ui.app.screen, OverviewScreen)


async def test_enter_switches_to_another_organization_of_the_same_source() -> None:
    async with running(make_app("organizations"), WIDE) as ui:
        await ui.press("0", "g", "enter")
        assert isinstance(ui.app.screen, Dashboard)
        assert "Beta Labs" in ui.lines[0]
        assert "889.50" in ui.text
        await ui.press("0")
        assert under_cursor(ui).organization == "beta"
        assert ui.line("889.50 credits").startswith("→")


async def test_enter_switches_to_another_profile_and_back() -> None:
    async with running(make(demo(None, "acme"), demo("money", "dollars")), WIDE) as ui:
        before = ui.text
        await ui.press("2", "0")
        await ui.press("g")
        await ui.press(*(["down"] if under_cursor(ui).profile is None else []), "enter")
        assert isinstance(ui.app.screen, Dashboard)
        dollars = open_demo("dollars")
        assert (await dollars.summary()).org.name in ui.lines[0]
        assert "3,759.50" not in ui.text
        await ui.press("2")
        assert "$0.5013" in ui.text
        await ui.press("0", "g", "enter")
        if "3,759.50" not in ui.text:
            await ui.press("0", "G", "enter")
        assert ui.text == before


class Unread(Cache):
    """A cache that takes for ever to read."""

    async def fill(self, store: object) -> None:
        await asyncio.Event().wait()


async def test_a_switch_that_is_interrupted_leaves_no_source_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    closed = []

    async def aclose(client: DemoClient) -> None:
        closed.append(client)

    monkeypatch.setattr(DemoClient, "aclose", aclose)
    former, following = open_demo("acme"), open_demo("member")
    async with running(make_app(former)) as ui:
        opened = Opened(following, following, Unread(tmp_path, "key", None))
        ui.app.run_worker(ui.app.switch_client(opened))
        await ui.pilot.pause()
    assert {*closed} == {former, following}


async def test_enter_on_the_organization_that_is_open_goes_back_to_it() -> None:
    async with running(make_app("organizations"), WIDE) as ui:
        before = ui.text
        await ui.press("0", "enter")
        assert ui.text == before


async def test_escape_goes_back() -> None:
    async with running(make_app("organizations"), WIDE) as ui:
        await ui.press("0", "escape")
        assert isinstance(ui.app.screen, Dashboard)


async def test_what_cannot_be_opened_says_why_and_stays() -> None:
    gone = Profile("gone", url="http://127.0.0.1:9", token=TokenVariable("NOT_SET"))
    async with running(make(demo(None, "acme"), gone), WIDE) as ui:
        await ui.press("0")
        assert "There is no token." in ui.line("!  gone")
        await ui.press("G", "enter")
        assert isinstance(ui.app.screen, OverviewScreen)
        assert "There is no token." in ui.footer


async def test_restricted_runs_no_command_for_a_token(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    words = sys.executable, "-c", f"open({str(ran)!r}, 'w')"
    work = Profile("work", url="http://127.0.0.1:9", token=TokenCommand(words, tmp_path / "config.toml"))
    async with running(make(demo(None, "acme"), work, restricted=True), WIDE) as ui:
        await ui.press("0", "G", "enter", "r")
        assert "no token_command is run" in ui.text
        assert not ran.exists()


class Waiting(OverviewProfile):
    """A source that opens when it is let go."""

    go: asyncio.Event

    async def client(self, organization: str | None) -> Any:
        await type(self).go.wait()
        return await super().client(organization)


def make_waiting() -> UsageApp:
    Waiting.go = asyncio.Event()
    app = make(demo(None, "acme"), demo("soon", "organizations"))
    first, other = overview_profiles(
        demo(None, "acme"),
        None,
        Started(),
        [demo("soon", "organizations")],
        keeps=False,
        restricted=False,
        refresh_seconds=0,
    )
    waiting = Waiting(other.profile, other._tokens, keeps=False)
    return UsageApp(open_demo("acme"), app.settings, sources=[first, waiting])


async def test_the_cursor_stays_on_its_row_when_the_rows_are_sorted() -> None:
    async with running(make_waiting(), NORMAL) as ui:
        await ui.press_only("0")
        await ui.wait_for("Loading…")
        assert names(ui) == ["Acme", "soon"]
        before = under_cursor(ui)
        Waiting.go.set()
        await ui.settle()
        assert names(ui)[0] == "Beta Labs"
        assert under_cursor(ui) == before
        assert before.profile is None


async def test_another_source_has_commands_and_alerts_of_its_own() -> None:
    app = make(demo(None, "acme"), demo("lapses", "lapsing"))
    async with running(app, WIDE) as ui:
        assert ui.app.started.command(["status"]) == "usage-tui status"
        await ui.press("0", "g", "enter")
        assert ui.app.started.command(["status"]) == "usage-tui status -p lapses"


async def test_leaving_gives_up_and_coming_back_asks_again() -> None:
    async with running(make_waiting(), NORMAL) as ui:
        await ui.press_only("0")
        await ui.wait_for("Loading…")
        await ui.press("1")  # nothing is waited for
        assert isinstance(ui.app.screen, Dashboard)
        await ui.press_only("0", "r")  # the second look replaces the first
        await ui.wait_for("Loading…")
        Waiting.go.set()
        await ui.settle()
        assert names(ui)[0] == "Beta Labs"


async def test_a_dialog_over_it_gives_up_nothing() -> None:
    async with running(make_waiting(), NORMAL) as ui:
        await ui.press_only("0")
        await ui.wait_for("Loading…")
        await ui.press_only("question_mark")
        Waiting.go.set()
        await ui.press("escape")
        assert names(ui)[0] == "Beta Labs"


async def test_a_slow_service_keeps_no_other_waiting(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_MARIA", service.maria)
    monkeypatch.setenv("OF_NOBODY", "uat_nobody")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}"
        app = make(
            demo(None, "acme"),
            Profile("slow", url=slow, token=TokenVariable("OF_NOBODY")),
            Profile("wrong", url=service.url, token=TokenVariable("OF_NOBODY")),
            Profile("work", url=service.url, token=TokenVariable("OF_MARIA")),
        )
        async with running(app, NORMAL) as ui:
            await ui.press_only("0")
            await ui.wait_for("Beta Labs", "not accept")
            assert "Loading…" in ui.line("slow")
            await ui.press("1")


async def test_a_row_is_copied() -> None:
    async with running(make_app("organizations"), WIDE) as ui:
        await ui.press("0", "g", "y")
        assert "Beta Labs" in ui.footer
        assert "2026-11-28" in ui.footer
