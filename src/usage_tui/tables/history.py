"""The table of events."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from usage_tui.models import Credits, Event, EventPage
from usage_tui.state.answer import Answer
from usage_tui.tables.head import About
from usage_tui.tables.kinds import JSON
from usage_tui.tables.writer import TableWriter, json_text

SCHEMA = "usage-tui/history/1"


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAnswer(Answer):
    """Events, newest first.

    Attributes:
        total: How many there are in all; None where the source does not say.
        complete: Whether none are older than the last of `items`.
    """

    total: int | None
    complete: bool
    items: tuple[EventRow, ...]


def history_answer(about: About, first: EventPage, rows: Sequence[EventRow]) -> HistoryAnswer:
    """The table of all events that match, with their first page."""
    head = about.head(SCHEMA, first.as_of)
    return HistoryAnswer(**head, total=first.page.total, complete=True, items=tuple(rows))


async def history_texts(
    format_: str, about: About, first: EventPage, pages: AsyncIterable[Sequence[EventRow]]
) -> AsyncIterator[str]:
    """All events that match as the text of a file, piece by piece.

    Args:
        format_: One of `usage_tui.tables.kinds`.
        about: What they are about.
        first: Their first page.
        pages: All of them, that page too.
    """
    if format_ == JSON:
        rows = [row async for page in pages for row in page]
        yield json_text(history_answer(about, first, rows))
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
