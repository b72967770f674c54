"""Allowances: what is included apart from the credit pool, in its own units."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from usage_tui.frozen import frozen
from usage_tui.models.period import PeriodReference


@frozen
class MeterLine:
    """A part of what a meter counts, in the unit of the meter."""

    label: str
    used: Decimal


@frozen
class Meter:
    """One allowance.

    Attributes:
        unit: ``credit``, ``hour``, ``gigabyte``, a currency, or a word this version does not know.
        included: The whole allowance; None if it has no limit.
        remaining: What is left of it; None if it has no limit.
        used_fraction: Used over included, 0 to 1 and above; None if it has no limit, or if not reported.
        resets_at: When usage starts again from 0; None if it never does.
        lines: What the usage consists of; None if the reply leaves it out, as the summary does.
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


@frozen
class Allowances:
    """Every meter with its lines, never part of the balance.

    Attributes:
        period: The billing period that they are counted in; None if the client does not know.
    """

    as_of: datetime
    revision: int
    period: PeriodReference | None = None
    items: tuple[Meter, ...]
