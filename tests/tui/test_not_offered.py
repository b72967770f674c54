"""Cards whose data the client does not offer: one line in their place, and their rows for the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.session import NARROW, NORMAL, WIDE, make_app, running
from usage_tui.clients.base import Slice
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.state.remote import not_offered
from usage_tui.tui.screens.explanation import ExplanationDialog
from usage_tui.tui.widgets.dashboard import Cards

SIZES = [(40, 30), NARROW, NORMAL, WIDE, (200, 60)]
EVERY = {
    Slice.SOURCES: "No sources.",
    Slice.DAILY: "No days.",
    Slice.EVENTS: "No events.",
    Slice.GRANTS: "No grants.",
    Slice.ALLOWANCES: "No allowances.",
}


def without(*slices: Slice) -> DemoClient:
    return DemoClient(acme()._replace(not_offered={name: EVERY[name] for name in slices}))


@pytest.mark.parametrize("size", SIZES)
async def test_tab_leads_past_what_is_not_offered_to_the_line_that_says_so(size: tuple[int, int]) -> None:
    async with running(make_app("not-offered"), size) as ui:
        there = [ui.focus]
        while there.count(there[0]) == 1:
            await ui.press("tab")
            there.append(ui.focus)
        assert there[:-1] == [
            "#balance",
            "#included",
            "#runway",
            "#ranking",
            "#daily",
            "#recent",
            "#not-offered",
        ]
        assert "Credit grants" not in ui.text


async def test_enter_tells_every_reason() -> None:
    async with running(make_app("not-offered")) as ui:
        await ui.press("shift+tab", "enter")
        assert isinstance(ui.app.screen, ExplanationDialog)
        assert "Not offered by demo" in ui.text
        assert "This service does not offer credit grants." in ui.text
        assert "This service does not offer allowances." in ui.text
        await ui.press("escape")
        assert ui.focus == "#not-offered"


@pytest.mark.parametrize(
    "missing", [*([name] for name in EVERY), [Slice.GRANTS, Slice.EVENTS], list(EVERY)], ids=",".join
)
async def test_its_rows_go_to_the_other_cards(missing: list[Slice]) -> None:
    async with running(make_app(without(*missing))) as ui:
        for size in WIDE, (200, 60):
            await ui.resize(*size)
            cards = ui.app.screen.query_one(Cards)
            bottom = max(card.region.bottom for card in cards.cards)
            assert bottom <= cards.region.bottom, size
            assert "more" not in ui.footer, size
            if Slice.DAILY not in missing:  # or no card can use them
                assert bottom == cards.region.bottom, size
            assert ui.line("Not offered by").startswith("Not offered by demo: "), size


@pytest.mark.parametrize("size", SIZES)
async def test_the_program_is_of_use_without_any_card_but_the_first_ones(size: tuple[int, int]) -> None:
    async with running(make_app(without(*EVERY)), size) as ui:
        assert ui.focus == "#balance"
        await ui.press("c", "d", "pagedown", "pageup", "tab", "tab", "tab", "y")
        assert ui.app.clipboard.startswith("current-period usage\tNo sources.")


async def test_a_card_that_turns_out_not_to_be_offered_gives_up_its_place_and_the_keyboard() -> None:
    async with running(make_app()) as ui:
        await ui.press("shift+tab", "shift+tab")
        assert ui.focus == "#grants"
        ui.app.state = replace(ui.app.state, grants=not_offered("Not with this key."))
        await ui.settle()
        assert "Credit grants" not in ui.text
        assert ui.line("Not offered by").startswith("Not offered by demo: credit grants")
        assert ui.focus in {f"#{card.id}" for card in ui.app.screen.query_one(Cards).cards}
        ui.app.state = replace(ui.app.state, grants=make_app().state.grants)
        await ui.settle()
        assert "Credit grants" in ui.text
        assert "Not offered" not in ui.text


async def test_the_choices_of_a_card_go_with_it() -> None:
    async with running(make_app(without(Slice.DAILY))) as ui:
        assert "c categories" in ui.footer
        assert "d range" not in ui.footer
        assert "next_range" not in {
            one.binding.id for one in ui.app.screen.active_bindings.values() if one.enabled
        }
