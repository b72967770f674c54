"""Use alone, without an organization that anything was granted to: no balance, no state, no overage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from usage_tui.importing.entries import Entry
from usage_tui.importing.former import FormerPeriods
from usage_tui.importing.organization import PeriodBounds
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import (
    BillingPeriods,
    Capabilities,
    DailyUsage,
    Event,
    Me,
    Membership,
    Organization,
    Part,
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
        periods: The month and those before it; None where nothing was used before it.
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
    entries: Sequence[Entry], *, name: str, zone: ZoneInfo, unit: str, as_of: datetime, read_as: str
) -> Spending:
    """Add up what was used in the month of a moment.

    Args:
        entries: In order of time, none after `as_of`.
        name: What the files are called.
        zone: The zone in which days are counted.
        unit: The code of the unit; empty where it is unknown.
        as_of: The moment.
        read_as: How the files were read.
    """
    calendar = Calendar(zone.key)
    bounds = month_of(as_of, zone)
    period = calendar.period(*bounds, as_of)
    rollup = PeriodRollup(period, calendar)
    former = FormerPeriods(bounds, "monthly", calendar, as_of)
    revision = len(entries)
    for entry in entries:
        former.add_use(entry.use)
        rollup.add_use(entry.use, is_counted=entry.is_counted)
    missing = "A file of usage tells of no grants; usage-tui import --org books it against some."
    org = Organization(id=_ORG_ID, name=name, time_zone=zone.key)
    summary = Summary(
        org=org,
        as_of=as_of,
        revision=revision,
        unit=Unit(code=unit),
        period=period,
        usage=_usage(rollup.usage()),
        capabilities=Capabilities(view_events=True, view_grants=True, buy_credits=False, auto_recharge=False),
        last_event_at=entries[-1].use.occurred_at if entries else None,
        not_offered={
            Part.BALANCE: f"This file doesn't report a balance. {read_as}",
            Part.INCLUDED: "A file of usage tells of no included amount.",
            Part.PLAN: "A file of usage tells of no plan.",
            Part.STATE: "A file of usage tells of no balance.",
            Part.EVENTS: "Each row of the file is the sum of a day.",
        },
    )
    membership = Membership(id=_ORG_ID, name=name, role="owner", billing_access=True, time_zone=zone.key)
    return Spending(
        me=Me(user=User(id="owner", name="Owner"), organizations=(membership,)),
        summary=summary,
        sources=rollup.ranking(as_of=as_of, revision=revision),
        daily=rollup.daily(as_of=as_of, revision=revision),
        periods=_told(former.periods(summary)),
        missing=missing,
    )


def _told(periods: BillingPeriods | None) -> BillingPeriods | None:
    """The periods without who paid, which nobody knows."""
    if periods is None:
        return None
    return replace(periods, items=tuple(replace(one, usage=_usage(one.usage)) for one in periods.items))


def _usage(usage: PeriodUsage) -> PeriodUsage:
    return replace(usage, from_included=None, from_purchased=None, uncovered=None)


def spent_events(entries: Sequence[Entry]) -> Iterator[Event]:
    """The events, newest first, made as they are asked for."""
    return map(_event, reversed(entries))


def _event(entry: Entry) -> Event:
    use = entry.use
    return Event(
        id=use.id,
        occurred_at=use.occurred_at,
        ends_at=entry.ends_at,
        kind=use.kind,
        source_id=use.source_id,
        label=use.label,
        activity=use.activity,
        quantity=use.quantity if entry.is_counted else None,
        credits=use.credits,
        actor=use.actor,
        parent_id=use.parent_id,
        reverses=entry.reverses,
    )
