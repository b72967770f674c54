"""What the viewer must know before anything else, at most two rows each, the gravest first."""

from __future__ import annotations

from typing import NamedTuple

from usage_tui.clients.base import ClientError
from usage_tui.models import Summary
from usage_tui.present import dates
from usage_tui.present.card import key_hint
from usage_tui.present.numbers import credits_text, plural
from usage_tui.present.text import EMPTY, Area, Line, Span, Tone, line, spread, width, wrap
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState, may_pay

_MOST = 2
"""Banners shown at once."""
_ENDING_WITHIN = 30
"""Days before its end from which an ending subscription is announced."""


class Banner(NamedTuple):
    """One announcement."""

    word: str
    text: str
    tone: Tone
    retry: bool = False


def banners(state: UsageState) -> tuple[Banner, ...]:
    """What to announce, the gravest first."""
    found = [*_data(state), *_account(state)]
    return tuple(found[:_MOST])


def _data(state: UsageState) -> list[Banner]:
    """What is wrong with the numbers themselves."""
    found = []
    if state.fault is not None:
        found.append(Banner("Check", _said(state.fault), "error-strong"))
    summary, error = state.summary.value, state.summary.error
    if summary is not None and error is not None:
        text = f"Numbers of {dates.moment(summary.as_of, state.time_zone)}. {error.message}"
        found.append(Banner("Not refreshed", text, "warning-strong", retry=True))
    elif error is not None and state.summary.status is Status.FAILED:
        found.append(Banner("No data", _said(error), "error-strong", retry=True))
    return found


def _said(error: ClientError) -> str:
    return f"{error.message} {error.advice}".strip()


def _account(state: UsageState) -> list[Banner]:
    """What is going on with the credits."""
    summary = state.summary.value
    if summary is None:
        return []
    found = []
    match summary.state:
        case "locked":
            found.append(Banner("Locked", _locked(state, summary), "error-strong"))
        case "paused":
            found.append(Banner("Paused", _paused(state, summary), "error-strong"))
        case "low":
            found.append(Banner("Low", _low(state, summary), "warning-strong"))
    ending = _ending(summary)
    if ending:
        found.append(Banner("Ending", ending, "warning-strong"))
    found += [Banner("Notice", notice.text, "warning-strong") for notice in summary.notices]
    return found


def _locked(state: UsageState, summary: Summary) -> str:
    locked = credits_text(summary.balance.locked)
    if _sees_billing(state):
        return f"The paid term has ended. Reactivate the plan to use the {locked} purchased credits."
    return f"The paid term has ended and {locked} credits are locked. Ask an owner or a billing admin."


def _sees_billing(state: UsageState) -> bool:
    return state.membership is not None and state.membership.billing_access


def _paused(state: UsageState, summary: Summary) -> str:
    waits = "New AI work waits until there are credits to spend."
    if not _sees_billing(state):
        return f"{waits} Ask an owner or a billing admin to add credits."
    refresh = _refresh(summary)
    ways = (["Buy credits", "turn on auto-recharge"] if may_pay(state, "buy_credits") else []) + (
        [f"wait for the included credits of {refresh}"] if refresh else []
    )
    if not ways:
        return waits
    sentence = ", ".join(ways[:-1]) + (", or " if len(ways) > 1 else "") + ways[-1]
    return f"{waits} {sentence[:1].upper()}{sentence[1:]}."


def _refresh(summary: Summary) -> str:
    """The day of the next included credits; empty where none will come."""
    if summary.subscription.status != "active" or summary.subscription.ends_at is not None:
        return ""
    days = summary.period.days_left
    on = dates.day_of(summary.period.ends_at, summary.org.time_zone)
    return f"{on}, in {days} {plural(days, 'day')}" if days > 0 else on


def _low(state: UsageState, summary: Summary) -> str:
    text = f"At or under {credits_text(summary.low_threshold)} credits."
    recharge = summary.auto_recharge
    if recharge is not None and recharge.enabled:
        return f"{text} Auto-recharge adds credits."
    if may_pay(state, "buy_credits"):
        return f"{text} Buy credits or turn on auto-recharge before AI work has to wait."
    return text if _sees_billing(state) else f"{text} An owner or a billing admin can add credits."


def _ending(summary: Summary) -> str:
    ends_at = summary.subscription.ends_at
    if ends_at is None:
        return ""
    days = dates.days_until(ends_at, summary.as_of, summary.org.time_zone)
    if not 0 < days <= _ENDING_WITHIN:
        return ""
    on = dates.day_of(ends_at, summary.org.time_zone, year=True)
    when = "today" if days == 1 else f"on {on}, in {days} days"
    purchased = " Purchased credits are locked from then on." if summary.balance.purchased else ""
    return f"The {summary.subscription.plan} subscription ends {when}.{purchased}"


def draw(shown: tuple[Banner, ...], area: Area) -> list[Line]:
    """One or two rows a banner: a bar at the left, the word, the text, and what to press."""
    lines = []
    for banner in shown:
        word = line(Span(f"{area.glyphs.banner} ", banner.tone), Span(f"! {banner.word}", banner.tone), "  ")
        hint = key_hint("refresh", "try again", area) if banner.retry else EMPTY
        room = area.width - width(word) - (width(hint) + 2 if hint else 0)
        rows = wrap(banner.text, max(20, room))
        lines.append(spread(line(*word, *rows[:1]), hint, area.width, area.glyphs))
        if len(rows) > 1:
            rest = " ".join(rows[1:])
            lines.append(
                spread(
                    line(Span(f"{area.glyphs.banner} ", banner.tone), rest), EMPTY, area.width, area.glyphs
                )
            )
    return lines
