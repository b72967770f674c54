"""The first line of every screen."""

from __future__ import annotations

from usage_tui.cards.header import HeaderView, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.typeset import Typeset


class Header(Typeset):
    """Organization, screens, viewer, origin, zone, and the moment of the numbers."""

    def __init__(self, active: str) -> None:
        """Mark one screen as the one that is shown."""
        super().__init__()
        self._active = active
        self._view: HeaderView | None = None

    def show(self, view: HeaderView) -> None:
        """Show the view; an equal one changes nothing."""
        if view != self._view:
            self._view = view
            self.redraw()

    def draw(self, area: Area) -> list[Line]:
        """One line."""
        return [draw(self._view, self._active, area)] if self._view else []
