"""The charges of a billing period: of its events if they add up to it, otherwise of each day or source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from usage_tui.clients.base import NotOffered, Withheld
from usage_tui.models import Credits, Event, EventQuery, Period, Ranking, SourceDays
from usage_tui.tables.focus import Bill, Charge, month_of, of_days, of_events, of_ranking


class Found(NamedTuple):
    """Events that match a query.

    Attributes:
        events: All of them, newest first.
        revision: The state of the organization that they are of.
    """

    events: Sequence[Event]
    revision: int


class Asked(Protocol):
    """Who is asked for events and days."""

    async def events(self, query: EventQuery) -> Found:
        """Every event that matches.

        Raises:
            ClientError: They cannot be had.
        """

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another.

        Raises:
            NotOffered: The source of the data does not tell them.
            ClientError: They cannot be had.
        """


class Charges(NamedTuple):
    """The rows of a bill.

    Attributes:
        rows: What was charged.
        times: When each event of the period occurred, by its id; empty where the rows are sums.
    """

    rows: Sequence[Charge]
    times: Mapping[str, datetime]


async def charges_of(bill: Bill, ranking: Ranking, asked: Asked, *, sees_events: bool) -> Charges:
    """All charges of a billing period.

    Args:
        bill: What they have in common.
        ranking: What each source used in the period.
        asked: Tells the rest.
        sees_events: Whether the viewer may see events, and the client has any.

    Raises:
        ClientError: There is no answer.
    """
    if sees_events:
        found = await asked.events(of_period(bill.period))
        # Of a newer state there are more events; those of the same one add up, or some of them are missing.
        whole = found.revision != ranking.revision or _total(found.events) == ranking.total
        if whole:
            return Charges([*of_events(found.events, bill.calendar)], _times(found.events))
    days = await _days(bill, asked)
    if Credits.total(charge.credits for charge in days) == ranking.total:
        return Charges(days, {})
    starts_at, ends_at = _span(bill, ranking.as_of)
    return Charges([*of_ranking(ranking, starts_at, ends_at)], {})


async def filtered_charges(bill: Bill, query: EventQuery, asked: Asked) -> Charges:
    """The charges of the events of a billing period that match.

    Args:
        bill: What they have in common.
        query: Which events, within the period.
        asked: Tells them.

    Raises:
        ClientError: There is no answer.
    """
    events = (await asked.events(query)).events
    known = {event.id for event in events}
    all_known = all(event.reverses is None or event.reverses in known for event in events)
    others = events if all_known else (await asked.events(of_period(bill.period))).events
    return Charges([*of_events(events, bill.calendar)], _times(others))


def of_period(period: Period | None) -> EventQuery:
    """The events of a billing period; all where none is known."""
    return EventQuery() if period is None else EventQuery(starts_at=period.starts_at, ends_at=period.ends_at)


async def _days(bill: Bill, asked: Asked) -> list[Charge]:
    """A row for each day of each source; empty where the client does not tell them."""
    if bill.period is None:
        return []
    try:
        days = await asked.source_days(bill.period.start_date, bill.period.end_date)
    except (NotOffered, Withheld):
        return []
    return [*of_days(days, bill.calendar)]


def _span(bill: Bill, as_of: datetime) -> tuple[datetime, datetime]:
    """The time that a ranking is of: its period, or the calendar month."""
    if bill.period is not None:
        return bill.period.starts_at, bill.period.ends_at
    return month_of(bill.calendar.date_of(as_of), bill.calendar)


def _total(events: Sequence[Event]) -> Credits:
    return Credits.total(event.credits for event in events)


def _times(events: Sequence[Event]) -> Mapping[str, datetime]:
    return {event.id: event.occurred_at for event in events}
