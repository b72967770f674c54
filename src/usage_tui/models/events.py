"""Events: what was used and what it cost, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from typing import Self

from usage_tui.frozen import frozen
from usage_tui.models.credits import Credits
from usage_tui.models.parts import LEFT_OUT_BY_DEFAULT


@frozen
class Allocation:
    """The part of an event that one grant paid."""

    grant_id: str
    bucket: str
    credits: Credits


@frozen
class Event:
    """A usage event, or the total of a span of time; credits = allocations + uncovered, if reported.

    Attributes:
        occurred_at: When it happened; of a span, when it starts.
        ends_at: The exclusive end of a span, such as a whole day, of which only the total is known; None for
            a single event.
        kind: The category, as in `SourceUsage.kind`.
        activity: What was done: ``message``, ``run``, ``session``, ``reversal``, ``adjustment``, or another
            word.
        quantity: How many messages, runs or sessions it counts as; None if the client does not report counts.
        credits: Negative for a reversal, or for an adjustment that gives something back.
        actor: Who did it, if known.
        parent_id: The event that started it. The credits of that event do not include it.
        reverses: The event that this one reverses.
        late: Whether it arrived after its grants had expired.
    """

    id: str
    occurred_at: datetime
    ends_at: datetime | None = field(default=None, metadata=LEFT_OUT_BY_DEFAULT)
    kind: str
    source_id: str
    label: str
    activity: str
    quantity: int | None = None
    credits: Credits
    status: str = "settled"
    actor: str | None = None
    parent_id: str | None = None
    reverses: str | None = None
    late: bool = False
    allocations: tuple[Allocation, ...] = ()
    uncovered: Credits = Credits.ZERO


@frozen
class Page:
    """Where a page is in the list. Cursors are opaque and include their direction.

    Attributes:
        size: The number of rows on this page.
        here: A cursor to this page's first row; it works with any limit.
        next: Older rows; None at the end.
        prev: Newer rows; None at the first page.
        last: The last page; None if the client does not know it.
        total: How many events match; None if the client does not know.
    """

    size: int
    here: str | None = None
    next: str | None = None
    prev: str | None = None
    last: str | None = None
    total: int | None = None


@frozen
class Totals:
    """How many events match a query in all, and what they cost.

    Attributes:
        events: How many; at least so many if not all were counted.
        credits: The sum; only that of the events that were counted if not all were.
        events_complete: Whether all were counted.
        credits_complete: Whether all were added up.
    """

    events: int
    credits: Credits
    events_complete: bool = True
    credits_complete: bool = True

    @classmethod
    def of(cls, events: Iterable[Event]) -> Self:
        """The exact totals of these events."""
        amounts = [event.credits for event in events]
        return cls(events=len(amounts), credits=Credits.total(amounts))


@frozen
class EventPage:
    """A page of events, newest first unless the query sorts them otherwise.

    Attributes:
        newer: How many events arrived after the first page was read.
        totals: On the first page of a query with conditions, of all events that match; else, or where the
            client does not tell, None.
        applied: The parameters of the request by which events were chosen and sorted; empty if not reported.
    """

    as_of: datetime
    revision: int
    items: tuple[Event, ...]
    page: Page
    newer: int = 0
    totals: Totals | None = None
    applied: tuple[str, ...] = ()
