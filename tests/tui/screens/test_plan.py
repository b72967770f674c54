"""Plan a batch: a form by keyboard, and the words of the command below it while it is typed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.tui.clients import Scripted, demo
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.cli import main
from usage_tui.clients.base import NotOffered, ServiceFailed, Slice
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.models import EventPage, EventQuery
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.plan import Of, OfDialog, PlanDialog

SUMMARY = acme().statement.summary


def result(ui: Session) -> str:
    """What is said below the fields."""
    return ui.shown("#plan-result")


async def test_it_opens_on_every_screen_at_every_size_and_esc_closes_it() -> None:
    async with running(make_app()) as ui:
        for screen in ("1", "2", "3"):
            await ui.press(screen)
            for size in (40, 12), NARROW, NORMAL, WIDE:
                await ui.resize(*size)
                await ui.press("P")
                assert isinstance(ui.app.screen, PlanDialog), size
                assert "Plan a batch" in ui.text, size
                await ui.press("escape")
                assert not isinstance(ui.app.screen, PlanDialog), size


async def test_of_the_keys_in_a_narrow_frame_none_is_cut() -> None:
    async with running(make_app(), (40, 30)) as ui:
        await ui.press("P", *"3000")
        assert "╰───────────────── y copy   Esc close ─╯" in ui.text
        await ui.resize(60, 30)
        assert "Tab next field   y copy   Esc close ─╯" in ui.text


async def test_in_a_narrow_frame_no_key_beside_a_choice_is_cut() -> None:
    async with running(make_app(), NARROW) as ui:
        await ui.press("P", "tab")
        assert "credits   ←→ other   Enter list" in ui.text
        await ui.press("right", "right", "right")
        row = ui.line("│  Of  ")
        assert "runs of Weekly digest   ←→ other " in row
        assert "Enter" not in row
        await ui.resize(40, 30)
        assert "runs of Weekly digest " in ui.line("│  Of  ")


async def test_where_a_text_is_typed_no_letter_is_named_as_a_key() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("P", *"3000")
        assert "y copy   Esc close" in ui.text
        await ui.press("tab", "tab", "y")
        assert "y copy" not in ui.text
        await ui.press("backspace", "tab")
        assert "y copy   Esc close" in ui.text


async def test_an_amount_is_judged_while_it_is_typed() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("P")
        assert "Type how many credits." in result(ui)
        await ui.press("9")
        assert result(ui).startswith("fits")
        await ui.press(*"0000")
        assert result(ui).startswith("does not fit")
        assert "79,991 credits short" in result(ui)
        assert "3,759.50 credits of Team plan, November 2026" in result(ui)


async def test_runs_of_a_source_are_planned_and_what_is_copied_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    async with running(make_app(), NORMAL) as ui:
        await ui.press("P", *"50", "tab", "right")
        assert "50 runs of Agent chat, by the newest 470 runs" in result(ui)
        await ui.press("y")
        assert "Sent to your terminal's clipboard." in ui.text
        copied = ui.app.clipboard
    assert copied.startswith("Plan ")
    assert await asyncio.to_thread(main, ["plan", "--demo", "--runs", "50", "--of", "Agent chat"]) == 0
    assert copied in capsys.readouterr().out


async def test_the_list_of_sources_is_found_by_typing() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("P", *"20", "tab", "enter")
        assert isinstance(ui.app.screen, OfDialog)
        await ui.press(*"invoi", "enter")
        assert isinstance(ui.app.screen, PlanDialog)
        assert "20 runs of Invoice matching" in result(ui)


async def test_a_source_with_few_runs_is_refused_in_a_line() -> None:
    async with running(make_app("spike"), NORMAL) as ui:
        await ui.press("P", *"5", "tab", "enter", *"digest", "enter")
        assert result(ui).strip() == "Weekly digest has 4 runs; a plan needs 10"
        await ui.press("y")
        assert not ui.app.clipboard


async def test_what_if_stands_beside_and_takes_every_letter() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("P", *"12000", "down", "down", *"top-up 5000")
        assert result(ui).startswith("fits")
        assert "3,009.75 credits left" in result(ui)
        await ui.press(*" y")
        assert '"y" is not understood' in " ".join(result(ui).split())
        await ui.press("backspace", "backspace", "enter")
        assert ui.app.focused is not None
        await ui.press("q")
        assert isinstance(ui.app.screen, Dashboard)


@pytest.mark.parametrize(
    ("keys", "text"), [("0", "A batch costs more than 0"), ("1.2.3", "1.2.3"), (".", "amount")]
)
async def test_a_size_that_means_nothing_is_refused_in_words(keys: str, text: str) -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("P", *keys)
        assert text in result(ui)
        assert "y copy" not in ui.text


async def test_beside_the_digits_every_key_is_a_command() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("P", *"5", "x", "0", "y")
        assert "50 credits" in result(ui)
        assert ui.app.clipboard.startswith("Plan ")
        await ui.press("q")
        assert isinstance(ui.app.screen, Dashboard)


async def test_the_fields_are_a_circle() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("P")
        first = ui.app.focused
        await ui.press("tab")
        assert isinstance(ui.app.focused, Of)
        await ui.press("tab", "tab")
        assert ui.app.focused is first
        await ui.press("shift+tab", "up", "up")
        assert ui.app.focused is first


async def test_who_may_not_see_events_plans_amounts_only_and_asks_for_nothing() -> None:
    client = demo("member")
    async with running(make_app(client), NORMAL) as ui:
        client.asked.clear()
        await ui.press("P", *"500", "tab", "right", "left")
        assert ui.app.screen.query_one(Of).source_id == ""
        assert result(ui).startswith("fits")
        assert not client.asked


class Failing(DemoClient):
    """Acme, whose events of a single source cannot be had."""

    def __init__(self) -> None:
        super().__init__(acme())
        self.fails = True

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        if self.fails and query.source_id is not None:
            raise ServiceFailed("The service has a problem.", advice="Try again later.")
        return await super().events(query, cursor=cursor, limit=limit)


async def test_a_failure_is_said_and_the_next_key_asks_again() -> None:
    client = Failing()
    async with running(make_app(client), NORMAL) as ui:
        await ui.press("P", *"5", "tab", "right")
        assert "The service has a problem." in result(ui)
        client.fails = False
        await ui.press("up", "end", "0")
        assert "50 runs of Agent chat" in result(ui)


async def test_without_grants_and_balance_it_cannot_be_told() -> None:
    replies = {Slice.SUMMARY: replace(SUMMARY, balance=None), Slice.GRANTS: NotOffered("No grants.")}
    async with running(make_app(Scripted(**replies)), NORMAL) as ui:
        await ui.press("P", *"5")
        assert "neither grants nor a balance" in result(ui)


async def test_the_palette_offers_it() -> None:
    async with running(make_app()) as ui:
        await ui.press("ctrl+p", *"plan a", "enter")
        assert isinstance(ui.app.screen, PlanDialog)
