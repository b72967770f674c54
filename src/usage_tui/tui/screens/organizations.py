"""Switch organization: the viewer's organizations, one of which is then shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.geometry import Region

from usage_tui.cards.organizations import OrganizationsView
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.organizations import OrganizationsTable


class OrganizationsDialog(Dialog):
    """Lists the organizations; Enter switches to the one under the cursor."""

    FRAME_ID = "organizations"
    KEYS: ClassVar[Mapping[str, str]] = {"open": "switch", "back": "close"}
    BINDINGS = bindings(open="switch")
    AUTO_FOCUS = "OrganizationsTable"
    heading = "Switch organization"

    def __init__(self, view: OrganizationsView) -> None:
        """Offer these organizations."""
        super().__init__()
        self._view = view

    def compose_body(self) -> ComposeResult:
        """The table."""
        yield OrganizationsTable()

    def on_mount(self) -> None:
        """Begin at the organization on the screen."""
        table = self.query_one(OrganizationsTable)
        table.show(self._view)
        table.put_cursor_on_current()
        self.watch(table, "cursor", self._follow_cursor)

    def _follow_cursor(self) -> None:
        table = self.query_one(OrganizationsTable)
        row = Region(0, table.HEADS + table.cursor, 1, 1).translate(table.virtual_region.offset)
        self._frame().scroll_to_region(row, animate=False)

    def action_switch(self) -> None:
        """Show the organization under the cursor."""
        chosen = self.query_one(OrganizationsTable).chosen
        self.dismiss()
        if chosen is not None and chosen.id != self._view.current:
            program_of(self).switch_organization(chosen.id)
