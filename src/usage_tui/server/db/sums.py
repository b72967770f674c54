"""The sums of events by day and source, added up by the database where a reply does not need the days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    bindparam,
    cast,
    func,
    select,
)

from usage_tui.ledger.ranking import SourceTotal, rank_order
from usage_tui.ledger.rollup import DaySum
from usage_tui.models import Period
from usage_tui.server.db.bulk import among
from usage_tui.server.db.columns import Int64
from usage_tui.server.db.schema import rollups

Source = tuple[str, str]
"""The kind and the id of a source."""


class Span(NamedTuple):
    """Which sums: those of one organization's days, in one of its billing periods or in whatever period.

    Attributes:
        number: The billing period; None for all.
    """

    org_id: str
    period: Period
    number: int | None

    def rows(
        self, connection: Connection, queries: tuple[Select[Any], Select[Any]], **values: object
    ) -> Iterable[Any]:
        """What a pair of statements, for one billing period and for all, finds in it.

        Args:
            connection: A snapshot.
            queries: The pair.
            values: Parameters besides those of the span.
        """
        first, last = self.period.start_date.isoformat(), self.period.end_date.isoformat()
        parameters = {"org": self.org_id, "first": first, "last": last, "number": self.number}
        return connection.execute(queries[self.number is None], parameters | values).all()


EventTotal = tuple[str, str, int, int]
"""The kind and the id of a source, the number of its events, and their amount."""


class SourceSums(NamedTuple):
    """What each source used: in all, and millionths on each day."""

    totals: list[SourceTotal]
    amounts: dict[date, dict[Source, int]]


def read_source_totals(connection: Connection, span: Span) -> list[SourceTotal]:
    """What each source used in a span, under the name that its newest event gave it."""
    newest: dict[Source, tuple[int, str]] = {}
    sums: dict[Source, list[int]] = {}
    # A source that was renamed has a row for each of its names.
    for source_id, kind, label, labeled_at, amount, quantity in span.rows(connection, _TOTALS):
        source, name = (kind, source_id), (labeled_at, label)
        newest[source] = max(newest.get(source, name), name)
        used = sums.setdefault(source, [0, 0])
        used[0] += amount
        used[1] += quantity
    return [SourceTotal(*source, newest[source][1], *used) for source, used in sums.items()]


def read_day_sums(connection: Connection, span: Span) -> dict[date, DaySum]:
    """What each day of a span used; one without use is missing."""
    by_kind: dict[str, dict[str, int]] = {}
    quantities: dict[str, int] = {}
    most: dict[str, int] = {}
    for day, kind, amount, quantity, highest in span.rows(connection, _KINDS):
        by_kind.setdefault(day, {})[kind] = amount
        quantities[day] = quantities.get(day, 0) + quantity
        most[day] = max(most.get(day, highest), highest)
    tops = _tops(connection, span, most)
    return {
        date.fromisoformat(day): DaySum(amounts, quantities[day], tops[day])
        for day, amounts in by_kind.items()
    }


def read_source_sums(connection: Connection, span: Span) -> SourceSums:
    """What each source used on each day of a span."""
    newest: dict[Source, tuple[int, str]] = {}
    amounts: dict[date, dict[Source, int]] = {}
    totals: dict[Source, list[int]] = {}
    for day, cells in _cells_by_day(span.rows(connection, _CELLS), newest):
        amounts[day] = {source: amount for source, (amount, _) in cells.items()}
        for source, (amount, quantity) in cells.items():
            total = totals.setdefault(source, [0, 0])
            total[0] += amount
            total[1] += quantity
    return SourceSums(
        [SourceTotal(*source, newest[source][1], *total) for source, total in totals.items()], amounts
    )


def read_event_totals(connection: Connection, org_id: str, first: date, last: date) -> Iterator[EventTotal]:
    """The events of each source on these days."""
    parameters = {"org": org_id, "first": first.isoformat(), "last": last.isoformat()}
    yield from map(tuple, connection.execute(_EVENTS, parameters))


def read_event_total(connection: Connection, org_id: str, first: date, last: date) -> tuple[int, int]:
    """The number of the events on these days, and their amount."""
    parameters = {"org": org_id, "first": first.isoformat(), "last": last.isoformat()}
    count, amount = connection.execute(_ALL_EVENTS, parameters).one()
    return count or 0, amount or 0


def read_first_date(connection: Connection, org_id: str) -> date | None:
    """The day of the organization's first event; None if it has none."""
    first = connection.scalar(_FIRST_DATE, {"org": org_id})
    return None if first is None else date.fromisoformat(first)


