"""The journal: every change of a grant in the order it was booked, enough to rebuild all totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class EntryKind(StrEnum):
    """What a journal entry did."""

    GRANTED = "granted"
    USED = "used"
    EXPIRED = "expired"
    EXPIRY_RELEASED = "expiry_released"
    VOIDED = "voided"
    REVERSED = "reversed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    OVERAGE = "overage"


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
    """Where a grant's micro-credits are; original = used + expired + voided + remaining."""

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
        case EntryKind.GRANTED:
            return totals._replace(original=totals.original + amount, remaining=remaining + amount)
        case EntryKind.USED:
            return totals._replace(used=totals.used + amount, remaining=remaining - amount)
        case EntryKind.REVERSED:
            return totals._replace(used=totals.used - amount, remaining=remaining + amount)
        case EntryKind.EXPIRED:
            return totals._replace(expired=totals.expired + amount, remaining=remaining - amount)
        case EntryKind.EXPIRY_RELEASED:
            return totals._replace(expired=totals.expired - amount, remaining=remaining + amount)
        case EntryKind.VOIDED:
            return totals._replace(voided=totals.voided + amount, remaining=remaining - amount)
        case EntryKind.LOCKED:
            return totals._replace(locked=True)
        case EntryKind.UNLOCKED:
            return totals._replace(locked=False)
        case EntryKind.OVERAGE:
            raise ValueError("an overage entry names no grant")
