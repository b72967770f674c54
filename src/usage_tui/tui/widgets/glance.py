"""One line in place of a card that begins on the next page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import events

from usage_tui.cards.arrangement import glance_of
from usage_tui.cards.panel import Card
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.card import CardWidget
from usage_tui.tui.widgets.typeset import Typeset


class Glance(Typeset):
    """A card in one line; a click on it leads to the card."""

    def __init__(self, card: CardWidget[Any], panel: Card[Any]) -> None:
        """Stand for this widget, which shows this panel."""
        super().__init__(id=glance_of(panel.id))
        self.card = card
        self._panel = panel

    def draw(self, area: Area) -> Sequence[Line]:
        """The line."""
        return [self._panel.glance(self.card.view, area)]

    def on_click(self, event: events.Click) -> None:
        """Go to the card."""
        event.stop()
        self.screen.set_focus(self.card)
