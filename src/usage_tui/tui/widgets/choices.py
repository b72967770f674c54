"""Rows to choose from, with a cursor that is moved while something else has the focus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual import events
from textual.message import Message

from usage_tui.cards.choices import Choice, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cards.typeset.table import window
from usage_tui.tui.widgets.typeset import Typeset

T = TypeVar("T")


class Choices(Typeset, Generic[T]):
    """The rows that fit, and the cursor on one of them."""

    class Moved(Message):
        """The cursor is on another row."""

    class Chosen(Message):
        """The row under the cursor was clicked."""

    def __init__(self) -> None:
        """Without rows."""
        super().__init__()
        self._rows: Sequence[Choice[T]] = ()
        self._cursor = self._first = 0

    @property
    def rows(self) -> Sequence[Choice[T]]:
        """All rows, on the screen or not."""
        return self._rows

    @property
    def chosen(self) -> Choice[T] | None:
        """The row under the cursor; None without rows."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def cursor_line(self) -> int | None:
        """The line of the cursor, whatever has the focus."""
        return self._cursor - self._first if self._rows else None

    def show(self, rows: Sequence[Choice[T]], cursor: int = 0) -> None:
        """Show these rows, with the cursor on one of them."""
        before = self.chosen
        self._rows, self._first = rows, 0
        self._move_to(cursor, before)

    def move(self, rows: int) -> None:
        """Move the cursor up or down by so many rows."""
        self._move_to(self._cursor + rows, self.chosen)

    def _move_to(self, row: int, before: Choice[T] | None) -> None:
        self._cursor = max(0, min(row, len(self._rows) - 1))
        self._scroll()
        self.redraw()
        if self.chosen is not None and self.chosen != before:
            self.post_message(self.Moved())

    def _scroll(self) -> None:
        if self.size.height:
            self._first = window(self._first, self._cursor, self.size.height, len(self._rows))

    def draw(self, area: Area) -> list[Line]:
        """A line for each row that fits."""
        return draw(self._rows, area, self._first)

    def on_resize(self) -> None:
        """Another number of rows may fit."""
        self._scroll()
        super().on_resize()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor down."""
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor up."""
        event.stop()
        self.move(-1)

    def on_click(self, event: events.Click) -> None:
        """A click chooses a row."""
        row = self._first + event.y
        if row < len(self._rows):
            self._move_to(row, self.chosen)
            self.post_message(self.Chosen())
