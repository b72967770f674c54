"""Whether replies speak of the period that they were asked for: the one that the summary names."""

from __future__ import annotations

from usage_tui.models import Allowances, DailyUsage, Period, Ranking, Summary

OfPeriod = Ranking | DailyUsage | Allowances


def is_of_current_period(reply: OfPeriod, summary: Summary) -> bool:
    """Whether a reply is of the summary's period, as far as it says.

    A reply of other data, or from after the period's end, may well be of another one: then the summary is the
    one that is old.
    """
    period = summary.period
    if period is None or reply.revision != summary.revision or not _is_within(reply, period):
        return True
    if isinstance(reply, DailyUsage):
        first, last = reply.range.start_date, reply.range.end_date
        in_range = period.start_date <= first and last <= period.end_date
        return in_range and reply.time_zone == summary.org.time_zone
    return reply.period is None or reply.period.id == period.id


def _is_within(reply: OfPeriod, period: Period) -> bool:
    return period.starts_at <= reply.as_of < period.ends_at
