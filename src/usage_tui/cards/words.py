"""The words for what the data only code: categories, types of activity, roles, units."""

from __future__ import annotations

from decimal import Decimal

from usage_tui.ledger.ranking import category_of
from usage_tui.models import Event
from usage_tui.text.numbers import plural

_TYPES = {
    ("agent_chat", "message"): "Chat message",
    ("ai_tool", "run"): "Tool run",
    ("workflow", "run"): "Workflow run",
    ("browser_session", "session"): "Browser session",
}
_UNITS = {"gigabyte": "GB"}
_ORIGINS = {
    "subscription": "from the subscription",
    "purchase": "bought",
    "auto_recharge": "from auto-recharge",
}


def spoken(code: str) -> str:
    """A code that this version does not know, as words: ``voice_call`` → ``Voice call``."""
    words = code.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def category(kind: str) -> str:
    """The category as people call it: ``AI Tools``; one that this version does not know, in its own word."""
    label = category_of(kind).label
    return spoken(kind) if label == kind else label


def activity_type(event: Event) -> str:
    """What kind of act the event was: ``Tool run``, ``Reversal``."""
    if event.reverses is not None:
        return "Reversal"
    return _TYPES.get((event.kind, event.activity)) or spoken(event.activity)


def unit(code: str, amount: Decimal) -> str:
    """The unit of a meter after an amount: ``2,000 credits``, ``1 hour``, ``100 GB``."""
    return _UNITS.get(code) or plural(amount, code.replace("_", " "))


def grant_origin(bucket: str, origin: str) -> str:
    """Where a grant came from: ``included, from the subscription``."""
    return f"{bucket}, {_ORIGINS.get(origin) or spoken(origin).lower()}"
