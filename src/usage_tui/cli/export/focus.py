"""`usage-tui export focus`: the costs of a billing period as a FinOps FOCUS table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

from usage_tui.cli.answer.asked import period_id
from usage_tui.cli.answer.events import EventReader
from usage_tui.cli.answer.filters import is_chosen, query_of
from usage_tui.cli.answer.session import Session
from usage_tui.cli.ending import Failure
from usage_tui.cli.export.order import Order
from usage_tui.cli.history import narrowed
from usage_tui.cli.period_option import CURRENT
from usage_tui.cli.progress import Tally
from usage_tui.models import EventQuery, Ranking, SourceDays
from usage_tui.state.access import allowed
from usage_tui.state.replies import EVENTS, PERIODS, SOURCES, SUMMARY
from usage_tui.tables.charges import Charges, Found, charges_of, filtered_charges, of_period
from usage_tui.tables.focus import Bill, NotMoney, check_currency, focus_texts


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
    rows, times = await _charges(session, order, bill, past)
    for text, count in focus_texts(bill, rows, times, people=order.people):
        tally.add(count, len(rows))
        yield text


class _Asked:
    """A session, as it is asked for charges."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def events(self, query: EventQuery) -> Found:
        reader = EventReader(self._session)
        events = [event async for events in reader.read(query) for event in events]
        return Found(events, reader.revision)

    async def source_days(self, first: date, last: date) -> SourceDays:
        session = self._session
        return await session.ask(lambda: session.client.source_days(first, last))


async def _charges(session: Session, order: Order, bill: Bill, past: str | None) -> Charges:
    if is_chosen(order.chosen):
        query = narrowed(query_of(session, order.chosen), of_period(bill.period))
        return await filtered_charges(bill, query, _Asked(session))
    ranking = await _ranking(session, past)
    return await charges_of(bill, ranking, _Asked(session), sees_events=allowed(session.state, EVENTS))


async def _ranking(session: Session, past: str | None) -> Ranking:
    return session.value(SOURCES) if past is None else await session.ask(lambda: session.client.sources(past))
