"""A page of events as a table that tells when another number of rows may fit."""

from __future__ import annotations

from textual.message import Message

from usage_tui.cards.history import HistoryView
from usage_tui.models import Event
from usage_tui.tui.widgets.table import TableWidget


class EventsTable(TableWidget[HistoryView]):
    """One page of the history."""

    class Resized(Message):
        """Another number of rows may fit."""

    def on_resize(self) -> None:
        """Say so."""
        self.post_message(self.Resized())

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self.content.events[self.cursor] if self.content and self.content.events else None
