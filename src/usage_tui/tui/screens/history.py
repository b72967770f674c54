"""History: one page of events, and the details of one of them."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message

from usage_tui.cards.arrangement import LEAST_HEIGHT, LEAST_WIDTH, LOW
from usage_tui.cards.history import (
    EventsPanel,
    HistoryView,
    details,
    draw_details,
    filter_line,
    history_view,
    pager,
)
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.config.commands import keys_of
from usage_tui.models import Event, EventPage, EventQuery
from usage_tui.state.access import allowed
from usage_tui.state.history import Turn, possible
from usage_tui.state.remote import Status
from usage_tui.state.replies import EVENTS
from usage_tui.state.usage import UsageState
from usage_tui.tui.bindings import bindings
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.table import TableWidget

_TURNS = {
    "next_page": Turn.NEXT,
    "page_down": Turn.NEXT,
    "previous_page": Turn.PREVIOUS,
    "page_up": Turn.PREVIOUS,
}


_NOTHING_TO_COME = {Status.WITHHELD, Status.NOT_OFFERED}
"""What leaves a sentence in place of the table, and no event to show details of."""


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


class HistoryScreen(UsageScreen):
    """Single events, newest first, a page at a time."""

    NAME = "history"
    FOOTER = ("cursor_up", "open", "copy", "refresh", "help", "back")
    BINDINGS = bindings(
        "next_page", "previous_page", "page_up", "page_down", "first", "last", "newer", "clear_filter"
    )
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

    def compose_body(self) -> ComposeResult:
        """Filter, table, pager, details."""
        with Container(id="page"):
            yield Lines(id="filter")
            with Container(id="history-body"):
                with Container(id="history-table"):
                    yield EventsTable(EventsPanel())
                    yield Lines(id="pager")
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
        if state.events.value is not self._page and self._landing is not None:
            self.table.set_reactive(EventsTable.cursor, self._landing)
            self._landing = None
        self._page = state.events.value
        self.table.show(history_view(state, "events"))
        self.query_one("#history-body").set_class(state.events.status in _NOTHING_TO_COME, "-alone")
        filters = self.query_one("#filter", Lines)
        filters.set_class(state.query == EventQuery(), "-empty")
        filters.show(lambda area: [filter_line(state, area)])
        self.query_one("#pager", Lines).show(lambda area: [pager(state, area)])
        self._show_details()
        if state.events.status is Status.IDLE:
            self.reload(state.turn)
        elif state.events.status is Status.FAILED:
            self._landing = None

    def _show_details(self) -> None:
        event = self.table.event
        state = self.program.state

        def draw(area: Area) -> list[Line]:
            return draw_details(details(state, event), area) if event else []

        self.query_one("#event-details", Lines).show(draw)

    @on(EventsTable.Resized)
    def _rows_changed(self) -> None:
        """The first row stays where it is when another number of rows fits."""
        page = self.program.state.events.value
        if page is None or self.table.visible_rows != page.page.size:
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

    def action_open(self) -> None:
        """Show all details of the event under the cursor."""
        from usage_tui.tui.screens.event import EventDialog

        if self.table.event is not None:
            self.app.push_screen(EventDialog(details(self.program.state, self.table.event)))

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
        """The first page anew, with what has come since."""
        self._landing = 0
        self.reload(Turn.FIRST)

    def action_clear_filter(self) -> None:
        """All events again."""
        self.program.show_events(EventQuery())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Next and Previous are disabled at the ends; a filter can be cleared if there is one."""
        state = self.program.state
        if action in _TURNS:
            return True if self._leads_on(_TURNS[action]) else None
        if action == "clear_filter":
            return state.query != EventQuery()
        if action == "newer":
            return bool(state.events.value and state.events.value.newer)
        return True
