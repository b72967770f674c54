"""View allowance details: every meter with its lines."""

from __future__ import annotations

from usage_tui.cards.allowance import TITLE, details_view, draw_details
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.state.usage import UsageState
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.lines import Lines


class AllowanceDialog(Dialog):
    """The whole breakdown of background AI and sandbox usage."""

    FRAME_ID = "allowance"
    heading = TITLE

    def on_mount(self) -> None:
        """Follow the state."""
        self.watch(self.app, "state", self._changed)

    def _changed(self, state: UsageState) -> None:
        self.query_one(Lines).show(self.draw)

    def draw(self, area: Area) -> list[Line]:
        """Every meter: used, included, bar, reset, and what makes it up."""
        return draw_details(details_view(program_of(self).state), area)
