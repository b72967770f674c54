"""Included credits."""

from __future__ import annotations

from usage_tui.cards.included import IncludedView, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.card import Card


class IncludedCard(Card[IncludedView]):
    """How far the period's included credits are used."""

    opens = "grants"

    def draw(self, area: Area) -> list[Line]:
        """Head, bar, numbers."""
        return draw(self.view, area) if self.view else []

    @property
    def copy_text(self) -> str:
        """Used, remaining and whole, not rounded."""
        return self.content.exact if self.content else ""
