"""The command palette: what can be done now, and what the data have to go to."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cards.palette import Palette, Row, Target
from usage_tui.cards.panel import GrantToShow, PeriodToShow
from usage_tui.models import EventQuery
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.picker import Picker


class PaletteDialog(Picker[Target]):
    """Lists the commands; what is typed finds data too."""

    FRAME_ID = "palette"
    heading = "Commands"
    enter = "run"

    def __init__(self, palette: Palette) -> None:
        """Offer these commands and these data."""
        super().__init__()
        self._palette = palette
        self.placeholder = palette.kinds

    def find(self, query: str) -> Sequence[Row]:
        """What has the words of the query."""
        return self._palette.find(query)

    def choose(self, leads_to: Target) -> None:
        """Run the command, or go to the data."""
        program = program_of(self)
        match leads_to:
            case EventQuery():
                program.show_events(leads_to)
            case GrantToShow(grant_id):
                program.show_grant(grant_id)
            case PeriodToShow(period_id):
                program.show_period(period_id)
            case str():
                program.run_command(leads_to)
