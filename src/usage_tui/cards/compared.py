"""The sources of the period against what they used at the same point of the period before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from usage_tui.cards import ranked
from usage_tui.cards.card import HEADS, RULE, Age, Placeholder, age, draw_placeholder, head, joined, view_of
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, line, width, wrap
from usage_tui.cards.typeset.table import Column, Table, draw_table
from usage_tui.insight.compare import Change, PeriodComparison, SourceChange
from usage_tui.models import Credits, EventQuery, Period
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, copied_text, heading, noun_after, places

_PERCENT_FROM = 44
_TREND_FROM = 76
_NO_DAY = "No whole day of this period has passed yet, so there is nothing to compare."
_TOTAL_ALONE = "What each source used in the period before is not known."


class ComparedRow(NamedTuple):
    """One source, or all of them.

    Attributes:
        change: What it used, and before.
        query: The events behind it, of the period before if there are none in this one.
        trend: What each of the last days used; empty if that is unknown.
    """

    label: str
    change: Change
    query: EventQuery | None = None
    trend: tuple[Credits, ...] = ()


class ComparedView(NamedTuple):
    """The change since the period before.

    Attributes:
        rows: The sources, the one that uses most now first.
        other: The sources that are told together; None if there are none.
        total: All of them.
        note: What stands in place of the rows; empty if there are any.
        last: The last day of this period that counts; None if all of it does.
        former: The first and the last day of the period before that count.
        trends: Whether the column of trends is shown.
    """

    rows: tuple[ComparedRow, ...]
    other: ComparedRow | None
    total: ComparedRow
    note: str
    last: date | None
    former: tuple[date, date]
    unit: str
    decimals: int
    age: Age
    trends: bool


Trends = Mapping[tuple[str, str], tuple[Credits, ...]]
"""What each source used on each of the last days, by its kind and id."""


def compared_view(state: UsageState, trends: Trends) -> ComparedView | Placeholder:
    """What the ranking says while it compares."""
    return view_of(state.compared, lambda found: _view(state, found, trends))


def _view(state: UsageState, found: PeriodComparison, trends: Trends) -> ComparedView:
    total, sources, unit = found.total, found.sources, state.unit
    items = sources.items if sources is not None else ()
    other = sources.other if sources is not None else None
    changes: list[Change] = [total, *items, *([other] if other else [])]
    note = _NO_DAY if not total.days else _TOTAL_ALONE if sources is None else ""
    start = found.former_period.start_date
    return ComparedView(
        rows=tuple(
            ComparedRow(
                label=one.label or one.source_id,
                change=one,
                query=_query(one, found.period if one.amount else found.former_period),
                trend=trends.get((one.kind, one.source_id), ()),
            )
            for one in items
        ),
        other=ComparedRow("Other", other) if other is not None else None,
        total=ComparedRow("Total", total),
        note=note,
        last=None
        if state.looked_at is not None
        else found.period.start_date + timedelta(days=total.days - 1),
        former=(start, start + timedelta(days=total.former_days - 1)),
        unit=unit,
        decimals=places((part for one in changes for part in (one.amount, one.former, one.change)), unit),
        age=age(state, state.compared, follows=True),
        trends=bool(trends),
    )


def _query(one: SourceChange, period: Period) -> EventQuery:
    return EventQuery(
        kind=one.kind, source_id=one.source_id, starts_at=period.starts_at, ends_at=period.ends_at
    )


def rows_of(view: ComparedView | Placeholder) -> tuple[ComparedRow, ...]:
    """The rows that the cursor can reach."""
    return () if isinstance(view, Placeholder) else view.rows


def visible_rows(view: ComparedView | Placeholder, height: int) -> int:
    """How many rows fit above the total, with one line for all others if there are any."""
    room, rows = max(1, height - HEADS - 1), rows_of(view)
    others = not isinstance(view, Placeholder) and view.other is not None
    return len(rows) if len(rows) + others <= room else max(1, room - 1)


def draw(title: str, view: ComparedView | Placeholder, area: Area, *, first: int = 0) -> list[Line]:
    """Head, column heads, one line a source, and the total."""
    if isinstance(view, Placeholder):
        return draw_placeholder(title, view, area)
    note = [line(Span(row, "muted")) for row in wrap(view.note, area.width)]
    if view.note == _NO_DAY:
        return [head(title, EMPTY, area, view.age), *note]
    visible = visible_rows(view, area.height)
    shown, hidden = view.rows[first : first + visible], view.rows[:first] + view.rows[first + visible :]
    rest = _together(view, hidden)
    days = ranked.trend_days(area.width) if view.trends and area.width >= _TREND_FROM else 0
    columns = (
        Column("Source", weight=1),
        Column(heading(view.unit), "right"),
        Column("Before", "right"),
        Column("Change", "right"),
        Column("", "right", from_width=_PERCENT_FROM),
        *([Column(ranked.trend_head(days), from_width=_TREND_FROM)] if days else []),
    )
    # Measured with the rows out of sight, so that no column moves while the rows are scrolled.
    every = [*shown, *rest, view.total, *hidden]
    heads, lines = draw_table(Table(columns, tuple(_cells(row, view, days, area) for row in every)), area)
    first_line = head(title, _end(view, title, area), area, view.age)
    return [first_line, heads, *lines[: len(every) - len(hidden)], *note]


def _together(view: ComparedView, hidden: tuple[ComparedRow, ...]) -> list[ComparedRow]:
    """The rows that are not shown, so that the columns add up to the total."""
    rows = [*hidden, *([view.other] if view.other else [])]
    if not rows:
        return []
    change = Change(
        amount=Credits.total(row.change.amount for row in rows),
        former=Credits.total(row.change.former for row in rows),
    )
    return [ComparedRow("Other", change)]


def _end(view: ComparedView, title: str, area: Area) -> Line:
    """The days and the total. The unit gives way first, then the first of the days, then the total."""
    dash, total = area.glyphs.dash, view.total.change.amount
    amount, noun = amount_text(total, view.unit, view.decimals), noun_after(total, view.unit)
    start, end = view.former
    before = f"vs {dates.day(start)} {dash} {dates.day(end)}"
    unit = line(Span(f" {noun}" if noun else "", "muted"))
    until = line(Span(f"to {dates.day(view.last)} {before}" if view.last else before, "muted"))
    short = line(Span(before, "muted"))
    forms = (
        joined([until, line(amount, *unit)]),
        joined([until, line(amount)]),
        joined([short, line(amount)]),
        short,
    )
    room = area.width - len(title) - RULE - 2
    return next((form for form in forms if width(form) <= room), forms[-1])


def _cells(row: ComparedRow, view: ComparedView, days: int, area: Area) -> tuple[Line, ...]:
    tone: Tone = "strong" if row is view.total else "text"
    amount, before, change = _texts(row.change, view.unit, view.decimals, area.glyphs.none)
    return (
        line(Span(row.label, tone)),
        line(Span(amount, tone)),
        line(before),
        line(Span(change, tone)),
        line(Span(percent_text(row.change), "muted")),
        *([line(Span(ranked.trend_text(row.trend, days, area), "included"))] if days else []),
    )


def _texts(change: Change, unit: str, decimals: int, none: str) -> tuple[str, str, str]:
    """The amount, the one before, and the difference with its sign."""
    plus = "+" if change.change > Credits.ZERO else ""
    return (
        amount_text(change.amount, unit, decimals),
        amount_text(change.former, unit, decimals) if change.former else none,
        plus + amount_text(change.change, unit, decimals),
    )


def percent_text(change: Change) -> str:
    """The size of the change, rounded down: ``6%``, ``<1%``; ``new`` where nothing was used before.

    Empty if the former was below zero, so that it has no percentage.
    """
    part = change.percent
    if part is None:
        return "new" if not change.former and change.amount else ""
    return f"{part:,}%" if part or not change.change else "<1%"


def row_text(view: ComparedView, row: ComparedRow) -> str:
    """One row as a line of text: source, exact amount, the one before, the difference, its size."""
    change, unit = row.change, view.unit
    plus = "+" if change.change > Credits.ZERO else ""
    amounts = [copied_text(one, unit, view.decimals) for one in (change.amount, change.former)]
    return "\t".join(
        [row.label, *amounts, plus + copied_text(change.change, unit, view.decimals), percent_text(change)]
    )
