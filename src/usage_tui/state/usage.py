"""Everything the dashboard knows at one moment, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from usage_tui.clients.base import ClientError, NotFound, NotOffered, Slice, Unauthenticated, Withheld
from usage_tui.models import (
    NO_BILLING_ACCESS,
    Allowances,
    DailyUsage,
    EventPage,
    EventQuery,
    Grants,
    Me,
    Membership,
    Part,
    Ranking,
    Summary,
)
from usage_tui.state.history import Turn, cursor, kept_page, possible
from usage_tui.state.remote import Remote, Status, not_offered


@dataclass(frozen=True, slots=True)
class UsageState:
    """What is known of one organization.

    Attributes:
        origin: Where the data come from, as the header names it.
        recent: The newest events, for the card on the dashboard.
        events: The page of events that the history shows.
        query: What the history is filtered by.
        first_row: How many matching events lie before the history's page; None where unknown.
        turn: Which page the history asks for when it is next shown and has to ask.
        fault: What is wrong with the data as a whole, such as sums that disagree.
        mixed: Whether replies are of different revisions, although they were asked for again.
    """

    origin: str
    me: Remote[Me] = field(default_factory=Remote)
    summary: Remote[Summary] = field(default_factory=Remote)
    sources: Remote[Ranking] = field(default_factory=Remote)
    daily: Remote[DailyUsage] = field(default_factory=Remote)
    recent: Remote[EventPage] = field(default_factory=Remote)
    events: Remote[EventPage] = field(default_factory=Remote)
    grants: Remote[Grants] = field(default_factory=Remote)
    allowances: Remote[Allowances] = field(default_factory=Remote)
    query: EventQuery = field(default_factory=EventQuery)
    first_row: int | None = 0
    turn: Turn = Turn.FIRST
    fault: ClientError | None = None
    mixed: bool = False

    @property
    def membership(self) -> Membership | None:
        """The viewer's place in the organization on the screen; None while unknown."""
        me, summary = self.me.value, self.summary.value
        if me is None:
            return None
        if summary is None:
            return me.organizations[0] if len(me.organizations) == 1 else None
        return next((one for one in me.organizations if one.id == summary.org.id), None)

    @property
    def billing_access(self) -> bool:
        """Whether the viewer is known to have billing access."""
        return self.membership is not None and self.membership.billing_access

    @property
    def unit(self) -> str:
        """The code of the unit of every amount: ``credit``, ``USD``; empty while unknown."""
        return self.summary.value.unit.code if self.summary.value is not None else ""

    @property
    def time_zone(self) -> str:
        """The IANA zone in which the organization counts its days; UTC while unknown."""
        if self.summary.value is not None:
            return self.summary.value.org.time_zone
        return self.membership.time_zone if self.membership else "UTC"


REPLIES = ("me", "summary", "sources", "daily", "recent", "events", "grants", "allowances")
"""The fields of `UsageState` that a client fills."""

_TELL_ACCESS = ("me", "summary")
"""Those that tell what the viewer may see."""

_EVENTS = ("recent", "events")
"""Those that a client answers with events."""

_EXPULSION = (NotFound, Unauthenticated)
"""What is said to one who is no member of the organization."""

_REVISED = ("summary", "sources", "daily", "recent", "grants", "allowances")
"""Those on the dashboard that say which revision of the data they are of."""

_BILLING = (*_EVENTS, "grants")
"""Those that only a viewer with billing access may see."""

_SLICE_OF = {name: Slice.EVENTS if name == "recent" else Slice(name) for name in REPLIES}
"""The client's slice behind each field."""


def initial(origin: str, absent: Mapping[Slice, str]) -> UsageState:
    """Nothing known yet but what the client can never provide."""
    state = UsageState(origin)
    for name, piece in _SLICE_OF.items():
        if piece in absent:
            state = _with(state, name, not_offered(absent[piece]))
    return state


def started(state: UsageState, name: str) -> UsageState:
    """A request for the reply `name` is on its way."""
    return _with(state, name, getattr(state, name).started())


def succeeded(state: UsageState, name: str, request: int, value: object) -> UsageState:
    """The reply has come. What it says of access takes effect at once."""
    changed = _with(state, name, getattr(state, name).succeeded(request, value))
    if name in _TELL_ACCESS and _is_of_another(changed, state):
        changed = _without_kept(changed)
    if name == "recent" and changed.events.kept and not changed.recent.stale:
        return outdated_page(changed, newest=True)
    return _enforce_access(changed) if name in _TELL_ACCESS else changed


