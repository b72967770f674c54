"""Credit grants."""

from __future__ import annotations

from textual.geometry import Size

from usage_tui.cards.arrangement import LOW
from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.grants import HEADS, GrantsView, draw, row_text
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.models import Grant
from usage_tui.tui.widgets.table_card import TableCard

_AROUND = 11
"""Lines around the table on its own screen: totals, what the order means, details, and blank ones."""
_AROUND_LOW = 8
"""The same without blank lines and without the order."""
_LEAST_ROWS = 3


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
    """All grants on their own screen, as many at a time as leave room for the details of one."""

    def head_end(self, area: Area) -> Line:
        """What the order means; or, where not all rows fit, which ones are on the screen."""
        last = self.first_row + self.visible_rows
        if last - self.first_row >= self.row_count:
            return line(Span("in the order they are spent", "muted"))
        rows = f"{self.first_row + 1}{area.glyphs.dash}{last}"
        return line(Span("Rows ", "muted"), Span(rows, "strong"), Span(f" of {self.row_count}", "muted"))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line a grant, but never so many that what stands around them is pushed off the screen."""
        around = _AROUND_LOW if viewport.height < LOW else _AROUND
        room = max(HEADS + _LEAST_ROWS, container.height - around)
        return min(super().get_content_height(container, viewport, width), room)
