"""Why a day was expensive: from the chart to its sources, from day to day, and on to its events."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from tests.tui.clients import Scripted, demo
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.cli import main
from usage_tui.clients.base import NotOffered, ServiceFailed, Slice
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.runways import spike
from usage_tui.models import SourceDays
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.screens.why import WhyDialog


def dialog(ui: Session) -> WhyDialog:
    """The dialog, which is open."""
    assert isinstance(ui.app.screen, WhyDialog)
    return ui.app.screen


@pytest.mark.parametrize("size", [(40, 12), NARROW, NORMAL, WIDE])
async def test_w_explains_the_peak_until_the_cursor_is_moved(size: tuple[int, int]) -> None:
    async with running(make_app("spike"), size) as ui:
        await ui.press("w")
        assert "Why Thu, Nov 12" in ui.text
        assert dialog(ui).day == date(2026, 11, 12)
        await ui.press("escape")
        assert isinstance(ui.app.screen, Dashboard)


async def test_w_explains_the_day_under_the_cursor() -> None:
    async with running(make_app("spike")) as ui:
        ui.app.screen.query_one("#daily").focus()
        await ui.press("left", "left")
        assert "w why" in ui.footer
        await ui.press("w")
        assert "Why Tue, Nov 10" in ui.text
        assert "Usually 90 credits a day, the median of the 14 days before." in ui.text


async def test_a_day_that_is_to_come_cannot_be_explained() -> None:
    async with running(make_app("spike")) as ui:
        ui.app.screen.query_one("#daily").focus()
        await ui.press("end", "w")
        assert isinstance(ui.app.screen, Dashboard)
        assert "on that day yet" in ui.footer


async def test_the_dialog_says_what_the_command_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    async with running(make_app("spike")) as ui:
        await ui.press("w", "y")
        copied = ui.app.clipboard
        assert "Sent to your terminal's clipboard." in ui.text
    assert copied.startswith("Why Thu, Nov 12 ")
    words = ["why", "--demo", "spike", "--day", "2026-11-12"]
    assert await asyncio.to_thread(main, words) == 0
    assert copied in capsys.readouterr().out


async def test_the_arrows_walk_to_the_days_around_and_not_beyond_today() -> None:
    async with running(make_app("spike")) as ui:
        await ui.press("w", "left")
        assert dialog(ui).day == date(2026, 11, 11)
        await ui.press(*["right"] * 20)
        assert dialog(ui).day == date(2026, 11, 22)
        assert "So far." in ui.text


async def test_before_the_first_day_nothing_is_known_and_the_walk_ends() -> None:
    async with running(make_app("new-organization")) as ui:
        await ui.press("w", *["left"] * 12)
        assert "Nothing is known of what each source used on that day." in ui.text
        first = dialog(ui).day
        await ui.press("left")
        assert dialog(ui).day == first
        await ui.press("right")
        assert dialog(ui).day == first + timedelta(days=1)
        assert "Nothing to compare with" in ui.text


async def test_enter_leads_to_the_events_of_the_day() -> None:
    async with running(make_app("spike")) as ui:
        await ui.press("w", "enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert ui.app.state.query.starts_at is not None
        assert "Nov 12" in ui.text
        assert "Nov 11," not in ui.text


async def test_who_may_not_see_events_is_not_led_to_them() -> None:
    client = demo("member")
    async with running(make_app(client)) as ui:
        client.asked.clear()
        await ui.press("w")
        assert "Why Thu, Nov 12" in ui.text
        assert "Enter" not in ui.line("Esc close")
        await ui.press("enter")
        assert isinstance(ui.app.screen, WhyDialog)
        assert not {"events", "grants"} & {*client.asked}


class Counted(DemoClient):
    """The spike, of whose days by source some requests fail."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__(spike())
        self.asked: list[tuple[date, date]] = []
        self.error = error

    async def source_days(self, start: date, end: date) -> SourceDays:
        self.asked.append((start, end))
        if self.error is not None:
            raise self.error
        return await super().source_days(start, end)


async def test_what_is_known_is_not_asked_for_again() -> None:
    client = Counted()
    async with running(make_app(client)) as ui:
        await ui.press("w", "left", "right")
        assert len(client.asked) == 1


async def test_a_failure_is_said_and_r_asks_again() -> None:
    client = Counted(ServiceFailed("The service has a problem.", advice="Try again later."))
    async with running(make_app(client)) as ui:
        await ui.press("w")
        assert "The service has a problem." in ui.text
        client.error = None
        await ui.press("r")
        assert "2,000 credits" in ui.text


async def test_a_source_that_has_no_such_days_says_so() -> None:
    reason = "This vendor does not report days by source."
    async with running(make_app(Scripted(**{Slice.SOURCE_DAYS: NotOffered(reason)}))) as ui:
        await ui.press("w")
        assert reason in ui.text
        assert "Enter" not in ui.line("Esc close")


async def test_the_palette_offers_it() -> None:
    async with running(make_app("spike")) as ui:
        await ui.press("ctrl+p", *"explain", "enter")
        assert "Why Thu, Nov 12" in ui.text
