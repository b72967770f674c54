"""Events: single acts that consumed credits, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from usage_tui.models.credits import Credits


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What one grant paid toward an event."""

    grant_id: str
    bucket: str
    credits: Credits


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One usage event; `credits` = `allocations` + `uncovered`.

    Attributes:
        kind: The category, as in `SourceUsage.kind`.
        activity: What happened: ``message``, ``run``, ``session``, ``reversal``, or another word.
        quantity: How many messages, runs or sessions the event counts as.
        credits: Negative for a reversal.
        actor: Who caused the event; None if it is not known.
        parent_id: The event that started this one. The parent's credits do not include it.
        reverses: The event that this one reverses; None if it is not a reversal.
        late: Whether it arrived after the grants that paid for it had expired.
        allocations: Which grants paid for it.
        uncovered: What no grant covered.
    """

    id: str
    occurred_at: datetime
    kind: str
    source_id: str
    label: str
    activity: str
    quantity: int
    credits: Credits
    status: str = "settled"
    actor: str | None = None
    parent_id: str | None = None
    reverses: str | None = None
    late: bool = False
    allocations: tuple[Allocation, ...] = ()
    uncovered: Credits = Credits.ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events: all that match every condition set.

    Attributes:
        ends_at: Exclusive.
        text: A part of the label, the source's id or the actor, in large or small letters.
    """

    kind: str | None = None
    source_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    text: str | None = None

    def matches(self, event: Event) -> bool:
        """Whether the event meets every condition."""
        return (
            (self.kind is None or event.kind == self.kind)
            and (self.source_id is None or event.source_id == self.source_id)
            and (self.starts_at is None or self.starts_at <= event.occurred_at)
            and (self.ends_at is None or event.occurred_at < self.ends_at)
            and self.is_in(event.label, event.source_id, event.actor)
        )

    def is_in(self, *said: str | None) -> bool:
        """Whether the text is part of one of the texts that an event says; always where none is set."""
        if self.text is None:
            return True
        wanted = self.text.casefold()
        return any(wanted in text.casefold() for text in said if text is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The position of a page in its list. Cursors are opaque.

    Attributes:
        size: The number of rows on this page.
        here: The cursor of this page, which also works with another `limit`.
        next: The cursor of the page with older rows; None on the last page.
        prev: The cursor of the page with newer rows; None on the first page.
        last: The cursor of the last page; None if it is not known.
        total: How many events match; None if it is not known.
    """

    size: int
    here: str | None = None
    next: str | None = None
    prev: str | None = None
    last: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """A page of events, newest first.

    Attributes:
        newer: How many matching events were added since the first page was read; they are not in the list.
    """

    as_of: datetime
    revision: int
    items: tuple[Event, ...]
    page: Page
    newer: int = 0
