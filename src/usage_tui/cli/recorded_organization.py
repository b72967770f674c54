"""Everything that a client knows of its organization, as the service takes it over."""

from __future__ import annotations

from usage_tui.clients.base import NotOffered, UsageClient
from usage_tui.clients.walk import LARGEST_PAGE, walk
from usage_tui.models import EventQuery, Period, Summary
from usage_tui.server.ledger_writer.import_recording import RecordedOrganization


async def read_recorded(client: UsageClient) -> RecordedOrganization:
    """Read it.

    Args:
        client: Of a viewer with billing access.

    Raises:
        ClientError: The client could not answer.
    """
    summary, query = await client.summary(), EventQuery()
    first = await client.events(query, limit=LARGEST_PAGE)
    events = [event async for page in walk(client, first, query) for event in page.items]
    grants, meters = await client.grants(), await client.allowances()
    return RecordedOrganization(
        summary, grants.items, meters.items, events[::-1], await _former(client, summary)
    )


async def _former(client: UsageClient, summary: Summary) -> tuple[Period, ...]:
    """The billing periods before the current one, oldest first; none where the client knows of none."""
    try:
        known = await client.periods()
    except NotOffered:
        return ()
    periods = (one.period for one in reversed(known.items))
    return tuple(
        period for period in periods if summary.period and period.ends_at <= summary.period.starts_at
    )
