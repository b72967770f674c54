"""Event details: everything known about one event, and what that leads on to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate, zip_longest
from typing import NamedTuple

from usage_tui.cards import words
from usage_tui.cards.card import head
from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.cards.typeset.lines import (
    EMPTY,
    Area,
    Line,
    Span,
    Tone,
    cell_len,
    cut,
    line,
    width,
    wrap,
)
from usage_tui.ledger.ranking import category_label
from usage_tui.models import Credits, Event, EventQuery, Part
from usage_tui.state.access import why_missing
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, exact_places, heading

TITLE = "Event details"
_TWO_COLUMNS_FROM = 60
_GUTTER = 3


class EarlierEvent(NamedTuple):
    """An event that another one names.

    Attributes:
        id: Its id.
        until: It happened then, or before.
    """

    id: str
    until: datetime


class Detail(NamedTuple):
    """One labeled value of the details; a label of "" continues the one above.

    Attributes:
        parts: The value in parts, none of which is broken or left out, such as a time; empty if it is
            wrapped by words, or cut if there is one line for it.
        leads_to: The events or the event that it leads on to; None if it leads nowhere.
        word: What it leads on to, in a word.
    """

    label: str
    value: str
    strong: bool = False
    parts: tuple[str, ...] = ()
    leads_to: EventQuery | EarlierEvent | None = None
    word: str = ""

    @classmethod
    def of_parts(cls, label: str, *parts: str) -> Detail:
        """A value of parts."""
        return cls(label, " ".join(parts), parts=parts)


def details(state: UsageState, event: Event) -> list[Detail]:
    """Everything known about one event, including the grants that paid for it."""
    kind, category = words.activity_type(event), category_label(event.kind)
    return [
        _source(state, event),
        Detail("Type", kind if category == event.label else f"{kind}, {category}"),
        Detail(heading(state.unit), amount_text(event.credits, state.unit), strong=True),
        *_moment(state, event),
        *([_person(state, event.actor)] if event.actor else []),
        *([_earlier(state, "Started by", event.parent_id, event)] if event.parent_id else []),
        *([_earlier(state, "Reverses", event.reverses, event)] if event.reverses else []),
        *_paid(state, event),
        *([Detail("Output", "in the tool's own History tab")] if event.activity == "run" else []),
        Detail("Event", event.id),
        Detail("Status", f"{event.status}, arrived late" if event.late else event.status),
    ]


def links(rows: Sequence[Detail]) -> list[int]:
    """The rows that lead on, by their indexes; what caused the event comes first."""
    leading = [index for index, row in enumerate(rows) if row.leads_to is not None]
    return sorted(leading, key=lambda index: not isinstance(rows[index].leads_to, EarlierEvent))


def _source(state: UsageState, event: Event) -> Detail:
    query = EventQuery(kind=event.kind, source_id=event.source_id)
    leads_to = query if query != state.query else None
    return Detail("Source", event.label or event.source_id, strong=True, leads_to=leads_to, word="source")


def _person(state: UsageState, actor: str) -> Detail:
    query = EventQuery(text=actor)
    return Detail("Who", actor, leads_to=query if query != state.query else None, word="person")


def _earlier(state: UsageState, label: str, event_id: str, event: Event) -> Detail:
    """The event that caused this one, or that it gives back: by name if it is known, else by id."""
    leads_to = EarlierEvent(event_id, event.occurred_at)
    known = known_event(state, event_id)
    if known is None:
        return Detail(label, event_id, leads_to=leads_to, word="event")
    name, time = known.label or known.source_id, dates.clock(known.occurred_at, state.time_zone)
    return Detail.of_parts(label, f"{name},", time)._replace(leads_to=leads_to, word="event")


def known_event(state: UsageState, event_id: str) -> Event | None:
    """An event on the pages that are known."""
    pages = (remote.value for remote in (state.events, state.recent) if remote.value is not None)
    return next((event for page in pages for event in page.items if event.id == event_id), None)


def _moment(state: UsageState, event: Event) -> list[Detail]:
    """When it happened, by whose clocks; for a span its days, and why there are no single events."""
    zone = state.time_zone
    local = dates.local(event.occurred_at, zone)
    as_of = state.events.value.as_of if state.events.value else event.occurred_at
    on = dates.weekday(local.date(), year=local.year != dates.local(as_of, zone).year)
    if event.ends_at is None:
        return [
            Detail.of_parts("When", f"{on},", f"{dates.clock(event.occurred_at, zone)} {dates.place(zone)}")
        ]
    last, clocks = dates.last_day(event.ends_at, zone), dates.zone_words(zone)
    days = (f"{on},", "whole day,") if last <= local.date() else (f"{on} to", f"{dates.weekday(last)},")
    return [
        Detail.of_parts("When", *days, clocks),
        Detail("Single events", why_missing(state, Part.EVENTS)),
    ]


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


def draw_details(rows: Sequence[Detail], area: Area, marked: int | None = None) -> list[Line]:
    """The details in one column, or in two side by side; the head says how many rows are left out.

    Args:
        rows: The details.
        area: Where; all of them without a height.
        marked: The row that Enter leads on to, by its index.
    """
    numbered = [_Numbered(row, str(index), index == marked) for index, row in enumerate(rows)]
    room = max(0, area.height - 1) if area.height else None
    if area.width >= _TWO_COLUMNS_FROM and room:
        return _two_columns(numbered, room, area)
    groups = _groups(numbered, area.width)
    lines = [one for group in groups for one in group]
    whole = len(groups) if room is None else _whole(groups, room)
    return [_head(len(rows) - whole, area), *lines[:room]]


class _Numbered(NamedTuple):
    """A row, what a click on it chooses, and whether it is marked."""

    row: Detail
    choice: str
    marked: bool


def _labels(rows: Sequence[_Numbered]) -> int:
    """Cells for the labels, with a gap."""
    return max((len(one.row.label) for one in rows), default=0) + 2


def _groups(rows: Sequence[_Numbered], cells: int, glyphs: Glyphs | None = None) -> list[list[Line]]:
    """The lines of each row in so many cells; with `glyphs`, words that need more than a line are cut."""
    labels = _labels(rows)
    return [_labeled(one, _texts(one.row, cells - labels, glyphs), labels) for one in rows]


def _texts(row: Detail, cells: int, glyphs: Glyphs | None) -> list[str]:
    if row.parts:
        return _packed(row.parts, cells)
    return wrap(row.value, cells) if glyphs is None else [cut(row.value, cells, glyphs)]


def _packed(parts: Iterable[str], cells: int) -> list[str]:
    """The parts in lines of at most so many cells; only a part that is longer itself is broken."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + 1 + cell_len(part) <= cells:
            lines[-1] += f" {part}"
        else:
            lines += wrap(part, cells)
    return lines


