"""Billing periods, the current and the past ones, and what each cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date, datetime

from usage_tui.frozen import frozen
from usage_tui.models.credits import Credits
from usage_tui.models.parts import LEFT_OUT_BY_DEFAULT
from usage_tui.models.period import Period
from usage_tui.models.summary import PeriodUsage


@frozen
class RollForward:
    """What grants held when a period began, and what has moved in it.

    Locked grants are among them, because they are only set aside; those that have not begun are not.

    Attributes:
        opening: What grants held when the period began.
        granted: By grants that began in the period.
        used: What grants paid.
        lapsed: What expired unused; below zero where late events used what came back after an expiry.
        voided: What was taken back.
        restored: What reversals and adjustments gave back to grants.
    """

    opening: Credits
    granted: Credits
    used: Credits
    lapsed: Credits
    voided: Credits
    restored: Credits

    @property
    def closing(self) -> Credits:
        """What grants should hold when the next period begins, or now."""
        return self.opening + self.granted - self.used - self.lapsed - self.voided + self.restored


@frozen
class PastPeriod:
    """A billing period and what its events cost.

    Attributes:
        roll_forward: The balance carried forward to the next period, or to now, for viewers with billing
            access; None if not reported.
    """

    period: Period
    usage: PeriodUsage
    roll_forward: RollForward | None = field(default=None, metadata=LEFT_OUT_BY_DEFAULT)


@frozen
class BillingPeriods:
    """Every billing period, newest first.

    Attributes:
        first_event_date: The day of the first event, in whatever period; None if there is none, or if
            the client does not tell.
    """

    as_of: datetime
    revision: int
    first_event_date: date | None = None
    items: tuple[PastPeriod, ...]

    def carrying(self, roll_forwards: Sequence[RollForward]) -> BillingPeriods:
        """The same with the balance carried forward through each, if there is one for each."""
        if len(roll_forwards) != len(self.items):
            return self
        pairs = zip(self.items, roll_forwards, strict=True)
        return replace(self, items=tuple(replace(one, roll_forward=carried) for one, carried in pairs))

    def find(self, period_id: str) -> PastPeriod | None:
        """The period with this id."""
        return next((one for one in self.items if one.period.id == period_id), None)

    def before(self, period_id: str) -> PastPeriod | None:
        """The period that came before the one with this id; None if none is known."""
        ids = [one.period.id for one in self.items]
        following = ids.index(period_id) + 1 if period_id in ids else len(ids)
        return self.items[following] if following < len(ids) else None

    def after(self, period_id: str) -> PastPeriod | None:
        """The period that came after the one with this id; None if none is known."""
        ids = [one.period.id for one in self.items]
        place = ids.index(period_id) if period_id in ids else 0
        return self.items[place - 1] if place else None
