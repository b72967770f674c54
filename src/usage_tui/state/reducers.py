"""How the state changes: one function for each thing that happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from usage_tui.clients.base import ClientError, NotFound, NotOffered, Slice, Unauthenticated, Withheld
from usage_tui.models import EventQuery
from usage_tui.state.access import hide_withheld
from usage_tui.state.freshness import behind
from usage_tui.state.history import Turn, cursor, offline_page, possible
from usage_tui.state.remote import Remote, Status, not_offered
from usage_tui.state.replies import (
    DAYS,
    EVENTS,
    OF_ACCESS,
    OF_DASHBOARD,
    OF_EVENTS,
    OF_PAST,
    PERIODS,
    RECENT,
    REPLIES,
    SOURCE_DAYS,
    SUMMARY,
    AnyReply,
    Reply,
)
from usage_tui.state.usage import UsageState

T = TypeVar("T")


def initial(origin: str, absent: Mapping[Slice, str]) -> UsageState:
    """Nothing is known yet, except what the client can never provide."""
    state = UsageState(origin=origin)
    for reply in REPLIES:
        if reply.slice in absent:
            state = _never_offered(state, reply, absent[reply.slice])
    return state


def _never_offered(state: UsageState, reply: AnyReply[object], reason: str) -> UsageState:
    return reply.changed(state, lambda _: not_offered(reason))


def started(state: UsageState, reply: AnyReply[object]) -> UsageState:
    """A request was sent."""
    return reply.changed(state, lambda remote: remote.started())


def succeeded(state: UsageState, reply: Reply[T], request: int, value: T) -> UsageState:
    """The request was answered. What the reply says about access takes effect at once."""
    changed = reply.put(state, reply.of(state).succeeded(request, value))
    if reply in OF_ACCESS and _is_of_another(changed, state):
        changed = _without_cached(changed)
    if reply is RECENT and changed.events.cached and not changed.recent.stale:
        return page_outdated(changed, newest=True)
    return hide_withheld(changed) if reply in OF_ACCESS else changed


def failed(state: UsageState, reply: AnyReply[object], request: int, error: ClientError) -> UsageState:
    """The request failed. If the viewer lost access, the data it gave them are cleared."""
    changed = reply.changed(state, lambda remote: remote.failed(request, error))
    if changed is state:
        return state
    if isinstance(error, Unauthenticated) or (reply in OF_ACCESS and isinstance(error, NotFound)):
        return _cleared(changed, error)
    if reply in OF_ACCESS:
        return hide_withheld(changed)
    if isinstance(error, Withheld) and reply in OF_EVENTS:
        for other in OF_EVENTS:
            changed = other.changed(changed, lambda remote: remote.withheld(error.message))
    if isinstance(error, NotOffered) and reply in OF_EVENTS:
        for other in OF_EVENTS:
            changed = other.changed(changed, lambda remote: remote.found_not_offered(error.message))
    return changed


def timed_out(state: UsageState, error: ClientError) -> UsageState:
    """Time ran out: every reply that is still waited for has failed."""
    for reply in (*OF_DASHBOARD, *OF_PAST):
        if reply.of(state).is_pending:
            state = reply.changed(state, lambda remote: remote.failed_now(error))
    return state


def _is_of_another(state: UsageState, before: UsageState) -> bool:
    """Whether cached data belong to another organization, or the viewer is not a member of this one."""
    summary, known = state.summary.value, before.summary.value
    if summary is None:
        return False
    switched_to = known is not None and known.org.id != summary.org.id
    return switched_to or (state.me.value is not None and state.membership is None)


def _without_cached(state: UsageState) -> UsageState:
    """Drop cached replies, which belong to another organization."""
    for reply in REPLIES:
        if reply.of(state).cached:
            state = reply.changed(state, lambda remote: remote.idle())
    return state


def _cleared(state: UsageState, error: ClientError) -> UsageState:
    """Drop all data: the viewer is no longer a member of the organization."""
    for reply in REPLIES:
        state = reply.changed(state, lambda remote: remote.idle().failed_now(error))
    return _forgotten(state)


def switched(state: UsageState) -> UsageState:
    """Another organization was chosen: nothing is known of it yet, and late replies are ignored."""
    for reply in REPLIES:
        state = reply.changed(state, lambda remote: remote.idle())
    return replace(_forgotten(state), fault=None)


def _forgotten(state: UsageState) -> UsageState:
    """Nothing is filtered, and no earlier period is known."""
    return replace(
        state,
        query=EventQuery(),
        first_row=0,
        turn=Turn.FIRST,
        mixed=False,
        looked_at=None,
        earlier={},
        compared=state.compared.idle(),
        people_days=state.people_days.idle(),
    )


def filtered(state: UsageState, query: EventQuery) -> UsageState:
    """The history's filter was changed: it starts over at the first page."""
    return replace(state, query=query, events=state.events.idle(), first_row=0, turn=Turn.FIRST)


