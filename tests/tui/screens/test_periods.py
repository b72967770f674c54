"""Usage of earlier billing periods: the keys that lead there, what is then of now, and what is asked for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.clients.providers.fake import Fake, cell, client_of
from tests.network import Line, LiveService, cut
from tests.tui.clients import demo
from tests.tui.screens.test_dashboard import TITLES
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.cards.typeset.lines import plain
from usage_tui.cli import main
from usage_tui.clients.base import NotOffered, Unreachable, UsageClient
from usage_tui.clients.demo.client import DemoClient, open_demo
from usage_tui.clients.demo.scenarios.catalog import load
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.models import BillingPeriods, DailyUsage, EventQuery, Ranking
from usage_tui.state.recorder import record
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.widgets.card import CardWidget
from usage_tui.tui.widgets.header import Header

BACK, ON = "left_square_bracket", "right_square_bracket"
THEN = {"#ranking", "#daily"}
"""The cards that show the period that is looked at."""
NEW_YORK = ZoneInfo("America/New_York")
OCTOBER = datetime(2026, 10, 1, tzinfo=NEW_YORK), datetime(2026, 11, 1, tzinfo=NEW_YORK)


class Distant(DemoClient):
    """The demo of which every earlier period answers when it is let go, or fails.

    Attributes:
        gate: Answers wait while it is not set.
        failure: What is raised in the place of an answer.
        lacks: The names of the requests that fail.
    """

    def __init__(self) -> None:
        super().__init__(load("runway"))
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self.lacks = "sources, daily"

    async def sources(self, period_id: str | None = None) -> Ranking:
        await self._wait(period_id, "sources")
        return await super().sources(period_id)

    async def daily(self, period_id: str | None = None) -> DailyUsage:
        await self._wait(period_id, "daily")
        return await super().daily(period_id)

    async def _wait(self, period_id: str | None, name: str) -> None:
        if period_id is not None:
            await self.gate.wait()
            if self.failure is not None and name in self.lacks:
                raise self.failure


def header(ui: Session) -> str:
    return ui.shown(Header)


def total(ui: Session) -> str:
    """The right end of the head of the ranking."""
    return ui.shown("#ranking").splitlines()[0].split()[-2]


async def to_ranking(ui: Session) -> None:
    await ui.press("tab", "tab", "tab")
    assert ui.focus == "#ranking"


# Walking


@pytest.mark.parametrize("size", [NARROW, NORMAL, WIDE, (200, 60)])
async def test_the_keys_walk_to_earlier_periods_and_back(size: tuple[int, int]) -> None:
    async with running(make_app("runway"), size) as ui:
        now = ui.text
        assert total(ui) == "4,223"
        await ui.press(BACK)
        # As much as there is room for.
        chip = "Past period Oct 1 – Oct 31, 2026" if size[0] > NORMAL[0] else "Past Oct 1 – Oct 31"
        assert chip in header(ui)
        assert "Usage Oct 1 – Oct 31" in ui.text
        assert "Current-period usage" not in ui.text
        assert "5,990" in ui.shown("#ranking").splitlines()[0]
        await ui.press(BACK)
        assert chip.replace("Oct 1 – Oct 31", "Sep 1 – Sep 30") in header(ui)
        assert "760" in ui.shown("#ranking").splitlines()[0]
        await ui.press(ON)
        assert chip in header(ui)
        await ui.press(ON)
        assert ui.text == now


async def test_the_keys_stop_at_the_current_and_at_the_oldest_period() -> None:
    client = demo("runway")
    async with running(make_app(client)) as ui:
        before, asked = ui.text, len(client.asked)
        await ui.press(ON)
        assert ui.text == before
        await ui.press(BACK, BACK)
        oldest = ui.text
        asked = len(client.asked)
        await ui.press(BACK, BACK)
        assert ui.text == oldest
        assert len(client.asked) == asked


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_each_card_says_whether_it_is_of_now_or_of_then(ascii_only: bool) -> None:
    dash = "-" if ascii_only else "–"
    async with running(make_app("runway", ascii=ascii_only)) as ui:
        for size in (40, 30), NARROW, NORMAL, WIDE, (200, 60):
            await ui.resize(*size)
            assert not re.search(r" now\b", ui.text), size
            await ui.press(BACK)
            assert f"Oct 1 {dash} Oct 31" in header(ui), size
            for card in TITLES:
                head = plain(ui.app.screen.query_one(card, CardWidget).lines[:1])
                has_room = (card, size) != ("#allowance", NARROW)
                assert ("now" in head.split()) == (card not in THEN and has_room), (card, size)
                assert (f"Oct 1 {dash} Oct 31" in head) == (card in THEN), (card, size)
            await ui.press(ON)


async def test_what_is_left_and_the_grants_stay_as_they_are() -> None:
    async with running(make_app("runway")) as ui:
        kept = ("#balance", "#included", "#runway", "#recent", "#grants", "#allowance")
        before = [ui.shown(card).splitlines()[1:] for card in kept]
        await ui.press(BACK)
        assert [ui.shown(card).splitlines()[1:] for card in kept] == before


async def test_the_chart_has_the_whole_period_and_an_axis_of_its_own() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press("d", BACK)
        chart = ui.shown("#daily")
        assert "7 days" not in chart
        assert "Oct 29" in chart
        assert "Peak on Mon, Oct 12" in chart
        assert "193.23" in chart
        assert "today" not in chart
        assert "d range" not in ui.footer


async def test_a_period_is_compared_with_the_one_before_it() -> None:
    async with running(make_app("runway"), NORMAL) as ui:
        await ui.press(BACK)
        assert "688% more than the period before" in ui.shown("#ranking")
        await ui.press(BACK)
        assert "period before" not in ui.shown("#ranking")
    async with running(make_app("lapsing"), WIDE) as ui:
        await ui.press(BACK)
        assert "675% more than before" in ui.shown("#ranking")


async def test_a_period_without_use_says_so() -> None:
    async with running(make_app("new-organization")) as ui:
        await ui.press(BACK)
        assert "No credits used in this period." in ui.text
        assert " yet" not in ui.shown("#ranking")


async def test_escape_leads_back_to_now_from_any_period() -> None:
    async with running(make_app("runway")) as ui:
        now = ui.text
        await ui.press(BACK, BACK)
        assert ui.footer.startswith("Esc now   [] period")
        await ui.press("escape")
        assert ui.text == now


async def test_other_screens_are_of_no_period_and_lead_back_to_it() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press(BACK, "2")
        assert "Past period" not in header(ui)
        await ui.press(BACK, "escape")
        assert "Past period Oct 1" in header(ui)
        await ui.press("3", "1")
        assert "Past period Oct 1" in header(ui)


async def test_the_mouse_walks_too() -> None:
    async with running(make_app("runway"), (200, 60)) as ui:
        await ui.press(BACK)
        await ui.click("[  Past")
        assert "Sep 1 – Sep 30" in header(ui)
        row = header(ui)
        await ui.pilot.click(offset=(row.rindex("]"), 0))
        await ui.settle()
        assert "Oct 1 – Oct 31" in header(ui)


# Leading on


async def test_enter_on_a_source_leads_to_its_events_of_that_period() -> None:
    async with running(make_app("runway")) as ui:
        await to_ranking(ui)
        await ui.press(BACK, "down", "enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        starts_at, ends_at = OCTOBER
        assert ui.app.state.query == EventQuery(
            starts_at=starts_at, ends_at=ends_at, kind="ai_tool", source_id="tool_invoice"
        )
        page = ui.app.state.events.value
        assert page is not None
        assert page.page.total == 124
        assert all(starts_at <= event.occurred_at < ends_at for event in page.items)


async def test_enter_on_a_bar_leads_to_the_events_of_that_day() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press(*["tab"] * 4, BACK, "g", "right", "enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert ui.app.state.query.starts_at == datetime(2026, 10, 2, tzinfo=NEW_YORK)
        assert ui.app.state.query.ends_at == datetime(2026, 10, 3, tzinfo=NEW_YORK)


# What is asked for


async def test_a_period_that_was_looked_at_is_not_asked_for_again() -> None:
    client = demo("runway")
    async with running(make_app(client)) as ui:
        asked = len(client.asked)
        await ui.press(BACK)
        assert sorted(client.asked[asked:]) == ["daily", "sources"]
        await ui.press(ON, BACK, "escape", BACK)
        assert len(client.asked) == asked + 2


async def test_refreshing_asks_for_the_period_anew_and_stays_there() -> None:
    client = demo("runway")
    async with running(make_app(client)) as ui:
        await ui.press(BACK)
        asked = len(client.asked)
        await ui.press("r")
        assert client.asked[asked:].count("sources") == client.asked[asked:].count("daily") == 2
        assert "Past period Oct 1" in header(ui)
        ui.app.check_origin()
        await ui.settle()
        assert "Past period Oct 1" in header(ui)


async def test_nothing_of_the_past_is_asked_for_before_the_key_is_pressed() -> None:
    client = demo("runway")
    async with running(make_app(client)):
        assert client.asked.count("sources") == client.asked.count("daily") == 1


async def test_until_it_comes_everything_stays_and_the_last_line_says_what_is_loading() -> None:
    client = Distant()
    async with running(make_app(client)) as ui:
        before = ui.lines[:-1]
        client.gate.clear()
        await ui.press_only(BACK)
        assert ui.lines[:-1] == before
        assert ui.footer == "Loading Oct 1 – Oct 31, 2026…"
        client.gate.set()
        await ui.settle()
        assert "Past period Oct 1" in header(ui)
        assert "Loading" not in ui.text


async def test_keys_pressed_while_it_loads_walk_on() -> None:
    client = Distant()
    async with running(make_app(client)) as ui:
        client.gate.clear()
        await ui.press_only(BACK, BACK)
        assert ui.footer == "Loading Sep 1 – Sep 30, 2026…"
        client.gate.set()
        await ui.settle()
        assert "Past period Sep 1" in header(ui)


async def test_escape_while_it_loads_stays_at_now() -> None:
    client = Distant()
    async with running(make_app(client)) as ui:
        before = header(ui)
        client.gate.clear()
        await ui.press_only(BACK, "escape")
        client.gate.set()
        await ui.settle()
        assert header(ui) == before


async def test_a_failure_is_told_and_keeps_the_place() -> None:
    client = Distant()
    async with running(make_app(client)) as ui:
        await ui.press(BACK)
        place = ui.lines[:-1]
        client.failure = Unreachable("The service does not answer.", advice="Try again later.")
        await ui.press(BACK)
        assert ui.footer == "Sep 1 – Sep 30, 2026: The service does not answer. Try again later."
        assert ui.lines[:-1] == place
        client.failure = None
        await ui.press(BACK)
        assert "Past period Sep 1" in header(ui)


@pytest.mark.parametrize(
    ("lacks", "title", "other"),
    [
        ("daily", "Daily usage of the past period", "Usage Oct 1 – Oct 31"),
        ("sources", "Usage of the past period", "Daily usage Oct 1 – Oct 31"),
    ],
)
async def test_a_card_alone_may_fail(lacks: str, title: str, other: str) -> None:
    client = Distant()
    client.lacks = lacks
    client.failure = Unreachable("The service does not answer.")
    async with running(make_app(client)) as ui:
        await ui.press(BACK)
        assert "Past period Oct 1" in header(ui)
        assert f"{title} ─" in ui.text
        assert f"{other} ─" in ui.text
        assert "Current-period usage" not in ui.text
        client.failure = None
        await ui.press("r")
        assert f"{title} ─" not in ui.text


async def test_after_a_failed_refresh_the_old_numbers_stay_and_are_marked() -> None:
    client = Distant()
    async with running(make_app(client)) as ui:
        await ui.press(BACK)
        client.failure = Unreachable("The service does not answer.")
        await ui.press("r")
        assert ui.shown("#ranking").startswith("Usage Oct 1 – Oct 31 ! ")
        assert "5,990" in ui.shown("#ranking")


# Who has none


async def test_without_an_earlier_period_there_are_no_keys_and_the_help_says_why() -> None:
    client = demo("empty")
    async with running(make_app(client)) as ui:
        assert "[]" not in ui.footer
        asked = len(client.asked)
        await ui.press(BACK, ON)
        assert len(client.asked) == asked
        await ui.press("ctrl+p")
        assert "billing period" not in ui.text
        await ui.press("escape", "question_mark")
        assert "billing periods  " not in ui.text
        assert "No earlier billing periods here. No earlier billing period is known." in ui.text


async def test_a_source_that_tells_of_the_present_only_says_so_in_the_help() -> None:
    class PresentOnly(DemoClient):
        async def periods(self) -> BillingPeriods:
            raise NotOffered("This source tells of the current period only.")

    async with running(make_app(PresentOnly(load("runway")))) as ui:
        assert "[]" not in ui.footer
        await ui.press("question_mark")
        assert "This source tells of the current period only." in ui.text


async def test_a_recording_without_every_event_says_so_once_and_then_has_no_keys(tmp_path: Path) -> None:
    path = tmp_path / "part.jsonl"
    await record(open_demo("runway"), path, most=10)
    async with running(make_app(await RecordingClient.open(path))) as ui:
        before = ui.lines[:-1]
        await ui.press(BACK)
        assert "does not contain every event" in ui.footer
        assert ui.lines[:-1] == before
        await ui.press("tab")
        assert "[]" not in ui.footer
        await ui.press("question_mark")
        assert "does not contain every event" in ui.text


async def test_a_member_sees_what_it_cost_but_not_the_events() -> None:
    client = demo("member")
    async with running(make_app(client)) as ui:
        await to_ranking(ui)
        await ui.press(BACK)
        assert "Past period Oct 1" in header(ui)
        assert "762.25" in ui.shown("#ranking")
        await ui.press("enter")
        assert isinstance(ui.app.screen, Dashboard)
        assert "events" not in client.asked
        assert "grants" not in client.asked


async def test_another_organization_begins_at_now() -> None:
    async with running(make_app("organizations")) as ui:
        await ui.press(BACK)
        assert "Past period" in header(ui)
        await ui.press("o", "down", "enter")
        assert "Past period" not in header(ui)
        assert not ui.app.state.earlier


# Every client


@asynccontextmanager
async def recorded(folder: Path) -> AsyncIterator[UsageClient]:
    await record(open_demo(), folder / "acme.jsonl")
    yield await RecordingClient.open(folder / "acme.jsonl")


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[UsageClient]:
    with await asyncio.to_thread(LiveService, folder) as service:
        yield UsageApiClient(service.url, BearerToken(service.owner))


@asynccontextmanager
async def invented(_: Path) -> AsyncIterator[UsageClient]:
    yield open_demo()


@pytest.mark.parametrize("source", [invented, recorded, served])
async def test_demo_recording_and_service_show_the_same(
    source: Callable[[Path], AbstractAsyncContextManager[UsageClient]], tmp_path: Path
) -> None:
    async with source(tmp_path) as client, running(make_app(client)) as ui:
        await ui.press(BACK)
        assert "Past period Oct 1 – Oct 31, 2026" in header(ui)
        assert "762.25" in ui.shown("#ranking")
        assert "Agent chat" in ui.shown("#ranking")
        assert "Oct 29" in ui.shown("#daily")
        await to_ranking(ui)
        await ui.press("enter")
        page = ui.app.state.events.value
        assert page is not None
        assert page.items
        assert all(OCTOBER[0] <= event.occurred_at < OCTOBER[1] for event in page.items)


async def test_a_service_that_is_gone_keeps_the_place(tmp_path: Path) -> None:
    with await asyncio.to_thread(LiveService, tmp_path) as service:
        async with Line(service.port) as line:
            client = UsageApiClient(line.url, BearerToken(service.member))
            async with running(make_app(client)) as ui:
                before = ui.lines[:-1]
                line.spoil = cut
                await ui.press(BACK)
                assert ui.footer.startswith("Oct 1 – Oct 31, 2026: ")
                assert ui.lines[:-1] == before
                line.spoil = None
                await ui.press(BACK)
                assert "762.25" in ui.shown("#ranking")
                assert not any("/usage/events" in one or "/grants" in one for one in line.asked)


async def test_an_export_that_is_opened_has_the_months_before(tmp_path: Path) -> None:
    path = tmp_path / "use.csv"
    rows = ("2026-09-03,Chat,5", "2026-10-03,Chat,7", "2026-10-09,Agent,3", "2026-11-09,Agent,4")
    path.write_text("\n".join(("date,source,credits", *rows)))
    made = tmp_path / "use.jsonl"
    assert main(["import", str(path), "-o", str(made), "--time-zone", "UTC"]) == 0
    async with running(make_app(await RecordingClient.open(made))) as ui:
        await ui.press(BACK)
        assert "100% more than before" in ui.shown("#ranking")
        assert "10" in ui.shown("#ranking").splitlines()[0].split()
        await ui.press(BACK)
        assert "Past period Sep 1 – Sep 30, 2026" in header(ui)
        assert ui.shown("#ranking").splitlines()[0].split()[-2:] == ["5", "credits"]


async def test_a_vendor_has_the_months_of_which_every_day_is_known() -> None:
    rows = cell("2026-11-02", "m", "1"), cell("2026-10-31", "m", "2"), cell("2026-10-01", "n", "3")
    async with running(make_app(client_of(Fake(*rows)))) as ui:
        await ui.press(BACK)
        assert "Past period Oct 1 – Oct 31, 2026" in header(ui)
        assert "5" in ui.shown("#ranking").splitlines()[0].split()[-1]
        await ui.press("escape")
        assert "Past period" not in header(ui)
