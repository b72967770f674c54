"""What a card has to say that has no room on it."""

from __future__ import annotations

from collections.abc import Callable

from usage_tui.cards.panel import Explanation
from usage_tui.cards.typeset.lines import Area, Line, line, wrap
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.lines import Lines


class ExplanationDialog(Dialog):
    """Sentences under a title."""

    FRAME_ID = "explanation"

    def __init__(self, explanation: Explanation, again: Callable[[], object]) -> None:
        """Show this explanation.

        Args:
            explanation: What is said.
            again: The same with the names that are shown now.
        """
        super().__init__()
        self._explanation = explanation
        self._again = again

    @property
    def heading(self) -> str:
        """Its title."""
        return self._explanation.title

    def draw(self, area: Area) -> list[Line]:
        """Each sentence on lines of its own."""
        return [line(row) for sentence in self._explanation.sentences for row in wrap(sentence, area.width)]

    def action_redact(self) -> None:
        """Hide names here as on every screen, or show them again."""
        super().action_redact()
        found = self._again()
        if isinstance(found, Explanation):
            self._explanation = found
            self.set_heading()
            self.query_one(Lines).show(self.draw)
        else:
            self.dismiss()
