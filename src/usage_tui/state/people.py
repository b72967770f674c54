"""Who used what in the period that Usage shows: whether that can be told, and asking for it."""

from __future__ import annotations

from usage_tui.clients.base import UsageClient
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.state.access import allowed
from usage_tui.state.loading import Store, load
from usage_tui.state.remote import Status
from usage_tui.state.replies import PEOPLE, PEOPLE_DAYS, is_current
from usage_tui.state.usage import UsageState

TREND_DAYS = 28
"""How many days a row has room for at most."""


def why_no_people(state: UsageState) -> str:
    """Why people are not ranked, a sentence; empty where they are."""
    if state.summary.value is not None and allowed(state, PEOPLE):
        return ""
    return state.people.reason or "Still loading."


def is_unasked(state: UsageState) -> bool:
    """Whether it can be told who used what, and nobody has asked yet."""
    return state.people.status is Status.IDLE and not why_no_people(state)


async def load_people(store: Store, client: UsageClient) -> None:
    """Ask who used what, and who used it on which of the last days, unless that is known as of now."""
    summary = store.state.summary.value
    if summary is None or why_no_people(store.state):
        return
    if not is_current(store.state.people, summary.revision):
        period_id = store.state.looked_at
        await load(store, PEOPLE, lambda: client.people(period_id))
    summary = store.state.summary.value
    if summary is None or store.state.looked_at is not None or store.state.people.value is None:
        return
    if not is_current(store.state.people_days, summary.revision):
        today = Calendar(summary.org.time_zone).date_of(summary.as_of)
        first = today - ONE_DAY * (TREND_DAYS - 1)
        await load(store, PEOPLE_DAYS, lambda: client.people_days(first, today))
