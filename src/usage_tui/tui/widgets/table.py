"""A card of rows with a cursor, which shows as many of them as it has room for."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.reactive import reactive

from usage_tui.cards.panel import Place
from usage_tui.cards.typeset.table import window
from usage_tui.tui.bindings import bindings
from usage_tui.tui.widgets.card import CardWidget

V = TypeVar("V")


class TableWidget(CardWidget[V]):
    """A card whose rows start below its head and its column heads."""

    BINDINGS = bindings("cursor_up", "cursor_down")

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """The row that the keyboard acts on, counted over all rows."""

    first_row: int = 0

    @property
    def place(self) -> Place:
        """The row under the cursor, and the first one on the screen."""
        return Place(self.cursor, self.first_row, self._choice)

    @property
    def row_count(self) -> int:
        """The rows that the cursor can reach, on screen or not."""
        return 0 if self.content is None else self.panel.row_count(self.content, self.place, self.size.height)

    @property
    def visible_rows(self) -> int:
        """The rows that fit."""
        if self.content is None:
            return max(1, self.size.height - self.panel.heads)
        return self.panel.visible_rows(self.content, self.place, self.size.height)

    @property
    def cursor_line(self) -> int | None:
        """The line of the cursor, which only a focused card with rows has."""
        if not self.has_focus or not self.row_count:
            return None
        return self.panel.heads + self.cursor - self.first_row

    def watch_cursor(self) -> None:
        """Tell that another row is under the cursor."""
        self.post_message(self.Moved())

    def shown(self) -> None:
        """The cursor stays on a row that is there."""
        self._place_cursor(self.cursor)

    def restart(self) -> None:
        """Begin at the first row."""
        self.first_row = 0
        self.move_to(0)

    def move_to(self, row: int) -> None:
        """Put the cursor on a row, the nearest one if there is no such row."""
        self._place_cursor(row)
        self.redraw()

    def turn(self, pages: int) -> bool:
        """Show the rows of another page; False if there is none."""
        first = max(0, self.first_row + pages * self.visible_rows)
        if first == self.first_row or first >= self.row_count:
            return False
        # The last page may have fewer rows: every page begins where the one before has ended.
        self.first_row = first
        self.cursor = first
        self.redraw()
        return True

    def _place_cursor(self, row: int) -> None:
        self.cursor = max(0, min(row, self.row_count - 1))
        if self.size.width:
            self.first_row = window(self.first_row, self.cursor, self.visible_rows, self.row_count)

    def on_resize(self) -> None:
        """Another number of rows may fit."""
        before = self.place
        self._place_cursor(self.cursor)
        if self.place == before:
            super().on_resize()
        else:
            self.redraw()

    def action_cursor_up(self) -> None:
        """Move up a row."""
        self.move_to(self.cursor - 1)

    def action_cursor_down(self) -> None:
        """Move down a row."""
        self.move_to(self.cursor + 1)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on the row, a second one opens it."""
        row = event.y - self.panel.heads + self.first_row
        if event.y >= self.panel.heads and row < self.row_count:
            self.move_to(row)
            if event.chain == 2:
                self.context.run_command("open")


class LongTable(TableWidget[V]):
    """A table on a screen of its own, with keys for longer ways."""

    BINDINGS = bindings("first", "last", "page_up", "page_down")

    def action_first(self) -> None:
        """The first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """The last row."""
        self.move_to(self.row_count - 1)

    def action_page_up(self) -> None:
        """One screen up."""
        self.move_to(self.cursor - self.visible_rows)

    def action_page_down(self) -> None:
        """One screen down."""
        self.move_to(self.cursor + self.visible_rows)
