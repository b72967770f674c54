"""The FOCUS table of what is on the screen, the same bytes that the command writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import date

from usage_tui.clients.base import UsageClient, seller_of
from usage_tui.clients.redacted import RedactedClient
from usage_tui.clients.walk import LARGEST_PAGE, walk
from usage_tui.models import Event, EventQuery, SourceDays
from usage_tui.state.access import allowed
from usage_tui.state.periods import shown_period
from usage_tui.state.replies import EVENTS, SUMMARY
from usage_tui.tables.charges import Found, charges_of
from usage_tui.tables.focus import Bill, focus_texts
from usage_tui.tables.names import Names
from usage_tui.tui.exporting import Export, Look, Tell, replacing


class _Asked:
    """A client, as it is asked for charges."""

    def __init__(self, client: UsageClient, tell: Tell) -> None:
        self._client, self._tell = client, tell

    async def events(self, query: EventQuery) -> Found:
        first, events = await self._client.events(query, limit=LARGEST_PAGE), list[Event]()
        async for page in walk(self._client, first, query):
            events += page.items
            self._tell(len(events), first.page.total)
            await asyncio.sleep(0)  # a client that never waits would leave the keyboard unread
        return Found(events, first.revision)

    async def source_days(self, first: date, last: date) -> SourceDays:
        return await self._client.source_days(first, last)


async def focus(client: UsageClient, look: Look, export: Export, tell: Tell) -> AsyncGenerator[str, None]:
    """The costs of the billing period that Usage shows.

    Args:
        client: Where they come from.
        look: What is known.
        export: What is wanted.
        tell: Learns how many rows are read.

    Raises:
        ClientError: There is no answer.
    """
    redaction = replacing(look, export)
    if redaction is not None:
        client, look = RedactedClient(client, redaction, look.provider), look.redacted(redaction, ())
    summary, past = look.value(SUMMARY), shown_period(look.state).past
    period = past.period if past is not None else summary.period
    bill = Bill(summary.org, summary.unit.code, seller_of(client), period)
    ranking = await client.sources(past.period.id if past is not None else None)
    asked, sees_events = _Asked(client, tell), allowed(look.state, EVENTS)
    rows, times = await charges_of(bill, ranking, asked, sees_events=sees_events)
    for text, _ in focus_texts(bill, rows, times, people=export.names is not Names.WITHOUT_PEOPLE):
        yield text
    tell(len(rows), len(rows))
