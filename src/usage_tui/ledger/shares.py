"""Percentages that add up: each amount's share of a sum. For amounts see `rounding`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

SHARE_PLACES = 4
"""Decimal places of a share in a reply."""


def shares(amounts: Sequence[int], places: int) -> tuple[Decimal, ...] | None:
    """Each amount's share of their sum, rounded to `places` decimal places; the shares add up to exactly 1.

    Every share is rounded down, and the missing steps go to the largest remainders, the earlier amount
    first if remainders are equal. So a share is less than one step from its exact value. A negative amount,
    which a refund leaves, has a negative share, and the others then add up to more than 1.

    Returns:
        None if the sum is zero or less.
    """
    total = sum(amounts)
    if total <= 0:
        return None
    steps = 10**places
    whole, remainders = [], []
    for amount in amounts:
        quotient, remainder = divmod(amount * steps, total)
        whole.append(quotient)
        remainders.append(remainder)
    by_remainder = sorted(range(len(amounts)), key=lambda index: -remainders[index])
    for index in by_remainder[: steps - sum(whole)]:
        whole[index] += 1
    return tuple(Decimal(part).scaleb(-places) for part in whole)