def _labeled(one: _Numbered, texts: Sequence[str], labels: int) -> list[Line]:
    row = one.row
    tone: Tone = "link" if one.marked else "strong" if row.strong else "text"
    choice = one.choice if row.leads_to is not None else ""
    names = (row.label if number == 0 else "" for number in range(len(texts)))
    return [
        line(Span(f"{name:<{labels}}", "muted"), Span(text, tone, choice=choice))
        for name, text in zip(names, texts, strict=True)
    ]


def _whole(groups: Sequence[Sequence[Line]], room: int) -> int:
    """How many rows have all their lines in so many."""
    ends = accumulate(len(group) for group in groups)
    return sum(1 for end in ends if end <= room)


def _head(more: int, area: Area) -> Line:
    return head(TITLE, line(Span(f"{more} more", "muted")) if more > 0 else EMPTY, area)


def _two_columns(rows: Sequence[_Numbered], room: int, area: Area) -> list[Line]:
    """Rows that stay whole at the left, as wide as what must not be broken needs, and others at the right."""
    first = rows[:room]
    needed = _labels(first) + max((cell_len(one.row.value) for one in first if one.row.parts), default=0)
    cells = min(max((area.width - _GUTTER) // 2, needed), area.width * 3 // 5)
    groups = _groups(first, cells, area.glyphs)
    left = _whole(groups, room)
    others = _groups(rows[left:], area.width - _GUTTER - cells, area.glyphs)
    right = _whole(others, room)
    columns = ([one for group in part for one in group] for part in (groups[:left], others[:right]))
    beside = [
        line(*one, " " * (cells + _GUTTER - width(one)), *other)
        for one, other in zip_longest(*columns, fillvalue=EMPTY)
    ]
    return [_head(len(rows) - left - right, area), *beside]
