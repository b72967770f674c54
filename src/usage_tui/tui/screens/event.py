"""Event details: everything known about one event, for when the pane beside the table is too small."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cards.history import Detail, draw_details
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.screens.dialog import Dialog


class EventDialog(Dialog):
    """The details of one event, one below the other."""

    FRAME_ID = "event"
    heading = "Event details"

    def __init__(self, rows: Sequence[Detail]) -> None:
        """Show these details."""
        super().__init__()
        self._rows = list(rows)

    def draw(self, area: Area) -> list[Line]:
        """All of them, below the heading of the frame."""
        return draw_details(self._rows, area._replace(width=min(area.width, 56), height=0))[1:]
