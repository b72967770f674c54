"""Effects of time that are not booked yet, computed for replies."""

from __future__ import annotations

from typing import NamedTuple

from usage_tui.server.db.reads import OrganizationRow
from usage_tui.server.ledger_writer.time_effects import LedgerInTime
from usage_tui.server.replies.slices import View


class _Known(NamedTuple):
    """An organization's row with the effects of time, and the stored row it was computed from."""

    stored: OrganizationRow
    row: OrganizationRow


class Ahead:
    """Computes effects of time that are not booked, and remembers each organization's row with them.

    So a 304 costs no more reads before they are booked than afterwards.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def row(self, view: View) -> OrganizationRow:
        """The organization's row as it is once the effects of time are booked."""
        stored = view.organization
        if stored.next_change_at > view.now:
            return stored
        known = self._known.get(stored.org.id)
        # The clock may have been set back since then.
        if known and known.stored == stored and known.row.position.now <= view.now < known.row.next_change_at:
            return known.row
        return self.view(view).organization

    def view(self, view: View) -> View:
        """The same view with the effects of time."""
        stored = view.organization
        if stored.next_change_at > view.now:
            return view
        ledger = LedgerInTime(view.connection, stored, view.now)
        row = ledger.row()
        self._known[stored.org.id] = _Known(stored, row)
        return view._replace(organization=row, ahead=ledger)
