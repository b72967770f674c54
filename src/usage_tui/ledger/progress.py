"""How far an allowance is used, and how an account stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_FLOOR, Context, Decimal

from usage_tui.models import (
    CREDITS,
    AutoRecharge,
    Balance,
    Credits,
    IncludedProgress,
    Meter,
    MeterLine,
    PeriodUsage,
    Unit,
)

_DEFAULT_THRESHOLD = Credits.parse("10000")
"""The balance of credits at which auto-recharge buys, where no threshold was chosen."""

_STEP = Decimal("0.000001")
_FLOOR = Context(prec=60, rounding=ROUND_FLOOR)


def fraction(used: Decimal, whole: Decimal) -> Decimal | None:
    """Used over whole, to 6 places.

    It is rounded down, so that 1 means that nothing remains; and it is 0 only where nothing was used,
    so the smallest use counts as one step.

    Returns:
        None where the whole is zero or less: there is nothing to have used a part of.
    """
    if whole <= 0:
        return None
    part = _FLOOR.quantize(_FLOOR.divide(used, whole), _STEP)
    if used > 0:
        part = max(part, _STEP)
    return part.quantize(Decimal(1)) if part == part.to_integral_value() else part.normalize()


def included_progress(usage: PeriodUsage, balance: Balance) -> IncludedProgress | None:
    """What the period's events took from included grants, and what the live ones still hold.

    Returns:
        None where one of the two is unknown.
    """
    used, remaining = usage.from_included, balance.included
    if used is None or remaining is None:
        return None
    granted = used + remaining
    return IncludedProgress(
        granted=granted,
        used=used,
        remaining=remaining,
        used_fraction=fraction(Decimal(used.micro), Decimal(granted.micro)),
    )


def meter(
    meter_id: str,
    label: str,
    unit: str,
    *,
    used: Decimal,
    included: Decimal | None,
    resets_at: datetime | None = None,
    lines: Iterable[MeterLine] = (),
) -> Meter:
    """An allowance with what follows from its two numbers. Without `included` it has no limit."""
    return Meter(
        id=meter_id,
        label=label,
        unit=unit,
        included=included,
        used=used,
        remaining=None if included is None else included - used,
        used_fraction=None if included is None else fraction(used, included),
        resets_at=resets_at,
        lines=tuple(lines),
    )


def recharge_threshold(auto_recharge: AutoRecharge | None, unit: Unit) -> Credits | None:
    """The balance at which auto-recharge buys; None if it is off, or if that is unknown.

    The default is a number of credits, which says nothing about another unit.
    """
    if auto_recharge is None or not auto_recharge.enabled:
        return None
    return auto_recharge.threshold or (_DEFAULT_THRESHOLD if unit.code == CREDITS.code else None)


def low_threshold(
    included: IncludedProgress | None,
    auto_recharge: AutoRecharge | None,
    chosen: Credits | None = None,
    unit: Unit = CREDITS,
) -> Credits | None:
    """At or below which balance an account is low.

    It is what was chosen; else the threshold of auto-recharge where that is on; else a tenth of what the
    period includes.

    Returns:
        None where none of these is known.
    """
    if chosen is not None:
        return chosen
    recharged_at = recharge_threshold(auto_recharge, unit)
    if recharged_at is not None:
        return recharged_at
    return None if included is None else Credits(included.granted.micro // 10)


def account_state(balance: Balance, threshold: Credits | None) -> str:
    """``locked``, ``paused``, ``low`` or ``normal``: what the balance means for new work."""
    if not balance.total:
        return "locked" if balance.locked else "paused"
    return "low" if threshold is not None and balance.total <= threshold else "normal"
