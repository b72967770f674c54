"""The tables of the answering commands as files: the same rows, and of the history all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from usage_tui.cli import allowances, daily, grants, history, periods, sources
from usage_tui.cli.answer.answer import Question
from usage_tui.cli.answer.asked import period_of
from usage_tui.cli.answer.filters import filter_text
from usage_tui.cli.answer.session import Session
from usage_tui.cli.ending import Failure, NoAnswer
from usage_tui.cli.export.order import Order
from usage_tui.cli.progress import Tally
from usage_tui.clients.base import ClientError
from usage_tui.models import EventPage, EventQuery, Grant, SourceUsage
from usage_tui.state.replies import RECENT
from usage_tui.tables.allowances import AllowanceRow
from usage_tui.tables.daily import DayRow
from usage_tui.tables.history import EventRow, history_texts, rows_without_people, without_people
from usage_tui.tables.periods import PeriodRow
from usage_tui.tables.writer import table_text
from usage_tui.text.words import count_noun

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class _Table(NamedTuple):
    """A table that is one reply: the type of its rows, and the command that answers with it."""

    row: type[DataclassInstance]
    question: Question[Any]


_TABLES: Mapping[str, _Table] = {
    "sources": _Table(SourceUsage, sources),
    "daily": _Table(DayRow, daily),
    "history": _Table(EventRow, history),
    "grants": _Table(Grant, grants),
    "allowances": _Table(AllowanceRow, allowances),
    "periods": _Table(PeriodRow, periods),
}


async def table(session: Session, order: Order, tally: Tally) -> AsyncIterator[str]:
    """A table that is one reply, as its command prints it.

    Raises:
        Refusal: There is no answer.
    """
    kind = _TABLES[order.what]
    words = ["--period", order.period] if order.period is not None else []
    options = kind.question.parser().parse_args([*words, *order.words])
    answer, _ = await kind.question.ask(session, options)
    if not order.people:
        answer = without_people(answer)
    tally.add(len(answer.items), len(answer.items))
    yield table_text(order.format, answer, kind.row, answer.items, answer.unit)


async def events(session: Session, order: Order, tally: Tally) -> AsyncIterator[str]:
    """Every event, or every one of a billing period and a filter.

    Raises:
        Refusal: There is no answer, or access ends before the last page.
    """
    first, query = await _first_page(session, order)
    pages = _pages(session, order, first, query, tally)
    filter_ = filter_text(session, query) if order.people else None  # it may name somebody
    async for text in history_texts(order.format, session.about, first, query, pages, filter_=filter_):
        yield text


async def _first_page(session: Session, order: Order) -> tuple[EventPage, EventQuery]:
    within = None
    if order.period is not None:
        period = await period_of(session, order.period, {RECENT})
        within = EventQuery(starts_at=period.starts_at, ends_at=period.ends_at)
    return await history.first_page(session, order.chosen, None, within)


async def _pages(
    session: Session, order: Order, first: EventPage, query: EventQuery, tally: Tally
) -> AsyncIterator[Sequence[EventRow]]:
    total = first.totals.events if first.totals and first.totals.events_complete else first.page.total
    try:
        async for rows in history.all_rows(session, first, query):
            tally.add(len(rows), total)
            yield rows if order.people else rows_without_people(rows)
    except (ClientError, NoAnswer) as error:
        reason = error.full_text if isinstance(error, ClientError) else str(error)
        raise Failure(f"the export ended after {count_noun(tally.rows, 'event')}: {reason}") from None
