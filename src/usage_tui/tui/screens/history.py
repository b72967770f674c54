"""History: one page of events, and the details of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container

from usage_tui.cards.arrangement import LEAST_HEIGHT, LEAST_WIDTH, LOW
from usage_tui.cards.event import Detail, EarlierEvent, details, draw_details, known_event, links
from usage_tui.cards.filter_line import filter_line
from usage_tui.cards.history import EventsPanel, history_view, pager
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.config.commands import keys_of
from usage_tui.models import Event, EventPage, EventQuery
from usage_tui.state.access import allowed
from usage_tui.state.history import Turn, possible
from usage_tui.state.remote import Status
from usage_tui.state.replies import EVENTS
from usage_tui.state.usage import UsageState
from usage_tui.tables.filters import options_of
from usage_tui.tables.selection import Selection
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.base import NOT_PRINTED
from usage_tui.tui.screens.filtering import FilteringScreen
from usage_tui.tui.widgets.events_table import EventsTable
from usage_tui.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from usage_tui.tui.screens.event import EventDialog

_TURNS = {
    "next_page": Turn.NEXT,
    "page_down": Turn.NEXT,
    "previous_page": Turn.PREVIOUS,
    "page_up": Turn.PREVIOUS,
}

_NAMES_IN_FILTER = f"{NOT_PRINTED} The filter has names, and they are hidden."


class HistoryScreen(FilteringScreen):
    """Single events, a page at a time."""

    NAME = "history"
    FOOTER = ("cursor_up", "open", "filter", "sort", "copy", "export", "refresh", "help", "back")
    BINDINGS = bindings("next_page", "previous_page", "page_up", "page_down", "first", "last", "newer")
    AUTO_FOCUS = "EventsTable"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-too-narrow"),
        (LEAST_WIDTH, "-narrow"),
        (110, "-detailed"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-too-low"),
        (LEAST_HEIGHT, "-lowest"),
        (18, "-low"),
        (LOW, "-high"),
    ]

    _page: EventPage | None = None
    _landing: int | None = None
    """The row of the next page that the cursor goes to; None if it stays."""
    _detailed: Event | None = None
    """The event whose details are shown."""
    _known: tuple[UsageState, Event, list[Detail]] | None = None
    """The details that were made last, and of what."""
    _complete = False
    """Whether all details of the event under the cursor fit beside the table."""
    _mark = 0
    """Which of the details that lead on is marked, of those of the event under the cursor."""
    dialog: EventDialog | None = None
    """The dialog that shows an event."""

    def compose_body(self) -> ComposeResult:
        """Filter, table, pager, details."""
        with Container(id="page"):
            yield Lines(id="filter")
            with Container(id="history-body"):
                with Container(id="history-table"):
                    yield EventsTable(EventsPanel())
                    yield Lines(id="pager")
                    yield from self.compose_filter()
                yield Lines(id="event-details")

    def on_mount(self) -> None:
        """Show the details of whatever row the cursor moves to, in the same frame."""
        self.watch(self.table, "cursor", self._show_details, init=False)

    @property
    def table(self) -> EventsTable:
        """The page of events."""
        return self.query_one(EventsTable)

    def show(self, state: UsageState) -> None:
        """The page, its cursor, and everything around it, in one frame."""
        if self.follow_filter(state):
            return
        if state.events.value is not self._page and self._landing is not None:
            self.table.set_reactive(EventsTable.cursor, self._landing)
            self._landing = None
        self._page = state.events.value
        self.table.show(history_view(state, "events"))
        self.query_one("#history-body").set_class(state.events.is_unavailable, "-alone")
        filters = self.query_one("#filter", Lines)
        filters.set_class(not state.query.has_conditions, "-empty")
        filters.show(lambda area: [filter_line(state, area)])
        self.query_one("#pager", Lines).show(lambda area: [pager(state, area)])
        self._show_details()
        if state.events.status is Status.IDLE:
            self.reload(state.turn)
        elif state.events.status is Status.FAILED:
            self._landing = None

    def _show_details(self) -> None:
        event = self.table.event
        if event != self._detailed:
            self._detailed, self._mark = event, 0
        self.query_one("#event-details", Lines).show(self._draw_details)
        self.show_footer()
        if self.dialog is not None:
            self.dialog.show()

    @on(EventsTable.Resized)
    def _rows_changed(self) -> None:
        """The first row stays where it is when another number of rows fits."""
        self.show_footer()
        events = self.program.state.events
        if events.is_unavailable:
            return  # what stands in place of the rows has another height, and would ask again without end
        if events.value is None or self.table.visible_rows != events.value.page.size:
            self.reload(Turn.SAME)

    def reload(self, turn: Turn = Turn.FIRST) -> None:
        """Load a page with as many rows as fit, once that is known."""
        if self.table.size.height and allowed(self.program.state, EVENTS):
            self.program.turn_page(turn, self.table.visible_rows)

    def _turn(self, turn: Turn, landing: int = 0) -> bool:
        """Turn if there is such a page, and put the cursor on this row of it."""
        if not self._leads_on(turn):
            return False
        self._landing = landing
        self.reload(turn)
        return True

    def _leads_on(self, turn: Turn) -> bool:
        """Whether there is such a page; while one is loading, there may be."""
        to_come = self.program.turning.under_way and turn is not Turn.LAST
        return to_come or possible(turn, self.program.state.events.value)

    async def _on_key(self, event: events.Key) -> None:
        await super()._on_key(event)
        if event.key not in {key for name in _TURNS for key in keys_of(name, self.program.keys)}:
            self.program.turning.stop()

    def _draw_details(self, area: Area) -> list[Line]:
        """The details, with the mark of what Enter follows if all of them are on the screen."""
        event = self.table.event
        rows = self.details_of(event)
        whole = draw_details(rows, area._replace(height=0), self.marked_of(event))
        self._complete = len(whole) <= area.height
        if not rows:
            return []
        return whole if self._leads_straight_on else draw_details(rows, area)

    # What an event leads on to

    @property
    def _leads_straight_on(self) -> bool:
        """Whether Enter follows what is marked: all details stand beside the table, and one leads on."""
        return self.has_class("-detailed") and self._complete and bool(self.links_of(self.table.event))

    def details_of(self, event: Event | None) -> list[Detail]:
        """Everything known about an event."""
        state = self.program.state
        if event is None:
            return []
        if self._known is None or self._known[0] is not state or self._known[1] is not event:
            self._known = state, event, details(state, event)
        return self._known[2]

    def links_of(self, event: Event | None) -> list[int]:
        """Which of its details lead on, by their indexes."""
        return links(self.details_of(event))

    def marked_of(self, event: Event | None) -> int | None:
        """The detail that Enter follows."""
        found = self.links_of(event)
        return found[self._mark % len(found)] if found else None

    def link_word(self, event: Event | None) -> str:
        """What the marked detail leads on to, in a word; empty if there is none."""
        marked = self.marked_of(event)
        return self.details_of(event)[marked].word if marked is not None else ""

    def mark_next(self, step: int, event: Event | None) -> None:
        """Mark another detail that leads on."""
        count = len(self.links_of(event))
        self._mark = (self._mark + step) % count if count else 0
        self._draw_marks()

    def _draw_marks(self) -> None:
        self.query_one("#event-details", Lines).redraw()
        self.show_footer()
        if self.dialog is not None:
            self.dialog.show(self.dialog.other)

    def follow(self, event: Event | None, row: int | None = None) -> None:
        """Go where a detail of an event leads; without one, where the marked one does."""
        row = self.marked_of(event) if row is None else row
        leads_to = self.details_of(event)[row].leads_to if row is not None else None
        match leads_to:
            case EventQuery():
                if self.dialog is not None:
                    self.dialog.dismiss()
                self.program.show_events(leads_to)
            case EarlierEvent(event_id, until):
                known = known_event(self.program.state, event_id)
                if known is not None:
                    self._show_event(known)
                else:
                    self.program.find_event(event_id, until, self._show_event)
            case None:
                pass

    def _show_event(self, event: Event) -> None:
        """Put the cursor on an event of the page, or else show it in the dialog."""
        from usage_tui.tui.screens.event import EventDialog

        self._mark = 0
        page = self.program.state.events.value
        if page is not None and event in page.items[: self.table.row_count]:
            self.table.move_to(page.items.index(event))
            self._draw_marks()
        elif self.dialog is not None:
            self.dialog.show(event)
        elif self.app.screen is self:
            self.app.push_screen(EventDialog(self, event))

    def walk(self, rows: int) -> None:
        """Move the cursor by rows, and on to the next page or the one before."""
        to = self.table.cursor + rows
        if to < 0:
            self._turn(Turn.PREVIOUS, self.table.visible_rows - 1)
        elif to >= self.table.row_count:
            self._turn(Turn.NEXT)
        else:
            self.table.move_to(to)

    @on(Lines.Chosen, "#event-details")
    def _detail_clicked(self, clicked: Lines.Chosen) -> None:
        self.follow(self.table.event, int(clicked.choice))

    @property
    def printed_by(self) -> tuple[str, ...]:
        """The events that match, as far as the last one on the page."""
        state, page = self.program.state, self.program.state.events.value
        options = options_of(state, state.query)
        if page is None or options is None:
            return ()
        last = "all" if state.first_row is None else str(max(1, state.first_row + len(page.items)))
        return ("history", *options, "--limit", last)

    @property
    def why_not_printed(self) -> str:
        """That the filter has names, where they are hidden."""
        state = self.program.state
        return _NAMES_IN_FILTER if state.redacted and state.query.holds_names else super().why_not_printed

    @property
    def selection(self) -> Selection | None:
        """The page; only the first one has a command of its own."""
        selection, state = super().selection, self.program.state
        if selection is None or selection.page is None:
            return selection
        options = options_of(state, state.query) if state.first_row == 0 else None
        limit = ("--limit", str(max(1, len(selection.page.items))))
        words = None if options is None else (*options, *limit)
        return selection._replace(options=words, query=state.query)

    @property
    def open_word(self) -> str:
        """Where Enter leads: on from what is marked, or to all details."""
        if self._leads_straight_on:
            return self.link_word(self.table.event)
        return "details" if self.table.event is not None else ""

    @property
    def footer_commands(self) -> Sequence[str]:
        """The links of the event, if there are several to choose from, after what opens one."""
        if self.is_typing:
            return self.typing_commands
        several = self._leads_straight_on and len(self.links_of(self.table.event)) > 1
        opens = (["open"] if self.open_word else []) + (["next_card"] if several else [])
        acting = [name for name in self.FOOTER if self.check_action(name, ())]
        return [one for name in acting for one in (opens if name == "open" else [name])]

    @property
    def footer_words(self) -> Mapping[str, str]:
        """What Enter and Tab do to an event."""
        return self.typing_words if self.is_typing else {**super().footer_words, "next_card": "next link"}

    def action_next_card(self) -> None:
        """Mark the next detail that leads on; while a filter is typed, complete it."""
        if self.is_typing:
            self.complete_filter()
        else:
            self.mark_next(1, self.table.event)

    def action_previous_card(self) -> None:
        """Mark the detail before that leads on."""
        self.mark_next(-1, self.table.event)

    def action_open(self) -> None:
        """Follow what is marked if all details are on the screen, or else show them all."""
        from usage_tui.tui.screens.event import EventDialog

        if self._leads_straight_on:
            self.follow(self.table.event)
        elif self.table.event is not None:
            self.app.push_screen(EventDialog(self))

    # Pages

    def action_next_page(self) -> None:
        """Older events."""
        self._turn(Turn.NEXT)

    def action_previous_page(self) -> None:
        """Newer events."""
        self._turn(Turn.PREVIOUS)

    def action_page_down(self) -> None:
        """Older events."""
        self._turn(Turn.NEXT)

    def action_page_up(self) -> None:
        """Newer events."""
        self._turn(Turn.PREVIOUS)

    def action_first(self) -> None:
        """The first page, and its first row."""
        if not self._turn(Turn.FIRST):
            self.table.move_to(0)

    def action_last(self) -> None:
        """The last page if it is known, and the last row."""
        last = self.table.visible_rows - 1
        if not self._turn(Turn.LAST, last):
            self.table.move_to(last)

    def action_newer(self) -> None:
        """The first page again, with what has come since."""
        self._landing = 0
        self.reload(Turn.FIRST)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Next and Previous are disabled at the ends; newer events are shown if there are any."""
        state = self.program.state
        if action in _TURNS:
            return True if self._leads_on(_TURNS[action]) else None
        if action == "newer":
            return bool(state.events.value and state.events.value.newer)
        return super().check_action(action, parameters)
