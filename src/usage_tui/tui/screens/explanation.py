"""What a card has to say that has no room on it."""

from __future__ import annotations

from usage_tui.cards.panel import Explanation
from usage_tui.cards.typeset.lines import Area, Line, line, wrap
from usage_tui.tui.screens.dialog import Dialog


class ExplanationDialog(Dialog):
    """Sentences under a title."""

    FRAME_ID = "explanation"

    def __init__(self, explanation: Explanation) -> None:
        """Show this explanation."""
        super().__init__()
        self._explanation = explanation

    @property
    def heading(self) -> str:
        """Its title."""
        return self._explanation.title

    def draw(self, area: Area) -> list[Line]:
        """Each sentence on lines of its own."""
        return [line(row) for sentence in self._explanation.sentences for row in wrap(sentence, area.width)]
