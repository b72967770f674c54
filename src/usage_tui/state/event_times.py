"""When events occurred, as far back as that is known: the newest one by one, the earlier ones by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from usage_tui.insight.reconcile import LOOK_BACK
from usage_tui.models import Day, Event

_MOST_A_DAY = 1000


def event_times(events: Sequence[Event], days: Sequence[Day], last: datetime) -> list[datetime]:
    """The times of the newest events, and before the first of them of as many as each day had.

    Those of a day are spread evenly over it, so that a gap of whole days is as long as it was, and the gaps
    within a day are about as long as they were.

    Args:
        events: The newest ones; none where they are not known.
        days: The days.
        last: The time of the newest event.
    """
    times = [event.occurred_at for event in events]
    oldest = min(times, default=last)
    if last not in times:
        times.append(last)
    earlier = (at for day in days if last - LOOK_BACK < day.ends_at for at in _spread(day))
    return times + [at for at in earlier if at < oldest]


def _spread(day: Day) -> Iterator[datetime]:
    count = min(day.count or int(bool(day.credits)), _MOST_A_DAY)
    length = day.ends_at - day.starts_at
    return (day.starts_at + length * (2 * number + 1) / (2 * count) for number in range(count))
