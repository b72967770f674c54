"""Event details: everything known about one event, for when the pane beside the table is too small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from textual import on
from textual.await_complete import AwaitComplete

from usage_tui.cards.event import TITLE, Detail, draw_details
from usage_tui.cards.history import row_text
from usage_tui.cards.typeset.lines import Area, Line, cell_len
from usage_tui.config.commands import key_of
from usage_tui.models import Event
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.dialog import GAP, Dialog
from usage_tui.tui.widgets.events_table import EventsTable
from usage_tui.tui.widgets.lines import Lines

_WIDTH = 66
_FRAME = 6
"""Columns of the frame's lower edge that are not for keys."""
_TEXT = 59
"""The widest text that stands in one column."""


class History(Protocol):
    """The screen below the dialog, which holds the cursor and follows links."""

    dialog: EventDialog | None

    @property
    def table(self) -> EventsTable:
        """The page of events."""

    def details_of(self, event: Event | None) -> list[Detail]:
        """Everything known about an event."""

    def links_of(self, event: Event | None) -> list[int]:
        """Which of its details lead on, by their indexes."""

    def marked_of(self, event: Event | None) -> int | None:
        """The detail that Enter follows."""

    def link_word(self, event: Event | None) -> str:
        """What the marked detail leads on to, in a word."""

    def mark_next(self, step: int, event: Event | None) -> None:
        """Mark the next detail that leads on, or the one before."""

    def walk(self, rows: int) -> None:
        """Move the cursor by rows."""

    def follow(self, event: Event | None, index: int | None = None) -> None:
        """Go where a detail leads; without an index, where the marked one does."""


class EventDialog(Dialog):
    """The details of the event under the cursor of the history, or of one that they led to."""

    FRAME_ID = "event"
    heading = TITLE
    BINDINGS = bindings("copy", "next_card", "previous_card", open="follow")

    def __init__(self, history: History, event: Event | None = None) -> None:
        """Show an event; without one, the one under the cursor, wherever that goes."""
        super().__init__()
        self._history = history
        self.other = event
        """The event that the details led to; None for the one under the cursor."""

    def on_mount(self) -> None:
        """Follow the cursor."""
        self._history.dialog = self

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Follow it no longer: whatever it does from now on, this has no lines to show it."""
        self._history.dialog = None
        return super().dismiss(result)

    @property
    def event(self) -> Event | None:
        """The event that is shown."""
        return self.other or self._history.table.event

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """The keys that act, as many as fit."""
        keys, glyphs = program_of(self).keys, program_of(self).glyphs
        arrows = "".join(key_of(one, keys, glyphs) for one in ("cursor_up", "cursor_down"))
        links = self._history.links_of(self.event)
        hints = [("cursor_down", f"{arrows} event")]
        for command, word in (
            ("next_card", "link" if len(links) > 1 else ""),
            ("open", self._history.link_word(self.event)),
            ("copy", "copy"),
            ("back", "close"),
        ):
            if word:
                hints.append((command, f"{key_of(command, keys, glyphs)} {word}"))
        room = min(_WIDTH, self.app.size.width) - _FRAME
        while len(hints) > 1 and cell_len(GAP.join(text for _, text in hints)) > room:
            del hints[0]
        return hints

    def show(self, event: Event | None = None) -> None:
        """Show an event; without one, the one under the cursor."""
        self.other = event
        self.query_one(Lines).show(self.draw)
        self.note("")

    def draw(self, area: Area) -> list[Line]:
        """All details, below the heading of the frame."""
        if self.event is None:
            return []
        rows: Sequence[Detail] = self._history.details_of(self.event)
        marked = self._history.marked_of(self.event)
        return draw_details(rows, area._replace(width=min(area.width, _TEXT), height=0), marked)[1:]

    def action_redact(self) -> None:
        """Show the same event without names, or with them again."""
        other = self.other
        super().action_redact()
        if other is not None:
            program_of(self).find_event(other.id, other.occurred_at, self.show)

    def action_line_up(self) -> None:
        """The event above, which is newer."""
        self._history.walk(-1)

    def action_line_down(self) -> None:
        """The event below, which is older."""
        self._history.walk(1)

    def action_next_card(self) -> None:
        """Mark the next value that leads on."""
        self._history.mark_next(1, self.event)

    def action_previous_card(self) -> None:
        """Mark the value before that leads on."""
        self._history.mark_next(-1, self.event)

    def action_follow(self) -> None:
        """Go where the marked value leads."""
        self._history.follow(self.event)

    @on(Lines.Chosen)
    def _clicked(self, clicked: Lines.Chosen) -> None:
        self._history.follow(self.event, int(clicked.choice))

    def action_copy(self) -> None:
        """Copy the event as the row of the table."""
        view = self._history.table.content
        if self.event is not None and view is not None:
            text = row_text(view, self.event)
            self.app.copy_to_clipboard(text)
            self.note("Sent to your terminal's clipboard.")
