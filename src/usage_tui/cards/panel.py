"""What a card is: what it says, how it is drawn, the rows it needs, what it copies and what Enter opens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, ClassVar, Generic, TypeGuard, TypeVar

from usage_tui.cards.arrangement import Item, Layout, Needs, Slot
from usage_tui.cards.card import HEADS, LOADING, Placeholder
from usage_tui.cards.typeset.lines import EMPTY, Area, Line
from usage_tui.models import EventQuery
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection

V = TypeVar("V")


class Cursor(Enum):
    """What the cursor of a panel moves over."""

    NONE = "nothing"
    ROWS = "rows, up and down"
    BARS = "bars, left and right"


class Place(NamedTuple):
    """Where the viewer is in a panel.

    Attributes:
        cursor: The row or bar under the cursor; None until it is moved.
        first: The first row on the screen.
        choice: Which of the panel's alternatives is shown; empty for the usual one.
    """

    cursor: int | None = None
    first: int = 0
    choice: str = ""


START = Place()


class Explanation(NamedTuple):
    """What Enter shows in a dialog: a title, and sentences below it; and what that is in a word."""

    title: str
    sentences: tuple[str, ...]
    word: str = "why"


class GrantToShow(NamedTuple):
    """A grant on the screen of all grants."""

    id: str


class PeriodToShow(NamedTuple):
    """A billing period on Usage."""

    id: str


Opening = str | EventQuery | GrantToShow | Explanation | None
"""What Enter leads to: a command, events, a grant, a dialog with a text, or nothing."""


_OPENED = {"history": "history", "grants": "grants", "runway": "runway", "allowance": "details"}
"""Where commands lead that Enter runs, in the words of the footer."""


def opening_word(opening: Opening) -> str:
    """What Enter opens, in a word; empty if there is none."""
    match opening:
        case EventQuery():
            return "events"
        case GrantToShow():
            return "grant"
        case Explanation():
            return opening.word
        case str(command):
            return _OPENED.get(command, "open")
        case None:
            return ""


class Panel(ABC, Generic[V]):
    """Anything that shows a view, with or without a cursor. It holds no state of its own.

    Attributes:
        id: Its name, unique on its screen.
        title: What stands in its head, unless the data change it.
        noun: What it is called within a sentence, if not by its title.
        slot: Where it stands on wide screens.
        cursor: What its cursor moves over.
        heads: Lines above the first row.
        choose: The command that leads to the next choice; empty if there are no choices.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    noun: ClassVar[str] = ""
    slot: ClassVar[Slot] = Slot.FULL
    cursor: ClassVar[Cursor] = Cursor.NONE
    heads: ClassVar[int] = HEADS
    choose: ClassVar[str] = ""

    @abstractmethod
    def draw(self, view: V | Placeholder, area: Area, at: Place) -> Sequence[Line]:
        """The lines, at most as wide as the area."""

    def needs(self, view: V | Placeholder, area: Area, layout: Layout) -> Needs:
        """The rows to draw it in; as many as it has lines, if nothing else is said."""
        return Needs.exactly(len(self.draw(view, area, START)))

    def choices(self, view: V) -> Sequence[str]:
        """The alternatives in their order, the usual one first."""
        return ()

    def chosen(self, view: V, at: Place) -> str:
        """The alternative to show; the usual one if the chosen one is no longer in the data."""
        choices = self.choices(view)
        return at.choice if at.choice in choices else choices[0] if choices else ""

    def choose_word(self, view: V, at: Place) -> str:
        """What the footer calls the next choice; empty for the word of the command."""
        return ""

    def step(self, view: V, at: Place) -> str:
        """What the cursor moves by, in a word."""
        return "move"

    def row_count(self, view: V, at: Place, height: int) -> int:
        """How many rows or bars the cursor can reach."""
        return 0

    def visible_rows(self, view: V, at: Place, height: int) -> int:
        """How many rows fit."""
        return max(1, height - self.heads)

    def under_cursor(self, view: V, at: Place) -> int | None:
        """The row or bar under the cursor, also before it is moved."""
        return at.cursor

    def bar_at(self, view: V, area: Area, at: Place, column: int, row: int) -> int | None:
        """The bar at a cell of the area; None if there is none."""
        return None

    def copy_text(self, view: V, at: Place) -> str:
        """What copying sends: the row under the cursor, or the card's number; tabs between cells."""
        return ""

    def opens(self, view: V | Placeholder, at: Place) -> Opening:
        """What Enter leads to."""
        return None

    def table(self, view: V, at: Place, height: int) -> Selection | None:
        """What of a table is on the screen; None if the panel shows no table."""
        return None

    def printed_by(self, view: V, at: Place) -> tuple[str, ...]:
        """The command that prints what is shown; the whole dashboard as text if the panel has none."""
        selection = self.table(view, at, 0)
        return selection.command if selection is not None else ("--print",)


class Card(Panel[V]):
    """A panel of the dashboard.

    Attributes:
        has_glance: Whether the card can be told in one line.
    """

    has_glance: ClassVar[bool] = False

    @abstractmethod
    def view(self, state: UsageState) -> V | Placeholder:
        """What the card says."""

    def glance(self, view: V | Placeholder, area: Area) -> Line:
        """The card in one line, at the end of a screen that has no room for it."""
        return EMPTY


def has_glance(panel: Panel[Any]) -> TypeGuard[Card[Any]]:
    """Whether the panel is a card that can be told in one line."""
    return isinstance(panel, Card) and panel.has_glance


def item(panel: Panel[V], view: V | Placeholder, area: Area) -> Item:
    """A panel to be placed.

    Args:
        panel: It.
        view: What it shows.
        area: What it is drawn with, in any size.
    """

    def needs(width: int, layout: Layout) -> Needs:
        return panel.needs(view, area._replace(width=width), layout)

    return Item(panel.id, panel.slot, needs, glance=has_glance(panel))


def table_needs(
    view: object,
    rows: int,
    layout: Layout,
    *,
    loading: int,
    instead: Callable[[], Sequence[Line]],
) -> Needs:
    """The needs of a table in full width: 2 rows, usually 3 or in one column 5, up to all.

    Args:
        view: The view, or a placeholder.
        rows: How many there are.
        layout: How the cards are laid out.
        loading: The rows to keep free while they load, so that nothing moves when they come.
        instead: Draws what stands in place of the rows; a table that has some is not drawn to be measured.
    """
    rows = rows_to_come(view, rows, loading)
    if not rows:
        return Needs.exactly(len(instead()))
    usual = HEADS + min(rows, 5 if layout is Layout.STACKED else 3)
    least = max(HEADS + min(rows, 2), len(instead()) if isinstance(view, Placeholder) else 0)
    return Needs(least, max(least, usual), max(least, HEADS + rows))


def rows_to_come(view: object, rows: int, loading: int) -> int:
    """The rows to plan for: the usual number while loading or failed, 0 if a message replaces them."""
    if not isinstance(view, Placeholder):
        return rows
    return loading if view == LOADING or view.status is Status.FAILED else 0
