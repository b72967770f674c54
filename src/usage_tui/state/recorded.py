"""The state of the dashboard as a recording holds it."""

from __future__ import annotations

from typing import Any

from usage_tui.clients.base import Slice
from usage_tui.clients.recording.header import Denial, Extent, Header, Missing
from usage_tui.models import EventPage
from usage_tui.state.remote import Remote, Status
from usage_tui.state.usage import UsageState, behind

_DENIAL = Denial(withheld="billing_access_required")


def as_header(state: UsageState) -> Header | None:
    """All that is known but the events themselves.

    Returns:
        None where it is no whole: a reply that may be asked for is missing, old or kept from before, or
        replies are of different revisions.
    """
    slices = {name: getattr(state, "recent" if name is Slice.EVENTS else name) for name in Slice}
    if behind(state) or not all(map(_settled, slices.values())) or state.summary.value is None:
        return None
    return Header(**{name: _recorded(remote) for name, remote in slices.items()})


def _settled(remote: Remote[Any]) -> bool:
    return remote.status in (Status.READY, Status.WITHHELD, Status.NOT_OFFERED)


def _recorded(remote: Remote[Any]) -> Any:
    if remote.status is Status.WITHHELD:
        return _DENIAL
    if remote.status is Status.NOT_OFFERED:
        return Missing(not_offered=remote.reason)
    if isinstance(remote.value, EventPage):
        return Extent(complete=remote.value.page.next is None)
    return remote.value
