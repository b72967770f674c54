"""A card with a cursor on a bar, or a day."""

from __future__ import annotations

from typing import TypeVar

from textual import events

from usage_tui.cards.panel import Place
from usage_tui.tui.bindings import bindings
from usage_tui.tui.widgets.card import CardWidget

V = TypeVar("V")


class ChartWidget(CardWidget[V]):
    """A card with a cursor on one of its bars."""

    BINDINGS = bindings("day_before", "day_after", "first", "last")

    _bar: int | None = None

    @property
    def place(self) -> Place:
        """The bar under the cursor, once it has been moved."""
        return Place(self._bar, choice=self._choice)

    def shown(self) -> None:
        """The cursor stays on a bar that is there."""
        if self._bar is not None:
            self._bar = min(self._bar, self._last) if self.content is not None else None

    def restart(self) -> None:
        """Begin at the bar where the cursor is before it is moved."""
        self._bar = None
        self.redraw()

    @property
    def _last(self) -> int:
        return 0 if self.content is None else self.panel.row_count(self.content, self.place, 0) - 1

    def _move(self, bars: int) -> None:
        if self.content is not None:
            self._move_to((self.panel.under_cursor(self.content, self.place) or 0) + bars)

    def _move_to(self, bar: int) -> None:
        if self.content is not None:
            self._bar = max(0, min(bar, self._last))
            self.redraw()
            self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on the bar, a second one opens its events."""
        if self.content is None:
            return
        bar = self.panel.bar_at(self.content, self.area(), self.place, event.x, event.y)
        if bar is not None:
            self._move_to(bar)
            if event.chain == 2:
                self.context.run_command("open")

    def action_day_before(self) -> None:
        """Move the cursor to the day before."""
        self._move(-1)

    def action_day_after(self) -> None:
        """Move the cursor to the day after."""
        self._move(1)

    def action_first(self) -> None:
        """Move the cursor to the first day."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last day."""
        self._move_to(self._last)
