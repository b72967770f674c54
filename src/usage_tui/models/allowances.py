"""Allowances: what is included apart from the credit pool, in units of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from usage_tui.models.period import PeriodReference


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLine:
    """One part of what an allowance has used, in its unit."""

    label: str
    used: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One allowance.

    Attributes:
        unit: ``credit``, ``hour``, ``gigabyte``, or another word.
        included: The whole allowance; None if it has no limit.
        remaining: What is left of it; None if it has no limit.
        used_fraction: `used` divided by `included`, above 1 if more was used; None if it has no limit.
        resets_at: When `used` starts again from 0; None if it never does.
        lines: The parts of `used`; None if the reply leaves them out, as the summary does.
    """

    id: str
    label: str
    unit: str
    included: Decimal | None
    used: Decimal
    remaining: Decimal | None
    used_fraction: Decimal | None
    resets_at: datetime | None = None
    lines: tuple[MeterLine, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """Every allowance with its lines. Allowances are not part of the credit balance.

    Attributes:
        period: The billing period they are counted in; None if it is not known.
    """

    as_of: datetime
    revision: int
    period: PeriodReference | None = None
    items: tuple[Meter, ...]
