"""The table of allowances and their parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from usage_tui.frozen import frozen
from usage_tui.models import Allowances, Meter, PeriodReference
from usage_tui.state.answer import Answer
from usage_tui.tables.head import About

SCHEMA = "usage-tui/allowances/1"


@frozen
class AllowanceRow:
    """A meter, or a part of what it counts.

    Attributes:
        part: What part; None for the whole meter.
        unit: The code of its unit.
        included: The whole allowance; None if it has no limit, and for a part.
    """

    id: str
    label: str
    part: str | None
    unit: str
    used: Decimal
    included: Decimal | None
    remaining: Decimal | None
    used_fraction: Decimal | None
    resets_at: datetime | None


@frozen
class AllowancesAnswer(Answer):
    """Every meter, followed by its parts."""

    period: PeriodReference | None
    items: tuple[AllowanceRow, ...]


def allowances_answer(about: About, meters: Allowances) -> AllowancesAnswer:
    """The table of all meters."""
    return AllowancesAnswer(
        **about.head(SCHEMA, meters.as_of),
        period=meters.period,
        items=tuple(row for meter in meters.items for row in _rows(meter)),
    )


def _rows(meter: Meter) -> Iterator[AllowanceRow]:
    yield AllowanceRow(
        id=meter.id,
        label=meter.label,
        part=None,
        unit=meter.unit,
        used=meter.used,
        included=meter.included,
        remaining=meter.remaining,
        used_fraction=meter.used_fraction,
        resets_at=meter.resets_at,
    )
    for line in meter.lines or ():
        yield AllowanceRow(
            id=meter.id,
            label=meter.label,
            part=line.label,
            unit=meter.unit,
            used=line.used,
            included=None,
            remaining=None,
            used_fraction=None,
            resets_at=meter.resets_at,
        )
