"""How the state changes: one function for each thing that happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from usage_tui.clients.base import ClientError, NotFound, NotOffered, Slice, Unauthenticated, Withheld
from usage_tui.models import EventQuery
from usage_tui.state.access import enforced
from usage_tui.state.freshness import behind
from usage_tui.state.history import Turn, cursor, offline_page, possible
from usage_tui.state.remote import Remote, Status, not_offered
from usage_tui.state.replies import (
    EVENTS,
    OF_ACCESS,
    OF_DASHBOARD,
    OF_EVENTS,
    RECENT,
    REPLIES,
    SUMMARY,
    AnyReply,
    Reply,
)
from usage_tui.state.usage import UsageState

T = TypeVar("T")


def initial(origin: str, absent: Mapping[Slice, str]) -> UsageState:
    """Nothing is known yet, except what the client can never provide."""
    state = UsageState(origin)
    for reply in REPLIES:
        if reply.slice in absent:
            state = _never_offered(state, reply, absent[reply.slice])
    return state


def _never_offered(state: UsageState, reply: AnyReply[object], reason: str) -> UsageState:
    return reply.changed(state, lambda _: not_offered(reason))


def started(state: UsageState, reply: AnyReply[object]) -> UsageState:
    """A request is on its way."""
    return reply.changed(state, lambda remote: remote.started())


def succeeded(state: UsageState, reply: Reply[T], request: int, value: T) -> UsageState:
    """The reply has come. What it says about access takes effect at once."""
    changed = reply.put(state, reply.of(state).succeeded(request, value))
    if reply in OF_ACCESS and _is_of_another(changed, state):
        changed = _without_kept(changed)
    if reply is RECENT and changed.events.cached and not changed.recent.stale:
        return outdated_page(changed, newest=True)
    return enforced(changed) if reply in OF_ACCESS else changed


def failed(state: UsageState, reply: AnyReply[object], request: int, error: ClientError) -> UsageState:
    """The request had no usable answer. With lost access, everything goes that it had given."""
    changed = reply.changed(state, lambda remote: remote.failed(request, error))
    if changed is state:
        return state
    if isinstance(error, Unauthenticated) or (reply in OF_ACCESS and isinstance(error, NotFound)):
        return _without_values(changed, error)
    if reply in OF_ACCESS:
        return enforced(changed)
    if isinstance(error, Withheld) and reply in OF_EVENTS:
        for other in OF_EVENTS:
            changed = other.changed(changed, lambda remote: remote.withheld(error.message))
    if isinstance(error, NotOffered) and reply in OF_EVENTS:
        for other in OF_EVENTS:
            changed = other.changed(changed, lambda remote: remote.found_not_offered(error.message))
    return changed


def given_up(state: UsageState, error: ClientError) -> UsageState:
    """Nothing more is waited for: what the dashboard still lacks has failed."""
    for reply in OF_DASHBOARD:
        if reply.of(state).status in (Status.IDLE, Status.LOADING):
            state = reply.changed(state, lambda remote: remote.failed_at_once(error))
    return state


def _is_of_another(state: UsageState, before: UsageState) -> bool:
    """Whether what was known is of another organization, or of one that the viewer is no member of."""
    summary, known = state.summary.value, before.summary.value
    if summary is None:
        return False
    switched_to = known is not None and known.org.id != summary.org.id
    return switched_to or (state.me.value is not None and state.membership is None)


def _without_kept(state: UsageState) -> UsageState:
    """Nothing cached of one organization stays beside what is known of another."""
    for reply in REPLIES:
        if reply.of(state).cached:
            state = reply.changed(state, lambda remote: remote.idle())
    return state


def _without_values(state: UsageState, error: ClientError) -> UsageState:
    """Nothing of the organization stays for someone who is no longer a member."""
    for reply in REPLIES:
        state = reply.changed(state, lambda remote: remote.idle().failed_at_once(error))
    return replace(state, query=EventQuery(), first_row=0, turn=Turn.FIRST, mixed=False)


def switched(state: UsageState) -> UsageState:
    """Another organization is to be shown: nothing is known of it, and late replies are ignored."""
    for reply in REPLIES:
        state = reply.changed(state, lambda remote: remote.idle())
    return replace(state, query=EventQuery(), first_row=0, turn=Turn.FIRST, fault=None, mixed=False)


def filtered(state: UsageState, query: EventQuery) -> UsageState:
    """The history starts over with another filter."""
    return replace(state, query=query, events=state.events.idle(), first_row=0, turn=Turn.FIRST)


def outdated_page(state: UsageState, *, newest: bool) -> UsageState:
    """The history's page is asked for again, where and when it is next shown.

    A page without a cursor stays as it is, because its events never change.

    Args:
        state: What is known.
        newest: Whether a first page gives way to newer events. Otherwise they are only counted.
    """
    page = state.events.value
    first = page is None or state.events.cached or (newest and not possible(Turn.FIRST, page))
    if not first and cursor(Turn.SAME, page) is None:
        return state
    asked = EVENTS.put(state, state.events.asked_again())
    return replace(asked, turn=Turn.FIRST if first else Turn.SAME)


def turned_offline(state: UsageState, turn: Turn, limit: int) -> UsageState:
    """Another page of the newest events, marked as cached.

    Args:
        state: What is known, if `offline_only`.
        turn: Which page, seen from the one on the screen.
        limit: The rows that fit.
    """
    kept, error = state.recent.value, state.recent.error or state.events.error
    assert kept is not None  # noqa: S101 - as `offline_only` says
    page = offline_page(kept, state.query, turn, state.events.value, limit)
    status = Status.FAILED if error else Status.READY
    events = Remote(status, page, error, request=state.events.request + 1, cached=True)
    return replace(EVENTS.put(state, events), first_row=int(page.page.here or 0))


def at_row(state: UsageState, row: int | None) -> UsageState:
    """So many events lie before the history's page."""
    return replace(state, first_row=row)


def faulty(state: UsageState, fault: ClientError | None) -> UsageState:
    """What is wrong with the data as a whole; None if nothing is."""
    return replace(state, fault=fault)


def from_cache(state: UsageState) -> UsageState:
    """Everything known was cached by an earlier run; nothing has been asked for in this one."""
    for reply in REPLIES:
        if reply.of(state).status is not Status.WITHHELD:
            state = reply.changed(state, lambda remote: remote.from_cache())
    return state


def compared(state: UsageState) -> UsageState:
    """Note whether the replies on the dashboard are of different revisions."""
    return replace(state, mixed=bool(behind(state)))


def outdated(state: UsageState, error: ClientError) -> UsageState:
    """The origin could not be checked: everything shown is old, or may not be seen any more."""
    asked = started(state, SUMMARY)
    return failed(asked, SUMMARY, asked.summary.request, error)
