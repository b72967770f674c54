"""Overview: every organization of every profile, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size

from usage_tui.cards.overview import OverviewPanel, OverviewView, draw_details
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.config import paths
from usage_tui.state.overview import Overview, Row, Target
from usage_tui.state.usage import UsageState
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.table import TableWidget

_AROUND = 9
"""Lines around the table: the details and blank ones."""
_LEAST_ROWS = 3


class OverviewTable(TableWidget[OverviewView]):
    """All organizations, as many at a time as leave room for the details of one."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line an organization, but never so many that the details leave the screen."""
        room = max(self.panel.heads + _LEAST_ROWS, container.height - _AROUND)
        return min(super().get_content_height(container, viewport, width), room)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.content.rows[self.cursor] if self.content and self.content.rows else None


class OverviewScreen(UsageScreen):
    """Every organization with what is left and how long it lasts; Enter opens one."""

    CSS_PATH = paths.styles(paths.PAGES)
    NAME = "overview"
    FOOTER = ("cursor_up", "open", "copy", "refresh", "help", "back")
    BINDINGS = bindings("first", "last", "page_up", "page_down", "refresh")
    AUTO_FOCUS = "OverviewTable"

    _pending = False
    _target: Target | None = None
    """What is under the cursor, wherever its row goes."""

    def compose_body(self) -> ComposeResult:
        """Table and details."""
        with Container(id="page"):
            yield OverviewTable(OverviewPanel())
            yield Lines(id="row-details")

    def on_mount(self) -> None:
        """Follow the rows, and the cursor."""
        self.overview.changed = self._rows_changed
        self.watch(self.table, "cursor", self._cursor_moved, init=False)

    @property
    def overview(self) -> Overview:
        """The rows."""
        return self.program.overview

    @property
    def table(self) -> OverviewTable:
        """The table of organizations."""
        return self.query_one(OverviewTable)

    @property
    def footer_words(self) -> Mapping[str, str]:
        """Enter switches to an organization."""
        return {"open": "open"}

    def show(self, state: UsageState) -> None:
        """The rows, one of which is what the other screens show."""
        self.overview.follow(self.program.known.state)
        self._show_rows()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Ask all, unless they are being asked still."""
        looks = (worker for worker in self.workers if worker.group == "overview")
        if all(worker.is_finished or worker.is_cancelled for worker in looks):
            self.overview.follow(self.program.known.state)
            self._look()

    def on_screen_suspend(self) -> None:
        """Who leaves does not wait for answers; a dialog over the screen does."""
        if self.app.current_mode != self.NAME:
            self.workers.cancel_group(self, "overview")

    @work(exclusive=True, group="overview")
    async def _look(self) -> None:
        await self.overview.look()

    def _rows_changed(self) -> None:
        """Rows that come together are shown together."""
        if not self._pending and self in self.app.screen_stack:
            self._pending = True
            self.call_next(self._show_rows)

    def _show_rows(self) -> None:
        self._pending = False
        overview, table = self.overview, self.table
        targets = [row.target for row in overview.rows]
        ascii_only = self.program.settings.ascii
        wanted = self._target
        with self.app.batch_update():
            rows = self.program.known.seen(overview.rows)
            table.show(OverviewView(rows, overview.has_profiles, ascii_only))
            if wanted in targets and targets.index(wanted) != table.cursor:
                table.move_to(targets.index(wanted))
            self._cursor_moved()

    def _cursor_moved(self) -> None:
        view, row = self.table.content, self.table.row
        self._target = row.target if row else None

        def draw(area: Area) -> list[Line]:
            return draw_details(row, view, area) if view and row else []

        self.query_one("#row-details", Lines).show(draw)

    def action_open(self) -> None:
        """Switch to the organization under the cursor."""
        row = self.table.row
        if row is not None:
            self.program.open_target(row.target)

    def action_refresh(self) -> None:
        """Ask all again, the organization of the other screens too."""
        self.program.reload(force=True)
        self._look()

    def action_first(self) -> None:
        """The first row."""
        self.table.move_to(0)

    def action_last(self) -> None:
        """The last row."""
        self.table.move_to(self.table.row_count - 1)

    def action_page_up(self) -> None:
        """One screen up."""
        self.table.move_to(self.table.cursor - self.table.visible_rows)

    def action_page_down(self) -> None:
        """One screen down."""
        self.table.move_to(self.table.cursor + self.table.visible_rows)
