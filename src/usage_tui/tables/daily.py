"""The table of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from usage_tui.frozen import frozen
from usage_tui.models import Credits, DailyUsage, DateRange, Day
from usage_tui.state.answer import Answer
from usage_tui.tables.head import About

SCHEMA = "usage-tui/daily/1"


@frozen
class DayRow:
    """One civil day in the organization's time zone.

    Attributes:
        complete: False for a day that may still change.
        count: How many uses; None if the source reports no counts.
        top_source_id: The source that used most; None if nothing was used, or if none is told.
    """

    date: date
    credits: Credits
    count: int | None
    complete: bool
    top_source_id: str | None
    top_label: str | None
    top_credits: Credits | None


@frozen
class DailyAnswer(Answer):
    """Every day of a range in order, days without use too, none after `as_of`."""

    range: DateRange
    total: Credits
    items: tuple[DayRow, ...]


def daily_answer(about: About, daily: DailyUsage) -> DailyAnswer:
    """The table of some days."""
    return DailyAnswer(
        **about.head(SCHEMA, daily.as_of),
        range=daily.range,
        total=daily.total,
        items=tuple(map(_row, daily.items)),
    )


def days_between(daily: DailyUsage, first: date, last: date) -> DailyUsage | None:
    """Some of the days, both ends included; None if earlier days are needed than are known."""
    if first < daily.range.start_date:
        return None
    items = tuple(day for day in daily.items if first <= day.date <= last)
    total = Credits.total(day.credits for day in items)
    return replace(daily, range=DateRange(start_date=first, end_date=last), total=total, items=items)


def _row(day: Day) -> DayRow:
    top = day.top
    return DayRow(
        date=day.date,
        credits=day.credits,
        count=day.count,
        complete=day.complete,
        top_source_id=top.source_id if top else None,
        top_label=top.label if top else None,
        top_credits=top.credits if top else None,
    )