def _cells_by_day(
    rows: Iterable[Any], newest: dict[Source, tuple[int, str]]
) -> Iterator[tuple[date, dict[Source, tuple[int, int]]]]:
    """The amount and the quantity of each source on each day.

    Args:
        rows: In the order of their days.
        newest: Gets the newest name of each source, after the time when it was given.
    """
    for day, group in groupby(rows, key=itemgetter(0)):
        cells: dict[Source, tuple[int, int]] = {}
        for _, kind, source_id, labeled_at, label, amount, quantity in group:
            source, name = (kind, source_id), (labeled_at, label)
            if source not in newest or name > newest[source]:
                newest[source] = name
            # Where a billing period ends and the next begins within a day, a source has a sum in each.
            known = cells.get(source)
            cells[source] = (known[0] + amount, known[1] + quantity) if known else (amount, quantity)
        yield date.fromisoformat(day), cells


def _tops(connection: Connection, span: Span, most: Mapping[str, int]) -> dict[str, SourceTotal]:
    """The source that ranks first on each day of a span, under the newest name that it has in the span.

    Args:
        connection: A snapshot.
        span: Which days.
        most: The highest amount of a source on each day with use.
    """
    if not most:
        return {}
    highest = span.rows(connection, _HIGHEST, amounts=sorted({*most.values()}))
    cells = [cell for cell in highest if cell.credits == most[cell.local_date]]
    names = {(total.kind, total.source_id): total.label for total in read_source_totals(connection, span)}
    tops: dict[str, SourceTotal] = {}
    for day, kind, source_id, amount, quantity in cells:
        one = SourceTotal(kind, source_id, names[kind, source_id], amount, quantity)
        tops[day] = min(tops.get(day, one), one, key=rank_order)
    return tops


_ORG: BindParameter[str] = bindparam("org")
_kept = rollups.c
_SOURCE = _kept.kind, _kept.source_id
_FIRST_DATE = select(_kept.local_date).where(_kept.org_id == _ORG).order_by(_kept.local_date).limit(1)


def within(
    query: Select[Any], sums: Table, *, literal_dates: bool = False
) -> tuple[Select[Any], Select[Any]]:
    """A statement on a table of daily sums, for one billing period and for all.

    Args:
        query: What it selects.
        sums: The table.
        literal_dates: Whether the dates are a part of the statement, so that PostgreSQL plans it for them.
            For parameters it expects a few rows, and sorts them to group them; for a month it uses a hash.
    """
    first: BindParameter[str] = bindparam("first", literal_execute=literal_dates)
    last: BindParameter[str] = bindparam("last", literal_execute=literal_dates)
    dates = sums.c.local_date.between(first, last)
    query = query.where(sums.c.org_id == _ORG, dates)
    return query.where(sums.c.period_number == bindparam("number")), query


def exact_sum(amount: ColumnElement[int]) -> ColumnElement[int]:
    """A sum of 64 bits; PostgreSQL would make more of it."""
    return cast(func.sum(amount), Int64)


# By name too, of which a source has one in nearly every span: cheaper than to look for the newest in SQL.
# First by ID, because SQLite sorts, and rows of different sources seldom have the same.
_TOTALS = within(
    select(
        _kept.source_id,
        _kept.kind,
        _kept.label,
        func.max(_kept.labeled_at),
        exact_sum(_kept.credits),
        exact_sum(_kept.quantity),
    ).group_by(_kept.source_id, _kept.kind, _kept.label),
    rollups,
    literal_dates=True,
)
_COUNTED = exact_sum(_kept.event_count), exact_sum(_kept.credits)
_EVENTS = within(select(*_SOURCE, *_COUNTED).group_by(*_SOURCE), rollups)[1]
_ALL_EVENTS = _EVENTS.with_only_columns(*_COUNTED).group_by(None)
_CELLS = within(
    select(_kept.local_date, *_SOURCE, _kept.labeled_at, _kept.label, _kept.credits, _kept.quantity).order_by(
        _kept.local_date
    ),
    rollups,
)

_CELL = _kept.local_date, *_SOURCE
# In one billing period, a source has one row for each day; across them, it can have one in each.
_BY_DAY = (
    within(select(*_CELL, _kept.credits, _kept.quantity), rollups)[0].subquery("cell"),
    within(
        select(
            *_CELL, exact_sum(_kept.credits).label("credits"), exact_sum(_kept.quantity).label("quantity")
        ).group_by(*_CELL),
        rollups,
    )[1].subquery("cell"),
)


def _kinds(cell: Subquery) -> Select[Any]:
    """What each kind used on each day, and the highest amount of its sources."""
    sums = exact_sum(cell.c.credits), exact_sum(cell.c.quantity), func.max(cell.c.credits)
    day_and_kind = cell.c.local_date, cell.c.kind
    return select(*day_and_kind, *sums).group_by(*day_and_kind).order_by(*day_and_kind)


def _of_amounts(cell: Subquery) -> Select[Any]:
    """The sources' days with one of these amounts."""
    return select(cell).where(among(cell.c.credits, "amounts"))


_KINDS = _kinds(_BY_DAY[0]), _kinds(_BY_DAY[1])
_HIGHEST = _of_amounts(_BY_DAY[0]), _of_amounts(_BY_DAY[1])
