"""Pages of events: frozen at a revision, found by key, the same at any depth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from usage_tui.models import EventPage, EventQuery, Page
from usage_tui.server.cursors import Cursor, read_cursor, read_key, walk_of, write_cursor
from usage_tui.server.instants import from_micros, to_micros
from usage_tui.server.schema import events
from usage_tui.server.store import Account, read_events

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200

_FILTERED = "kind", "source_id", "occurred_at"
_KEY = tuple_(events.c.occurred_at, events.c.seq)


class _Found(NamedTuple):
    """The rows of a page, newest first, and whether there are others on either side."""

    places: list[tuple[int, int]]
    newer: bool
    older: bool


def read_page(
    connection: Connection,
    account: Account,
    query: EventQuery,
    *,
    cursor: str | None,
    limit: int,
    now: datetime,
) -> EventPage:
    """One page of the events that match, newest first.

    The first page freezes the walk: its cursors lead to the events that were there at its revision.

    Args:
        connection: A snapshot.
        account: The organization in that snapshot.
        query: Which events.
        cursor: The place, as an earlier page named it; the first page without one.
        limit: The most rows, 1 to `LARGEST_LIMIT`.
        now: The present.

    Raises:
        Problem: The cursor is none of this walk, or too old.
    """
    key, walk = read_key(connection), walk_of(account.org.id, query)
    if cursor is None:
        place = Cursor(walk, "first", 0, 0, account.last_seq, account.revision, to_micros(now))
    else:
        place = read_cursor(cursor, key, walk, now)
    found = _find(connection, _conditions(account.org.id, query, place), place, limit)
    seqs = [seq for _, seq in found.places]
    rows = select(events).where(events.c.org_id == account.org.id, events.c.seq.in_(seqs))
    items = read_events(connection, rows.order_by(events.c.occurred_at.desc(), events.c.seq.desc()))

    def lead(direction: str, row: int) -> str:
        occurred_at, seq = found.places[row]
        return write_cursor(place._replace(direction=direction, occurred_at=occurred_at, seq=seq), key)

    return EventPage(
        as_of=from_micros(place.as_of),
        revision=place.revision,
        items=items,
        page=Page(
            size=len(items),
            here=lead("from", 0) if items else None,
            next=lead("after", -1) if items and found.older else None,
            prev=lead("before", 0) if items and found.newer else None,
        ),
        newer=_count_newer(connection, account, query, place.last_seq),
    )


def _conditions(org_id: str, query: EventQuery, place: Cursor) -> list[ColumnElement[bool]]:
    """The events of a walk. An index on the conditions gives them in order; one on `seq` would not."""
    arrived_in_time = events.c.seq + 0 <= place.last_seq
    return [
        events.c.org_id == org_id,
        arrived_in_time,
        *_matching(query, *(events.c[name] for name in _FILTERED)),
    ]


def _matching(
    query: EventQuery,
    kind: ColumnElement[str],
    source_id: ColumnElement[str],
    occurred_at: ColumnElement[int],
) -> Iterator[ColumnElement[bool]]:
    if query.kind is not None:
        yield kind == query.kind
    if query.source_id is not None:
        yield source_id == query.source_id
    if query.starts_at is not None:
        yield occurred_at >= to_micros(query.starts_at)
    if query.ends_at is not None:
        yield occurred_at < to_micros(query.ends_at)


def _find(connection: Connection, conditions: list[ColumnElement[bool]], place: Cursor, limit: int) -> _Found:
    """Where the rows of the page are; one row more than fits says whether there are others."""
    at = tuple_(place.occurred_at, place.seq)
    rows = select(events.c.occurred_at, events.c.seq).where(*conditions)
    if place.direction == "before":
        found = _places(connection, _oldest_first(rows.where(at < _KEY)).limit(limit + 1))
        return _Found(found[:limit][::-1], newer=len(found) > limit, older=True)
    if place.direction == "from":
        rows, newer = rows.where(at >= _KEY), _exists(connection, rows.where(at < _KEY))
    elif place.direction == "after":
        rows, newer = rows.where(at > _KEY), True
    else:
        newer = False
    found = _places(connection, _newest_first(rows).limit(limit + 1))
    return _Found(found[:limit], newer=newer, older=len(found) > limit)


def _newest_first(rows: Select[Any]) -> Select[Any]:
    return rows.order_by(events.c.occurred_at.desc(), events.c.seq.desc())


def _oldest_first(rows: Select[Any]) -> Select[Any]:
    return rows.order_by(events.c.occurred_at, events.c.seq)


def _places(connection: Connection, rows: Select[Any]) -> list[tuple[int, int]]:
    return [(occurred_at, seq) for occurred_at, seq in connection.execute(rows)]


def _exists(connection: Connection, rows: Select[Any]) -> bool:
    return bool(_places(connection, _oldest_first(rows).limit(1)))


def _count_newer(connection: Connection, account: Account, query: EventQuery, last_of_walk: int) -> int:
    """How many matching events came after the walk was frozen."""
    if last_of_walk == account.last_seq:
        return 0
    # The few that came since are found by their number alone: through an expression, no other index is.
    kind, source_id = (func.coalesce(events.c[name], "") for name in _FILTERED[:2])
    matching = _matching(query, kind, source_id, func.coalesce(events.c.occurred_at, 0))
    since = events.c.org_id == account.org.id, events.c.seq > last_of_walk
    count = select(func.count()).select_from(events).where(*since, *matching)
    return connection.scalar(count) or 0
