"""Pages of events: frozen at a revision, found by key, and equally fast at any depth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from usage_tui.event_parameters import write_parameters
from usage_tui.models import EventPage, EventQuery, Page
from usage_tui.server.db.instants import from_micros, to_micros
from usage_tui.server.db.reads import OrganizationRow, events_of
from usage_tui.server.replies.cursors import Cursor, read_cursor, read_key, walk_of, write_cursor
from usage_tui.server.replies.totals import read_totals
from usage_tui.server.replies.walks import Position, Walk, position_of

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


class _Found(NamedTuple):
    """The rows of a page, in the order of the query, and the positions that bound it.

    Attributes:
        earlier: What comes before this in the order precedes the page; None if there is nothing.
        later: What comes after this in the order follows the page; None if there is nothing.
    """

    rows: Sequence[Row[Any]]
    earlier: Position | None
    later: Position | None


def read_page(
    connection: Connection,
    organization: OrganizationRow,
    query: EventQuery,
    *,
    cursor: str | None,
    limit: int,
    now: datetime,
) -> EventPage:
    """One page of the events that match, in the order of the query.

    The first page freezes the walk: its cursors lead to the events that existed at its revision. Where no
    index finds what is wanted, a page has what is found among the next `walks.SEARCHED` events, which can be
    fewer than the limit, or nothing, although the walk continues.

    Args:
        connection: A snapshot.
        organization: The organization in that snapshot.
        query: Which events to list.
        cursor: A cursor of an earlier page; None for the first page.
        limit: The most rows, 1 to `LARGEST_LIMIT`.
        now: The present.

    Raises:
        Problem: The cursor is not for this walk, or has expired.
    """
    key, name = read_key(connection), walk_of(organization.org.id, query)
    if cursor is None:
        place = Cursor(name, "first", 0, 0, organization.last_seq, organization.revision, to_micros(now))
    else:
        place = read_cursor(cursor, key, name, now)
    walk = Walk(connection, organization.org.id, query, place)
    found = _find(walk, place, limit, 1 if query.ascending else -1)
    items = events_of(connection, found.rows)

    def lead(direction: str, to: Position | None) -> str | None:
        return None if to is None else write_cursor(place._replace(direction=direction, **to._asdict()), key)

    return EventPage(
        as_of=from_micros(place.as_of),
        revision=place.revision,
        items=items,
        page=Page(
            size=len(items),
            here=lead("from", position_of(found.rows[0])) if items else None,
            next=lead("after", found.later),
            prev=lead("before", found.earlier),
        ),
        newer=0 if place.last_seq == organization.last_seq else walk.count_newer(),
        totals=read_totals(connection, organization, query) if cursor is None else None,
        applied=tuple(write_parameters(query)),
    )


def _find(walk: Walk, place: Cursor, limit: int, onward: int) -> _Found:
    """The rows of the page, and whether there are rows around it.

    Args:
        walk: The events.
        place: Where the page is.
        limit: The most rows.
        onward: 1 if the numbers of events rise along the walk, -1 if they fall.
    """
    run = walk.run(place.direction, limit)
    here = Position(place.credits, place.occurred_at, place.seq)
    if place.direction == "before":
        # The position itself comes after the page.
        return _Found(run.rows[::-1], earlier=run.rest, later=here.shifted(-onward))
    earlier = None
    if place.direction == "from":
        before = walk.run("before", 1)
        earlier = here if before.rows or before.rest else None
    elif place.direction == "after":
        # The position itself comes before the page.
        earlier = here.shifted(onward)
    return _Found(run.rows, earlier=earlier, later=run.rest)
