"""Background AI & sandbox usage."""

from __future__ import annotations

from usage_tui.cards.allowance import AllowanceView, draw, headline_text
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.card import Card


class AllowanceCard(Card[AllowanceView]):
    """The allowances that are not part of the credit pool."""

    opens = "allowance"

    def draw(self, area: Area) -> list[Line]:
        """Head and one bar a meter."""
        return draw(self.view, area) if self.view else []

    @property
    def copy_text(self) -> str:
        """Every meter in a line."""
        return headline_text(self.content) if self.content else ""
