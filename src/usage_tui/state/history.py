"""The pages of the history and their cursors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from usage_tui.models import Event, EventPage, EventQuery, Page, Totals


class Turn(Enum):
    """Which page comes next."""

    FIRST = "first"
    PREVIOUS = "previous"
    SAME = "same"
    NEXT = "next"
    LAST = "last"


def cursor(turn: Turn, page: EventPage | None) -> str | None:
    """The cursor to ask for; None asks for the first page."""
    if page is None:
        return None
    match turn:
        case Turn.NEXT:
            return page.page.next
        case Turn.PREVIOUS:
            return page.page.prev
        case Turn.LAST:
            return page.page.last
        case Turn.SAME:
            return page.page.here
        case Turn.FIRST:
            return None


def possible(turn: Turn, page: EventPage | None) -> bool:
    """Whether the turn leads to another page than this one."""
    if page is None:
        return False
    older, newer = page.page.next is not None, page.page.prev is not None
    match turn:
        case Turn.FIRST | Turn.PREVIOUS:
            return newer
        case Turn.NEXT:
            return older
        case Turn.LAST:
            return older and page.page.last is not None
        case Turn.SAME:
            return False


def offline_page(
    kept: EventPage, query: EventQuery, turn: Turn, shown: EventPage | None, limit: int
) -> EventPage:
    """A page of the newest events, for while the client does not answer.

    Args:
        kept: The newest events.
        query: Which of them.
        turn: Which page, seen from `shown`.
        shown: The page on the screen, which must be one of these; None if there is none.
        limit: The rows that fit.
    """
    found = query.select(kept.items)
    here = int(shown.page.here or 0) if shown else 0
    starts = {
        Turn.FIRST: 0,
        Turn.PREVIOUS: max(here - limit, 0),
        Turn.SAME: here,
        Turn.NEXT: here + (len(shown.items) if shown else 0),
        Turn.LAST: max(len(found) - 1, 0) // limit * limit,
    }
    start = starts[turn]
    items = tuple(found[start : start + limit])
    older, newer = start + limit < len(found), start > 0
    page = Page(
        size=len(items),
        here=str(start),
        next="older" if older else None,
        prev="newer" if newer else None,
        last="last",
        total=len(found),
    )
    totals = _kept_totals(kept, query, found) if query.has_conditions else None
    return EventPage(as_of=kept.as_of, revision=kept.revision, items=items, page=page, totals=totals)


def _kept_totals(kept: EventPage, query: EventQuery, found: Sequence[Event]) -> Totals:
    """The totals of what was found among the newest events; complete where no older one could match."""
    begins = query.starts_at
    whole = kept.page.next is None or (begins is not None and kept.items[-1].occurred_at < begins)
    return replace(Totals.of(found), events_complete=whole, credits_complete=whole)


def first_row(turn: Turn, before: int | None, old: EventPage | None, new: EventPage) -> int | None:
    """How many events lie before the new page; None if that is unknown.

    Args:
        turn: What led from the old page to the new one.
        before: How many events lay before the old page.
        old: The page that was left.
        new: The page that came.
    """
    if turn is Turn.FIRST or new.page.prev is None:
        return 0
    if turn is Turn.LAST:
        return None if new.page.total is None else new.page.total - len(new.items)
    if before is None or old is None:
        return None
    if turn is Turn.NEXT:
        return before + len(old.items)
    if turn is Turn.PREVIOUS:
        return before - len(new.items)
    if old.page.total is not None and new.page.total is not None:
        # Newer events move this page down.
        return before + new.page.total - old.page.total
    return before
