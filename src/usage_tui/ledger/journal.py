"""The journal: every change of a grant in the order it was booked, enough to rebuild all totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from usage_tui.named_tuple import NamedTuple

EntryKind = Literal[
    "granted",
    "used",
    "expired",
    "expiry_released",
    "voided",
    "reversed",
    "locked",
    "unlocked",
    "overage",
]


class Entry(NamedTuple):
    """One change.

    Attributes:
        at: When it took effect: the event's time, the expiry, the moment of the void or lock.
        grant_id: The grant it changed; None for overage, which belongs to the organization.
        amount: Micro-credits, zero or more; below zero only for overage that a reversal takes back.
        event_id: The event that caused it, where one did.
    """

    kind: EntryKind
    at: datetime
    grant_id: str | None
    amount: int
    event_id: str | None


class GrantTotals(NamedTuple):
    """How much of a grant is where, in millionths; original = used + expired + voided + remaining."""

    original: int = 0
    used: int = 0
    expired: int = 0
    voided: int = 0
    remaining: int = 0
    locked: bool = False


def replay(entries: Iterable[Entry]) -> tuple[dict[str, GrantTotals], int]:
    """Rebuild the totals of every grant, and the overage, from nothing but the journal."""
    grants: dict[str, GrantTotals] = {}
    overage = 0
    for entry in entries:
        if entry.grant_id is None:
            overage += entry.amount
        else:
            grants[entry.grant_id] = _changed(grants.get(entry.grant_id, GrantTotals()), entry)
    return grants, overage


def _changed(totals: GrantTotals, entry: Entry) -> GrantTotals:
    amount, remaining = entry.amount, totals.remaining
    match entry.kind:
        case "granted":
            return totals._replace(original=totals.original + amount, remaining=remaining + amount)
        case "used":
            return totals._replace(used=totals.used + amount, remaining=remaining - amount)
        case "reversed":
            return totals._replace(used=totals.used - amount, remaining=remaining + amount)
        case "expired":
            return totals._replace(expired=totals.expired + amount, remaining=remaining - amount)
        case "expiry_released":
            return totals._replace(expired=totals.expired - amount, remaining=remaining + amount)
        case "voided":
            return totals._replace(voided=totals.voided + amount, remaining=remaining - amount)
        case "locked":
            return totals._replace(locked=True)
        case "unlocked":
            return totals._replace(locked=False)
        case "overage":
            raise ValueError("an overage entry names no grant")
