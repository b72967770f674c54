"""Comparing with the period before: one key for the ranking and the chart, asked for when it is wanted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.known import known
from tests.tui.clients import Scripted, demo
from tests.tui.session import NORMAL, Session, make_app, running
from usage_tui.clients.base import Slice, Unreachable
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.widgets.table import TableWidget


async def test_c_leads_through_sources_categories_and_the_comparison_and_around() -> None:
    async with running(make_app()) as ui:
        shown = []
        for _ in range(4):
            text = ui.shown("#ranking")
            shown.append([word for word in ("Contract review", "AI Tools", "Before") if word in text])
            await ui.press("c")
        assert shown == [
            ["Contract review"],
            ["AI Tools"],
            ["Contract review", "Before"],
            ["Contract review"],
        ]


async def test_the_last_line_says_what_comes_next() -> None:
    async with running(make_app()) as ui:
        for word in ("categories", "compare", "sources", "categories"):
            assert f"c {word}" in ui.footer
            await ui.press("c")


async def test_the_chart_compares_while_the_ranking_does() -> None:
    async with running(make_app("lapsing")) as ui:
        assert "─ Oct 1" not in ui.shown("#daily")
        await ui.press("c", "c")
        assert "vs Oct 1 – Oct 21" in ui.shown("#ranking")
        assert "─ Oct 1 – Oct 31" in ui.shown("#daily")
        assert "before 100" in ui.shown("#daily")
        assert "██─██─██" in ui.shown("#daily")
        await ui.press("c")
        assert "─ Oct 1" not in ui.shown("#daily")
        assert "██─" not in ui.shown("#daily")


async def test_what_it_needs_is_asked_for_when_it_is_wanted_and_once() -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        client.asked.clear()
        await ui.press("c")
        assert client.asked == []
        await ui.press("c")
        assert client.asked == ["daily"]
        await ui.press("c", "c", "c")
        assert client.asked == ["daily"]


async def test_a_refresh_compares_anew() -> None:
    client = Scripted()
    async with running(make_app(client)) as ui:
        await ui.press("c", "c")
        compared = ui.app.state.compared.value
        client.replies = {
            name: replace(value, revision=99)
            for name, value in (("daily", await client.daily()), ("summary", await client.summary()))
        }
        await ui.press("r")
        assert compared is not None
        assert compared.revision != 99
        assert ui.app.state.compared.value is not None
        assert ui.app.state.compared.value.revision == 99


async def test_without_a_period_before_there_are_two_choices() -> None:
    async with running(make_app("annual")) as ui:
        await ui.press("c")
        assert "c sources" in ui.footer
        await ui.press("c")
        assert "Before" not in ui.text


class Slow(DemoClient):
    """Acme, whose earlier days are told only when they are let go.

    Attributes:
        released: Set to let them be told.
    """

    def __init__(self) -> None:
        super().__init__(acme())
        self.released = asyncio.Event()

    async def daily(self, period_id: str | None = None) -> Any:
        if period_id is not None:
            await self.released.wait()
        return await super().daily(period_id)


async def test_while_it_loads_the_card_says_so_and_the_others_stay() -> None:
    client = Slow()
    async with running(make_app(client)) as ui:
        before = ui.shown("#daily")
        await ui.press("c")
        await ui.press_only("c")
        await ui.wait_for("Loading…")
        assert ui.shown("#ranking").splitlines()[1] == "Loading…"
        assert ui.shown("#daily") == before
        client.released.set()
        await ui.settle()
        assert "vs Oct 1 – Oct 21" in ui.shown("#ranking")


async def test_a_failure_is_told_and_r_tries_again() -> None:
    client = Scripted()
    async with running(make_app(client)) as ui:
        client.replies[Slice.PERIODS] = Unreachable("The service did not answer.")
        await ui.press("c", "c")
        assert "could not load" in ui.shown("#ranking")
        assert "The service did not answer." in ui.shown("#ranking")
        del client.replies[Slice.PERIODS]
        await ui.press("r")
        assert "vs Oct 1 – Oct 21" in ui.shown("#ranking")


async def test_rows_are_walked_copied_and_opened() -> None:
    async with running(make_app()) as ui:
        await ui.press("tab", "tab", "tab", "c", "c", "down", "y")
        assert ui.app.clipboard == "Contract review\t1,190.375\t0.000\t+1,190.375\tnew"
        await ui.press("G")
        assert ui.focused(TableWidget).cursor == 1
        await ui.press(*["down"] * 9, "enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert " source Brand voice check " in ui.line("Filter")


async def test_rows_can_be_clicked() -> None:
    async with running(make_app()) as ui:
        await ui.press("c", "c")
        await ui.click("Weekly digest")
        assert ui.focused(TableWidget).copy_text.startswith("Weekly digest\t664.500\t302.500")
        await ui.click("Total")
        assert ui.focused(TableWidget).copy_text.startswith("Weekly digest")
        await ui.click("Weekly digest", times=2)
        assert " source Weekly digest " in ui.line("Filter")


async def test_the_rows_scroll_where_it_is_low() -> None:
    async with running(make_app(), NORMAL) as ui:
        await ui.press("tab", "tab", "tab", "c", "c", *["down"] * 7)
        rows = ui.shown("#ranking").splitlines()
        assert [row.split("  ")[0] for row in rows[-2:]] == ["Other", "Total"]
        assert any(row.startswith("Brand voice check") for row in rows)


async def test_another_organization_is_compared_with_its_own_past() -> None:
    async with running(make_app("organizations")) as ui:
        await ui.press("c", "c")
        assert compares(ui)
        await ui.press("o", "down", "enter")
        state = ui.app.state
        if state.compared.value is not None:
            assert state.compared.value.period == known(state.summary.value).period
        assert state.comparing is ("Before" in ui.shown("#ranking"))


def compares(ui: Session) -> bool:
    return "Before" in ui.shown("#ranking") and ui.app.state.comparing


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 30), (200, 60), (40, 12)])
async def test_nothing_moves_but_what_compares(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        cards = ui.app.screen.query_one("#cards")
        before = [(child.id, child.virtual_region) for child in cards.children if child.display]
        await ui.press("c", "c")
        assert [(child.id, child.virtual_region) for child in cards.children if child.display] == before


async def test_a_past_period_is_compared_with_all_of_the_one_before() -> None:
    async with running(make_app("runway")) as ui:
        await ui.press("left_square_bracket", "c", "c")
        assert "Usage Oct 1 – Oct 31" in ui.shown("#ranking")
        assert "vs Sep 1 – Sep 30" in ui.shown("#ranking")
        assert "to Oct 31" not in ui.shown("#ranking")
        total = next(row for row in ui.shown("#ranking").splitlines() if row.startswith("Total"))
        assert total.split() == ["Total", "5,990", "760", "+5,230", "688%"]
        assert "before" in ui.shown("#daily")
        await ui.press("escape")
        assert "vs Oct 1 – Oct 21" in ui.shown("#ranking")


async def test_the_first_period_has_no_comparison_and_the_help_says_why() -> None:
    async with running(make_app()) as ui:
        await ui.press("left_square_bracket", "c")
        assert "c sources" in ui.footer
        await ui.press("question_mark")
        assert "No comparison here. No earlier billing period is known." in ui.text
