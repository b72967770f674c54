"""Help: every key and every mark."""

from __future__ import annotations

from collections.abc import Collection

from textual.app import ComposeResult

from usage_tui.cards.help import Here, draw, missing, zone_note
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.lines import Lines


class HelpDialog(Dialog):
    """What the keys do, as they are set now; those that act where the viewer is stand out."""

    FRAME_ID = "help"
    heading = "Keys"

    def __init__(self, here: Here, without: Collection[str]) -> None:
        """Show the keys for a place, without those of some commands."""
        super().__init__()
        self._here = here
        self._without = without

    def compose_body(self) -> ComposeResult:
        """The keys."""
        lines = _Keys()
        lines.show(self.draw)
        yield lines

    def draw(self, area: Area) -> list[Line]:
        """Keys by section, marks, and why some keys are missing."""
        state = program_of(self).state
        gone, notes = missing(state), [zone_note(state)] if state.summary.value is not None else []
        without = {*self._without} | gone.commands
        return draw(area, self._here, without=without, notes=[*gone.notes, *notes])

    def action_redact(self) -> None:
        """Hide names here as on every screen, or show them again."""
        super().action_redact()
        self.query_one(_Keys).show(self.draw)


class _Keys(Lines):
    """A key that is clicked acts on the screen below."""

    def run(self, command: str) -> None:
        """Close the help, and run the command."""
        if isinstance(self.screen, HelpDialog):
            self.screen.dismiss()
        super().run(command)
