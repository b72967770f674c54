"""Pages of events: frozen at a revision, found by key, and equally fast at any depth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, asc, bindparam, desc, func, select, tuple_

from usage_tui.models import EventPage, EventQuery, Page
from usage_tui.server.db.instants import from_micros, to_micros
from usage_tui.server.db.reads import OrganizationRow, events_of
from usage_tui.server.db.schema import events
from usage_tui.server.replies.cursors import Cursor, read_cursor, read_key, walk_of, write_cursor

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200

SEARCHED = 5_000
"""The most events that are searched for one page, because no index finds part of a text."""

_KEY = events.c.occurred_at, events.c.seq
_HERE = tuple_(*_KEY)
_PLACE = tuple_(*(bindparam(column.name, type_=column.type) for column in _KEY))
_ORG = events.c.org_id == bindparam("org")
_LAST_SEQ = bindparam("last_seq", type_=events.c.seq.type)


class _Place(NamedTuple):
    """The position of an event in the walk."""

    occurred_at: int
    seq: int


class _Run(NamedTuple):
    """Consecutive rows, and the last one that was examined if there may be more."""

    rows: Sequence[Row[Any]]
    rest: _Place | None


class _Found(NamedTuple):
    """The rows of a page, newest first, and the positions that bound it.

    Attributes:
        newer: Newer rows than this come before the page; None if there are none.
        older: Older rows than this come after the page; None if there are none.
    """

    rows: Sequence[Row[Any]]
    newer: _Place | None
    older: _Place | None


def read_page(
    connection: Connection,
    account: OrganizationRow,
    query: EventQuery,
    *,
    cursor: str | None,
    limit: int,
    now: datetime,
) -> EventPage:
    """One page of the events that match, newest first.

    The first page freezes the walk: its cursors lead to the events that existed at its revision. With a text,
    a page has what is found among the next `SEARCHED` events, which can be fewer than the limit, or nothing,
    although the walk continues.

    Args:
        connection: A snapshot.
        account: The organization in that snapshot.
        query: Which events to list.
        cursor: A cursor of an earlier page; None for the first page.
        limit: The most rows, 1 to `LARGEST_LIMIT`.
        now: The present.

    Raises:
        Problem: The cursor is not for this walk, or has expired.
    """
    key, name = read_key(connection), walk_of(account.org.id, query)
    if cursor is None:
        place = Cursor(name, "first", 0, 0, account.last_seq, account.revision, to_micros(now))
    else:
        place = read_cursor(cursor, key, name, now)
    walk = _Walk(connection, account.org.id, query, place)
    found = _find(walk, place, limit)
    items = events_of(connection, found.rows)

    def lead(direction: str, to: _Place | None) -> str | None:
        return None if to is None else write_cursor(place._replace(direction=direction, **to._asdict()), key)

    return EventPage(
        as_of=from_micros(place.as_of),
        revision=place.revision,
        items=items,
        page=Page(
            size=len(items),
            here=lead("from", _place(found.rows[0])) if items else None,
            next=lead("after", found.older),
            prev=lead("before", found.newer),
        ),
        newer=0 if place.last_seq == account.last_seq else walk.count_newer(),
    )


class _Walk:
    """The matching events that existed when the walk was frozen, in one snapshot."""

    def __init__(self, connection: Connection, org_id: str, query: EventQuery, place: Cursor) -> None:
        conditions = {
            "kind": query.kind,
            "source_id": query.source_id,
            "starts_at": to_micros(query.starts_at),
            "ends_at": to_micros(query.ends_at),
        }
        filters = {name: value for name, value in conditions.items() if value is not None}
        self._connection, self._query, self._filters = connection, query, tuple(filters)
        self._parameters = {
            "org": org_id,
            "last_seq": place.last_seq,
            "occurred_at": place.occurred_at,
            "seq": place.seq,
            **filters,
        }

    def run(self, direction: str, limit: int) -> _Run:
        """The first rows from a position on, with one extra row to see whether there are more."""
        statement = _from_place(self._filters, direction)
        if self._query.has_names:
            return self._search(statement, limit)
        rows = self._connection.execute(statement, {**self._parameters, "most": limit + 1}).all()
        return _Run(rows[:limit], _place(rows[limit - 1]) if len(rows) > limit else None)

    def _search(self, statement: Select[Any], limit: int) -> _Run:
        """The first rows with the query's text, compared here because databases fold case differently."""
        found: list[Row[Any]] = []
        last = None
        ahead = statement.execution_options(yield_per=500)
        with self._connection.execute(ahead, {**self._parameters, "most": SEARCHED + 1}) as looked_at:
            for number, row in enumerate(looked_at):
                if number == SEARCHED:
                    return _Run(found, last)
                last = _place(row)
                if not self._query.matches_names(row.label, row.source_id, row.actor):
                    continue
                if len(found) == limit:
                    return _Run(found, _place(found[-1]))
                found.append(row)
        return _Run(found, None)

    def count_newer(self) -> int:
        """How many events arrived after the walk was frozen; with a text, among the first `SEARCHED`."""
        if not self._query.has_names:
            return self._connection.scalar(_count_after(self._filters), self._parameters) or 0
        parameters = {**self._parameters, "most": SEARCHED}
        said = self._connection.execute(_said_after(self._filters), parameters)
        return sum(self._query.matches_names(*row) for row in said)


