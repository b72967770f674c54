"""A new card is one file and one row in the table; everything else about it follows."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.cards.states import demo
from tests.tui.session import NARROW, NORMAL, WIDE, make_app, running
from usage_tui.cards.arrangement import Layout, Needs, Slot
from usage_tui.cards.card import Placeholder, head, view_of
from usage_tui.cards.catalog import CARDS
from usage_tui.cards.page import page
from usage_tui.cards.panel import Card, Cursor, Explanation, Opening, Place
from usage_tui.cards.typeset.glyphs import UNICODE
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, line
from usage_tui.models import EventQuery
from usage_tui.state.usage import UsageState
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.explanation import ExplanationDialog
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.widgets.card import CardWidget
from usage_tui.tui.widgets.table import TableWidget

# What follows is the file of a card.


class ToyView(NamedTuple):
    """The names of the first sources."""

    names: tuple[str, ...]


class ToyCard(Card[ToyView]):
    """A card that lists three sources; the first one is told, the others lead to their events."""

    id = "toy"
    title = "Toy card"
    slot = Slot.FULL
    cursor = Cursor.ROWS
    heads = 1

    def view(self, state: UsageState) -> ToyView | Placeholder:
        """Three names."""
        return view_of(state.sources, lambda ranking: ToyView(tuple(one.label for one in ranking.items[:3])))

    def draw(self, view: ToyView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, and a line a name."""
        names = () if isinstance(view, Placeholder) else view.names
        return [head(self.title, EMPTY, area), *(line(name) for name in names)]

    def needs(self, view: ToyView | Placeholder, area: Area, layout: Layout) -> Needs:
        """A head and three rows."""
        return Needs.exactly(4)

    def row_count(self, view: ToyView, at: Place, height: int) -> int:
        """Three."""
        return len(view.names)

    def copy_text(self, view: ToyView, at: Place) -> str:
        """The name under the cursor."""
        return view.names[at.cursor or 0]

    def opens(self, view: ToyView | Placeholder, at: Place) -> Opening:
        """A text for the first row, events for the second, a command for the third."""
        if isinstance(view, Placeholder):
            return None
        return (Explanation("Toys", ("They are toys.",)), EventQuery(kind="ai_tool"), "grants")[
            at.cursor or 0
        ]


# And this is the table with one row more.

TABLE = (*CARDS[:5], ToyCard(), *CARDS[5:])
SOURCES = ("Agent chat", "Contract review", "Weekly digest")


@pytest.fixture
def _in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dashboard, "CARDS", TABLE)


pytestmark = pytest.mark.usefixtures("_in_the_table")


@pytest.mark.parametrize("size", [NARROW, NORMAL, WIDE, (200, 60)])
async def test_it_is_on_the_dashboard_in_tab_order_and_gets_its_rows(size: tuple[int, int]) -> None:
    async with running(make_app(), size) as ui:
        await ui.press(*["tab"] * 5)
        assert ui.focus == "#toy"
        assert ui.focused(CardWidget).size.height == 4
        first, *rows = ui.shown("#toy").splitlines()
        assert first.startswith("Toy card ━")
        assert tuple(rows) == SOURCES
        await ui.press("tab")
        assert ui.focus == "#recent"


async def test_its_rows_have_a_cursor_and_are_copied() -> None:
    async with running(make_app()) as ui:
        await ui.press(*["tab"] * 5, "down", "y")
        assert ui.app.clipboard == "Contract review"
        assert ui.focused(TableWidget).cursor_line == 2


async def test_enter_opens_what_it_says() -> None:
    async with running(make_app()) as ui:
        await ui.press(*["tab"] * 5, "enter")
        assert isinstance(ui.app.screen, ExplanationDialog)
        assert "They are toys." in ui.text
        await ui.press("escape", "down", "enter")
        assert isinstance(ui.app.screen, HistoryScreen)
        assert "AI Tools" in ui.line("Filter")


def test_it_is_in_the_plain_text_in_its_place() -> None:
    text = page(demo(), 80, UNICODE, TABLE)
    assert "Toy card ─" in text
    assert (
        text.index("Daily usage") < text.index("\nAgent chat\nContract review\n") < text.index("Historical")
    )
