"""Percentages and shares as text. Exact: integers and decimals only, never floats."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context, Decimal

# More digits than any amount has: what is left of an allowance may be very little, but not rounded away.
_FLOOR = Context(prec=60, rounding=ROUND_FLOOR)


def percent(used: Decimal, whole: Decimal) -> str:
    """Progress as a floored whole percentage: ``100%`` only when it is, ``0%`` only for nothing."""
    floored = whole_percent(used, whole)
    return f"{floored}%" if floored or used <= 0 or whole <= 0 else "<1%"


def whole_percent(used: Decimal, whole: Decimal) -> int:
    """Progress in percent, rounded down; 0 for less than nothing."""
    if used <= 0 or whole <= 0:
        return 0
    return int(_FLOOR.divide(_FLOOR.multiply(used, Decimal(100)), whole))


def share_text(share: Decimal | None) -> str:
    """A share such as ``0.4503`` as ``45.0%``; empty if there are no shares."""
    return "" if share is None else f"{share * 100:.1f}%"
