"""The replies to a member of an organization, at one revision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from usage_tui.ledger.days import ONE_DAY
from usage_tui.ledger.ledger import Ledger
from usage_tui.ledger.ranking import rank
from usage_tui.ledger.roll_forward import roll_forwards
from usage_tui.ledger.rollup import daily_usage, source_days
from usage_tui.ledger.statement import BillingTerms, Viewer, make_summary, one_page
from usage_tui.models import (
    Allowances,
    BillingPeriods,
    Credits,
    DailyUsage,
    DateRange,
    EventPage,
    EventQuery,
    Grants,
    Me,
    Meter,
    PastPeriod,
    Period,
    PeriodReference,
    Ranking,
    RollForward,
    SourceDays,
    Summary,
    Unit,
)
from usage_tui.server.auth import Access, Caller, memberships_of, person
from usage_tui.server.db.grant_move_rows import read_moves
from usage_tui.server.db.reads import (
    BillingPeriod,
    OrganizationRow,
    Plan,
    calendar_of,
    find_period,
    read_ledger,
    read_meters,
    read_period,
    read_periods,
    read_plan,
)
from usage_tui.server.db.sums import (
    SourceSums,
    Span,
    read_day_sums,
    read_first_date,
    read_source_sums,
    read_source_totals,
)
from usage_tui.server.ledger_writer.audit import AuditLog, read_log
from usage_tui.server.ledger_writer.time_effects import LedgerInTime
from usage_tui.server.problems import Problem
from usage_tui.server.replies.pages import read_page

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CURRENT = "current"
"""Stands for the ID of the current billing period, or the last one if there is none now."""


class View(NamedTuple):
    """An organization as a member sees it in one snapshot.

    Attributes:
        organization: Its row, including effects of time that are not booked yet.
        now: The current time, not before the last booking.
        ahead: The ledger with effects of time that are not booked yet; None if there are none.
    """

    connection: Connection
    organization: OrganizationRow
    access: Access
    now: datetime
    ahead: LedgerInTime | None = None

    @property
    def today(self) -> date:
        """Today's date in the organization's time zone."""
        return calendar_of(self.organization).date_of(self.now)

    @property
    def unit(self) -> Unit:
        """What the organization's amounts count."""
        return self.organization.unit

    def ledger(self) -> Ledger:
        """The grants as they stand now."""
        ledger = self.ahead.writer.ledger if self.ahead else read_ledger(self.connection, self.organization)
        ledger.advance(self.now)
        return ledger

    def plan(self) -> Plan:
        """The subscription."""
        return self.ahead.plan if self.ahead else read_plan(self.connection, self.organization.org.id)

    def current_period(self) -> BillingPeriod:
        """The current billing period, or the last one."""
        if self.ahead:
            return self.ahead.period
        return read_period(self.connection, self.organization.org.id, self.organization.period_number)

    def periods(self) -> list[BillingPeriod]:
        """Every billing period, newest first."""
        if self.ahead:
            return self.ahead.writer.periods
        return read_periods(self.connection, self.organization.org.id)

    def find_period(self, period_id: str) -> BillingPeriod | None:
        """The billing period with this id; None if there is none."""
        if self.ahead:
            return next((period for period in self.periods() if period.id == period_id), None)
        return find_period(self.connection, self.organization.org.id, period_id)

    def meters(self) -> tuple[Meter, ...]:
        """The allowances with their lines."""
        return self.ahead.meters() if self.ahead else read_meters(self.connection, self.organization.org.id)

    def shown(self, period: BillingPeriod) -> Period:
        """A billing period as a reply shows it."""
        calendar = calendar_of(self.organization)
        return calendar.period(period.id, period.starts_at, period.ends_at, self.now)


Build = Callable[[View], "DataclassInstance"]
ReadSums = Callable[[Connection, Span], SourceSums]


def me(connection: Connection, caller: Caller) -> Me:
    """The viewer and their organizations.

    Raises:
        Problem: The token belongs to a machine.
    """
    user = person(caller)
    return Me(user=user, organizations=memberships_of(connection, user))


def summary(view: View) -> Summary:
    """Balance, period, progress and state."""
    plan, period = view.plan(), view.current_period()
    billing = BillingTerms(
        org=view.organization.org,
        period=view.shown(period),
        subscription=plan.subscription,
        auto_recharge=plan.auto_recharge,
        chosen_threshold=view.organization.low_threshold,
        meters=view.meters(),
        links=plan.links,
        unit=view.unit,
    )
    viewer = Viewer(*view.access)
    return make_summary(view.ledger(), period.usage, billing, viewer, revision=view.organization.revision)


def sources(view: View, period_id: str, limit: int) -> Ranking:
    """The sources of a period, highest first.

    Raises:
        Problem: The period does not exist.
    """
    span = span_of(view, period_of(view, period_id))
    totals = read_source_totals(view.connection, span)
    ranking = rank(totals, as_of=view.now, revision=view.organization.revision, limit=limit)
    return replace(ranking, period=PeriodReference(id=span.period.id))


def daily_of_period(view: View, period_id: str = CURRENT) -> DailyUsage:
    """The days of a period up to today.

    Raises:
        Problem: The period does not exist.
    """
    return _daily(view, span_of(view, period_of(view, period_id)))


