"""Credits remaining."""

from __future__ import annotations

from usage_tui.cards.balance import BalanceView, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.card import Card


class BalanceCard(Card[BalanceView]):
    """The number that the eye finds first, and what it is made of."""

    opens = "grants"

    def draw(self, area: Area) -> list[Line]:
        """Head, number beside legend, split bar."""
        return draw(self.view, area) if self.view else []

    @property
    def copy_text(self) -> str:
        """The number, not rounded."""
        return self.content.exact if self.content else ""
