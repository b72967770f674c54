"""Allowances: what is included apart from the credit pool, in units of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from usage_tui.models.period import PeriodReference


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLine:
    """One part of what a meter counts, in the meter's unit."""

    label: str
    used: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One allowance.

    Attributes:
        unit: ``credit``, ``hour``, ``gigabyte``, a currency, or a word this version does not know.
        included: The whole allowance; None where it has no limit.
        remaining: What is left of it; None where it has no limit.
        used_fraction: Used over included, 0 to 1 and above; None where it has no limit, or untold.
        resets_at: When it starts anew; None where it never does.
        lines: What makes up the use; None where the reply leaves it out, as the summary does.
    """

    id: str
    label: str
    unit: str
    included: Decimal | None
    used: Decimal
    remaining: Decimal | None
    used_fraction: Decimal | None = None
    resets_at: datetime | None = None
    lines: tuple[MeterLine, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """Every meter with its lines, never part of the balance.

    Attributes:
        period: The billing period that they are counted in; None where the client does not know.
    """

    as_of: datetime
    revision: int
    period: PeriodReference | None = None
    items: tuple[Meter, ...]
