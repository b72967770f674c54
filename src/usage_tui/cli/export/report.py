"""`usage-tui export report`: the dashboard of a billing period as one HTML file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from usage_tui.cli.answer.asked import period_id
from usage_tui.cli.answer.session import Session
from usage_tui.cli.export.order import Order
from usage_tui.cli.period_option import CURRENT, LAST
from usage_tui.cli.progress import Tally
from usage_tui.report.page import Report, page
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import (
    ALLOWANCES,
    DAILY,
    GRANTS,
    OF_PAST,
    PERIODS,
    SOURCES,
    SUMMARY,
    AnyReply,
)

_PARTS: tuple[AnyReply[object], ...] = (SUMMARY, SOURCES, DAILY, GRANTS)


async def report(session: Session, order: Order, tally: Tally) -> AsyncIterator[str]:
    """The page.

    Raises:
        Refusal: A part that the source offers to this viewer is not known.
    """
    word = order.period or CURRENT
    of_now = () if word == LAST else (ALLOWANCES, *OF_PAST)  # an id may be that of the current period
    past = await period_id(session, word, (*_PARTS, *of_now))
    parts = _PARTS if past is not None else (*_PARTS, ALLOWANCES)
    for reply in parts:
        if not reply.of(session.state).is_unavailable:
            session.require(reply)
    state = replace(session.state, origin=session.origin)
    if past is not None:
        sources = await session.ask(lambda: session.client.sources(past))
        daily = await session.ask(lambda: session.client.daily(past))
        state = replace(
            state,
            sources=Remote(status=Status.READY, value=sources),
            daily=Remote(status=Status.READY, value=daily),
        )
    known = session.value(PERIODS).find(past) if past is not None else None
    tally.add(1, 1)
    yield page(Report(state, session.summary, known))
