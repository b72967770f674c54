"""Billing periods, the current and the past ones, and what each cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from usage_tui.models.credits import Credits
from usage_tui.models.parts import LEFT_OUT_BY_DEFAULT
from usage_tui.models.period import Period
from usage_tui.models.summary import PeriodUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class RollForward:
    """What grants held when a period began, and what has moved since, each zero or more.

    Locked grants are among them, because they are only set aside; those that have not begun are not.

    Attributes:
        granted: By grants that began in the period.
        used: What grants paid.
        lapsed: What expired unused.
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
        """What grants should hold now."""
        return self.opening + self.granted - self.used - self.lapsed - self.voided + self.restored


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPeriod:
    """A billing period and what its events cost.

    Attributes:
        roll_forward: The balance carried forward to now; None if not reported, as for all former periods.
    """

    period: Period
    usage: PeriodUsage
    roll_forward: RollForward | None = field(default=None, metadata=LEFT_OUT_BY_DEFAULT)


@dataclass(frozen=True, slots=True, kw_only=True)
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
