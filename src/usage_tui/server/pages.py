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

SEARCHED = 10_000
"""The most events that are looked at for one page of those with a text: no index finds a part of a text."""

_FILTERED = "kind", "source_id", "occurred_at"
_SAID = events.c.label, events.c.source_id, events.c.actor
_KEY = tuple_(events.c.occurred_at, events.c.seq)


class _Place(NamedTuple):
    """Where an event is in the walk."""

    occurred_at: int
    seq: int


class _Run(NamedTuple):
    """Events that follow one another, and the last one looked at where there may be more."""

    places: list[_Place]
    rest: _Place | None


class _Found(NamedTuple):
    """The rows of a page, newest first, and the places between which they and all before them lie.

    Attributes:
        newer: What is newer than this comes before the page; None where nothing does.
        older: What is older than this comes after it; None where nothing does.
    """

    places: list[_Place]
    newer: _Place | None
    older: _Place | None


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
    With a text it holds what is found among the next `SEARCHED` events: perhaps fewer than the limit, or
    nothing, while the walk goes on.

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
    found = _find(connection, account.org.id, query, place, limit)
    seqs = [seq for _, seq in found.places]
    rows = select(events).where(events.c.org_id == account.org.id, events.c.seq.in_(seqs))
    items = read_events(connection, rows.order_by(events.c.occurred_at.desc(), events.c.seq.desc()))

    def lead(direction: str, to: _Place | None) -> str | None:
        return None if to is None else write_cursor(place._replace(direction=direction, **to._asdict()), key)

    return EventPage(
        as_of=from_micros(place.as_of),
        revision=place.revision,
        items=items,
        page=Page(
            size=len(items),
            here=lead("from", found.places[0]) if items else None,
            next=lead("after", found.older),
            prev=lead("before", found.newer),
        ),
        newer=_count_newer(connection, account, query, place.last_seq),
    )


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


def _find(connection: Connection, org_id: str, query: EventQuery, place: Cursor, limit: int) -> _Found:
    """Where the rows of the page are."""
    at, rows = tuple_(place.occurred_at, place.seq), _rows(org_id, query, place)
    if place.direction == "before":
        run = _run(connection, _oldest_first(rows.where(at < _KEY)), query, limit)
        # The place itself comes after the page.
        return _Found(run.places[::-1], newer=run.rest, older=_Place(place.occurred_at, place.seq + 1))
    newer = None
    if place.direction == "from":
        before = _run(connection, _oldest_first(rows.where(at < _KEY)), query, 1)
        newer = _Place(place.occurred_at, place.seq) if before.places or before.rest else None
        rows = rows.where(at >= _KEY)
    elif place.direction == "after":
        # The place itself comes before the page.
        newer = _Place(place.occurred_at, place.seq - 1)
        rows = rows.where(at > _KEY)
    run = _run(connection, _newest_first(rows), query, limit)
    return _Found(run.places, newer=newer, older=run.rest)


def _rows(org_id: str, query: EventQuery, place: Cursor) -> Select[Any]:
    """The events of a walk. An index on the conditions gives them in order; one on `seq` would not."""
    arrived_in_time = events.c.seq + 0 <= place.last_seq
    matching = _matching(query, *(events.c[name] for name in _FILTERED))
    return select(events.c.occurred_at, events.c.seq).where(
        events.c.org_id == org_id, arrived_in_time, *matching
    )


def _newest_first(rows: Select[Any]) -> Select[Any]:
    return rows.order_by(events.c.occurred_at.desc(), events.c.seq.desc())


def _oldest_first(rows: Select[Any]) -> Select[Any]:
    return rows.order_by(events.c.occurred_at, events.c.seq)


def _run(connection: Connection, rows: Select[Any], query: EventQuery, limit: int) -> _Run:
    """The first rows that match; one more than fits says whether there are others."""
    if query.text is not None:
        return _search(connection, rows, query, limit)
    places = [_Place(*row) for row in connection.execute(rows.limit(limit + 1))]
    return _Run(places[:limit], places[limit - 1] if len(places) > limit else None)


def _search(connection: Connection, rows: Select[Any], query: EventQuery, limit: int) -> _Run:
    """The first rows with the query's text, compared here, for each database folds letters in its own way."""
    found: list[_Place] = []
    last = None
    ahead = rows.add_columns(*_SAID).limit(SEARCHED + 1).execution_options(yield_per=500)
    with connection.execute(ahead) as looked_at:
        for number, (occurred_at, seq, *said) in enumerate(looked_at):
            if number == SEARCHED:
                return _Run(found, last)
            last = _Place(occurred_at, seq)
            if not query.is_in(*said):
                continue
            if len(found) == limit:
                return _Run(found, found[-1])
            found.append(last)
    return _Run(found, None)


def _count_newer(connection: Connection, account: Account, query: EventQuery, last_of_walk: int) -> int:
    """How many matching events came after the walk was frozen; with a text, among the first `SEARCHED`."""
    if last_of_walk == account.last_seq:
        return 0
    # The few that came since are found by their number alone: through an expression, no other index is.
    kind, source_id = (func.coalesce(events.c[name], "") for name in _FILTERED[:2])
    matching = _matching(query, kind, source_id, func.coalesce(events.c.occurred_at, 0))
    since = events.c.org_id == account.org.id, events.c.seq > last_of_walk
    if query.text is not None:
        said = select(*_SAID).where(*since, *matching).order_by(events.c.seq).limit(SEARCHED)
        return sum(query.is_in(*row) for row in connection.execute(said))
    count = select(func.count()).select_from(events).where(*since, *matching)
    return connection.scalar(count) or 0
