"""Credit grants."""

from __future__ import annotations

from usage_tui.models import Grant
from usage_tui.present.card import joined, key_hint
from usage_tui.present.grants import HEADS, GrantsView, draw, row_text
from usage_tui.present.text import Area, Line, Span, line
from usage_tui.ui.widgets.table_card import TableCard


class GrantsCard(TableCard[GrantsView]):
    """What was given or bought, in the order in which it is spent."""

    HEADS = HEADS
    opens = "grants"

    def draw(self, area: Area) -> list[Line]:
        """Head, column heads, rows."""
        return draw(self.view, area, self.head_end(area), self.first_row) if self.view else []

    def head_end(self, area: Area) -> Line:
        """The right end of the head: the way to all grants."""
        return joined([line(Span("spend order", "muted")), key_hint("grants", "Grants", area)])

    @property
    def row_count(self) -> int:
        """All grants."""
        return len(self.content.grants) if self.content else 0

    @property
    def grant(self) -> Grant | None:
        """The grant under the cursor."""
        return self.content.grants[self.cursor] if self.content and self.content.grants else None

    @property
    def copy_text(self) -> str:
        """The row under the cursor."""
        return row_text(self.content, self.grant) if self.content and self.grant else ""


class GrantsTable(GrantsCard):
    """All grants on their own screen."""

    def head_end(self, area: Area) -> Line:
        """What the order means."""
        return line(Span("in the order they are spent", "muted"))
