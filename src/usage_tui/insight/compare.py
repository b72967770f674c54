"""The same point of the period before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from usage_tui.models import Credits, Day, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a period has used so far, against the period before at the same point.

    Attributes:
        days: The whole days of this period that have passed; today is not one.
        amount: What they used.
        former_days: As many days of the period before, or all of them where it was shorter.
        former: What those used.
    """

    days: int
    amount: Credits
    former_days: int
    former: Credits

    @property
    def change(self) -> Credits:
        """How much more was used."""
        return self.amount - self.former

    @property
    def percent(self) -> int | None:
        """The size of the change in whole percent of the former, rounded down.

        Zero stands for less than 1 where there is a change. None where the former is zero or less.
        """
        if self.former <= Credits.ZERO:
            return None
        return abs(self.change.micro) * 100 // self.former.micro


def same_point(
    period: Period, days: Iterable[Day], former: Period, former_days: Iterable[Day], today: date
) -> Comparison:
    """Compare the elapsed days of a period with the first days of the one before.

    Args:
        period: The current period.
        days: Its days.
        former: The period before.
        former_days: Its days.
        today: The date that is not over.
    """
    elapsed = min(max((today - period.start_date).days, 0), _length(period))
    compared = min(elapsed, _length(former))
    return Comparison(
        days=elapsed,
        amount=_first(period, days, elapsed),
        former_days=compared,
        former=_first(former, former_days, compared),
    )


def _length(period: Period) -> int:
    return (period.end_date - period.start_date).days + 1


def _first(period: Period, days: Iterable[Day], count: int) -> Credits:
    end = period.start_date + timedelta(days=count)
    return Credits.total(day.credits for day in days if period.start_date <= day.date < end)