def daily_of_last(view: View, days: int) -> DailyUsage:
    """A number of days up to today."""
    return daily_between(view, view.today - ONE_DAY * (days - 1), view.today)


def daily_between(view: View, first: date, last: date) -> DailyUsage:
    """The days from one to another, both inclusive, up to today and at most the last `LONGEST_RANGE`.

    A range in the future, or one that ends before it begins, has no days.
    """
    span = _span_between(view, first, last)
    if span is not None:
        return _daily(view, span)
    return DailyUsage(
        as_of=view.now,
        revision=view.organization.revision,
        time_zone=view.organization.org.time_zone,
        range=DateRange(start_date=first, end_date=last),
        total=Credits.ZERO,
        items=(),
    )


def source_days_between(
    view: View, first: date, last: date, limit: int, read: ReadSums = read_source_sums
) -> SourceDays:
    """Every source on the same days as `daily_between`, those that used most first.

    Args:
        view: Of which organization, and for whom.
        first: The first day.
        last: The last day.
        limit: The most sources; the others are added up.
        read: Reads the sums of a span: those of sources, or of people in their place.
    """
    span = _span_between(view, first, last)
    if span is not None:
        totals, amounts = read(view.connection, span)
        return source_days(
            span.period,
            calendar_of(view.organization),
            totals,
            amounts,
            as_of=view.now,
            revision=view.organization.revision,
            limit=limit,
        )
    return SourceDays(
        as_of=view.now,
        revision=view.organization.revision,
        time_zone=view.organization.org.time_zone,
        range=DateRange(start_date=first, end_date=last),
        items=(),
    )


def events(view: View, read_query: Callable[[], EventQuery], cursor: str | None, limit: int) -> EventPage:
    """A page of events.

    Args:
        view: The organization.
        read_query: Returns the query. It is called only for viewers who can see events.
        cursor: A cursor of an earlier page; None for the first page.
        limit: The most rows.

    Raises:
        Problem: The viewer has no billing access, or the cursor is not for this walk.
    """
    view.access.require_billing()
    return read_page(
        view.connection, view.organization, read_query(), cursor=cursor, limit=limit, now=view.now
    )


def grants(view: View, status: str | None) -> Grants:
    """All grants, or those with a status, in the order they are spent.

    Raises:
        Problem: The viewer has no billing access.
    """
    view.access.require_billing()
    items = view.ledger().grants()
    if status is not None:
        items = tuple(grant for grant in items if grant.status == status)
    return one_page(items, as_of=view.now, revision=view.organization.revision)


def allowances(view: View) -> Allowances:
    """Every meter with its lines."""
    return Allowances(
        as_of=view.now,
        revision=view.organization.revision,
        period=PeriodReference(id=view.current_period().id),
        items=view.meters(),
    )


def billing_periods(view: View) -> BillingPeriods:
    """Every billing period, with the balance carried forward for a viewer with billing access."""
    periods = view.periods()
    told = BillingPeriods(
        as_of=view.now,
        revision=view.organization.revision,
        first_event_date=read_first_date(view.connection, view.organization.org.id),
        items=tuple(PastPeriod(period=view.shown(period), usage=period.usage) for period in periods),
    )
    return told.carrying(_roll_forwards(view, periods)) if view.access.billing_access else told


def audit_log(view: View, before: int | None, limit: int) -> AuditLog:
    """Who changed what, newest first.

    Raises:
        Problem: The viewer is not an owner.
    """
    view.access.require_owner()
    entries = read_log(view.connection, view.organization.org.id, before, limit + 1)
    items = tuple(entries[:limit])
    return AuditLog(
        as_of=view.now,
        revision=view.organization.revision,
        items=items,
        next_before=items[-1].number if len(entries) > limit else None,
    )


def _roll_forwards(view: View, periods: Sequence[BillingPeriod]) -> tuple[RollForward, ...]:
    starts = [period.starts_at for period in reversed(periods)]
    moves = read_moves(view.connection, view.organization.org.id)
    return roll_forwards(starts, view.ledger().booked_grants, moves, view.now)


def period_of(view: View, period_id: str) -> BillingPeriod:
    """The billing period with this ID.

    Raises:
        Problem: There is none.
    """
    period = view.current_period() if period_id == CURRENT else view.find_period(period_id)
    if period is None:
        raise Problem("not_found", "There is no billing period with this ID.")
    return period


def span_of(view: View, period: BillingPeriod) -> Span:
    """The days of a billing period."""
    return Span(view.organization.org.id, view.shown(period), period.number)


def _span_between(view: View, first: date, last: date) -> Span | None:
    """The days from one to another, none after today, and the last `LONGEST_RANGE`; None if none is left."""
    period = calendar_of(view.organization).span(first, last, view.now)
    return None if period is None else Span(view.organization.org.id, period, None)


def _daily(view: View, span: Span) -> DailyUsage:
    sums = read_day_sums(view.connection, span)
    calendar, revision = calendar_of(view.organization), view.organization.revision
    return daily_usage(span.period, calendar, sums, as_of=view.now, revision=revision)
