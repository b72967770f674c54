"""Grants: all of them, and the details of one."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size

from usage_tui.cards.arrangement import LOW
from usage_tui.cards.books import books, draw
from usage_tui.cards.grant_details import draw_details
from usage_tui.cards.grants import GrantsPanel, GrantsView, grants_view, totals
from usage_tui.cards.typeset.lines import Area, Line, Span, cut_line, line
from usage_tui.config import paths
from usage_tui.state.usage import UsageState
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.table import LongTable

_ORDER = "Spent from top to bottom: included first, then what expires soonest."


_AROUND = 12
"""Lines around the table on its own screen: totals, order, books, details, and blank ones."""
_AROUND_LOW = 9
"""The same without blank lines and without the order."""
_AROUND_BELOW = (54, 16), (76, 14)
"""The same below each of these widths, where totals, names, amounts and notes take several lines."""
_LEAST_ROWS = 3


class GrantsTable(LongTable[GrantsView]):
    """All grants, as many at a time as leave room for the details of one."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line a grant, but never so many that what is around them leaves the screen."""
        around = next((lines for cells, lines in _AROUND_BELOW if width < cells), _AROUND)
        if viewport.height < LOW:
            around = _AROUND_LOW
        room = max(self.panel.heads + _LEAST_ROWS, container.height - around)
        return min(super().get_content_height(container, viewport, width), room)


class GrantsScreen(UsageScreen):
    """Every grant, in the order in which it is spent."""

    CSS_PATH = paths.styles(paths.PAGES)
    NAME = "grants"
    FOOTER = ("cursor_up", "open", "copy", "export", "refresh", "help", "back")
    AUTO_FOCUS = "GrantsTable"

    _wanted: str | None = None
    """The id of the grant that the cursor goes to once the grants are known."""

    def compose_body(self) -> ComposeResult:
        """Totals, table, what the order means, whether the books agree, details."""
        with Container(id="page"):
            yield Lines(id="grant-totals")
            yield GrantsTable(GrantsPanel())
            yield Lines(id="grant-order")
            yield Lines(id="books")
            yield Lines(id="grant-details")

    def on_mount(self) -> None:
        """Show the details of whatever row the cursor moves to, in the same frame."""
        self.watch(self.table, "cursor", self._show_details, init=False)

    @property
    def table(self) -> GrantsTable:
        """The table of grants."""
        return self.query_one(GrantsTable)

    def show(self, state: UsageState) -> None:
        """The table and everything around it."""
        self.table.show(grants_view(state))
        self._find_wanted()
        view = self.table.content
        sums = self.query_one("#grant-totals", Lines)
        sums.set_class(view is None, "-empty")
        sums.show(lambda area: totals(view, area) if view else [])
        order = line(Span(_ORDER if view and view.grants else "", "muted"))
        self.query_one("#grant-order", Lines).show(lambda area: [cut_line(order, area.width, area.glyphs)])
        told = books(state)
        lines = self.query_one("#books", Lines)
        lines.set_class(not told, "-empty")
        lines.show(lambda area: draw(told, area))
        self._show_details()

    def go_to(self, grant_id: str) -> None:
        """Put the cursor on a grant."""
        self._wanted = grant_id
        self.call_later(self._find_wanted)

    def _find_wanted(self) -> None:
        view = self.table.content
        if view is not None and self._wanted is not None:
            ids = [grant.id for grant in view.grants]
            if self._wanted in ids:
                self.table.move_to(ids.index(self._wanted))
            self._wanted = None

    def _show_details(self) -> None:
        view, cursor = self.table.content, self.table.cursor
        grant = view.grants[cursor] if view and view.grants else None

        def draw(area: Area) -> list[Line]:
            return draw_details(view, grant, area) if view and grant else []

        self.query_one("#grant-details", Lines).show(draw)
