"""Historical usage: single events, or daily totals, newest first, and the details of one of them."""

from __future__ import annotations

from typing import Literal, NamedTuple

from usage_tui.cards import words
from usage_tui.cards.arrangement import Layout, Needs, Slot
from usage_tui.cards.card import Placeholder, draw_placeholder, head, joined, key_hint, stale, view_of
from usage_tui.cards.panel import Card, Cursor, Opening, Panel, Place, table_needs
from usage_tui.cards.typeset.lines import (
    EMPTY,
    Area,
    Line,
    Span,
    Tone,
    cut,
    cut_line,
    line,
    retoned,
    spread,
    width,
    wrap,
)
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.models import Credits, Event, EventPage, EventQuery, Part
from usage_tui.state.access import why_missing
from usage_tui.state.history import Turn, possible
from usage_tui.state.loading import RECENT_EVENTS
from usage_tui.state.remote import Remote
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, exact_places, heading, places

TITLE = "Historical usage"
HEADS = 2
"""Lines above the first row."""
_DETAILS = "Event details"
_PRINTED_ROWS = 10

_COLUMNS = (
    Column("When", at_least=16),
    Column("Source", weight=3),
    Column("Type", from_width=54, weight=1, at_least=12),
    Column("Who", from_width=100, weight=2),
)


class HistoryView(NamedTuple):
    """One page of events.

    Attributes:
        events: The rows, newest first.
        unit: The code of the unit of every amount.
        time_zone: The zone of every time shown.
        this_year: The year that goes without saying.
        filtered: Whether a filter limits them.
        stale: Shown instead of the right end when the rows are old.
    """

    events: tuple[Event, ...]
    unit: str
    time_zone: str
    this_year: int
    filtered: bool
    stale: Line

    @property
    def order(self) -> str:
        """What the rows are and in which order, in two words."""
        totals = bool(self.events) and all(event.ends_at is not None for event in self.events)
        return "daily totals" if totals else "newest first"


def history_view(state: UsageState, name: Literal["recent", "events"]) -> HistoryView | Placeholder:
    """The newest events (`recent`), or the page of the history (`events`)."""
    remote = state.recent if name == "recent" else state.events
    return view_of(remote, lambda page: _view(state, remote, page, filtered=name == "events"))


def _view(state: UsageState, remote: Remote[EventPage], page: EventPage, *, filtered: bool) -> HistoryView:
    zone = state.time_zone
    return HistoryView(
        events=page.items,
        unit=state.unit,
        time_zone=zone,
        this_year=dates.local(page.as_of, zone).year,
        filtered=filtered and state.query != EventQuery(),
        stale=stale(remote, zone),
    )


def draw(view: HistoryView | Placeholder, area: Area, end: Line) -> list[Line]:
    """Head with `end` at its right, column heads, the rows that fit; all without a height."""
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    if not view.events:
        nothing = "No events match the filter." if view.filtered else "No events yet."
        return [head(TITLE, view.stale, area), line(nothing)]
    events = view.events[: max(1, area.height - HEADS)] if area.height else view.events
    decimals = places([event.credits for event in events], view.unit)
    rows = tuple(_row(event, view, decimals) for event in events)
    heads, lines = draw_table(Table((*_COLUMNS, Column(heading(view.unit), "right")), rows), area)
    return [head(TITLE, view.stale or end, area), heads, *lines]


