"""Reads the stored data of an organization as values of the ledger and the models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, select

from usage_tui.ledger.booked_grant import BookedGrant, Record
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.journal import GrantTotals
from usage_tui.ledger.ledger import Ledger, LedgerPosition
from usage_tui.ledger.progress import meter
from usage_tui.ledger.source_use import OVERAGE, Source
from usage_tui.ledger.spending import Terms
from usage_tui.models import (
    Allocation,
    AutoRecharge,
    Credits,
    Event,
    Links,
    Meter,
    MeterLine,
    Organization,
    PeriodUsage,
    Subscription,
    Unit,
)
from usage_tui.server.db.bulk import among
from usage_tui.server.db.instants import from_micros, to_micros
from usage_tui.server.db.rows import EventRow
from usage_tui.server.db.schema import (
    allocations,
    allowance_lines,
    allowances,
    billing_periods,
    events,
    grants,
    organizations,
    source_uses,
    subscriptions,
)

OUTSIDE = 0
"""The number of the period for events outside all periods."""

# Statements are built once, because building one takes longer than running it.
_ORG: BindParameter[str] = bindparam("org")
_ORGANIZATION = select(organizations).where(organizations.c.org_id == _ORG)
_ORGANIZATION_TO_WRITE = _ORGANIZATION.with_for_update()
_GRANTS = select(grants).where(grants.c.org_id == _ORG).order_by(grants.c.position)
_PLAN = select(subscriptions).where(subscriptions.c.org_id == _ORG)
_PERIODS = (
    select(billing_periods)
    .where(billing_periods.c.org_id == _ORG, billing_periods.c.number != OUTSIDE)
    .order_by(billing_periods.c.number.desc())
)
_PERIOD = select(billing_periods).where(
    billing_periods.c.org_id == _ORG, billing_periods.c.number == bindparam("number")
)
_PERIOD_BY_ID = _PERIODS.where(billing_periods.c.id == bindparam("id")).limit(1)
_METERS = select(allowances).where(allowances.c.org_id == _ORG).order_by(allowances.c.position)
_LINES = (
    select(allowance_lines)
    .where(allowance_lines.c.org_id == _ORG)
    .order_by(allowance_lines.c.allowance_id, allowance_lines.c.position)
)
_USES = select(source_uses.c.grant_id, source_uses.c.credits, source_uses.c.last_seq).where(
    source_uses.c.org_id == _ORG,
    source_uses.c.kind == bindparam("kind"),
    source_uses.c.source_id == bindparam("source"),
)
_EVENTS = select(events).where(events.c.org_id == _ORG, among(events.c.id, "ids"))
_PAID = (
    select(allocations.c.event_seq, allocations.c.grant_id, grants.c.bucket, allocations.c.credits)
    .join(grants, and_(grants.c.org_id == allocations.c.org_id, grants.c.id == allocations.c.grant_id))
    .where(allocations.c.org_id == _ORG, among(allocations.c.event_seq, "seqs"))
    .order_by(allocations.c.event_seq, allocations.c.position)
)


class UnknownOrganization(Exception):
    """There is no organization with this id."""


class OrganizationRow(NamedTuple):
    """The row of an organization.

    Attributes:
        unit: What every amount of it counts.
        revision: Raised by every change.
        next_change_at: The next moment at which time changes something.
        last_seq: The number of its newest event, in order of arrival.
        last_entry: The number of its newest journal entry.
        period_number: Which of its periods is the current one.
        credits_booked: The sum of all events without their signs, in millionths.
        quantity_booked: The same for the quantities.
    """

    org: Organization
    unit: Unit
    low_threshold: Credits | None
    revision: int
    next_change_at: datetime
    position: LedgerPosition
    last_seq: int
    last_entry: int
    period_number: int
    credits_booked: int
    quantity_booked: int


class Plan(NamedTuple):
    """A subscription and what goes with it.

    Attributes:
        included: What each period grants.
        anchored_at: The start of the first period.
    """

    subscription: Subscription
    included: Credits
    anchored_at: datetime
    auto_recharge: AutoRecharge | None
    links: Links


class BillingPeriod(NamedTuple):
    """A period and what its events cost."""

    number: int
    id: str
    starts_at: datetime
    ends_at: datetime
    usage: PeriodUsage

    def holds(self, at: datetime) -> bool:
        """Whether it contains an instant."""
        return self.starts_at <= at < self.ends_at


def read_organization(
    connection: Connection, org_id: str, *, to_write: bool = False
) -> OrganizationRow | None:
    """The organization's row, locked for this transaction if `to_write` is set.

    Returns:
        None if the organization does not exist.
    """
    query = _ORGANIZATION_TO_WRITE if to_write else _ORGANIZATION
    row = connection.execute(query, {"org": org_id}).one_or_none()
    return None if row is None else organization_of(row)


def organizations_due(connection: Connection, now: datetime) -> list[str]:
    """The IDs of the organizations with effects of time that are not booked yet."""
    columns = organizations.c
    query = select(columns.org_id).where(columns.next_change_at <= to_micros(now))
    return list(connection.scalars(query.order_by(columns.org_id)))


def organization_of(row: Row[*tuple[Any, ...]]) -> OrganizationRow:
    """An organization from a row with the columns of `organizations`."""
    return OrganizationRow(
        org=Organization(id=row.org_id, name=row.name, time_zone=row.time_zone),
        unit=Unit(code=row.unit),
        low_threshold=None if row.low_threshold is None else Credits(row.low_threshold),
        revision=row.revision,
        next_change_at=from_micros(row.next_change_at),
        position=LedgerPosition(from_micros(row.stands_at), from_micros(row.last_event_at), row.overage),
        last_seq=row.last_seq,
        last_entry=row.last_entry,
        period_number=row.period_number,
        credits_booked=row.credits_booked,
        quantity_booked=row.quantity_booked,
    )


def read_ledger(
    connection: Connection, organization: OrganizationRow, record: Record | None = None
) -> Ledger:
    """The organization's ledger as it was stored."""
    rows = connection.execute(_GRANTS, {"org": organization.org.id})
    grants = [_booked_grant(row, record) for row in rows]
    order = {one.terms.id: one.order for one in grants}

    def earlier_use(source: Source) -> Iterable[tuple[str, int]]:
        kind, source_id = source
        values = {"org": organization.org.id, "kind": kind, "source": source_id}
        found = list(connection.execute(_USES, values))
        # Of the grants that paid for one event, the later one in the order of spending was used last.
        found.sort(key=lambda row: (row.last_seq, row.grant_id == OVERAGE, order.get(row.grant_id)))
        return [(row.grant_id, row.credits) for row in found]

    return Ledger.restored(organization.position, grants, record, earlier_use)


