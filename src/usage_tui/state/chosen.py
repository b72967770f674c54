"""What the viewer has chosen to see beside the dashboard of now."""

from __future__ import annotations

from usage_tui.clients.base import UsageClient
from usage_tui.state.comparing import load_comparison
from usage_tui.state.loading import Store, load_period
from usage_tui.state.people import load_people


async def load_chosen(store: Store, client: UsageClient) -> None:
    """Load a comparison, an earlier billing period, and who used what, as far as they are looked at."""
    if store.state.looked_at is not None:
        await load_period(store, client, store.state.looked_at)
    if store.state.comparing:
        await load_comparison(store, client)
    if store.state.by_person:
        await load_people(store, client)
