"""The table of billing periods."""

from __future__ import annotations

from datetime import date, datetime

from usage_tui.frozen import frozen
from usage_tui.models import BillingPeriods, Credits, PastPeriod
from usage_tui.state.answer import Answer
from usage_tui.tables.head import About

SCHEMA = "usage-tui/periods/1"


@frozen
class PeriodRow:
    """A billing period: instants with the end exclusive, dates with the end inclusive.

    From `opening` on it is the balance carried forward, which is null where that is not told.

    Attributes:
        credits: What its events cost.
        uncovered: What no grant paid.
        opening: What grants held when the period began.
        granted: By grants that began in it.
        used: What grants paid.
        lapsed: What expired unused.
        voided: What was taken back.
        restored: What reversals and adjustments gave back to grants.
        closing: What grants held when the next period began, or hold now.
    """

    id: str
    start_date: date
    end_date: date
    starts_at: datetime
    ends_at: datetime
    credits: Credits
    from_included: Credits | None
    from_purchased: Credits | None
    uncovered: Credits | None
    event_count: int | None
    opening: Credits | None
    granted: Credits | None
    used: Credits | None
    lapsed: Credits | None
    voided: Credits | None
    restored: Credits | None
    closing: Credits | None


@frozen
class PeriodsAnswer(Answer):
    """Every billing period, newest first."""

    items: tuple[PeriodRow, ...]


def periods_answer(about: About, periods: BillingPeriods) -> PeriodsAnswer:
    """The table of all periods that are known."""
    return PeriodsAnswer(**about.head(SCHEMA, periods.as_of), items=tuple(map(_row, periods.items)))


def _row(one: PastPeriod) -> PeriodRow:
    carried = one.roll_forward
    return PeriodRow(
        id=one.period.id,
        start_date=one.period.start_date,
        end_date=one.period.end_date,
        starts_at=one.period.starts_at,
        ends_at=one.period.ends_at,
        credits=one.usage.total,
        from_included=one.usage.from_included,
        from_purchased=one.usage.from_purchased,
        uncovered=one.usage.uncovered,
        event_count=one.usage.event_count,
        opening=carried.opening if carried else None,
        granted=carried.granted if carried else None,
        used=carried.used if carried else None,
        lapsed=carried.lapsed if carried else None,
        voided=carried.voided if carried else None,
        restored=carried.restored if carried else None,
        closing=carried.closing if carried else None,
    )
