"""Switch organization: the viewer's organizations, one of which is then shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.geometry import Region

from usage_tui.cards.organizations import OrganizationsPanel, OrganizationsView, organizations_view
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.table import TableWidget


class OrganizationsDialog(Dialog):
    """Lists the organizations; Enter switches to the one under the cursor."""

    FRAME_ID = "organizations"
    KEYS: ClassVar[Mapping[str, str]] = {"open": "switch", "back": "close"}
    BINDINGS = bindings(open="switch")
    AUTO_FOCUS = "TableWidget"
    heading = "Switch organization"

    @property
    def _view(self) -> OrganizationsView:
        """What there is to choose from."""
        return organizations_view(program_of(self).state)

    def compose_body(self) -> ComposeResult:
        """The table."""
        yield TableWidget(OrganizationsPanel())

    @property
    def table(self) -> TableWidget[OrganizationsView]:
        """The table of organizations."""
        return self.query_one(TableWidget)

    def on_mount(self) -> None:
        """Begin at the organization on the screen."""
        view = self._view
        self.table.show(view)
        ids = [one.id for one in view.memberships]
        if view.current in ids:
            self.table.move_to(ids.index(view.current))
        self.watch(self.table, "cursor", self._follow_cursor)

    def _follow_cursor(self) -> None:
        table = self.table
        row = Region(0, table.panel.heads + table.cursor, 1, 1).translate(table.virtual_region.offset)
        self._frame().scroll_to_region(row, animate=False)

    def action_redact(self) -> None:
        """Hide names here as on every screen, or show them again."""
        super().action_redact()
        self.table.show(self._view)

    def action_switch(self) -> None:
        """Show the organization under the cursor."""
        view = self._view
        chosen = view.memberships[self.table.cursor : self.table.cursor + 1]
        self.dismiss()
        if chosen and chosen[0].id != view.current:
            program_of(self).switch_organization(chosen[0].id)
