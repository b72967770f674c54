"""The organizations that the viewer may switch between."""

from __future__ import annotations

from usage_tui.cards.organizations import HEADS, OrganizationsView, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.models import Membership
from usage_tui.tui.widgets.table_card import TableCard


class OrganizationsTable(TableCard[OrganizationsView]):
    """A row for each organization."""

    HEADS = HEADS

    def draw(self, area: Area) -> list[Line]:
        """Column heads and all rows: the dialog around them scrolls."""
        return draw(self.content, area) if self.content else []

    @property
    def row_count(self) -> int:
        """All organizations."""
        return len(self.content.memberships) if self.content else 0

    @property
    def chosen(self) -> Membership | None:
        """The one under the cursor."""
        return self.content.memberships[self.cursor] if self.content and self.row_count else None

    def put_cursor_on_current(self) -> None:
        """Begin at the organization that is on the screen."""
        ids = [one.id for one in self.content.memberships] if self.content else []
        if self.content and self.content.current in ids:
            self.move_to(ids.index(self.content.current))
