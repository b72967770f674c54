"""The billing period that Usage shows against the one before: whether that can be told, and asking for it."""

from __future__ import annotations

from dataclasses import replace

from usage_tui.clients.base import NotOffered, Slice, UsageClient
from usage_tui.insight.compare import PeriodComparison
from usage_tui.state.facts import facts_of
from usage_tui.state.loading import Store, load
from usage_tui.state.periods import shown_period
from usage_tui.state.replies import Reply
from usage_tui.state.usage import UsageState

COMPARED = Reply[PeriodComparison](
    "compared",
    Slice.DAILY,
    lambda state: state.compared,
    lambda state, remote: replace(state, compared=remote),
)
"""Asked for when it is wanted, not with the replies that a screen shows at once."""

_NO_PERIOD = "No earlier billing period is known."


def why_not_comparable(state: UsageState) -> str:
    """Why the period is not compared with the one before, a sentence; empty where it is."""
    shown, periods, days = shown_period(state), state.periods.value, state.source_days
    if shown.period is None or (periods is None and not state.periods.is_pending):
        return _NO_PERIOD
    if periods is None or shown.daily.value is None or shown.sources.value is None:
        return "Still loading."
    if shown.past is None and days.value is None and days.is_pending:
        return "Still loading."
    return "" if periods.before(shown.period.id) is not None else _NO_PERIOD


def is_up_to_date(state: UsageState) -> bool:
    """Whether the comparison is of the period that is shown, and of the newest state of the organization."""
    known, shown = state.compared.value, shown_period(state)
    if known is None or shown.daily.value is None or shown.period is None:
        return False
    return (known.period.id, known.revision) == (shown.period.id, shown.daily.value.revision)


async def load_comparison(store: Store, client: UsageClient) -> None:
    """Compare the two periods; what is missing for it is asked for."""
    facts = facts_of(store.state)
    if facts is None or why_not_comparable(store.state):
        return
    from usage_tui.state.answers import Answers

    answers, shown = Answers(client, facts), shown_period(store.state)

    async def ask() -> PeriodComparison:
        if shown.past is None or shown.sources.value is None or shown.daily.value is None:
            found = await answers.compare_sources()
        else:
            found = await answers.compare_past(shown.past.period, shown.sources.value, shown.daily.value)
        if found is None:
            raise NotOffered(_NO_PERIOD)
        return found

    await load(store, COMPARED, ask)
