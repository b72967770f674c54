"""Who used what in the period that Usage shows: whether that can be told, and asking for it."""

from __future__ import annotations

from usage_tui.clients.base import UsageClient
from usage_tui.state.access import allowed
from usage_tui.state.loading import Store, load
from usage_tui.state.remote import Status
from usage_tui.state.replies import PEOPLE
from usage_tui.state.usage import UsageState


def why_no_people(state: UsageState) -> str:
    """Why people are not ranked, a sentence; empty where they are."""
    if state.summary.value is not None and allowed(state, PEOPLE):
        return ""
    return state.people.reason or "Still loading."


def is_unasked(state: UsageState) -> bool:
    """Whether it can be told who used what, and nobody has asked yet."""
    return state.people.status is Status.IDLE and not why_no_people(state)


async def load_people(store: Store, client: UsageClient) -> None:
    """Ask who used what, unless that is known as of now or may not be asked."""
    if not why_no_people(store.state) and not _is_up_to_date(store.state):
        period_id = store.state.looked_at
        await load(store, PEOPLE, lambda: client.people(period_id))


def _is_up_to_date(state: UsageState) -> bool:
    known, summary = state.people, state.summary.value
    if known.status is not Status.READY or known.value is None or summary is None:
        return False
    return known.value.revision == summary.revision
