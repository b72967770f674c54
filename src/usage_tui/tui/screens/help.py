"""Help: every key and every mark."""

from __future__ import annotations

from usage_tui.cards.help import draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.dialog import Dialog


class HelpDialog(Dialog):
    """What the keys do, as they are set now."""

    FRAME_ID = "help"
    heading = "Keys"

    def draw(self, area: Area) -> list[Line]:
        """Keys by section, and marks."""
        restricted = program_of(self).settings.restricted
        return draw(area, without={"suspend"} if restricted else ())
