"""Lines drawn by a function of a screen: a pager, a filter, a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.typeset import Typeset


class Lines(Typeset):
    """Shows what a function makes of the area."""

    _draw: Callable[[Area], Sequence[Line]] | None = None

    def show(self, draw: Callable[[Area], Sequence[Line]]) -> None:
        """Show what the function draws, now and after a resize."""
        self._draw = draw
        self.redraw()

    def draw(self, area: Area) -> Sequence[Line]:
        """What the function makes of the area."""
        return self._draw(area) if self._draw else ()
