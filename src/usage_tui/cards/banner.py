"""What the viewer must know before anything else, the gravest first."""

from __future__ import annotations

from typing import NamedTuple

from usage_tui.cards.card import key_hint
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cut_line, line, spread, width, wrap
from usage_tui.cards.words import spoken
from usage_tui.models import Summary
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState, may_pay
from usage_tui.text import dates
from usage_tui.text.numbers import credits_text

_MOST = 2
"""Banners shown at once."""
_LEAST_TEXT = 20
"""Cells of text in the first row, for which a key gives way."""
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
    return (*_data(state), *_account(state))


def _data(state: UsageState) -> list[Banner]:
    """What is wrong with the numbers themselves."""
    found = []
    if state.fault is not None:
        found.append(Banner("Check", state.fault.full_text, "error-strong"))
    summary, error = state.summary.value, state.summary.error
    if summary is not None and error is not None:
        text = f"Numbers of {dates.moment(summary.as_of, state.time_zone)}. {error.full_text}"
        found.append(Banner("Not refreshed", text, "warning-strong", retry=True))
    elif error is not None and state.summary.status is Status.FAILED:
        found.append(Banner("No data", error.full_text, "error-strong", retry=True))
    if state.mixed:
        text = "Some cards are older than others, because the data changed each time they were loaded."
        found.append(Banner("Check", text, "warning-strong", retry=True))
    viewer = state.me.error
    if viewer is not None and error is None:
        found.append(Banner("Role unknown", viewer.full_text, "warning-strong", retry=True))
    return found


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
        case other if other != "normal":
            found.append(Banner(spoken(other), "The service says so of the account.", "warning-strong"))
    ending = _ending(summary)
    if ending:
        found.append(Banner("Ending", ending, "warning-strong"))
    found += [Banner("Notice", notice.text, "warning-strong") for notice in summary.notices]
    return found


def _locked(state: UsageState, summary: Summary) -> str:
    locked = credits_text(summary.balance.locked)
    if state.billing_access:
        return f"The paid term has ended. Reactivate the plan to use the {locked} purchased credits."
    return f"The paid term has ended and {locked} credits are locked. Ask an owner or a billing admin."


def _paused(state: UsageState, summary: Summary) -> str:
    waits = "New AI work waits until there are credits to spend."
    if not state.billing_access:
        return f"{waits} Ask an owner or a billing admin to add credits."
    ways = _ways_to_pay(state, summary) + _refresh(summary)
    if not ways:
        return waits
    *others, last = ways
    sentence = f"{', '.join(others)}, or {last}" if others else last
    return f"{waits} {sentence[:1].upper()}{sentence[1:]}."


def _ways_to_pay(state: UsageState, summary: Summary) -> list[str]:
    """What this viewer can do for more credits now."""
    ways = ["buy credits"] if may_pay(state, "buy_credits") else []
    recharges = summary.auto_recharge is not None and summary.auto_recharge.enabled
    if may_pay(state, "auto_recharge") and not recharges:
        ways.append("turn on auto-recharge")
    return ways


def _refresh(summary: Summary) -> list[str]:
    """The wait for the next included credits, where some will come."""
    ends = summary.subscription.status != "active" or summary.subscription.ends_at is not None
    if ends or not summary.included.granted:
        return []
    return [f"wait for {dates.day_of(summary.period.ends_at, summary.org.time_zone)}"]


def _low(state: UsageState, summary: Summary) -> str:
    threshold = summary.low_threshold
    text = "Few credits are left." if threshold is None else f"At or under {credits_text(threshold)} credits."
    recharge = summary.auto_recharge
    if recharge is not None and recharge.enabled:
        return f"{text} Auto-recharge adds credits."
    ways = " or ".join(_ways_to_pay(state, summary))
    if ways:
        return f"{text} {ways[:1].upper()}{ways[1:]} before AI work has to wait."
    return text if state.billing_access else f"{text} An owner or a billing admin can add credits."


def _ending(summary: Summary) -> str:
    ends_at = summary.subscription.ends_at
    if ends_at is None:
        return ""
    days = dates.days_until(ends_at, summary.as_of, summary.org.time_zone)
    if not 0 < days <= _ENDING_WITHIN:
        return ""
    on = dates.day_of(ends_at, summary.org.time_zone, year=True)
    when = "today" if days == 1 else f"on {on}, {dates.ahead(ends_at, summary.as_of, summary.org.time_zone)}"
    purchased = " Purchased credits are locked from then on." if summary.balance.purchased else ""
    return f"The {summary.subscription.plan} subscription ends {when}.{purchased}"


def draw(shown: tuple[Banner, ...], area: Area) -> list[Line]:
    """A bar at the left, the word, the text, and what to press: on the screen in two rows at most.

    The screen has room for the gravest; plain text has it for all.
    """
    most = _MOST if area.interactive else len(shown)
    rows = [row for banner in shown[:most] for row in _rows(banner, area)]
    if len(shown) > most:
        more = f"{len(shown) - most} more, which usage-tui --print tells"
        rows.append(cut_line(line(Span(more, "muted")), area.width, area.glyphs))
    return rows


def _rows(banner: Banner, area: Area) -> list[Line]:
    margin, word = Span(f"{area.glyphs.banner} ", banner.tone), f"! {banner.word}  "
    room = area.width - 2
    hint = key_hint("refresh", "try again", area) if banner.retry else EMPTY
    taken = len(word) + (width(hint) + 2 if hint else 0)
    if hint and room - taken < _LEAST_TEXT:
        hint, taken = EMPTY, len(word)
    first, *others = wrap(banner.text, room, taken) or [""]
    rows = [spread(line(margin, Span(word, banner.tone), first), hint, area.width, area.glyphs)]
    if area.interactive and len(others) > 1:
        # The last word stays whole: it may be an amount.
        others = [f"{wrap(' '.join(others), room - 2)[0]} {area.glyphs.cut}"]
    return rows + [line(margin, row) for row in others]
