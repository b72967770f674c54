"""`usage-tui export focus`: the costs of a billing period as a FinOps FOCUS table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

from usage_tui.cli.answer.asked import period_id
from usage_tui.cli.answer.events import EventReader
from usage_tui.cli.answer.filters import is_chosen, query_of
from usage_tui.cli.answer.session import Session
from usage_tui.cli.ending import Failure
from usage_tui.cli.export.order import Order
from usage_tui.cli.history import narrowed
from usage_tui.cli.period_option import CURRENT
from usage_tui.cli.progress import Tally
from usage_tui.clients.base import NotOffered, Withheld
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits, Event, EventQuery, Period, Ranking
from usage_tui.state.access import allowed
from usage_tui.state.replies import EVENTS, PERIODS, SOURCES, SUMMARY
from usage_tui.tables.focus import (
    Bill,
    Charge,
    FocusWriter,
    NotMoney,
    check_currency,
    month_of,
    of_days,
    of_events,
    of_ranking,
)

_AT_ONCE = 1000
"""Rows of one piece of text."""


async def focus(session: Session, order: Order, tally: Tally) -> AsyncIterator[str]:
    """The table: one row for each event if they add up to the period, otherwise for each day or source.

    Raises:
        Refusal: There is no answer, the amounts are not money, or there are no events to filter.
    """
    past = await period_id(session, order.period or CURRENT, {SOURCES, PERIODS})
    summary = session.value(SUMMARY)
    try:
        check_currency(summary.unit.code)
    except NotMoney as error:
        raise Failure(str(error)) from None
    found = session.value(PERIODS).find(past) if past is not None else None
    period = found.period if found is not None else summary.period
    bill = Bill(summary.org, summary.unit.code, order.provider or session.provider, period)
    charges, corrected = await _charges(session, order, bill, past)
    writer = FocusWriter(bill, corrected, people=order.people)
    yield writer.head()
    for first in range(0, len(charges), _AT_ONCE):
        piece = charges[first : first + _AT_ONCE]
        tally.add(len(piece), len(charges))
        yield writer.rows(piece)


async def _charges(
    session: Session, order: Order, bill: Bill, past: str | None
) -> tuple[Sequence[Charge], Mapping[str, datetime]]:
    """The rows, and when each event of the period occurred."""
    everything = _of_period(bill.period)
    if is_chosen(order.chosen):
        query = narrowed(query_of(session, order.chosen), everything)
        events = await _events(session, query)
        known = {event.id for event in events}
        all_known = all(event.reverses is None or event.reverses in known for event in events)
        others = events if all_known else await _events(session, everything)
        return [*of_events(events, bill.calendar)], _times(others)
    ranking = await _ranking(session, past)
    if allowed(session.state, EVENTS):
        events = await _events(session, everything)
        if session.is_live or Credits.total(event.credits for event in events) == ranking.total:
            return [*of_events(events, bill.calendar)], _times(events)
    days = await _days(session, bill)
    if Credits.total(charge.credits for charge in days) == ranking.total:
        return days, {}
    starts_at, ends_at = _span(bill, ranking.as_of)
    return [*of_ranking(ranking, starts_at, ends_at)], {}


async def _ranking(session: Session, past: str | None) -> Ranking:
    return session.value(SOURCES) if past is None else await session.ask(lambda: session.client.sources(past))


async def _events(session: Session, query: EventQuery) -> list[Event]:
    return [event async for events in EventReader(session).read(query) for event in events]


async def _days(session: Session, bill: Bill) -> list[Charge]:
    """A row for each day of each source; empty where the source does not tell them."""
    if bill.period is None:
        return []
    first, last = bill.period.start_date, bill.period.end_date
    try:
        days = await session.ask(lambda: session.client.source_days(first, last))
    except (NotOffered, Withheld):
        return []
    return [*of_days(days, bill.calendar)]


def _of_period(period: Period | None) -> EventQuery:
    return EventQuery() if period is None else EventQuery(starts_at=period.starts_at, ends_at=period.ends_at)


def _span(bill: Bill, as_of: datetime) -> tuple[datetime, datetime]:
    """The time that a ranking is of: its period, or the calendar month."""
    if bill.period is not None:
        return bill.period.starts_at, bill.period.ends_at
    calendar: Calendar = bill.calendar
    return month_of(calendar.date_of(as_of), calendar)


def _times(events: Sequence[Event]) -> Mapping[str, datetime]:
    return {event.id: event.occurred_at for event in events}
