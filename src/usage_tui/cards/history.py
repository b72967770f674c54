"""Historical usage: single events, or daily totals, newest first, and the pager below them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

from usage_tui.cards import words
from usage_tui.cards.arrangement import Layout, Needs, Slot
from usage_tui.cards.card import (
    HEADS,
    Age,
    Placeholder,
    age,
    draw_placeholder,
    head,
    joined,
    key_hint,
    view_of,
)
from usage_tui.cards.panel import START, Card, Cursor, Opening, Panel, Place, rows_to_come, table_needs
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, line, retoned, spread, width
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.models import Event, EventPage, SortKey
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.history import Turn, possible
from usage_tui.state.loading import RECENT_EVENTS
from usage_tui.state.remote import Remote
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, heading, places
from usage_tui.text.words import count_noun

TITLE = "Historical usage"
_PRINTED_ROWS = 10

_WHEN, _SOURCE = Column("When", at_least=16), Column("Source", weight=3)
_OF_EVENTS = (
    _WHEN,
    _SOURCE,
    Column("Type", from_width=54, weight=1, at_least=12),
    Column("Who", from_width=84, weight=2),
)
_OF_TOTALS = (_WHEN, _SOURCE, Column("Count", "right", from_width=54))
"""A total of a day has neither a person nor a type of its own."""


class HistoryView(NamedTuple):
    """One page of events.

    Attributes:
        page: Where the rows are among all events.
        unit: The code of the unit of every amount.
        time_zone: The zone of every time shown.
        this_year: The year that goes without saying.
        filtered: Whether a filter limits them.
        older: Whether there are older events than these.
        age: Whether the rows are old.
        sort: What they are sorted by.
    """

    page: EventPage
    unit: str
    time_zone: str
    this_year: int
    filtered: bool
    older: bool
    age: Age
    sort: SortKey = SortKey.OCCURRED_AT

    @property
    def events(self) -> tuple[Event, ...]:
        """The rows."""
        return self.page.items

    @property
    def are_totals(self) -> bool:
        """Whether every row is the total of a day, not a single event."""
        return bool(self.events) and all(event.ends_at is not None for event in self.events)

    @property
    def order(self) -> str:
        """What the rows are and in which order, in two words."""
        if self.sort is SortKey.CREDITS:
            return "highest first"
        return "daily totals" if self.are_totals else "newest first"


def history_view(
    state: UsageState, name: Literal["recent", "events"], *, filtered: bool = False
) -> HistoryView | Placeholder:
    """The newest events (`recent`), or the page of the history (`events`).

    Args:
        state: What is known.
        name: Which.
        filtered: Whether the newest events are those of a filter; the history's own filter is known.
    """
    remote = state.recent if name == "recent" else state.events
    filtered = filtered or (name == "events" and state.query.has_conditions)
    view = view_of(remote, lambda page: _view(state, remote, page, filtered=filtered))
    return (
        view._replace(sort=state.query.sort) if name == "events" and isinstance(view, HistoryView) else view
    )


def _view(state: UsageState, remote: Remote[EventPage], page: EventPage, *, filtered: bool) -> HistoryView:
    zone = state.time_zone
    return HistoryView(
        page=page,
        unit=state.unit,
        time_zone=zone,
        this_year=dates.local(page.as_of, zone).year,
        filtered=filtered,
        older=page.page.next is not None,
        age=age(state, remote),
    )


def draw(view: HistoryView | Placeholder, area: Area, end: Line, first: int = 0) -> list[Line]:
    """Head with `end` at its right, column heads, the rows from `first` on that fit; all without a height."""
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    if not view.events:
        nothing = "No events match the filter." if view.filtered else "No events yet."
        return [head(TITLE, EMPTY, area, view.age), line(nothing)]
    events = view.events[first:][: max(1, area.height - HEADS)] if area.height else view.events
    # Those of all rows, so that no column moves with the page.
    decimals = places([event.credits for event in view.events], view.unit)
    rows = tuple(_row(event, view, decimals) for event in events)
    columns = _OF_TOTALS if view.are_totals else _OF_EVENTS
    heads, lines = draw_table(Table((*columns, Column(heading(view.unit), "right")), rows), area)
    return [head(TITLE, end, area, view.age), heads, *lines]


def _row(event: Event, view: HistoryView, decimals: int) -> tuple[Line, ...]:
    if view.are_totals:
        details = ["" if event.quantity is None else f"{event.quantity:,}"]
    else:
        details = [words.activity_type(event), event.actor or ""]
    return (
        _when(event, view),
        line(event.label or event.source_id),
        *(line(Span(detail, "muted")) for detail in details),
        line(amount_text(event.credits, view.unit, decimals)),
    )


def _when(event: Event, view: HistoryView) -> Line:
    """Date and time; the days of a span."""
    local = dates.local(event.occurred_at, view.time_zone)
    on = dates.day(local.date(), year=local.year != view.this_year)
    if event.ends_at is None:
        return line(f"{on:<6}", Span(f"  {dates.clock(event.occurred_at, view.time_zone)}", "muted"))
    last = dates.last_day(event.ends_at, view.time_zone)
    return line(on if last <= local.date() else dates.span(local.date(), last, "-"))


def pager(state: UsageState, area: Area) -> Line:
    """Previous, Next, the rows on screen, and how many are newer."""
    page = state.events.value
    if page is None:
        return EMPTY
    newer = line(f"{page.newer:,} newer", "  ", *key_hint("newer", "show", area)) if page.newer else EMPTY
    back, on = (possible(turn, page) for turn in (Turn.PREVIOUS, Turn.NEXT))
    short, long = (turns(area, back=back, on=on, labels=labels) for labels in (False, True))
    rows = _rows_shown(state, page, area)
    kept = " cached" if state.events.cached else ""
    total = page.page.total
    of = line(Span(f" of {total:,}{kept}", "muted")) if rows and total is not None else EMPTY
    forms = [
        (joined([long, line(*rows, *of)], "   "), newer),
        (joined([short, line(*rows, *of)], "   "), newer),
        (joined([short, rows], "   "), newer),
        (joined([short, rows], "   "), EMPTY),
    ]
    fitting = (form for form in forms if width(form[0]) + width(form[1]) < area.width)
    return spread(*next(fitting, (rows, EMPTY)), area.width, area.glyphs)


def turns(area: Area, *, back: bool, on: bool, labels: bool) -> Line:
    """Previous and Next; gray is what leads to no page."""
    previous, following = ("Previous", "Next") if labels else ("", "")
    return joined(
        [_turn("previous_page", previous, back, area), _turn("next_page", following, on, area)], "   "
    )


def _turn(command: str, label: str, possible: bool, area: Area) -> Line:
    """An arrow, the key and the label; all gray if there is no such page."""
    hint = key_hint(command, label, area)
    forward = command == "next_page"
    arrow = Span(f" {area.glyphs.next}" if forward else f"{area.glyphs.previous} ", "key", command)
    spans = line(*hint, arrow) if forward else line(arrow, *hint)
    return spans if possible else retoned(spans, "disabled")


def _rows_shown(state: UsageState, page: EventPage, area: Area) -> Line:
    if not page.items:
        return EMPTY
    if state.first_row is None:
        return line(Span("Rows ", "muted"), Span(f"{len(page.items):,}", "strong"))
    start, end = state.first_row + 1, state.first_row + len(page.items)
    return line(Span("Rows ", "muted"), Span(f"{start:,}{area.glyphs.dash}{end:,}", "strong"))


def row_text(view: HistoryView, event: Event) -> str:
    """One event as a line of text: when, source, type, who, exact amount."""
    when = dates.day_of(event.occurred_at, view.time_zone, year=True)
    if event.ends_at is None:
        when = f"{when} {dates.clock(event.occurred_at, view.time_zone)}"
    who = [event.actor] if event.actor else []
    return "\t".join(
        [when, event.label, words.activity_type(event), *who, amount_text(event.credits, view.unit)]
    )


class EventsPanel(Panel[HistoryView]):
    """A page of events."""

    id = "events"
    title = TITLE
    cursor = Cursor.ROWS

    def draw(self, view: HistoryView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, column heads, rows."""
        end = self.end(view, area, at) if isinstance(view, HistoryView) and area.interactive else EMPTY
        return draw(view, area, end, at.first)

    def end(self, view: HistoryView, area: Area, at: Place) -> Line:
        """The right end of the head."""
        return line(Span(view.order, "muted"))

    def row_count(self, view: HistoryView, at: Place, height: int) -> int:
        """The events that fit; older ones are on the next page. While the panel is hidden, all of them."""
        events = len(view.events)
        return min(events, self.visible_rows(view, at, height)) if height else events

    def copy_text(self, view: HistoryView, at: Place) -> str:
        """The row under the cursor."""
        return row_text(view, view.events[at.cursor or 0]) if view.events else ""

    def table(self, view: HistoryView, at: Place, height: int) -> Selection:
        """The rows on the screen; without a height, all of the page."""
        rows = self.visible_rows(view, at, height) if height else len(view.events)
        shown = view.events[at.first : at.first + rows]
        options = None if at.first or view.filtered else ("--limit", str(max(1, len(shown))))
        label = "this event" if len(shown) == 1 else f"these {count_noun(len(shown), 'event')}"
        return Selection("history", label, options, page=replace(view.page, items=shown))


