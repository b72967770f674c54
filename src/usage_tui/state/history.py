"""Walking through the history a page at a time."""

from __future__ import annotations

from enum import Enum

from usage_tui.models import EventPage


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


def first_row(turn: Turn, before: int | None, old: EventPage | None, new: EventPage) -> int | None:
    """How many events lie before the new page; None where that can't be known.

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
        # What has come since lies before the page.
        return before + new.page.total - old.page.total
    return before
