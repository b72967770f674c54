"""Words for codes in the data: categories, types of activity, origins of grants."""

from __future__ import annotations

from usage_tui.models import Credits, Event, Part
from usage_tui.state.usage import UsageState
from usage_tui.text.amounts import CREDIT
from usage_tui.text.words import spoken

_TYPES = {
    ("agent_chat", "message"): "Chat message",
    ("ai_tool", "run"): "Tool run",
    ("workflow", "run"): "Workflow run",
    ("browser_session", "session"): "Browser session",
}
_ORIGINS = {
    "subscription": "from the subscription",
    "purchase": "bought",
    "auto_recharge": "from auto-recharge",
    "entered": "entered",
}


def activity_type(event: Event) -> str:
    """The kind of event: ``Tool run``, ``Reversal``, ``Adjustment``, ``Daily total``."""
    if event.ends_at is not None:
        return "Daily total"
    if event.reverses is not None:
        return "Reversal"
    known = _TYPES.get((event.kind, event.activity))
    return "Adjustment" if known and event.credits < Credits.ZERO else known or spoken(event.activity)


def grant_origin(bucket: str, origin: str) -> str:
    """Where a grant came from: ``included, from the subscription``."""
    return f"{bucket}, {_ORIGINS.get(origin) or spoken(origin).lower()}"


def balance_title(unit: str) -> str:
    """What the balance is called; the name for credits while the unit is unknown."""
    return "Credits remaining" if unit in (CREDIT, "") else "Balance remaining"


def marked(title: str, state: UsageState, part: Part) -> str:
    """A card's title, which says so where the user typed in what it shows."""
    summary = state.summary.value
    return f"{title} (entered)" if summary is not None and part in summary.entered else title


def buy_words(unit: str) -> tuple[str, str]:
    """How buying is called, in full and short."""
    return ("Buy credits", "Buy") if unit in (CREDIT, "") else ("Add funds", "Add")
