"""What the viewer must know before anything else, the most serious first."""

from __future__ import annotations

from usage_tui.cards.card import key_hint
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, Tone, cut_line, line, spread, width, wrap
from usage_tui.cards.words import buy_words
from usage_tui.ledger.spending import INCLUDED
from usage_tui.models import Credits, Summary
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.access import may_pay
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import CREDIT, amount_text, spoken_amount
from usage_tui.text.words import spoken

MOST = 2
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
    """What to announce, the most serious first."""
    return (*_data(state), *_account(state))


def _data(state: UsageState) -> list[Banner]:
    """What is wrong with the numbers themselves."""
    found = []
    if state.fault is not None:
        found.append(Banner("Check", state.fault.full_text, "error-strong"))
    summary, error = state.summary.value, state.summary.error
    if summary is not None and error is not None:
        text = f"Showing data from {dates.moment(summary.as_of, state.time_zone)}. {error.full_text}"
        found.append(Banner("Not refreshed", text, "warning-strong", retry=True))
    elif error is not None and state.summary.status is Status.FAILED:
        found.append(Banner("No data", error.full_text, "error-strong", retry=True))
    if state.mixed:
        text = "Some cards are older than others: the data kept changing while they loaded."
        found.append(Banner("Check", text, "warning-strong", retry=True))
    viewer = state.me.error
    if viewer is not None and error is None:
        found.append(Banner("Role unknown", viewer.full_text, "warning-strong", retry=True))
    return found


def _account(state: UsageState) -> list[Banner]:
    """What is going on with the balance and the plan."""
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
        case str(other) if other != "normal":
            found.append(
                Banner(spoken(other), "This is the state that the service reports.", "warning-strong")
            )
    ending = _ending(summary)
    if ending:
        found.append(Banner("Ending", ending, "warning-strong"))
    found += [Banner("Notice", notice.text, "warning-strong") for notice in summary.notices]
    return found


def _locked(state: UsageState, summary: Summary) -> str:
    ended = "The paid term has ended"
    locked = summary.balance.locked if summary.balance is not None else None
    if locked is None:
        reactivate = "Reactivate the plan" if state.billing_access else "Ask an owner or a billing admin"
        return f"{ended}. {reactivate} to use what was purchased."
    if state.unit == CREDIT:
        amount = amount_text(locked, state.unit)
        if state.billing_access:
            return f"{ended}. Reactivate the plan to use the {amount} purchased credits."
        return f"{ended} and {amount} credits are locked. Ask an owner or a billing admin."
    amount = spoken_amount(locked, state.unit)
    if state.billing_access:
        return f"{ended}. Reactivate the plan to use {amount} of purchased funds."
    return f"{ended} and {amount} of purchased funds are locked. Ask an owner or a billing admin."


def _paused(state: UsageState, summary: Summary) -> str:
    things = "credits" if state.unit == CREDIT else "funds"
    waits = f"New AI work waits until there are {things} to spend."
    if not state.billing_access:
        return f"{waits} Ask an owner or a billing admin to add {things}."
    ways = _ways_to_pay(state, summary) + _refresh(summary)
    if not ways:
        return waits
    *others, last = ways
    sentence = f"{', '.join(others)}, or {last}" if others else last
    return f"{waits} {sentence[:1].upper()}{sentence[1:]}."


def _ways_to_pay(state: UsageState, summary: Summary) -> list[str]:
    """What this viewer can do to add to the balance now."""
    buy, _ = buy_words(state.unit)
    ways = [f"{buy.lower()} in Billing"] if may_pay(state, "buy_credits") else []
    recharges = summary.auto_recharge is not None and summary.auto_recharge.enabled
    if may_pay(state, "auto_recharge") and not recharges:
        ways.append("turn on auto-recharge")
    return ways


def _refresh(summary: Summary) -> list[str]:
    """The wait for what the next period includes, if it is known to include something."""
    plan, included = summary.subscription, summary.included
    if plan is None or included is None or summary.period is None:
        return []
    ends = plan.status != "active" or plan.ends_at is not None
    if ends or included.kind != INCLUDED or not included.granted:
        return []
    return [f"wait for {dates.day_of(summary.period.ends_at, summary.org.time_zone)}"]


def _low(state: UsageState, summary: Summary) -> str:
    threshold = summary.low_threshold
    things = "credits" if state.unit == CREDIT else "funds"
    text = f"Few {things} are left."
    if threshold is not None:
        limit = f"At or below {spoken_amount(threshold, state.unit)}"
        text = f"{limit}, {_whose(threshold, summary)}."
    recharge = summary.auto_recharge
    if recharge is not None and recharge.enabled:
        return f"{text} Auto-recharge will add {things}."
    ways = " or ".join(_ways_to_pay(state, summary))
    if ways:
        return f"{text} {ways[:1].upper()}{ways[1:]} before AI work has to wait."
    return text if state.billing_access else f"{text} An owner or a billing admin can add {things}."


def _whose(threshold: Credits, summary: Summary) -> str:
    """Where the limit comes from."""
    recharge, included = summary.auto_recharge, summary.included
    if recharge is not None and recharge.enabled and recharge.threshold == threshold:
        return "the threshold of auto-recharge"
    if included is not None and threshold.micro == included.granted.micro // 10:
        return "10% of what the plan includes"
    return "the limit that is set for this organization"


def _ending(summary: Summary) -> str:
    plan = summary.subscription
    if plan is None or plan.ends_at is None:
        return ""
    ends_at = plan.ends_at
    days = dates.days_until(ends_at, summary.as_of, summary.org.time_zone)
    if not 0 < days <= _ENDING_WITHIN:
        return ""
    on = dates.day_of(ends_at, summary.org.time_zone, year=True)
    when = "today" if days == 1 else f"on {on}, {dates.ahead(ends_at, summary.as_of, summary.org.time_zone)}"
    purchased = summary.balance.purchased if summary.balance is not None else None
    what = "Purchased credits are" if summary.unit.code == CREDIT else "The purchased part of the balance is"
    locked = f" {what} locked from then on." if purchased else ""
    return f"The {plan.plan} subscription ends {when}.{locked}"


def draw(shown: tuple[Banner, ...], area: Area) -> list[Line]:
    """A bar at the left, the word, the text, and what to press: on the screen in two rows at most.

    The screen has room for the most serious; plain text has it for all.
    """
    most = MOST if area.interactive else len(shown)
    rows = [row for banner in shown[:most] for row in _rows(banner, area)]
    if len(shown) > most:
        more = f"{len(shown) - most} more; usage-tui --print shows all"
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
