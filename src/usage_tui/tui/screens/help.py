"""Help: every key and every mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from usage_tui.cards.help import draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from usage_tui.tui.app import UsageApp


class HelpDialog(Dialog):
    """What the keys do, as they are set now."""

    FRAME_ID = "help"
    heading = "Keys"

    def draw(self, area: Area) -> list[Line]:
        """Keys by section, and marks."""
        restricted = cast("UsageApp", self.app).settings.restricted
        return draw(area, without={"suspend"} if restricted else ())