def _find(walk: _Walk, place: Cursor, limit: int) -> _Found:
    """The rows of the page, and whether there are rows around it."""
    run = walk.run(place.direction, limit)
    if place.direction == "before":
        # The position itself comes after the page.
        return _Found(run.rows[::-1], newer=run.rest, older=_Place(place.occurred_at, place.seq + 1))
    newer = None
    if place.direction == "from":
        before = walk.run("before", 1)
        newer = _Place(place.occurred_at, place.seq) if before.rows or before.rest else None
    elif place.direction == "after":
        # The position itself comes before the page.
        newer = _Place(place.occurred_at, place.seq - 1)
    return _Found(run.rows, newer=newer, older=run.rest)


def _place(row: Row[Any]) -> _Place:
    return _Place(row.occurred_at, row.seq)


# Statements are built once for each set of filters, because building takes longer than running.


@cache
def _from_place(filters: tuple[str, ...], direction: str) -> Select[Any]:
    """The rows of a walk from a position on, nearest first, in the order of an index on the filters."""
    kind: ColumnElement[str] = events.c.kind
    if "source_id" in filters:
        # No index has both, and the one on the kind can go through a million events of other sources.
        kind = func.coalesce(kind, "")
    conditions = _conditions(filters, kind, events.c.source_id, events.c.occurred_at)
    # As an expression, so that the index on the number, which has another order, is not used.
    rows = select(events).where(_ORG, events.c.seq + 0 <= _LAST_SEQ, *conditions)
    match direction:
        case "before":
            rows = rows.where(_PLACE < _HERE)
        case "from":
            rows = rows.where(_PLACE >= _HERE)
        case "after":
            rows = rows.where(_PLACE > _HERE)
    nearest_first = asc if direction == "before" else desc
    return rows.order_by(*map(nearest_first, _KEY)).limit(bindparam("most"))


@cache
def _count_after(filters: tuple[str, ...]) -> Select[Any]:
    return select(func.count()).select_from(events).where(*_after(filters))


@cache
def _said_after(filters: tuple[str, ...]) -> Select[Any]:
    said = select(events.c.label, events.c.source_id, events.c.actor).where(*_after(filters))
    return said.order_by(events.c.seq).limit(bindparam("most"))


def _after(filters: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """The events after a walk was frozen: few, and found by their number."""
    # As expressions, so that no index on these columns is used.
    kind, source_id = func.coalesce(events.c.kind, ""), func.coalesce(events.c.source_id, "")
    conditions = _conditions(filters, kind, source_id, func.coalesce(events.c.occurred_at, 0))
    return [_ORG, events.c.seq > _LAST_SEQ, *conditions]


def _conditions(
    filters: tuple[str, ...],
    kind: ColumnElement[str],
    source_id: ColumnElement[str],
    occurred_at: ColumnElement[int],
) -> list[ColumnElement[bool]]:
    conditions = {
        "kind": kind == bindparam("kind"),
        "source_id": source_id == bindparam("source_id"),
        "starts_at": occurred_at >= bindparam("starts_at"),
        "ends_at": occurred_at < bindparam("ends_at"),
    }
    return [conditions[name] for name in filters]
