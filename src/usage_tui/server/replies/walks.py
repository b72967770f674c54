"""Walks through the events that match a query, in its order, with bounded work for each page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    asc,
    bindparam,
    desc,
    func,
    literal_column,
    select,
    tuple_,
)

from usage_tui.models import EventQuery, SortKey
from usage_tui.server.db.schema import events
from usage_tui.server.replies.conditions import Fits, amounts, indexed, rest_by_amount, rest_in_time, where
from usage_tui.server.replies.cursors import Cursor

SEARCHED = 5_000
"""The most events that are searched for one page, where no index finds what is wanted."""

SORTED = 20_000
"""The most events that are sorted by amount for one page. Among more, the index on the amount is searched."""

_ORG = events.c.org_id == bindparam("org")
_LAST_SEQ = bindparam("last_seq", type_=events.c.seq.type)


class Position(NamedTuple):
    """Where an event is in a walk; the amount counts only in order of the amount."""

    credits: int
    occurred_at: int
    seq: int

    def shifted(self, steps: int) -> Position:
        """A position between two events: by how far in order of arrival."""
        return self._replace(seq=self.seq + steps)


class Run(NamedTuple):
    """Consecutive rows, and the last one that was examined if there may be more."""

    rows: Sequence[Row[Any]]
    rest: Position | None


class _Plan(StrEnum):
    """How the next events are found."""

    IN_TIME = "in time"
    """By an index in order of time."""
    SORTED = "sorted"
    """By an index in order of time, then sorted by their amounts."""
    BY_AMOUNT = "by amount"
    """By the index in order of the amount."""


class Walk:
    """The matching events that existed when the walk was frozen, in one snapshot."""

    def __init__(self, connection: Connection, org_id: str, query: EventQuery, frozen: Cursor) -> None:
        """Choose how its events are found.

        Args:
            connection: A snapshot.
            org_id: Whose events.
            query: Which, and in which order.
            frozen: Any cursor of the walk, which says where its pages start.
        """
        self._connection, self._query = connection, query
        self._indexed = indexed(query)
        self._parameters: Mapping[str, Any] = {
            "org": org_id,
            "last_seq": frozen.last_seq,
            "credits": frozen.credits,
            "occurred_at": frozen.occurred_at,
            "seq": frozen.seq,
            "sorted": SORTED,
            **self._indexed,
            **amounts(query),
        }
        self._plan = self._choose()

    def _choose(self) -> _Plan:
        if self._query.sort is SortKey.OCCURRED_AT:
            return _Plan.IN_TIME
        if not self._indexed:
            return _Plan.BY_AMOUNT
        parameters = {**self._parameters, "most": SORTED + 1}
        found: int = self._connection.scalar(_count_some(tuple(self._indexed)), parameters) or 0
        return _Plan.SORTED if found <= SORTED else _Plan.BY_AMOUNT

    def run(self, direction: str, limit: int) -> Run:
        """The first rows from a position on, with one extra row to see whether there are more."""
        query, plan = self._query, self._plan
        by_amount = plan is _Plan.BY_AMOUNT
        names = tuple(amounts(query) if by_amount else self._indexed)
        statement = _from_position(plan, names, direction, query.ascending)
        fits = rest_by_amount(query) if by_amount else rest_in_time(query)
        if fits is not None:
            return self._search(statement, fits, limit)
        rows = self._connection.execute(statement, {**self._parameters, "most": limit + 1}).all()
        return Run(rows[:limit], position_of(rows[limit - 1]) if len(rows) > limit else None)

    def _search(self, statement: Select[Any], fits: Fits, limit: int) -> Run:
        """The first rows that fit, among the next `SEARCHED`."""
        found: list[Row[Any]] = []
        last = None
        ahead = statement.execution_options(yield_per=500)
        with self._connection.execute(ahead, {**self._parameters, "most": SEARCHED + 1}) as looked_at:
            for number, row in enumerate(looked_at):
                if number == SEARCHED:
                    return Run(found, last)
                last = position_of(row)
                if not fits(row):
                    continue
                if len(found) == limit:
                    return Run(found, position_of(found[-1]))
                found.append(row)
        return Run(found, None)

    def count_newer(self) -> int:
        """How many events arrived after the walk was frozen; of some that are searched, the first ones."""
        names, fits = tuple(self._indexed), rest_in_time(self._query)
        if fits is None:
            return self._connection.scalar(_count_after(names), self._parameters) or 0
        found = self._connection.execute(_after(names), {**self._parameters, "most": SEARCHED})
        return sum(map(fits, found))


def position_of(row: Row[Any]) -> Position:
    """Where the event of a row is."""
    return Position(row.credits, row.occurred_at, row.seq)


# Statements are built once for each set of conditions, because building takes longer than running.


@cache
def _from_position(plan: _Plan, names: tuple[str, ...], direction: str, ascending: bool) -> Select[Any]:
    """The rows of a walk from a position on, nearest first, in the order of an index."""
    table: FromClause = events
    if plan is _Plan.SORTED:
        table = _some(names).limit(bindparam("sorted")).subquery("some")
        rows = select(table)
    else:
        rows = select(events).where(*_frozen(names))
    key = _key(plan, table)
    here = tuple_(*key)
    there = tuple_(*(bindparam(column.name, type_=column.type) for column in key))
    falling = ascending is (direction == "before")
    if direction == "from":
        rows = rows.where(there >= here if falling else there <= here)
    elif direction in ("after", "before"):
        rows = rows.where(there > here if falling else there < here)
    return rows.order_by(*map(desc if falling else asc, key)).limit(bindparam("most"))


def _key(plan: _Plan, table: FromClause) -> Sequence[ColumnElement[int]]:
    columns = table.c
    by_time = columns.occurred_at, columns.seq
    return by_time if plan is _Plan.IN_TIME else (columns.credits, *by_time)


def _frozen(names: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """The conditions of these names, among the events that existed when the walk was frozen."""
    columns: dict[str, ColumnElement[Any]] = {**events.c}
    if "source_id" in names:
        # No index has both, and the one on the kind can go through a million events of other sources.
        columns["kind"] = func.coalesce(events.c.kind, "")
    # As an expression, so that the index on the number, which has another order, is not used.
    return [_ORG, events.c.seq + 0 <= _LAST_SEQ, *where(names, columns)]


def _some(names: tuple[str, ...]) -> Select[Any]:
    """The newest events of these conditions."""
    return select(events).where(*_frozen(names)).order_by(events.c.occurred_at.desc(), events.c.seq.desc())


@cache
def _count_some(names: tuple[str, ...]) -> Select[Any]:
    some: Select[Any] = select(literal_column("1").label("one")).select_from(events).where(*_frozen(names))
    return select(func.count()).select_from(some.limit(bindparam("most")).subquery("some"))


@cache
def _count_after(names: tuple[str, ...]) -> Select[Any]:
    return select(func.count()).select_from(events).where(*_since(names))


@cache
def _after(names: tuple[str, ...]) -> Select[Any]:
    return select(events).where(*_since(names)).order_by(events.c.seq).limit(bindparam("most"))


def _since(names: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """The events after a walk was frozen: few, and found by their number."""
    # As expressions, so that no index on these columns is used.
    columns: dict[str, ColumnElement[Any]] = {
        "kind": func.coalesce(events.c.kind, ""),
        "source_id": func.coalesce(events.c.source_id, ""),
        "occurred_at": func.coalesce(events.c.occurred_at, 0),
    }
    return [_ORG, events.c.seq > _LAST_SEQ, *where(names, columns)]