def failed(state: UsageState, name: str, request: int, error: ClientError) -> UsageState:
    """The request had no usable answer. Access that is lost takes away all that it had given."""
    changed = _with(state, name, getattr(state, name).failed(request, error))
    if changed is state:
        return state
    if isinstance(error, Unauthenticated) or (name in _TELL_ACCESS and isinstance(error, NotFound)):
        return _without_values(changed, error)
    if name in _TELL_ACCESS:
        return _enforce_access(changed)
    if isinstance(error, Withheld) and name in _EVENTS:
        for other in _EVENTS:
            changed = _with(changed, other, getattr(changed, other).withheld(error.message))
    if isinstance(error, NotOffered) and name in _EVENTS:
        for other in _EVENTS:
            changed = _with(changed, other, getattr(changed, other).found_not_offered(error.message))
    return changed


def given_up(state: UsageState, error: ClientError) -> UsageState:
    """Nothing more is waited for: what the dashboard still lacks has failed."""
    for name in REPLIES:
        remote: Remote[Any] = getattr(state, name)
        if name != "events" and remote.status in (Status.IDLE, Status.LOADING):
            asked = remote.started()
            state = _with(state, name, asked.failed(asked.request, error))
    return state


def _is_of_another(state: UsageState, before: UsageState) -> bool:
    """Whether what was known is of another organization, or of one that the viewer is no member of."""
    summary, known = state.summary.value, before.summary.value
    if summary is None:
        return False
    switched_to = known is not None and known.org.id != summary.org.id
    return switched_to or (state.me.value is not None and state.membership is None)


def _without_kept(state: UsageState) -> UsageState:
    """Nothing that was kept of one organization stays beside what is known of another."""
    for name in REPLIES:
        remote: Remote[Any] = getattr(state, name)
        if remote.kept:
            state = _with(state, name, remote.idle())
    return state


def _without_values(state: UsageState, error: ClientError) -> UsageState:
    """Nothing of the organization stays for one who is not its member any more."""
    for name in REPLIES:
        remote: Remote[Any] = getattr(state, name).idle().started()
        state = _with(state, name, remote.failed(remote.request, error))
    return replace(state, query=EventQuery(), first_row=0, turn=Turn.FIRST, mixed=False)


def _with(state: UsageState, name: str, remote: Remote[Any]) -> UsageState:
    changes: dict[str, Any] = {name: remote}
    return state if remote == getattr(state, name) else replace(state, **changes)


def allowed(state: UsageState, name: str) -> bool:
    """Whether to ask for the reply `name`: the client offers it, and the viewer is known to have access."""
    if getattr(state, name).status is Status.NOT_OFFERED:
        return False
    if name not in _BILLING:
        return True
    summary, membership = state.summary.value, state.membership
    if summary is None:
        return state.billing_access
    view = summary.capabilities
    if view is None:
        return state.billing_access
    seen = view.view_grants if name == "grants" else view.view_events
    return seen and (membership is None or membership.billing_access)


def has_others(state: UsageState) -> bool:
    """Whether there is another organization to switch to."""
    return state.me.value is not None and len(state.me.value.organizations) > 1


def may_pay(state: UsageState, what: Literal["buy_credits", "auto_recharge"]) -> bool:
    """Whether the viewer may do what costs money: by their own access and by the subscription."""
    summary = state.summary.value
    if summary is None or summary.capabilities is None or not state.billing_access:
        return False
    if summary.subscription is not None and not summary.subscription.entitlement_active:
        return False
    return summary.capabilities.buy_credits if what == "buy_credits" else summary.capabilities.auto_recharge


def why_missing(state: UsageState, part: Part) -> str:
    """The sentence that stands in the place of a part that the client does not offer."""
    reasons = state.summary.value.not_offered if state.summary.value is not None else {}
    return reasons.get(part) or f"Not offered by {state.origin}."


def _enforce_access(state: UsageState) -> UsageState:
    """Forget what this viewer may no longer see, and no longer withhold what they now may."""
    summary = state.summary.value
    if summary is None and state.membership is None:
        return _without_access(state)
    reason = (summary.access_notice if summary else None) or NO_BILLING_ACCESS
    for name in _BILLING:
        remote: Remote[Any] = getattr(state, name)
        withheld = remote.status is Status.WITHHELD
        if withheld and allowed(state, name):
            state = _with(state, name, remote.idle())
        elif not withheld and not allowed(state, name):
            state = _with(state, name, remote.withheld(reason))
            if name == "events":
                state = replace(state, query=EventQuery(), first_row=0)
    return state


