"""Amounts, percentages and counts as text. Exact: integers and decimals only, never floats."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Context, Decimal

from usage_tui.models import Credits
from usage_tui.models.credits import MICRO_PER_CREDIT

# More digits than any amount has: what is left of an allowance may be very little, but not rounded away.
_FLOOR = Context(prec=60, rounding=ROUND_FLOOR)


def places(amounts: Iterable[Credits]) -> int:
    """The decimals that all the amounts need together: none, or 2 to 6."""
    needed = 0
    for amount in amounts:
        fraction = f"{abs(amount.micro) % MICRO_PER_CREDIT:06d}".rstrip("0")
        needed = max(needed, len(fraction))
    return needed and max(2, needed)


def credits_text(amount: Credits, decimals: int | None = None) -> str:
    """An amount such as ``3,759.50``, with the decimals of its column or else those it needs."""
    decimals = places((amount,)) if decimals is None else decimals
    whole, fraction = divmod(abs(amount.micro), MICRO_PER_CREDIT)
    sign = "-" if amount.micro < 0 else ""
    point = f".{fraction:06d}"[: decimals + 1] if decimals else ""
    return f"{sign}{whole:,}{point}"


def decimal_text(number: Decimal) -> str:
    """A number in its own unit, as given: ``41.2``, ``2,000``."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(used: Decimal, whole: Decimal) -> str:
    """Progress as a floored whole percentage: ``100%`` only when it is, ``0%`` only for nothing."""
    if used <= 0 or whole <= 0:
        return "0%"
    floored = int(_FLOOR.divide(_FLOOR.multiply(used, Decimal(100)), whole))
    return f"{floored}%" if floored else "<1%"


def share_text(share: Decimal | None) -> str:
    """A share such as ``0.4503`` as ``45.0%``; empty where there are no shares."""
    return "" if share is None else f"{share * 100:.1f}%"


def count_noun(count: int, noun: str) -> str:
    """A count with its noun: ``1 run``, ``1,412 messages``."""
    return f"{count:,} {plural(count, noun)}"


def plural(count: int | Decimal, noun: str) -> str:
    """The noun in the form that the count asks for: ``run``, ``runs``, ``queries``."""
    if abs(count) == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
