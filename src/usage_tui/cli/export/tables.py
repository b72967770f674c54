"""The tables of the answering commands as files: the same rows, and of the history all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from usage_tui import wire
from usage_tui.cli import allowances, daily, grants, history, periods, sources
from usage_tui.cli.answer.answer import Question, head
from usage_tui.cli.answer.asked import period_of
from usage_tui.cli.answer.formats import TableWriter
from usage_tui.cli.answer.options import JSON
from usage_tui.cli.answer.session import Session
from usage_tui.cli.ending import Failure, NoAnswer
from usage_tui.cli.export.order import Order
from usage_tui.cli.history import EventRow, HistoryAnswer
from usage_tui.cli.period_option import CURRENT
from usage_tui.cli.progress import Tally
from usage_tui.clients.base import ClientError
from usage_tui.models import EventPage, EventQuery, Grant, SourceUsage
from usage_tui.state.replies import RECENT
from usage_tui.text.words import count_noun

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class _Table(NamedTuple):
    """A table that is one reply.

    Attributes:
        row: The type of its rows.
        question: The command that answers with it.
        dated: Whether a billing period can be chosen.
    """

    row: type[DataclassInstance]
    question: Question[Any]
    dated: bool = False


_TABLES: Mapping[str, _Table] = {
    "sources": _Table(SourceUsage, sources, dated=True),
    "daily": _Table(daily.DayRow, daily, dated=True),
    "grants": _Table(Grant, grants),
    "allowances": _Table(allowances.AllowanceRow, allowances),
    "periods": _Table(periods.PeriodRow, periods),
}


async def table(session: Session, order: Order, tally: Tally) -> AsyncIterator[str]:
    """A table that is one reply, as its command prints it.

    Raises:
        Refusal: There is no answer.
    """
    kind = _TABLES[order.what]
    words = ["--period", order.period or CURRENT] if kind.dated else []
    answer, _ = await kind.question.ask(session, kind.question.parser().parse_args(words))
    rows: Sequence[DataclassInstance] = answer.items
    tally.add(len(rows), len(rows))
    if order.format == JSON:
        yield f"{wire.dump(answer).decode()}\n"
        return
    writer = TableWriter(order.format, kind.row, answer.unit)
    yield writer.head() + writer.rows(rows)


async def events(session: Session, order: Order, tally: Tally) -> AsyncIterator[str]:
    """Every event, or every one of a billing period, newest first.

    Raises:
        Refusal: There is no answer, or access ends before the last page.
    """
    first, query = await _first_page(session, order)
    pages = _pages(session, order, first, query, tally)
    if order.format == JSON:
        items = [row async for rows in pages for row in rows]
        about = head(session, history.SCHEMA, first.as_of)
        answer = HistoryAnswer(**about, total=first.page.total, complete=True, items=tuple(items))
        yield f"{wire.dump(answer).decode()}\n"
        return
    writer = TableWriter(order.format, EventRow, session.summary.unit.code)
    yield writer.head()
    async for rows in pages:
        yield writer.rows(rows)


async def _first_page(session: Session, order: Order) -> tuple[EventPage, EventQuery]:
    if order.period is None:
        await session.load({RECENT})
        return session.value(RECENT), EventQuery()
    period = await period_of(session, order.period, {RECENT})
    session.require(RECENT)  # whoever may not see events does not ask for those of a period either
    query = EventQuery(starts_at=period.starts_at, ends_at=period.ends_at)
    return await session.ask(lambda: session.client.events(query, limit=history.PAGE)), query


async def _pages(
    session: Session, order: Order, first: EventPage, query: EventQuery, tally: Tally
) -> AsyncIterator[Sequence[EventRow]]:
    try:
        async for rows in history.all_rows(session, first, query):
            tally.add(len(rows), first.page.total)
            yield rows if order.people else [replace(row, actor=None) for row in rows]
    except (ClientError, NoAnswer) as error:
        reason = error.full_text if isinstance(error, ClientError) else str(error)
        raise Failure(f"the export ended after {count_noun(tally.rows, 'event')}: {reason}") from None
