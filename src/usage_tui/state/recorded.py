"""The state of the dashboard as a recording holds it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from usage_tui.clients.recording.header import Denial, Extent, Header, Missing
from usage_tui.models import BillingPeriods, EventPage
from usage_tui.state.freshness import behind
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import OF_DASHBOARD, OF_PAST, Revised, is_current
from usage_tui.state.usage import UsageState

_OLDER = "older"
"""In place of a cursor, which would mean nothing later."""

T = TypeVar("T")
R = TypeVar("R", bound=Revised)

_DENIAL = Denial(withheld="billing_access_required")
_ANSWERED = (Status.READY, Status.WITHHELD, Status.NOT_OFFERED)


def as_header(state: UsageState) -> Header | None:
    """Everything that is known, except the events themselves.

    Returns:
        None if it is incomplete: a reply of the dashboard is missing, old or cached, or its replies are of
        different revisions. What is known of the past is left out until all of it was asked for, and unless
        it is of the same revision.
    """
    answered = all(reply.of(state).status in _ANSWERED for reply in OF_DASHBOARD)
    summary = state.summary.value
    if behind(state) or not answered or summary is None:
        return None
    header = Header(
        summary=summary,
        me=_recorded(state.me),
        sources=_recorded(state.sources),
        daily=_recorded(state.daily),
        grants=_recorded(state.grants),
        allowances=_recorded(state.allowances),
        events=_extent(state.recent),
    )
    if any(reply.of(state).is_pending for reply in OF_PAST):
        return header
    return header._replace(
        periods=_past(state.periods, summary.revision),
        days=_past(state.days, summary.revision),
        source_days=_past(state.source_days, summary.revision),
    )


def with_older_events(state: UsageState, header: Header) -> UsageState:
    """The state that was recorded: where the recording holds the newest events alone, older ones follow."""
    page, extent = state.recent.value, header.events
    if page is None or not isinstance(extent, Extent) or extent.complete:
        return state
    newest = replace(page, page=replace(page.page, next=_OLDER, last=None, total=None))
    return replace(state, recent=replace(state.recent, value=newest))


def without_what_follows(header: Header) -> Header:
    """The header without what a `RecordingClient` works out from the rest of the recording."""
    if isinstance(header.periods, BillingPeriods) and _tells_no_more(header.periods):
        header = header._replace(periods=None)
    if isinstance(header.events, Extent) and header.events.complete:
        header = header._replace(days=None, source_days=None)
    return header


def _tells_no_more(periods: BillingPeriods) -> bool:
    """Whether the summary tells the same."""
    return len(periods.items) == 1 and periods.items[0].roll_forward is None


def _recorded(remote: Remote[T]) -> T | Denial | Missing | None:
    if remote.status is Status.WITHHELD:
        return _DENIAL
    if remote.status is Status.NOT_OFFERED:
        return Missing(not_offered=remote.reason)
    return remote.value


def _past(remote: Remote[R], revision: int) -> R | Missing | None:
    """A reply of that revision; a reply of another one, or none yet, is not recorded."""
    if remote.status is Status.NOT_OFFERED:
        return Missing(not_offered=remote.reason)
    return remote.value if is_current(remote, revision) else None


def _extent(remote: Remote[EventPage]) -> Extent | Denial | Missing | None:
    page = _recorded(remote)
    return Extent(complete=page.page.next is None) if isinstance(page, EventPage) else page
