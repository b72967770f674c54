"""The last line of every screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usage_tui.cards.footer import draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.typeset import Typeset


class Footer(Typeset):
    """The keys that act now; after a command, once, what it did."""

    _commands: Sequence[str] = ()
    _words: Mapping[str, str] = {}
    _note = ""
    _more = False

    def show(self, commands: Sequence[str], words: Mapping[str, str] | None = None) -> None:
        """Show these commands, under these words where they differ from the usual ones.

        The same ones change nothing.
        """
        shown = commands, words or {}
        if shown != (self._commands, self._words):
            self._commands, self._words = shown
            self.redraw()

    def note(self, text: str) -> None:
        """Say what has just happened, in one line; an empty text brings the keys back."""
        text = "  ".join(text.replace("\n", "\t").split("\t"))
        if text != self._note:
            self._note = text
            self.redraw()

    def more(self, more: bool) -> None:
        """Say whether there is more below."""
        if more != self._more:
            self._more = more
            self.redraw()

    def draw(self, area: Area) -> list[Line]:
        """One line."""
        return [draw(self._commands, self._note, area, more=self._more, words=self._words)]
