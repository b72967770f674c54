"""An organization's ledger, open for writing: everything is written in one transaction."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from usage_tui.ledger.booked_grant import BookedGrant
from usage_tui.ledger.journal import Entry, GrantTotals
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.roll_forward import MovesTally
from usage_tui.ledger.spending import INCLUDED, Terms
from usage_tui.models import Event
from usage_tui.server.db.bulk import insert_rows
from usage_tui.server.db.grant_move_rows import add_moves
from usage_tui.server.db.instants import to_micros
from usage_tui.server.db.person_sum_rows import PersonSumRows
from usage_tui.server.db.reads import (
    OUTSIDE,
    BillingPeriod,
    OrganizationRow,
    calendar_of,
    read_ledger,
    read_periods,
)
from usage_tui.server.db.rollup_rows import RollupRows
from usage_tui.server.db.rows import AllocationRow, EntryRow, EventRow
from usage_tui.server.db.schema import allocations, billing_periods, events, grants, journal, organizations
from usage_tui.server.db.source_use_rows import SourceUseRows

_SUM_LIMIT = 2**63
_USAGE = "total", "from_included", "uncovered", "event_count"
_USAGE_ADDED = [f"added_{name}" for name in _USAGE]
# Built once, because building a statement takes longer than running it.
_ADD_USAGE = (
    update(billing_periods)
    .where(
        billing_periods.c.org_id == bindparam("key_org"), billing_periods.c.number == bindparam("key_number")
    )
    .values({name: billing_periods.c[name] + bindparam(f"added_{name}") for name in _USAGE})
)


class SumTooLarge(ValueError):
    """The sums of the organization would no longer fit 64 bits."""


class LedgerWriter:
    """The ledger of one organization within one transaction.

    Changes are in the database after `save` and the end of the transaction.
    """

    def __init__(self, connection: Connection, organization: OrganizationRow) -> None:
        """Open the ledger.

        Args:
            connection: In a transaction that holds the organization's row.
            organization: That row.
        """
        self.connection = connection
        self.org_id = organization.org.id
        self.calendar = calendar_of(organization)
        self.revision = organization.revision
        self.period_number = organization.period_number
        self._organization = organization
        self._entries: list[Entry] = []
        self.ledger: Ledger = read_ledger(connection, organization, self._entries.append)
        self._kept = {grant.terms.id: _state(grant) for grant in self.ledger.booked_grants}
        self._seq, self._last_entry = organization.last_seq, organization.last_entry
        self._credits, self._quantity = organization.credits_booked, organization.quantity_booked
        self._event_rows: list[EventRow] = []
        self._part_rows: list[AllocationRow] = []
        self._rollups, self._person_sums = RollupRows(), PersonSumRows()
        self._source_uses = SourceUseRows(organization.org.id)
        self._moves = MovesTally(self._last_begun)
        self._usage: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        self.periods = read_periods(connection, self.org_id)
        self._opened: list[BillingPeriod] = []

    @property
    def pending(self) -> int:
        """How many journal entries and events are booked but not written yet."""
        return len(self._entries) + len(self._event_rows)

    def grant(self, terms: Terms) -> None:
        """Add a grant.

        Raises:
            ValueError: The id is taken, nothing is granted, or it would expire before it begins.
        """
        granted = sum(grant.terms.original.micro for grant in self.ledger.booked_grants)
        _check_sum(granted + terms.original.micro)
        self.ledger.grant(terms)

    def use(self, use: Use, *, arrived_at: datetime | None = None) -> Event:
        """Book an act of use, as `Ledger.use` does.

        Raises:
            ValueError: The credits are negative, or a sum would no longer fit 64 bits.
        """
        _check_sum(self._credits + abs(use.credits.micro))
        _check_sum(self._quantity + use.quantity)
        event = self.ledger.use(use, arrived_at=arrived_at)
        self.add(event)
        return event

    def adjust(self, use: Use, *, arrived_at: datetime | None = None) -> Event:
        """Book an adjustment, as `Ledger.adjust` does.

        Raises:
            ValueError: A sum would no longer fit 64 bits.
        """
        _check_sum(self._credits + abs(use.credits.micro))
        event = self.ledger.adjust(use, arrived_at=arrived_at)
        self.add(event)
        return event

    def reverse(self, event: Event, *, reversal_id: str, at: datetime, actor: str | None = None) -> Event:
        """Reverse an event, as `Ledger.reverse` does. The caller checks that it was not reversed before.

        Raises:
            ValueError: The event cannot be reversed.
        """
        reversal = self.ledger.reverse(event, reversal_id=reversal_id, at=at, actor=actor)
        self.add(reversal)
        return reversal

    def add(self, event: Event) -> None:
        """Store an event that was booked, and add it to all sums.

        Raises:
            ValueError: It has no quantity.
        """
        if event.quantity is None:
            raise ValueError(f"event {event.id}: its quantity is missing")
        self._seq += 1
        self._credits += abs(event.credits.micro)
        self._quantity += event.quantity
        number = self._period_of(event.occurred_at)
        row = EventRow(
            org_id=self.org_id,
            seq=self._seq,
            id=event.id,
            occurred_at=to_micros(event.occurred_at),
            local_date=self.calendar.date_of(event.occurred_at).isoformat(),
            period_number=number,
            kind=event.kind,
            source_id=event.source_id,
            label=event.label,
            activity=event.activity,
            quantity=event.quantity,
            credits=event.credits.micro,
            uncovered=event.uncovered.micro,
            actor=event.actor,
            parent_id=event.parent_id,
            reverses=event.reverses,
            late=event.late,
        )
        self._event_rows.append(row)
        self._rollups.add(row)
        self._person_sums.add(row)
        self._source_uses.add(event, self._seq)
        usage = self._usage[number]
        usage[0] += row.credits
        usage[2] += row.uncovered
        usage[3] += 1
        for position, part in enumerate(event.allocations):
            paid = part.credits.micro
            self._part_rows.append(AllocationRow(self.org_id, self._seq, position, part.grant_id, paid))
            if part.bucket == INCLUDED:
                usage[1] += paid

    def open_period(self, period: BillingPeriod) -> None:
        """Add a billing period and make it the current one."""
        self._opened.append(period)
        self.periods.insert(0, period)
        self.period_number = period.number

    def save(self, next_change_at: datetime, revision: int) -> int:
        """Write everything.

        Args:
            next_change_at: The next moment at which time changes something.
            revision: The new revision of the ledger.

        Returns:
            The revision.
        """
        self.write()
        self._rollups.save(self.connection)
        self._person_sums.save(self.connection)
        self._source_uses.save(self.connection)
        add_moves(self.connection, self.org_id, self._moves.moves)
        self._save_usage()
        row = self.row(next_change_at, revision)
        self.revision = revision
        self.connection.execute(
            update(organizations)
            .where(organizations.c.org_id == self.org_id)
            .values(
                revision=row.revision,
                next_change_at=to_micros(row.next_change_at),
                stands_at=to_micros(row.position.now),
                last_event_at=to_micros(row.position.last_event_at),
                overage=row.position.overage,
                last_seq=row.last_seq,
                last_entry=row.last_entry,
                period_number=row.period_number,
                credits_booked=row.credits_booked,
                quantity_booked=row.quantity_booked,
            )
        )
        return self.revision

    def row(self, next_change_at: datetime, revision: int) -> OrganizationRow:
        """The organization's row with everything that is booked, as `save` writes it.

        Args:
            next_change_at: The next moment at which time changes something.
            revision: The revision that the ledger is at.
        """
        return self._organization._replace(
            revision=revision,
            next_change_at=next_change_at,
            position=self.ledger.position,
            last_seq=self._seq,
            last_entry=self._last_entry + len(self._entries),
            period_number=self.period_number,
            credits_booked=self._credits,
            quantity_booked=self._quantity,
        )

    def write(self) -> None:
        """Write the events and changes so far, so that a long history need not fit in memory.

        Sums and the organization's row are left to `save`, which comes last.
        """
        for period in self._opened:
            add_period(self.connection, self.org_id, *period[:4])
        self._opened.clear()
        self._save_grants()
        self._save_entries()
        insert_rows(self.connection, events, self._event_rows)
        insert_rows(self.connection, allocations, self._part_rows)
        self._event_rows.clear()
        self._part_rows.clear()

    def _period_of(self, at: datetime) -> int:
        for period in self.periods:
            if period.holds(at):
                return period.number
        return OUTSIDE

    def _last_begun(self, at: datetime) -> int:
        for period in self.periods:
            if period.starts_at <= at:
                return period.number
        return OUTSIDE

    def _save_grants(self) -> None:
        added, changed = [], []
        for position, grant in enumerate(self.ledger.booked_grants):
            kept = self._kept.get(grant.terms.id)
            self._kept[grant.terms.id] = _state(grant)
            if kept is None:
                added.append(_terms_row(self.org_id, position, grant.terms) | _state_row(grant))
            elif kept != _state(grant):
                changed.append({"key_org": self.org_id, "key_id": grant.terms.id} | _state_row(grant))
        if added:
            self.connection.execute(insert(grants), added)
        if changed:
            this_one = (grants.c.org_id == bindparam("key_org")) & (grants.c.id == bindparam("key_id"))
            self.connection.execute(update(grants).where(this_one), changed)

    def _save_entries(self) -> None:
        rows = [
            EntryRow(self.org_id, number, kind, to_micros(at), grant_id, amount, event_id)
            for number, (kind, at, grant_id, amount, event_id) in enumerate(
                self._entries, start=self._last_entry + 1
            )
        ]
        insert_rows(self.connection, journal, rows)
        for entry in self._entries:
            self._moves.add(entry)
        self._last_entry += len(rows)
        self._entries.clear()

    def _save_usage(self) -> None:
        added = [
            {"key_org": self.org_id, "key_number": number} | dict(zip(_USAGE_ADDED, sums, strict=True))
            for number, sums in self._usage.items()
        ]
        if added:
            self.connection.execute(_ADD_USAGE, added)


def add_period(
    connection: Connection, org_id: str, number: int, period_id: str, starts_at: datetime, ends_at: datetime
) -> None:
    """Add a billing period without usage."""
    row = {
        "org_id": org_id,
        "number": number,
        "id": period_id,
        "starts_at": to_micros(starts_at),
        "ends_at": to_micros(ends_at),
        **dict.fromkeys(_USAGE, 0),
    }
    connection.execute(insert(billing_periods), row)


def _check_sum(amount: int) -> None:
    if amount >= _SUM_LIMIT:
        raise SumTooLarge("the sum would not fit 64 bits")


def _state(grant: BookedGrant) -> tuple[GrantTotals, bool, bool]:
    return grant.totals, grant.lapsed, grant.is_voided


def _state_row(grant: BookedGrant) -> dict[str, Any]:
    return {
        "used": grant.used,
        "expired": grant.expired,
        "voided": grant.voided,
        "remaining": grant.remaining,
        "locked": grant.locked,
        "lapsed": grant.lapsed,
        "is_voided": grant.is_voided,
    }


def _terms_row(org_id: str, position: int, terms: Terms) -> dict[str, Any]:
    return {
        "org_id": org_id,
        "id": terms.id,
        "position": position,
        "description": terms.description,
        "bucket": terms.bucket,
        "origin": terms.origin,
        "granted_at": to_micros(terms.granted_at),
        "effective_at": to_micros(terms.effective_at),
        "expires_at": to_micros(terms.expires_at),
        "original": terms.original.micro,
    }
