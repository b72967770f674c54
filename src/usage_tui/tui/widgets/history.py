"""Historical usage."""

from __future__ import annotations

from textual.message import Message

from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.history import HEADS, HistoryView, draw, row_text
from usage_tui.cards.typeset.lines import Area, Line, Span, line
from usage_tui.models import Event
from usage_tui.tui.widgets.table_card import TableCard


class EventsCard(TableCard[HistoryView]):
    """A table of events."""

    HEADS = HEADS

    def draw(self, area: Area) -> list[Line]:
        """Head, column heads, rows."""
        return draw(self.view, area, self.head_end(area)) if self.view else []

    def head_end(self, area: Area) -> Line:
        """The right end of the head."""
        return line(Span(self.content.order if self.content else "", "muted"))

    @property
    def row_count(self) -> int:
        """The events that fit; older ones are on the next page. While the card is hidden, all of them."""
        if self.content is None:
            return 0
        events = len(self.content.events)
        return min(events, self.visible_rows) if self.size.height else events

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self.content.events[self.cursor] if self.content and self.content.events else None

    @property
    def copy_text(self) -> str:
        """The row under the cursor."""
        return row_text(self.content, self.event) if self.content and self.event else ""


class RecentCard(EventsCard):
    """The newest events on the dashboard."""

    opens = "history"

    def head_end(self, area: Area) -> Line:
        """The way to the whole history."""
        return joined([super().head_end(area), key_hint("history", "History", area)])


class EventsTable(EventsCard):
    """One page of the history."""

    class Resized(Message):
        """Another number of rows may fit."""

    def on_resize(self) -> None:
        """Say so."""
        self.post_message(self.Resized())
