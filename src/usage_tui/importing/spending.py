"""Use alone, without an organization that anything was granted to: no balance, no state, no overage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from usage_tui.importing.entry_list import EntryList
from usage_tui.importing.former import former_periods
from usage_tui.importing.organization import PeriodBounds
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import (
    BillingPeriods,
    Capabilities,
    Credits,
    DailyUsage,
    Event,
    Me,
    Membership,
    Organization,
    Part,
    PastPeriod,
    Period,
    PeriodUsage,
    Ranking,
    Summary,
    Unit,
    User,
)

_ORG_ID = "export"


class Spending(NamedTuple):
    """What was used, as far as an export tells it.

    Attributes:
        periods: The month and those before it; None if nothing was used before it.
        missing: Why there are neither grants nor allowances.
    """

    me: Me
    summary: Summary
    sources: Ranking
    daily: DailyUsage
    periods: BillingPeriods | None
    missing: str


def month_of(as_of: datetime, zone: ZoneInfo) -> PeriodBounds:
    """The calendar month in which a moment lies."""
    first = as_of.astimezone(zone).date().replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return PeriodBounds(f"{first:%Y-%m}", _midnight(first, zone), _midnight(after, zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def state_spending(
    entries: EntryList, *, name: str, zone: ZoneInfo, unit: str, as_of: datetime, read_as: str
) -> Spending:
    """Add up what was used in the month of a moment.

    Args:
        entries: In order of time, none after `as_of`.
        name: What the files are called.
        zone: The zone in which days are counted.
        unit: The code of the unit; empty if it is unknown.
        as_of: The moment.
        read_as: How the files were read.
    """
    calendar = Calendar(zone.key)
    bounds = month_of(as_of, zone)
    period = calendar.period(*bounds, as_of)
    rollup = _added_up(entries, period, calendar, as_of)
    revision = len(entries)
    missing = "A file of usage has no grants; usage-tui import --org charges it to those of an organization."
    org = Organization(id=_ORG_ID, name=name, time_zone=zone.key)
    summary = Summary(
        org=org,
        as_of=as_of,
        revision=revision,
        unit=Unit(code=unit),
        period=period,
        usage=replace(rollup.usage(), from_included=None, from_purchased=None, uncovered=None),
        capabilities=Capabilities(view_events=True, view_grants=True, buy_credits=False, auto_recharge=False),
        last_event_at=entries[-1].use.occurred_at if entries else None,
        not_offered={
            Part.BALANCE: f"This file doesn't report a balance. {read_as}",
            Part.INCLUDED: "A file of usage has no included amount.",
            Part.PLAN: "A file of usage has no plan.",
            Part.STATE: "A file of usage has no balance.",
            Part.EVENTS: "Each row of the file is the sum of a day.",
        },
    )
    membership = Membership(id=_ORG_ID, name=name, role="owner", billing_access=True, time_zone=zone.key)
    return Spending(
        me=Me(user=User(id="owner", name="Owner"), organizations=(membership,)),
        summary=summary,
        sources=rollup.ranking(as_of=as_of, revision=revision),
        daily=rollup.daily(as_of=as_of, revision=revision),
        periods=_periods(entries, summary, bounds, calendar),
        missing=missing,
    )


def _added_up(entries: EntryList, period: Period, calendar: Calendar, until: datetime) -> PeriodRollup:
    """The days of the period as far as one moment."""
    rollup = PeriodRollup(period, calendar)
    first = calendar.date_of(period.starts_at)
    for number in range((calendar.date_of(until) - first).days + 1):
        day = first + ONE_DAY * number
        for total, events, labeled_at in entries.sums(*calendar.bounds(day)):
            rollup.add_sum(day, total, events=events, labeled_at=labeled_at)
    return rollup


def _periods(
    entries: EntryList, summary: Summary, bounds: PeriodBounds, calendar: Calendar
) -> BillingPeriods | None:
    """The month and those before it, newest first; None if nothing was used before it."""
    first = entries[0].use.occurred_at if entries else bounds.starts_at
    former = former_periods(bounds, "monthly", calendar, summary.as_of, since=first)
    items = [PastPeriod(period=period, usage=_usage(entries, period)) for period in former]
    if summary.period is None or summary.usage is None or not items:
        return None
    return BillingPeriods(
        as_of=summary.as_of,
        revision=summary.revision,
        first_event_date=calendar.date_of(first),
        items=(PastPeriod(period=summary.period, usage=summary.usage), *items),
    )


def _usage(entries: EntryList, period: Period) -> PeriodUsage:
    sums = [*entries.sums(period.starts_at, period.ends_at)]
    return PeriodUsage(
        total=Credits(sum(one.total.credits for one in sums)), event_count=sum(one.events for one in sums)
    )


def spent_events(entries: EntryList) -> Iterator[Event]:
    """The events, newest first, made as they are asked for."""
    for _, event_id, at, ends_at, words, amount, quantity, parent_id, reverses in entries.newest_first():
        assert isinstance(amount, int)  # noqa: S101 - they are rounded
        yield Event(
            id=event_id,
            occurred_at=at,
            ends_at=ends_at,
            kind=words.kind,
            source_id=words.source_id,
            label=words.label,
            activity=words.activity,
            quantity=quantity if words.is_counted else None,
            credits=Credits(amount),
            actor=words.actor,
            parent_id=parent_id,
            reverses=reverses,
        )
