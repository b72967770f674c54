"""What is known in the tests of filters."""

from __future__ import annotations

from datetime import date, datetime

from usage_tui.filtering import Known
from usage_tui.ledger.days import Calendar

NEW_YORK = Calendar("America/New_York")


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text)


def month(first: str, after: str) -> tuple[datetime, datetime]:
    """The first instant of a month of New York, and the first of the next."""
    return NEW_YORK.bounds(date.fromisoformat(first))[0], NEW_YORK.bounds(date.fromisoformat(after))[0]


NOW = at("2026-11-22T20:30:00Z")
NOVEMBER = NEW_YORK.period("2026-11", *month("2026-11-01", "2026-12-01"), NOW)
OCTOBER = NEW_YORK.period("2026-10", *month("2026-10-01", "2026-11-01"), NOW)

KNOWN = Known(
    calendar=NEW_YORK,
    today=date(2026, 11, 22),
    period=NOVEMBER,
    last_period=OCTOBER,
    kinds=("agent_chat", "ai_tool", "voice_call"),
    sources=(("agent_chat", "Agent chat"), ("tool_contract", "Contract review"), ("tool_invoice", "Invoice")),
    actors=("maria@acme.example", "tom@acme.example"),
    activities=("message", "run", "Reversal"),
)
