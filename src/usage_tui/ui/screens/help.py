"""Help: every key and every mark."""

from __future__ import annotations

from usage_tui.present.help import draw
from usage_tui.present.text import Area, Line
from usage_tui.ui.screens.dialog import Dialog


class HelpDialog(Dialog):
    """What the keys do, as they are set now."""

    FRAME_ID = "help"
    heading = "Keys"

    def draw(self, area: Area) -> list[Line]:
        """Keys by section, and marks."""
        return draw(area)
