"""Who pays for an act of use: the order of grants and the division of an amount among them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from usage_tui.models import Credits, Grant
from usage_tui.named_tuple import NamedTuple

INCLUDED = "included"
PURCHASED = "purchased"

Payer = TypeVar("Payer")


class Terms(NamedTuple):
    """What a grant promises; it never changes.

    Attributes:
        bucket: ``included`` or ``purchased``.
        origin: Where it came from: ``subscription``, ``purchase``, ``auto_recharge``, …
        expires_at: Exclusive; None if it never expires.
        original: The amount granted, more than zero.
    """

    id: str
    description: str
    bucket: str
    origin: str
    granted_at: datetime
    effective_at: datetime
    expires_at: datetime | None
    original: Credits

    @classmethod
    def of(cls, grant: Grant) -> Terms:
        """What a grant promised when it was given."""
        return cls(
            id=grant.id,
            description=grant.description,
            bucket=grant.bucket,
            origin=grant.origin,
            granted_at=grant.granted_at,
            effective_at=grant.effective_at,
            expires_at=grant.expires_at,
            original=grant.original,
        )

    def live_at(self, instant: datetime) -> bool:
        """Whether the grant has begun and not yet expired."""
        return self.effective_at <= instant and (self.expires_at is None or instant < self.expires_at)


def burn_order(terms: Terms) -> tuple[bool, bool, datetime, datetime, str]:
    """The sort key of spending: the grant that sorts first pays first.

    Included before purchased, so that what ends with the period goes first; then the soonest expiry,
    none last; then the earlier `effective_at`; then the id.
    """
    never = terms.expires_at is None
    return (
        terms.bucket != INCLUDED,
        never,
        terms.expires_at or terms.effective_at,
        terms.effective_at,
        terms.id,
    )


def allocate(amount: int, holdings: Iterable[tuple[Payer, int]]) -> tuple[list[tuple[Payer, int]], int]:
    """Divide an amount among payers; each gives all it has before the next gives anything.

    Args:
        amount: What to pay in millionths, zero or more.
        holdings: The payers in the order of spending, each with the millionths it holds.

    Returns:
        Who gives how much, without those who give nothing, and what remains uncovered.
    """
    payments: list[tuple[Payer, int]] = []
    if not amount:
        return payments, 0
    for payer, held in holdings:
        part = min(held, amount)
        if part:
            payments.append((payer, part))
            amount -= part
        if not amount:
            break
    return payments, amount