def page_outdated(state: UsageState, *, newest: bool) -> UsageState:
    """The history's page is out of date: it is loaded again when it is next shown.

    A page without a cursor stays as it is, because its events never change.

    Args:
        state: What is known.
        newest: If true, the first page is replaced by newer events; otherwise they are only counted.
    """
    page = state.events.value
    first = page is None or state.events.cached or (newest and not possible(Turn.FIRST, page))
    if not first and cursor(Turn.SAME, page) is None:
        return state
    asked = EVENTS.put(state, state.events.invalidated())
    return replace(asked, turn=Turn.FIRST if first else Turn.SAME)


def turned_offline(state: UsageState, turn: Turn, limit: int) -> UsageState:
    """The page was turned while the client does not answer: show another of the newest events, as cached.

    Args:
        state: What is known, if `offline_only`.
        turn: Which page, seen from the one on the screen.
        limit: The rows that fit.
    """
    kept, error = state.recent.value, state.recent.error or state.events.error
    assert kept is not None  # noqa: S101 - as `offline_only` says
    page = offline_page(kept, state.query, turn, state.events.value, limit)
    status = Status.FAILED if error else Status.READY
    events = Remote(status=status, value=page, error=error, request=state.events.request + 1, cached=True)
    return replace(EVENTS.put(state, events), first_row=int(page.page.here or 0))


def moved_to_row(state: UsageState, row: int | None) -> UsageState:
    """`row` events precede the history's page; None if that is unknown."""
    return replace(state, first_row=row)


def checked(state: UsageState, fault: ClientError | None) -> UsageState:
    """The data were checked as a whole; `fault` is what is wrong with them, or None."""
    return replace(state, fault=fault)


def from_cache(state: UsageState) -> UsageState:
    """Everything known was cached by an earlier run; nothing has been requested in this one."""
    for reply in REPLIES:
        if reply.of(state).status is not Status.WITHHELD:
            state = reply.changed(state, lambda remote: remote.from_cache())
    return state


def past_from_cache(state: UsageState, cached: UsageState) -> UsageState:
    """What another state knows of the past was cached by an earlier run; what has come since stays."""
    state = _filled(state, PERIODS, cached)
    state = _filled(state, DAYS, cached)
    return _filled(state, SOURCE_DAYS, cached)


def _filled(state: UsageState, reply: Reply[T], cached: UsageState) -> UsageState:
    remote, value = reply.of(state), reply.of(cached).value
    if remote.value is not None or value is None or remote.is_unavailable:
        return state
    return reply.put(state, replace(remote, value=value, cached=True))


def revisions_compared(state: UsageState) -> UsageState:
    """The replies on the dashboard were compared; note whether their revisions differ."""
    return replace(state, mixed=bool(behind(state)))


def refresh_failed(state: UsageState, error: ClientError) -> UsageState:
    """Checking for changes failed: what is shown is old, or the viewer has lost access to it."""
    asked = started(state, SUMMARY)
    return failed(asked, SUMMARY, asked.summary.request, error)
