"""Daily usage: amounts per civil day of the organization's zone, in all or by source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from usage_tui.frozen import frozen
from usage_tui.models.credits import Credits


@frozen
class TopSource:
    """The source that used the most on a day."""

    source_id: str
    label: str
    credits: Credits


@frozen
class Day:
    """One civil day.

    Attributes:
        count: How many messages, runs and so on, added up; None if the client does not report counts.
        complete: False for a day that can still change, such as today.
        by_kind: The amount of each category; empty if the client does not report any.
        top: The source that used the most; None if nothing was used, or if the client does not report any.
    """

    date: date
    starts_at: datetime
    ends_at: datetime
    credits: Credits
    count: int | None = None
    complete: bool = True
    by_kind: Mapping[str, Credits] = field(default_factory=dict)
    top: TopSource | None = None


@frozen
class DateRange:
    """Civil days, both ends included."""

    start_date: date
    end_date: date


@frozen
class DailyUsage:
    """Every day of a range in order, also days without usage, but none after `as_of`."""

    as_of: datetime
    revision: int
    time_zone: str
    range: DateRange
    total: Credits
    items: tuple[Day, ...]


@frozen
class SourceSeries:
    """What one source used on each day of a range.

    Attributes:
        kind: The category, as in `SourceUsage.kind`.
        credits: One amount for each day, in order.
    """

    kind: str
    source_id: str
    label: str
    credits: tuple[Credits, ...]


@frozen
class SourceDays:
    """Every source on every day of a range, none after `as_of`; the source that used most comes first.

    Attributes:
        other: The sum of the sources that the reply leaves out, for each day; None if it leaves out none.
    """

    as_of: datetime
    revision: int
    time_zone: str
    range: DateRange
    items: tuple[SourceSeries, ...]
    other: tuple[Credits, ...] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every row has one amount for each day of the range."""
        length = (self.range.end_date - self.range.start_date).days + 1
        rows = [*(item.credits for item in self.items), *([] if self.other is None else [self.other])]
        return all(len(row) == length for row in rows)

    def last(self, days: int) -> dict[tuple[str, str], tuple[Credits, ...]]:
        """What each source used on each of the last days, by its kind and id."""
        return {(item.kind, item.source_id): item.credits[-days:] for item in self.items}