def _without_access(state: UsageState) -> UsageState:
    """Once no reply that tells of access is to come, what depends on it has failed as well."""
    if any(getattr(state, name).status in (Status.IDLE, Status.LOADING) for name in _TELL_ACCESS):
        return state
    error = state.summary.error or state.me.error or Withheld(state.summary.reason or state.me.reason)
    for name in _BILLING:
        remote: Remote[Any] = getattr(state, name).started()
        state = _with(state, name, remote.failed(remote.request, error))
    return state


def switched(state: UsageState) -> UsageState:
    """Another organization is to be shown: nothing is known of it, and replies of the former are ignored."""
    for name in REPLIES:
        state = _with(state, name, getattr(state, name).idle())
    return replace(state, query=EventQuery(), first_row=0, turn=Turn.FIRST, fault=None, mixed=False)


def filtered(state: UsageState, query: EventQuery) -> UsageState:
    """The history starts over with another filter."""
    return replace(state, query=query, events=state.events.idle(), first_row=0, turn=Turn.FIRST)


def outdated_page(state: UsageState, *, newest: bool) -> UsageState:
    """The history's page is asked for again, where and when it is next shown.

    A page that the client has no cursor for stays as it is, for its events never change.

    Args:
        state: What is known.
        newest: Whether a first page gives way to newer events. Otherwise they are only counted.
    """
    page = state.events.value
    first = page is None or state.events.kept or (newest and not possible(Turn.FIRST, page))
    if not first and cursor(Turn.SAME, page) is None:
        return state
    asked = _with(state, "events", state.events.asked_again())
    return replace(asked, turn=Turn.FIRST if first else Turn.SAME)


def offline_only(state: UsageState) -> bool:
    """Whether the history has nothing to show but the newest events, as the dashboard knows them."""
    unanswered = state.recent.stale or state.events.status is Status.FAILED
    paged = state.events.value is not None and not state.events.kept
    return state.recent.value is not None and unanswered and not paged


def turned_kept(state: UsageState, turn: Turn, limit: int) -> UsageState:
    """Another page of the newest events, marked as from before.

    Args:
        state: What is known, where `offline_only` says so.
        turn: Which page, seen from the one on the screen.
        limit: The rows that fit.
    """
    kept, error = state.recent.value, state.recent.error or state.events.error
    assert kept is not None  # noqa: S101 - as `offline_only` says
    page = kept_page(kept, state.query, turn, state.events.value, limit)
    status = Status.FAILED if error else Status.READY
    events = Remote(status, page, error, request=state.events.request + 1, kept=True)
    return replace(_with(state, "events", events), first_row=int(page.page.here or 0))


def at_row(state: UsageState, row: int | None) -> UsageState:
    """So many events lie before the history's page."""
    return replace(state, first_row=row)


def faulty(state: UsageState, fault: ClientError | None) -> UsageState:
    """What was found wrong with the data as a whole; None takes it back."""
    return replace(state, fault=fault)


def from_cache(state: UsageState) -> UsageState:
    """All that is known was kept by an earlier run, and nothing has been asked for in this one."""
    for name in REPLIES:
        remote: Remote[Any] = getattr(state, name)
        if remote.status is not Status.WITHHELD:
            state = _with(state, name, remote.from_cache())
    return state


def is_not_member(state: UsageState) -> bool:
    """Whether the viewer was told to be no member of the organization."""
    return any(isinstance(getattr(state, name).error, _EXPULSION) for name in _TELL_ACCESS)


def behind(state: UsageState) -> list[str]:
    """The replies of an older revision than the newest one on the dashboard."""
    replies = {name: getattr(state, name) for name in _REVISED}
    revisions = {
        name: remote.value.revision for name, remote in replies.items() if remote.status is Status.READY
    }
    return [name for name, revision in revisions.items() if revision < max(revisions.values())]


def compared(state: UsageState) -> UsageState:
    """Whether replies are of different revisions is said from now on as it is now."""
    return replace(state, mixed=bool(behind(state)))


def outdated(state: UsageState, error: ClientError) -> UsageState:
    """The origin could not be looked at again: everything shown is from before, or may not be seen now."""
    asked = started(state, "summary")
    return failed(asked, "summary", asked.summary.request, error)


def incomplete(state: UsageState) -> bool:
    """Whether a reply that was asked for is missing or old, or the data contradict themselves."""
    loading = any(getattr(state, name).status is Status.LOADING for name in REPLIES)
    return loading or state.fault is not None or doubtful(state)


def doubtful(state: UsageState) -> bool:
    """Whether asking again may help although nothing has changed: a reply failed, or they are mixed."""
    return state.mixed or any(getattr(state, name).status is Status.FAILED for name in REPLIES)
