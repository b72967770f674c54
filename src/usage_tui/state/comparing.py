"""The current billing period against the one before: whether they can be compared, and asking for it."""

from __future__ import annotations

from dataclasses import replace

from usage_tui.clients.base import NotOffered, Slice, UsageClient
from usage_tui.insight.compare import PeriodComparison
from usage_tui.state.facts import facts_of
from usage_tui.state.loading import Store, load
from usage_tui.state.remote import Status
from usage_tui.state.replies import Reply
from usage_tui.state.usage import UsageState

COMPARED = Reply[PeriodComparison](
    "compared",
    Slice.DAILY,
    lambda state: state.compared,
    lambda state, remote: replace(state, compared=remote),
)
"""Asked for when it is wanted, not with the replies that a screen shows at once."""

_WAITING = (Status.IDLE, Status.LOADING)


def comparable(state: UsageState) -> bool:
    """Whether there is a period before the current one, and nothing that it is compared by is loading."""
    summary, periods, days = state.summary.value, state.periods.value, state.source_days
    if summary is None or summary.period is None or periods is None or state.daily.value is None:
        return False
    if days.value is None and days.status in _WAITING:
        return False
    return periods.before(summary.period.id) is not None


def is_up_to_date(state: UsageState) -> bool:
    """Whether the comparison is of the newest state of the organization."""
    known, daily = state.compared.value, state.daily.value
    return known is not None and daily is not None and known.revision == daily.revision


async def load_comparison(store: Store, client: UsageClient) -> None:
    """Compare the two periods; what is missing for it is asked for."""
    facts = facts_of(store.state)
    if facts is None or not comparable(store.state):
        return
    from usage_tui.state.answers import Answers

    answers = Answers(client, facts)

    async def ask() -> PeriodComparison:
        found = await answers.compare_sources()
        if found is None:
            raise NotOffered("No earlier billing period is known.")
        return found

    await load(store, COMPARED, ask)
