"""The sums of events by day and person."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from usage_tui.ledger.people import ACTOR, person_total
from usage_tui.ledger.ranking import SourceTotal, add_counts
from usage_tui.server.db.schema import person_sums
from usage_tui.server.db.sums import SourceSums, Span, exact_sum, within


def read_people(connection: Connection, span: Span) -> list[SourceTotal]:
    """What each person used in a span, and what no event attributes to anybody."""
    return [person_total(*row) for row in span.rows(connection, _TOTALS)]


def read_people_sums(connection: Connection, span: Span) -> SourceSums:
    """What each person used on each day of a span."""
    amounts: dict[date, dict[tuple[str, str], int]] = {}
    totals: dict[str, SourceTotal] = {}
    for day, *row in span.rows(connection, _CELLS):
        cell = person_total(*row)
        amounts.setdefault(date.fromisoformat(day), {})[ACTOR, cell.source_id] = cell.credits
        known = totals.get(cell.source_id)
        totals[cell.source_id] = cell if known is None else _added(cell, known)
    return SourceSums([*totals.values()], amounts)


def _added(one: SourceTotal, other: SourceTotal) -> SourceTotal:
    count = add_counts(one.quantity, other.quantity)
    return one._replace(credits=one.credits + other.credits, quantity=count)


_kept = person_sums.c
_SUMS = exact_sum(_kept.credits), exact_sum(_kept.event_count)
_TOTALS = within(select(_kept.actor, *_SUMS).group_by(_kept.actor), person_sums)
_CELLS = within(
    select(_kept.local_date, _kept.actor, *_SUMS).group_by(_kept.local_date, _kept.actor), person_sums
)
