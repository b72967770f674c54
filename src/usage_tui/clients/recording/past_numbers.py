"""The numbers of the past that a recording says twice, compared: each disagreement as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from usage_tui.clients.recording.header import Header
from usage_tui.clients.recording.numbers import compare
from usage_tui.models import BillingPeriods, Credits, DailyUsage, SourceDays


def past_disagreements(header: Header) -> Iterator[str]:
    """What a header says differently of one and the same period, or of one and the same day."""
    period, usage = header.summary.period, header.summary.usage
    if isinstance(header.periods, BillingPeriods) and period is not None:
        found = header.periods.find(period.id)
        if found is not None and usage is not None:
            yield from compare("periods, total", found.usage.total, "summary, usage, total is", usage.total)
    if isinstance(header.days, DailyUsage):
        yield from _in_days(header.days, header)


def _in_days(days: DailyUsage, header: Header) -> Iterator[str]:
    amounts = {day.date: day.credits for day in days.items}
    total = Credits.total(amounts.values())
    yield from compare("days, total", days.total, "its days add up to", total)
    if isinstance(header.source_days, SourceDays):
        for day, amount in _sums(header.source_days).items():
            yield from compare(f"days, {day}", amounts.get(day), "its sources add up to", amount)
    if isinstance(header.daily, DailyUsage):
        # The first day of a period may have a part before it.
        for one in header.daily.items[1:]:
            yield from compare(f"days, {one.date}", amounts.get(one.date), "daily says", one.credits)


def _sums(known: SourceDays) -> dict[date, Credits]:
    rows = [*(item.credits for item in known.items), *filter(None, [known.other])]
    columns = zip(*rows, strict=True)
    first = known.range.start_date
    return {first + timedelta(days=number): Credits.total(column) for number, column in enumerate(columns)}
