"""Everything that a client knows of its organization, as the service takes it over."""

from __future__ import annotations

from usage_tui.clients.base import UsageClient
from usage_tui.clients.walk import walk
from usage_tui.models import EventQuery
from usage_tui.server.ledger_writer.import_recording import Kept

_PAGE = 1000


async def read_kept(client: UsageClient) -> Kept:
    """Read it.

    Args:
        client: Of a viewer with billing access.

    Raises:
        ClientError: The client could not answer.
    """
    summary, query = await client.summary(), EventQuery()
    first = await client.events(query, limit=_PAGE)
    events = [event async for page in walk(client, first, query, _PAGE) for event in page.items]
    grants, meters = await client.grants(), await client.allowances()
    return Kept(summary, grants.items, meters.items, events[::-1])
