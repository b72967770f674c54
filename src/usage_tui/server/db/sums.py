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
    Text,
    bindparam,
    cast,
    func,
    literal_column,
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
    return [SourceTotal(*row) for row in span.rows(connection, _TOTALS)]


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
    ids = sorted({cell.source_id for cell in cells})
    names = {(kind, source_id): label for kind, source_id, label in span.rows(connection, _LABELS, ids=ids)}
    tops: dict[str, SourceTotal] = {}
    for day, kind, source_id, amount, quantity in cells:
        one = SourceTotal(kind, source_id, names[kind, source_id], amount, quantity)
        tops[day] = min(tops.get(day, one), one, key=rank_order)
    return tops


_LIFT = 2 * 10**18
"""Added to any instant from year 1 to 9999, gives 19 digits, so that instants sort as text."""

_ORG: BindParameter[str] = bindparam("org")
_kept = rollups.c
_SOURCE = _kept.kind, _kept.source_id
_FIRST_DATE = select(_kept.local_date).where(_kept.org_id == _ORG).order_by(_kept.local_date).limit(1)


def within(query: Select[Any], sums: Table) -> tuple[Select[Any], Select[Any]]:
    """A statement on a table of daily sums, for one billing period and for all."""
    dates = sums.c.local_date.between(bindparam("first"), bindparam("last"))
    query = query.where(sums.c.org_id == _ORG, dates)
    return query.where(sums.c.period_number == bindparam("number")), query


def exact_sum(amount: ColumnElement[int]) -> ColumnElement[int]:
    """A sum of 64 bits; PostgreSQL would make more of it."""
    return cast(func.sum(amount), Int64)


_NEWEST = func.max(cast(_kept.labeled_at + literal_column(str(_LIFT)), Text) + _kept.label)
_NEWEST_LABEL = func.substr(_NEWEST, len(str(_LIFT)) + 1)
_TOTALS = within(
    select(*_SOURCE, _NEWEST_LABEL, exact_sum(_kept.credits), exact_sum(_kept.quantity)).group_by(*_SOURCE),
    rollups,
)
_LABELS = within(
    select(*_SOURCE, _NEWEST_LABEL).where(among(_kept.source_id, "ids")).group_by(*_SOURCE), rollups
)
_EVENTS = within(
    select(*_SOURCE, exact_sum(_kept.event_count), exact_sum(_kept.credits)).group_by(*_SOURCE), rollups
)[1]
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
