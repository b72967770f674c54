"""Current-period usage."""

from __future__ import annotations

from usage_tui.cards.ranking import HEADS, RankedRow, RankingView, draw, row_text, visible_rows
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.models import EventQuery
from usage_tui.tui.widgets.table_card import TableCard


class RankingCard(TableCard[RankingView]):
    """Where the period's usage went, by source or by category."""

    HEADS = HEADS

    rolled_up = False

    def draw(self, area: Area) -> list[Line]:
        """Head, column heads, rows."""
        return draw(self.view, area, rolled_up=self.rolled_up, first=self.first_row) if self.view else []

    @property
    def rows(self) -> tuple[RankedRow, ...]:
        """The sources, or the categories while rolled up."""
        view = self.content
        return () if view is None else view.categories if self.rolled_up else view.sources

    @property
    def row_count(self) -> int:
        """All rows."""
        return len(self.rows)

    @property
    def visible_rows(self) -> int:
        """One line is kept for the rest where there is a rest."""
        view = self.content
        return visible_rows(view, self.size.height, rolled_up=self.rolled_up) if view else 1

    @property
    def row(self) -> RankedRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def events_behind(self) -> EventQuery | None:
        """The period's events of the source or category."""
        return self.row.query if self.row else None

    @property
    def copy_text(self) -> str:
        """The row under the cursor."""
        view, row = self.content, self.row
        return "" if view is None or row is None else row_text(view, row)

    def roll_up(self) -> None:
        """Change between sources and categories."""
        self.rolled_up = not self.rolled_up
        self.first_row = 0
        self.move_to(0)
