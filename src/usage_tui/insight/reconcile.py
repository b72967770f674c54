"""Whether the books agree, and whether events still arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from usage_tui.frozen import frozen
from usage_tui.models import BillingPeriods, Credits, DailyUsage, Ranking, RollForward, Summary

LOOK_BACK = timedelta(days=28)
"""How far before the last event the gaps between events are looked at."""

SHORTEST_SILENCE = timedelta(hours=48)
"""No shorter time without an event is worth telling."""

_SILENCE_FACTOR = 3


@frozen
class Reconciliation:
    """What a period used, by its days, by its sources and by its total; and what grants should hold now.

    Attributes:
        roll_forward: The balance carried forward; None if it is not reported.
        held: What grants hold now, locked ones too; None if there is no balance to compare with.
    """

    days: Credits
    sources: Credits
    period: Credits
    roll_forward: RollForward | None = None
    held: Credits | None = None

    @property
    def surplus(self) -> Credits:
        """How much more grants hold than they should; zero where that cannot be told."""
        if self.roll_forward is None or self.held is None:
            return Credits.ZERO
        return self.held - self.roll_forward.closing

    @property
    def agrees(self) -> bool:
        """Whether all say the same."""
        return self.days == self.sources == self.period and not self.surplus


def reconcile(
    summary: Summary, ranking: Ranking, daily: DailyUsage, periods: BillingPeriods | None = None
) -> Reconciliation | None:
    """Set the books of the current period side by side; the days must be those of the whole period.

    Returns:
        None if the replies are of different states of the organization, so that they cannot agree, or
        where the summary has no total.
    """
    if summary.usage is None or not summary.revision == ranking.revision == daily.revision:
        return None
    current = None
    if periods is not None and periods.revision == summary.revision and summary.period is not None:
        current = periods.find(summary.period.id)
    balance = summary.balance
    return Reconciliation(
        days=Credits.total(day.credits for day in daily.items),
        sources=_sum_of_rows(ranking),
        period=summary.usage.total,
        roll_forward=current.roll_forward if current is not None else None,
        held=None if balance is None else balance.total + (balance.locked or Credits.ZERO),
    )


@frozen
class Silence:
    """No event for unusually long.

    Attributes:
        last_event_at: The newest event.
        longest_gap: The longest time between two events before that.
        usual_gap: The time between two events on average.
    """

    last_event_at: datetime
    longest_gap: timedelta
    usual_gap: timedelta


def silence(times: Sequence[datetime], as_of: datetime) -> Silence | None:
    """Whether events stand still.

    Args:
        times: When events occurred, in any order, from `LOOK_BACK` before the last one on.
        as_of: The present.

    Returns:
        None unless the last event is 48 hours ago, and three times as long as the longest gap. None too where
        no gap is known.
    """
    last = max((at for at in times if at <= as_of), default=as_of)
    recent = sorted(at for at in times if last - LOOK_BACK <= at <= last)
    gaps = [later - earlier for earlier, later in pairwise(recent)]
    if not gaps:
        return None
    longest = max(gaps)
    if as_of - last < max(longest * _SILENCE_FACTOR, SHORTEST_SILENCE):
        return None
    usual = (last - recent[0]) / len(gaps)
    return Silence(last_event_at=last, longest_gap=longest, usual_gap=usual)


def _sum_of_rows(ranking: Ranking) -> Credits:
    rows = Credits.total(row.credits for row in ranking.items)
    return rows + ranking.other.credits if ranking.other else rows