def _row(event: Event, view: HistoryView, decimals: int) -> tuple[Line, ...]:
    return (
        _when(event, view),
        line(event.label or event.source_id),
        line(Span(words.activity_type(event), "muted")),
        line(Span(event.actor or "", "muted")),
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
    short, long = (_turns(page, area, labels=labels) for labels in (False, True))
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


def _turns(page: EventPage, area: Area, *, labels: bool) -> Line:
    previous, following = ("Previous", "Next") if labels else ("", "")
    return joined(
        [
            _turn("previous_page", previous, possible(Turn.PREVIOUS, page), area),
            _turn("next_page", following, possible(Turn.NEXT, page), area),
        ],
        "   ",
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


def filter_line(state: UsageState, area: Area) -> Line:
    """Every condition of the filter, and the key that clears it; empty without a filter."""
    conditions = _conditions(state, area.glyphs.dash)
    if not conditions:
        return EMPTY
    chips: list[Line] = [
        line(Span(f" {label} ", "chip"), Span(f"{value} ", "chip-strong")) for label, value in conditions
    ]
    start = joined([line(Span("Filter", "muted")), *chips])
    return spread(start, key_hint("clear_filter", "clear", area), area.width, area.glyphs)


def _conditions(state: UsageState, dash: str) -> list[tuple[str, str]]:
    query, zone = state.query, state.time_zone
    conditions = []
    if query.source_id is not None:
        conditions.append(("source", _source_label(state, query.source_id)))
    elif query.kind is not None:
        conditions.append(("category", words.category(query.kind)))
    if query.starts_at is not None and query.ends_at is not None:
        first, last = dates.local(query.starts_at, zone).date(), dates.last_day(query.ends_at, zone)
        if first == last:
            conditions.append(("day", dates.weekday(first)))
        else:
            conditions.append(("period", dates.span(first, last, dash)))
    return conditions


def _source_label(state: UsageState, source_id: str) -> str:
    ranking = state.sources.value
    items = ranking.items if ranking else ()
    return next((item.label for item in items if item.source_id == source_id), source_id)


class Detail(NamedTuple):
    """One labeled value of the details; a label of "" continues the one above."""

    label: str
    value: str
    strong: bool = False


def details(state: UsageState, event: Event) -> list[Detail]:
    """Everything known about one event, including the grants that paid for it."""
    zone = state.time_zone
    local = dates.local(event.occurred_at, zone)
    as_of = state.events.value.as_of if state.events.value else event.occurred_at
    on = dates.weekday(local.date(), year=local.year != dates.local(as_of, zone).year)
    kind, category = words.activity_type(event), words.category(event.kind)
    return [
        Detail("Source", event.label or event.source_id, strong=True),
        Detail("Type", kind if category == event.label else f"{kind}, {category}"),
        Detail(heading(state.unit), amount_text(event.credits, state.unit), strong=True),
        *_moment(state, event, on),
        *([Detail("Who", event.actor)] if event.actor else []),
        *([Detail("Output", "in the tool's own History tab")] if event.activity == "run" else []),
        *_paid(state, event),
        *([Detail("Started by", event.parent_id)] if event.parent_id else []),
        *([Detail("Reverses", event.reverses)] if event.reverses else []),
        Detail("Event", event.id),
        Detail("Status", f"{event.status}, arrived late" if event.late else event.status),
    ]


def _moment(state: UsageState, event: Event, on: str) -> list[Detail]:
    """When it happened; for a span its days, and why there are no single events."""
    zone = state.time_zone
    if event.ends_at is None:
        return [Detail("When", f"{on}, {dates.clock(event.occurred_at, zone)}")]
    last, clocks = dates.last_day(event.ends_at, zone), dates.zone_words(zone)
    one_day = last <= dates.local(event.occurred_at, zone).date()
    when = f"{on}, whole day, {clocks}" if one_day else f"{on} to {dates.weekday(last)}, {clocks}"
    return [Detail("When", when), Detail("Single events", why_missing(state, Part.EVENTS))]


def _paid(state: UsageState, event: Event) -> list[Detail]:
    """The grants that paid, or were refunded, and what no grant paid."""
    grants = state.grants.value.items if state.grants.value else ()
    names = {grant.id: grant.description for grant in grants}
    parts = [(one.credits, names.get(one.grant_id) or one.grant_id) for one in event.allocations]
    returned = event.credits < Credits.ZERO
    if event.uncovered:
        parts.append((event.uncovered, "no grant" if returned else "no grant (overage)"))
    decimals = exact_places([amount for amount, _ in parts], state.unit)
    amounts = [amount_text(-amount if returned else amount, state.unit, decimals) for amount, _ in parts]
    rows = [f"{amount}  {name}" for amount, (_, name) in zip(amounts, parts, strict=True)]
    label = "Returned to" if returned else "Paid from"
    return [Detail("" if index else label, row) for index, row in enumerate(rows)]


def draw_details(rows: list[Detail], area: Area) -> list[Line]:
    """The details in one column, or in two side by side; the head says how many are left out."""
    labels = max((len(row.label) for row in rows), default=0) + 2
    if area.width >= 60:
        return _two_columns(rows, labels, area)
    lines: list[Line] = []
    whole = 0
    for row in rows:
        tone: Tone = "strong" if row.strong else "text"
        for index, text in enumerate(wrap(row.value, area.width - labels)):
            label = "" if index else row.label
            lines.append(line(Span(f"{label:<{labels}}", "muted"), Span(text, tone)))
        whole += not area.height or len(lines) < area.height
    lines = [_details_head(len(rows) - whole, area), *lines]
    return lines[: area.height] if area.height else lines


def _details_head(more: int, area: Area) -> Line:
    return head(_DETAILS, line(Span(f"{more} more", "muted")) if more > 0 else EMPTY, area)


def _two_columns(rows: list[Detail], labels: int, area: Area) -> list[Line]:
    """As many rows as there are lines, the later half at the right."""
    room = max(1, area.height - 1)
    column = (area.width - 3) // 2
    lines = [_details_head(len(rows) - 2 * room, area)]
    for index in range(room):
        left = _detail(rows[index], labels, column, area) if index < len(rows) else EMPTY
        other = _detail(rows[index + room], labels, column, area) if index + room < len(rows) else EMPTY
        lines.append(line(*left, " " * (column + 3 - width(left)), *other))
    return lines


def _detail(row: Detail, labels: int, cells: int, area: Area) -> Line:
    value = cut(row.value, cells - labels, area.glyphs)
    spans = line(Span(f"{row.label:<{labels}}", "muted"), Span(value, "strong" if row.strong else "text"))
    return cut_line(spans, cells, area.glyphs)


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
    heads = HEADS

    def draw(self, view: HistoryView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, column heads, rows."""
        end = self.end(view, area) if isinstance(view, HistoryView) and area.interactive else EMPTY
        return draw(view, area, end)

    def end(self, view: HistoryView, area: Area) -> Line:
        """The right end of the head."""
        return line(Span(view.order, "muted"))

    def row_count(self, view: HistoryView, at: Place, height: int) -> int:
        """The events that fit; older ones are on the next page. While the panel is hidden, all of them."""
        events = len(view.events)
        return min(events, self.visible_rows(view, at, height)) if height else events

    def copy_text(self, view: HistoryView, at: Place) -> str:
        """The row under the cursor."""
        return row_text(view, view.events[at.cursor or 0]) if view.events else ""


class RecentCard(EventsPanel, Card[HistoryView]):
    """The newest events."""

    id = "recent"
    slot = Slot.LOWER_LEFT

    def view(self, state: UsageState) -> HistoryView | Placeholder:
        """The newest events."""
        return history_view(state, "recent")

    def end(self, view: HistoryView, area: Area) -> Line:
        """The way to the whole history."""
        return joined([super().end(view, area), key_hint("history", "History", area)])

    def needs(self, view: HistoryView | Placeholder, area: Area, layout: Layout) -> Needs:
        """The rows of a table; in one half of the screen, all rows that the other half has."""
        if layout is Layout.TEXT:
            return Needs.exactly(HEADS + _PRINTED_ROWS)
        if layout is Layout.HALVES:
            return Needs(8, 8, None)
        rows = len(view.events) if isinstance(view, HistoryView) else 0
        return table_needs(view, rows, layout, loading=RECENT_EVENTS, heads=HEADS)

    def opens(self, view: HistoryView | Placeholder, at: Place) -> Opening:
        """The whole history."""
        return "history"
