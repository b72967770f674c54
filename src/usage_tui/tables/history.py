"""The table of events."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from usage_tui.frozen import frozen
from usage_tui.models import Credits, Event, EventPage, EventQuery, SortKey, Totals
from usage_tui.state.answer import Answer
from usage_tui.tables.head import About
from usage_tui.tables.kinds import JSON
from usage_tui.tables.writer import TableWriter, json_text

A = TypeVar("A", bound=Answer)

SCHEMA = "usage-tui/history/1"


@frozen
class EventRow:
    """One act of use, or the sum of a span of time.

    Attributes:
        occurred_at: When it happened; of a span, when it starts.
        ends_at: Exclusive end of a span, such as a whole day; None for a single act.
        credits: Negative for a reversal.
        uncovered: What no grant paid.
    """

    id: str
    occurred_at: datetime
    ends_at: datetime | None
    kind: str
    source_id: str
    label: str
    activity: str
    quantity: int | None
    credits: Credits
    uncovered: Credits
    status: str
    late: bool
    actor: str | None
    parent_id: str | None
    reverses: str | None


@frozen
class HistoryAnswer(Answer):
    """Events, newest first unless sorted otherwise.

    Attributes:
        filter: What they were chosen by, with dates in place of words such as ``today``; null without a
            filter, and with ``--redact``, for it may hold names.
        sort: By what they are sorted.
        ascending: Whether the oldest or the smallest is first.
        total: How many there are in all; None if the source does not say.
        totals: How many match the filter in all, and what they cost; null without one, or where the source
            does not say.
        complete: Whether none come after the last of `items`.
    """

    filter: str | None
    sort: SortKey
    ascending: bool
    total: int | None
    totals: Totals | None
    complete: bool
    items: tuple[EventRow, ...]


def history_answer(
    about: About,
    first: EventPage,
    query: EventQuery,
    rows: Iterable[EventRow],
    *,
    complete: bool,
    filter_: str | None = None,
) -> HistoryAnswer:
    """The table of some events.

    Args:
        about: What they are about.
        first: Their first page.
        query: What it was asked for with.
        rows: The events.
        complete: Whether none come after them.
        filter_: The filter that means the query; None if there is none.
    """
    return HistoryAnswer(
        **about.head(SCHEMA, first.as_of),
        filter=filter_,
        sort=query.sort,
        ascending=query.ascending,
        total=first.page.total,
        totals=first.totals,
        complete=complete,
        items=tuple(rows),
    )


def rows_without_people(rows: Iterable[EventRow]) -> list[EventRow]:
    """The rows without who did it."""
    return [replace(row, actor=None) for row in rows]


def without_people(answer: A) -> A:
    """The table without who did it, and without a filter that may say so; other tables name nobody."""
    if not isinstance(answer, HistoryAnswer):
        return answer
    return replace(answer, filter=None, items=tuple(rows_without_people(answer.items)))


async def history_texts(
    format_: str,
    about: About,
    first: EventPage,
    query: EventQuery,
    pages: AsyncIterable[Sequence[EventRow]],
    *,
    filter_: str | None = None,
) -> AsyncIterator[str]:
    """All events that match as the text of a file, piece by piece.

    Args:
        format_: One of `usage_tui.tables.kinds`.
        about: What they are about.
        first: Their first page.
        query: What it was asked for with.
        pages: All of them, that page too.
        filter_: The filter that means the query; None if there is none.
    """
    if format_ == JSON:
        rows = [row async for page in pages for row in page]
        yield json_text(history_answer(about, first, query, rows, complete=True, filter_=filter_))
        return
    writer = TableWriter(format_, EventRow, about.unit)
    yield writer.head()
    async for page in pages:
        yield writer.rows(page)


def event_row(event: Event) -> EventRow:
    """The row of an event."""
    return EventRow(
        id=event.id,
        occurred_at=event.occurred_at,
        ends_at=event.ends_at,
        kind=event.kind,
        source_id=event.source_id,
        label=event.label,
        activity=event.activity,
        quantity=event.quantity,
        credits=event.credits,
        uncovered=event.uncovered,
        status=event.status,
        late=event.late,
        actor=event.actor,
        parent_id=event.parent_id,
        reverses=event.reverses,
    )
