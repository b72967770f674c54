"""How current and how complete the data are."""

from __future__ import annotations

from usage_tui.state.periods import shown_period
from usage_tui.state.remote import Status
from usage_tui.state.replies import OF_ONE_REVISION, REPLIES, AnyReply
from usage_tui.state.usage import UsageState


def behind(state: UsageState) -> list[AnyReply[object]]:
    """The replies on the dashboard that are of an older revision than the newest one."""
    revisions = {
        reply: remote.value.revision
        for reply in OF_ONE_REVISION
        if (remote := reply.of(state)).status is Status.READY and remote.value is not None
    }
    return [reply for reply, revision in revisions.items() if revision < max(revisions.values())]


def incomplete(state: UsageState) -> bool:
    """Whether a reply that was asked for is missing or old, or the data contradict themselves."""
    loading = any(reply.of(state).status is Status.LOADING for reply in REPLIES)
    return loading or state.fault is not None or worth_retrying(state)


def worth_retrying(state: UsageState) -> bool:
    """Whether to request replies again even if nothing has changed: one failed, or their revisions differ."""
    shown = shown_period(state)
    remotes = (shown.sources, shown.daily, *(reply.of(state) for reply in REPLIES))
    return state.mixed or any(remote.status is Status.FAILED for remote in remotes)


def offline_only(state: UsageState) -> bool:
    """Whether the history has nothing to show but the newest events, as the dashboard knows them."""
    unanswered = state.recent.stale or state.events.status is Status.FAILED
    paged = state.events.value is not None and not state.events.cached
    return state.recent.value is not None and unanswered and not paged
