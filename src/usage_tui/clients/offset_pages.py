"""Pages of a list that is held in memory, newest first.

A cursor counts rows from the oldest. So it keeps its place when newer rows come, and for any limit.
"""

from __future__ import annotations

import re

from usage_tui.clients.base import CursorExpired
from usage_tui.models import Page

_LAST = "last"
_MATCH_CURSOR = re.compile(r"(from|before)-([0-9]{1,15})", re.ASCII).fullmatch


def rows_of(cursor: str | None, total: int, limit: int) -> range:
    """The rows of a page, counted from the newest.

    Args:
        cursor: As `page_of` gave it; None for the first page.
        total: How many rows there are.
        limit: Rows of a page.

    Raises:
        CursorExpired: There are fewer rows than when the cursor was given.
    """
    limit = max(limit, 1)
    if cursor is None:
        return range(min(limit, total))
    if cursor == _LAST:
        return range(max(total - 1, 0) // limit * limit, total)
    parts = _MATCH_CURSOR(cursor)
    row = total - int(parts[2]) if parts else -1
    if parts is None or row < 0:
        raise CursorExpired("The data changed; this page is gone.", advice="Start at the first page.")
    if parts[1] == "before":
        return range(max(0, row - limit), row)
    return range(row, min(row + limit, total))


def page_of(rows: range, total: int) -> Page:
    """Where these rows are in the list."""
    return Page(
        size=len(rows),
        here=f"from-{total - rows.start}",
        next=f"from-{total - rows.stop}" if rows.stop < total else None,
        prev=f"before-{total - rows.start}" if rows.start else None,
        last=_LAST if total else None,
        total=total,
    )