def read_plan(connection: Connection, org_id: str) -> Plan:
    """The organization's subscription."""
    row = connection.execute(_PLAN, {"org": org_id}).one()
    recharge = None
    if row.recharge_enabled is not None:
        threshold = None if row.recharge_threshold is None else Credits(row.recharge_threshold)
        recharge = AutoRecharge(enabled=row.recharge_enabled, threshold=threshold)
    return Plan(
        subscription=Subscription(
            status=row.status,
            plan=row.plan,
            cadence=row.cadence,
            ends_at=from_micros(row.ends_at),
            entitlement_active=row.entitlement_active,
        ),
        included=Credits(row.included),
        anchored_at=from_micros(row.anchored_at),
        auto_recharge=recharge,
        links=Links(buy_credits=row.buy_credits_link, auto_recharge=row.auto_recharge_link),
    )


def read_period(connection: Connection, org_id: str, number: int) -> BillingPeriod:
    """One period by its number."""
    return _period(connection.execute(_PERIOD, {"org": org_id, "number": number}).one())


def find_period(connection: Connection, org_id: str, period_id: str) -> BillingPeriod | None:
    """One period by its id; None if there is none."""
    row = connection.execute(_PERIOD_BY_ID, {"org": org_id, "id": period_id}).first()
    return None if row is None else _period(row)


