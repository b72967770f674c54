"""Effects of time: expiries, new billing periods, the end of a paid term, resets of allowances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from usage_tui.ledger.booked_grant import NEVER
from usage_tui.ledger.cadence import next_start
from usage_tui.ledger.days import ONE_DAY
from usage_tui.ledger.progress import meter
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import Credits, Meter, PeriodUsage
from usage_tui.server.db.instants import BEGINNING, from_micros
from usage_tui.server.db.reads import (
    BillingPeriod,
    OrganizationRow,
    Plan,
    UnknownOrganization,
    read_meters,
    read_organization,
    read_period,
    read_plan,
)
from usage_tui.server.db.schema import allowances, subscriptions
from usage_tui.server.ledger_writer.allowances import Restart, start_anew
from usage_tui.server.ledger_writer.audit import UNKNOWN, Pairs, record
from usage_tui.server.ledger_writer.writer import LedgerWriter

ENDED = "ended"
_ORIGIN = "subscription"
_NO_USAGE = PeriodUsage(
    total=Credits.ZERO,
    from_included=Credits.ZERO,
    from_purchased=Credits.ZERO,
    uncovered=Credits.ZERO,
    event_count=0,
)


class LedgerInTime:
    """An organization's ledger with all effects of time up to a moment. Nothing is written.

    When the effects are computed or booked, and in how many steps, does not matter: each moment at which
    something changed is one revision, so the ledger and its revision are always the same.

    Attributes:
        organization: The organization's row as it is stored.
        now: The moment.
        restarts: For each allowance that was reset, when that was, and when it is reset next.
    """

    def __init__(self, connection: Connection, organization: OrganizationRow, now: datetime) -> None:
        """Read the ledger and apply the effects of time.

        Args:
            connection: In a transaction, which can be read-only.
            organization: The organization's row.
            now: The present. If the ledger's time is later, that is used, because it only moves forward.
        """
        org_id = organization.org.id
        self.organization = organization
        self.writer = LedgerWriter(connection, organization)
        self.now = max(now, self.writer.ledger.now)
        self.plan: Plan = read_plan(connection, org_id)
        self.period: BillingPeriod = read_period(connection, org_id, organization.period_number)
        self.connection = connection
        self.restarts: dict[str, Restart] = {}
        self._has_ended_term = False
        self._has_effects = False
        self._time_revisions = self._time_entries = 0
        if organization.next_change_at <= self.now:
            self._apply_effects()

    def row(self) -> OrganizationRow:
        """The organization's row as it will be when the effects of time are booked."""
        return self.writer.row(self._next_change(), self.organization.revision + self._time_revisions)

    def meters(self) -> tuple[Meter, ...]:
        """The allowances; those that were reset have no usage."""
        meters = read_meters(self.connection, self.writer.org_id)
        return tuple(self._current(one) for one in meters)

    def _current(self, kept: Meter) -> Meter:
        restart = self.restarts.get(kept.id)
        if restart is None:
            return kept
        none, next_at = Decimal(0), restart.next_at
        return meter(kept.id, kept.label, kept.unit, used=none, included=kept.included, resets_at=next_at)

    def start_period(self, starts_at: datetime, anchored_at: datetime) -> None:
        """Begin the next billing period and grant the included credits."""
        zone = self.organization.org.time_zone
        ends_at = next_start(starts_at, anchored_at, self.plan.subscription.cadence, zone)
        number = self.period.number + 1
        local = starts_at.astimezone(ZoneInfo(zone))
        period_id = f"{local:%Y-%m}"
        if self.period.id.startswith(period_id):
            period_id = f"{local:%Y-%m-%d}"
        self.period = BillingPeriod(number, period_id, starts_at, ends_at, _NO_USAGE)
        self.writer.open_period(self.period)
        self.grant_included()

    def grant_included(self) -> None:
        """Grant the included credits of the current period, once."""
        period, plan = self.period, self.plan
        terms = (grant.terms for grant in self.writer.ledger.booked_grants)
        known = any(
            (other.bucket, other.origin, other.effective_at) == (INCLUDED, _ORIGIN, period.starts_at)
            for other in terms
        )
        if known or not plan.included:
            return
        self.writer.grant(
            Terms(
                id=f"period-{period.number}",
                description=f"{plan.subscription.plan} plan, {period.id}".strip(),
                bucket=INCLUDED,
                origin=_ORIGIN,
                granted_at=period.starts_at,
                effective_at=period.starts_at,
                expires_at=period.ends_at,
                original=plan.included,
            )
        )

    def set_locks(self, at: datetime, *, locked: bool) -> None:
        """Lock or unlock every purchased grant."""
        change = self.writer.ledger.lock if locked else self.writer.ledger.unlock
        for grant in list(self.writer.ledger.booked_grants):
            if grant.terms.bucket == PURCHASED:
                change(grant.terms.id, at=at)

    def _apply_effects(self) -> None:
        """Apply, in order of time, what happened since the ledger was last open."""
        ledger, pending = self.writer.ledger, self.writer.pending
        stood_at, moments = ledger.now, set(self._effects())
        # An organization that was never used begins with its first period.
        began_at = self.period.starts_at if stood_at == BEGINNING else stood_at
        while self.plan.subscription.entitlement_active:
            term_ends_at = self.plan.subscription.ends_at or NEVER
            due = min(term_ends_at, self.period.ends_at)
            if due > self.now:
                break
            ledger.advance(max(due, ledger.now))
            if term_ends_at <= self.period.ends_at:
                self._end_term(ledger.now)
            else:
                self.start_period(self.period.ends_at, self.plan.anchored_at)
            moments.update(self._effects())
        self._restart_counts()
        passed = [moment for moment in moments if stood_at < moment <= self.now]
        days = 0
        if began_at <= self.now:
            calendar = self.writer.calendar
            today = calendar.date_of(self.now)
            days = (today - calendar.date_of(began_at)).days
            # Not to now: the ledger's time must not depend on when this was booked.
            ledger.advance(max(ledger.now, began_at, calendar.bounds(today)[0] if days else began_at))
        ledger.advance(max([ledger.now, *passed]))
        self._has_effects = self._has_effects or bool(ledger.now != stood_at or self.restarts)
        self._time_revisions += len(passed) + days
        self._time_entries += self.writer.pending - pending

    def _restart_counts(self) -> None:
        """Reset the allowances that are due."""
        next_at = self.period.ends_at if self.period.ends_at > self.now else None
        for allowance_id, resets_at in self._resets():
            if resets_at <= self.now:
                self.restarts[allowance_id] = Restart(resets_at, next_at)

    def _end_term(self, at: datetime) -> None:
        ended = replace(self.plan.subscription, status=ENDED, entitlement_active=False)
        self.plan = self.plan._replace(subscription=ended)
        self._has_ended_term = True
        self.set_locks(at, locked=True)

    def _next_change(self) -> datetime:
        """The first moment after now at which time alone changes a reply."""
        return min(moment for moment in self._moments() if moment > self.now)

    def _moments(self) -> Iterator[datetime]:
        yield NEVER
        # The days that are left, and the last day shown, change at midnight.
        yield self.writer.calendar.bounds(self.writer.calendar.date_of(self.now) + ONE_DAY)[0]
        yield from self._effects()

    def _effects(self) -> Iterator[datetime]:
        """The known moments, past and future, at which time changes the ledger."""
        yield self.period.ends_at
        yield self.plan.subscription.ends_at or NEVER
        for grant in self.writer.ledger.booked_grants:
            yield grant.terms.effective_at
            yield grant.expires_at
        for _, resets_at in self._resets():
            yield resets_at

    def _resets(self) -> Iterator[tuple[str, datetime]]:
        """The allowances that reset, and when."""
        columns = allowances.c
        query = select(columns.id, columns.resets_at).where(
            columns.org_id == self.writer.org_id, columns.resets_at.is_not(None)
        )
        for allowance_id, kept in self.connection.execute(query).all():
            restart = self.restarts.get(allowance_id)
            resets_at = from_micros(kept) if restart is None else restart.next_at
            if resets_at is not None:
                yield allowance_id, resets_at


