"""Which billing period Usage shows, and the ones beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from usage_tui.clients.base import ClientError, Slice
from usage_tui.models import DailyUsage, PastPeriod, Period, Ranking
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import Reply, is_current
from usage_tui.state.usage import PeriodReplies, UsageState

_NOTHING = PeriodReplies()


class ShownPeriod(NamedTuple):
    """What Usage shows of a billing period.

    Attributes:
        period: Which one; None if the client does not report it.
        sources: What each source used in it.
        daily: What each day used.
        past: The period as the list of periods has it; None for the current one.
        before: The one before it; None for the current one, and where none is known.
    """

    period: Period | None
    sources: Remote[Ranking]
    daily: Remote[DailyUsage]
    past: PastPeriod | None = None
    before: PastPeriod | None = None


def shown_period(state: UsageState) -> ShownPeriod:
    """The period that is looked at."""
    periods = state.periods.value
    past = periods.find(state.looked_at) if periods is not None and state.looked_at is not None else None
    if periods is None or past is None:
        summary = state.summary.value
        return ShownPeriod(summary.period if summary else None, state.sources, state.daily)
    known = _replies(state, past.period.id)
    return ShownPeriod(past.period, known.sources, known.daily, past, periods.before(past.period.id))


def sources_of(period_id: str) -> Reply[Ranking]:
    """The sources of an earlier period."""
    return Reply(
        "sources",
        Slice.SOURCES,
        lambda state: _replies(state, period_id).sources,
        lambda state, remote: _put(state, period_id, replace(_replies(state, period_id), sources=remote)),
    )


def daily_of(period_id: str) -> Reply[DailyUsage]:
    """The days of an earlier period."""
    return Reply(
        "daily",
        Slice.DAILY,
        lambda state: _replies(state, period_id).daily,
        lambda state, remote: _put(state, period_id, replace(_replies(state, period_id), daily=remote)),
    )


def neighbor(state: UsageState, period_id: str | None, *, back: bool) -> str | None:
    """The id of the period before or after another one; None if none is known.

    Args:
        state: What is known.
        period_id: The other one; None for the current one.
        back: Whether the one before is meant.
    """
    periods, here = state.periods.value, period_id or _current(state)
    if periods is None or here is None:
        return None
    found = periods.before(here) if back else periods.after(here)
    return None if found is None or (back and _is_refused(state, found.period.id)) else found.period.id


def look_at(state: UsageState, period_id: str | None) -> UsageState:
    """Usage shows another period; None for the current one.

    Neither its people nor its comparison are known yet.
    """
    period_id = None if period_id == _current(state) else period_id
    if period_id == state.looked_at:
        return state
    people = state.people if state.people.status is Status.WITHHELD else state.people.idle()
    return replace(state, looked_at=period_id, people=people, compared=state.compared.idle())


def is_known(state: UsageState, period_id: str | None) -> bool:
    """Whether there is something to show of a period."""
    if period_id is None or period_id == _current(state):
        return True
    known = _replies(state, period_id)
    return known.sources.value is not None or known.daily.value is not None


def is_up_to_date(state: UsageState, period_id: str) -> bool:
    """Whether what is known of an earlier period is of the newest revision."""
    known, summary = _replies(state, period_id), state.summary.value
    return summary is not None and all(
        is_current(one, summary.revision) for one in (known.sources, known.daily)
    )


def failure(state: UsageState, period_id: str) -> ClientError | None:
    """Why nothing is known of an earlier period."""
    known = _replies(state, period_id)
    refused = known.sources.reason or known.daily.reason
    return known.sources.error or known.daily.error or (ClientError(refused) if refused else None)


def why_no_earlier(state: UsageState) -> str:
    """Why Usage leads to no earlier period, a sentence; empty if it does."""
    periods, current = state.periods, _current(state)
    if periods.value is None or current is None:
        loading = periods.is_pending and current is not None
        error = periods.error.message if periods.error is not None else ""
        return error or periods.reason or ("Still loading." if loading else "No billing period is known.")
    if state.looked_at is not None or neighbor(state, None, back=True) is not None:
        return ""
    former = periods.value.before(current)
    refused = failure(state, former.period.id) if former is not None else None
    return refused.message if refused is not None else "No earlier billing period is known."


def _is_refused(state: UsageState, period_id: str) -> bool:
    """Whether the client has said that it cannot tell of a period."""
    known = _replies(state, period_id)
    return known.sources.status is known.daily.status is Status.NOT_OFFERED


def _current(state: UsageState) -> str | None:
    summary = state.summary.value
    return summary.period.id if summary is not None and summary.period is not None else None


def _replies(state: UsageState, period_id: str) -> PeriodReplies:
    return state.earlier.get(period_id, _NOTHING)


def _put(state: UsageState, period_id: str, replies: PeriodReplies) -> UsageState:
    earlier: Mapping[str, PeriodReplies] = {**state.earlier, period_id: replies}
    return replace(state, earlier=earlier)
