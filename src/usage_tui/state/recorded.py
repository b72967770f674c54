"""The state of the dashboard as a recording holds it."""

from __future__ import annotations

from typing import TypeVar

from usage_tui.clients.recording.header import Denial, Extent, Header, Missing
from usage_tui.models import EventPage
from usage_tui.state.freshness import behind
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import EVENTS, REPLIES
from usage_tui.state.usage import UsageState

T = TypeVar("T")

_DENIAL = Denial(withheld="billing_access_required")
_ANSWERED = (Status.READY, Status.WITHHELD, Status.NOT_OFFERED)


def as_header(state: UsageState) -> Header | None:
    """Everything that is known, except the events themselves.

    Returns:
        None if it is incomplete: a reply that may be asked for is missing, old or cached, or the replies are
        of different revisions.
    """
    answered = all(reply.of(state).status in _ANSWERED for reply in REPLIES if reply is not EVENTS)
    if behind(state) or not answered or state.summary.value is None:
        return None
    return Header(
        summary=state.summary.value,
        me=_recorded(state.me),
        sources=_recorded(state.sources),
        daily=_recorded(state.daily),
        grants=_recorded(state.grants),
        allowances=_recorded(state.allowances),
        events=_extent(state.recent),
    )


def _recorded(remote: Remote[T]) -> T | Denial | Missing | None:
    if remote.status is Status.WITHHELD:
        return _DENIAL
    if remote.status is Status.NOT_OFFERED:
        return Missing(not_offered=remote.reason)
    return remote.value


def _extent(remote: Remote[EventPage]) -> Extent | Denial | Missing | None:
    page = _recorded(remote)
    return Extent(complete=page.page.next is None) if isinstance(page, EventPage) else page