def read_periods(connection: Connection, org_id: str) -> list[BillingPeriod]:
    """All periods, newest first."""
    return [_period(row) for row in connection.execute(_PERIODS, {"org": org_id})]


def read_meters(connection: Connection, org_id: str) -> tuple[Meter, ...]:
    """The allowances with their lines, in the order in which they were set."""
    lines: dict[str, list[MeterLine]] = {}
    for row in connection.execute(_LINES, {"org": org_id}):
        lines.setdefault(row.allowance_id, []).append(MeterLine(label=row.label, used=Decimal(row.used)))
    rows = connection.execute(_METERS, {"org": org_id})
    return tuple(_meter(row, lines.get(row.id, [])) for row in rows)


def events_of(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Event, ...]:
    """Events from rows of one organization, in their order, with their allocations."""
    if not rows:
        return ()
    paid: dict[int, list[Allocation]] = {}
    parts = connection.execute(_PAID, {"org": rows[0].org_id, "seqs": [row.seq for row in rows]}).all()
    for seq, grant_id, bucket, amount in parts:
        allocation = Allocation(grant_id=grant_id, bucket=bucket, credits=Credits(amount))
        paid.setdefault(seq, []).append(allocation)
    return tuple(_event(row, paid.get(row.seq, [])) for row in rows)


def find_events(connection: Connection, org_id: str, ids: Sequence[str]) -> tuple[Event, ...]:
    """The events with these IDs that exist, in any order."""
    return events_of(connection, connection.execute(_EVENTS, {"org": org_id, "ids": ids}).all())


def find_event(connection: Connection, org_id: str, event_id: str) -> Event | None:
    """One event by its id."""
    return next(iter(find_events(connection, org_id, [event_id])), None)


def is_reversed(connection: Connection, org_id: str, event_id: str) -> bool:
    """Whether an event was reversed."""
    query = select(events.c.seq).where(events.c.org_id == org_id, events.c.reverses == event_id)
    return connection.scalar(query) is not None


def calendar_of(organization: OrganizationRow) -> Calendar:
    """The days of the organization's zone."""
    return Calendar(organization.org.time_zone)


def _booked_grant(row: Row[Any], record: Record | None) -> BookedGrant:
    terms = Terms(
        id=row.id,
        description=row.description,
        bucket=row.bucket,
        origin=row.origin,
        granted_at=from_micros(row.granted_at),
        effective_at=from_micros(row.effective_at),
        expires_at=from_micros(row.expires_at),
        original=Credits(row.original),
    )
    totals = GrantTotals(row.original, row.used, row.expired, row.voided, row.remaining, row.locked)
    return BookedGrant.restored(terms, totals, record, lapsed=row.lapsed, is_voided=row.is_voided)


def _period(row: Row[Any]) -> BillingPeriod:
    usage = PeriodUsage(
        total=Credits(row.total),
        from_included=Credits(row.from_included),
        from_purchased=Credits(row.total - row.from_included - row.uncovered),
        uncovered=Credits(row.uncovered),
        event_count=row.event_count,
    )
    return BillingPeriod(row.number, row.id, from_micros(row.starts_at), from_micros(row.ends_at), usage)


def _meter(row: Row[Any], lines: list[MeterLine]) -> Meter:
    return meter(
        row.id,
        row.label,
        row.unit,
        used=Decimal(row.used),
        included=None if row.included is None else Decimal(row.included),
        resets_at=from_micros(row.resets_at),
        lines=lines,
    )


def _event(row: Row[Any], paid: list[Allocation]) -> Event:
    # To unpack a row takes a fifth of the time of asking it for each value by name.
    kept = EventRow._make(row)
    return Event(
        id=kept.id,
        occurred_at=from_micros(kept.occurred_at),
        kind=kept.kind,
        source_id=kept.source_id,
        label=kept.label,
        activity=kept.activity,
        quantity=kept.quantity,
        credits=Credits(kept.credits),
        actor=kept.actor,
        parent_id=kept.parent_id,
        reverses=kept.reverses,
        late=kept.late,
        allocations=tuple(paid),
        uncovered=Credits(kept.uncovered),
    )
