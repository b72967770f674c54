"""What the viewer may see and do."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from usage_tui.clients.base import NOT_OFFERED, NotFound, Unauthenticated, Withheld
from usage_tui.models import NO_BILLING_ACCESS, EventQuery, Part
from usage_tui.state.remote import Status
from usage_tui.state.replies import EVENTS, FOR_BILLING, GRANTS, OF_ACCESS, AnyReply
from usage_tui.state.usage import UsageState


def allowed(state: UsageState, reply: AnyReply[object]) -> bool:
    """Whether to ask for a reply: the client offers it, and the viewer is known to have access to it."""
    if reply.of(state).status is Status.NOT_OFFERED:
        return False
    if reply not in FOR_BILLING:
        return True
    summary, membership = state.summary.value, state.membership
    if summary is None or summary.capabilities is None:
        return state.billing_access
    may = summary.capabilities
    seen = may.view_grants if reply is GRANTS else may.view_events
    return seen and (membership is None or membership.billing_access)


def has_others(state: UsageState) -> bool:
    """Whether there is another organization to switch to."""
    return state.me.value is not None and len(state.me.value.organizations) > 1


def has_overview(state: UsageState, sources: int) -> bool:
    """Whether there are several organizations or profiles.

    Args:
        state: What is known.
        sources: How many can be opened.
    """
    return sources > 1 or (sources == 1 and has_others(state))


def may_pay(state: UsageState, what: Literal["buy_credits", "auto_recharge"]) -> bool:
    """Whether the viewer's role and the organization's plan allow an action that costs money."""
    summary = state.summary.value
    if summary is None or summary.capabilities is None or not state.billing_access:
        return False
    if summary.subscription is not None and not summary.subscription.entitlement_active:
        return False
    return summary.capabilities.buy_credits if what == "buy_credits" else summary.capabilities.auto_recharge


def why_missing(state: UsageState, part: Part) -> str:
    """The sentence that is shown instead of a part that the client does not offer."""
    reasons = state.summary.value.not_offered if state.summary.value is not None else {}
    return reasons.get(part) or (NOT_OFFERED if state.redacted else f"Not offered by {state.origin}.")


def is_not_member(state: UsageState) -> bool:
    """Whether the service said that the viewer is not a member of the organization."""
    return any(isinstance(reply.of(state).error, (NotFound, Unauthenticated)) for reply in OF_ACCESS)


def hide_withheld(state: UsageState) -> UsageState:
    """Drop data that the viewer has lost access to, and ask again for data they have regained access to."""
    summary = state.summary.value
    if summary is None and state.membership is None:
        return _with_unknown_access(state)
    reason = (summary.access_notice if summary else None) or NO_BILLING_ACCESS
    for reply in FOR_BILLING:
        withheld, may = reply.of(state).status is Status.WITHHELD, allowed(state, reply)
        if withheld and may:
            state = reply.changed(state, lambda remote: remote.idle())
        elif not withheld and not may:
            state = reply.changed(state, lambda remote: remote.withheld(reason))
            if reply is EVENTS:
                state = replace(state, query=EventQuery(), first_row=0)
    return state


def _with_unknown_access(state: UsageState) -> UsageState:
    """Once every reply about access has failed, mark the replies that depend on access as failed too."""
    if any(reply.of(state).is_pending for reply in OF_ACCESS):
        return state
    error = state.summary.error or state.me.error or Withheld(state.summary.reason or state.me.reason)
    for reply in FOR_BILLING:
        state = reply.changed(state, lambda remote: remote.failed_now(error))
    return state
