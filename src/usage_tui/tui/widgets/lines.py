"""Lines drawn by a function of a screen: a pager, a filter, a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.message import Message

from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.typeset import Typeset


class Lines(Typeset):
    """Shows what a function makes of the area."""

    class Chosen(Message):
        """A piece that stands for something was clicked."""

        def __init__(self, lines: Lines, choice: str) -> None:
            """Say what it stands for."""
            super().__init__()
            self.lines = lines
            self.choice = choice

        @property
        def control(self) -> Lines:
            """Where it is."""
            return self.lines

    _draw: Callable[[Area], Sequence[Line]] | None = None

    def show(self, draw: Callable[[Area], Sequence[Line]]) -> None:
        """Show what the function draws, now and after a resize."""
        self._draw = draw
        self.redraw()

    def choose(self, choice: str) -> None:
        """Tell the screen."""
        self.post_message(self.Chosen(self, choice))

    def draw(self, area: Area) -> Sequence[Line]:
        """What the function makes of the area."""
        return self._draw(area) if self._draw else ()
