"""How much of what is included has been used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_FLOOR, Context, Decimal

from usage_tui.models import Balance, IncludedProgress, Meter, MeterLine, PeriodUsage

_STEP = Decimal("0.000001")
_FLOOR = Context(prec=60, rounding=ROUND_FLOOR)


def fraction(used: Decimal, whole: Decimal) -> Decimal | None:
    """Used over whole, to 6 places.

    It is rounded down, so that 1 means that nothing remains; and it is 0 only where nothing was used,
    so the smallest use counts as one step.

    Returns:
        None if the whole is zero or less: there is nothing to have used a part of.
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
        None if one of the two is unknown.
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