class RecentCard(EventsPanel, Card[HistoryView]):
    """The newest events, a page at a time."""

    id = "recent"
    slot = Slot.LOWER_LEFT

    def view(self, state: UsageState) -> HistoryView | Placeholder:
        """The newest events."""
        return history_view(state, "recent")

    def end(self, view: HistoryView, area: Area, at: Place) -> Line:
        """The pages, if there are several, and the way to the whole history."""
        way = key_hint("history", "History", area)
        order = super().end(view, area, at)
        back, on = self.leads(view, at, area.height)
        if not back and not on:
            return joined([order, way])
        short, long = (turns(area, back=back, on=on, labels=labels) for labels in (False, True))
        forms = [joined([long, order, way], "   "), joined([long, way], "   "), joined([short, way])]
        room = area.width - len(TITLE) - 5
        return next((form for form in forms if width(form) <= room), way)

    @classmethod
    def leads(cls, view: HistoryView, at: Place, height: int) -> tuple[bool, bool]:
        """Whether Previous and Next lead to other events."""
        last = at.first + max(1, height - cls.heads) >= len(view.events)
        return at.first > 0, not last or view.older

    def row_count(self, view: HistoryView, at: Place, height: int) -> int:
        """All events that are known; those that do not fit come with the cursor."""
        return len(view.events)

    def needs(self, view: HistoryView | Placeholder, area: Area, layout: Layout) -> Needs:
        """The rows of a table; in one half of the screen, all rows that the other half has."""
        if layout is Layout.TEXT:
            return Needs.exactly(HEADS + _PRINTED_ROWS)
        rows = len(view.events) if isinstance(view, HistoryView) else 0
        if layout is Layout.HALVES and rows_to_come(view, rows, RECENT_EVENTS):
            return Needs(8, 8, None)
        instead = partial(self.draw, view, area, START)
        return table_needs(view, rows, layout, loading=RECENT_EVENTS, instead=instead)

    def opens(self, view: HistoryView | Placeholder, at: Place) -> Opening:
        """The whole history."""
        return "history"

    def printed_by(self, view: HistoryView, at: Place) -> tuple[str, ...]:
        """The newest events, those that are not on the screen too."""
        return ("history",)
