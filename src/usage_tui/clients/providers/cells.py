"""Exact cells of days and sources, rounded so that every card agrees, and as rows of a history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from usage_tui.clients.providers.base import Cell
from usage_tui.clients.providers.values import add
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ranking import SourceTotal, add_counts, rank_order
from usage_tui.ledger.rounding import round_table
from usage_tui.models import Credits, Event

DAILY_TOTAL = "daily total"

_Place = tuple[date, tuple[str, str]]
"""Day; kind and source."""


class RoundedCell(NamedTuple):
    """A cell in whole millionths.

    Attributes:
        total: What the source used on the day, and how often.
        uncovered: Millionths that the included amount did not cover; None if that is not reported.
    """

    day: date
    total: SourceTotal
    uncovered: int | None


def merged(cells: Iterable[Cell]) -> list[Cell]:
    """The cells with one for each day and source, under its last label; empty ones are left out."""
    by_place: dict[_Place, list[Cell]] = {}
    for cell in cells:
        by_place.setdefault((cell.day, (cell.kind, cell.source_id)), []).append(cell)
    sums = map(_sum, by_place.values())
    return [cell for cell in sums if cell.amount or cell.quantity]


def _sum(cells: list[Cell]) -> Cell:
    if len(cells) == 1:
        return cells[0]
    count: int | None = 0
    for cell in cells:
        count = add_counts(count, cell.quantity)
    told = [cell.uncovered for cell in cells if cell.uncovered is not None]
    return cells[-1]._replace(
        amount=add(cell.amount for cell in cells), quantity=count, uncovered=add(told) if told else None
    )


def rounded(cells: Iterable[Cell]) -> list[RoundedCell]:
    """The cells of one period in whole millionths: its days, its sources and its total agree.

    Args:
        cells: One for each day and source.
    """
    places = {(cell.day, (cell.kind, cell.source_id)): cell for cell in cells}
    amounts = round_table({place: cell.amount for place, cell in places.items()})
    beyond = _rounded_uncovered(places)
    return [
        RoundedCell(
            cell.day,
            SourceTotal(cell.kind, cell.source_id, cell.label, amounts[place], cell.quantity),
            beyond.get(place),
        )
        for place, cell in places.items()
    ]


def _rounded_uncovered(places: Mapping[_Place, Cell]) -> dict[_Place, int]:
    told: dict[_Place, Decimal] = {
        place: cell.uncovered for place, cell in places.items() if cell.uncovered is not None
    }
    return round_table(told)


def as_events(cells: Iterable[RoundedCell], calendar: Calendar, since: datetime) -> list[Event]:
    """One row for each cell, the newest day first, and in each day the highest amount first.

    Args:
        cells: One for each day and source.
        calendar: Says when a day starts.
        since: When the period starts. If that is within a day, the day's row is only of what follows.
    """
    ordered = sorted(cells, key=lambda cell: (-cell.day.toordinal(), rank_order(cell.total)))
    return [_as_event(cell, calendar, since) for cell in ordered]


def _as_event(cell: RoundedCell, calendar: Calendar, since: datetime) -> Event:
    starts_at, ends_at = calendar.bounds(cell.day)
    if starts_at < since < ends_at:
        starts_at = since
    total = cell.total
    return Event(
        id=f"{cell.day}/{total.kind}/{total.source_id}",
        occurred_at=starts_at,
        ends_at=ends_at,
        kind=total.kind,
        source_id=total.source_id,
        label=total.label,
        activity=DAILY_TOTAL,
        quantity=total.quantity,
        credits=Credits(total.credits),
        uncovered=Credits(cell.uncovered or 0),
    )