class OpenLedger(LedgerInTime):
    """An organization's ledger, open for writing.

    Attributes:
        actor: Who makes changes, for the audit log.
        changed: Whether there are changes to save besides those that the writer has booked.
    """

    def __init__(self, connection: Connection, org_id: str, now: datetime, actor: str = UNKNOWN) -> None:
        """Open it and book the effects of time.

        Args:
            connection: In a writing transaction.
            org_id: Which organization.
            now: The present, as `LedgerInTime` takes it.
            actor: Who makes changes, for the audit log.

        Raises:
            UnknownOrganization: There is none.
        """
        organization = read_organization(connection, org_id, to_write=True)
        if organization is None:
            raise UnknownOrganization(org_id)
        super().__init__(connection, organization, now)
        self.actor = actor
        self.changed = False
        self._is_saved = False
        self._due = organization.next_change_at
        self._write_effects()

    @property
    def next_revision(self) -> int:
        """The revision that a change will have."""
        return self.organization.revision + self._time_revisions + 1

    def record(self, action: str, target: str, changes: Pairs | None = None) -> None:
        """Append an entry to the audit log."""
        org_id = self.writer.org_id
        record(self.connection, org_id, action, target, changes, at=self.now, actor=self.actor)

    def advance(self, to: datetime) -> None:
        """Move to a later moment and book the effects of time until then."""
        if to <= self.now:
            return
        self.now = to
        if self._due <= to:
            self._apply_effects()
            self._write_effects()
            self._due = self._next_change()

    def save(self) -> int:
        """Write what was booked, once at the end. If nothing was, write nothing.

        Returns:
            The revision of the ledger.

        Raises:
            RuntimeError: It was saved before: the same entries would be written twice.
        """
        if self._is_saved:
            raise RuntimeError(f"the ledger of {self.writer.org_id} was already saved")
        self._is_saved = True
        is_changed = self.changed or self.writer.pending > self._time_entries
        if not (is_changed or self._has_effects):
            return self.writer.revision
        revision = self.organization.revision + self._time_revisions + is_changed
        return self.writer.save(self._next_change(), revision)

    def _write_effects(self) -> None:
        """Write the effects that are not yet written, so that later changes find them in the database."""
        org_id = self.writer.org_id
        if self._has_ended_term:
            self.connection.execute(
                update(subscriptions)
                .where(subscriptions.c.org_id == org_id)
                .values(status=self.plan.subscription.status, entitlement_active=False)
            )
            self._has_ended_term = False
        for allowance_id, restart in self.restarts.items():
            start_anew(self.connection, org_id, allowance_id, restart)
        self.restarts.clear()
