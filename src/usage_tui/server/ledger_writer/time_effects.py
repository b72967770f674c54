"""What time alone brings about: expiries, new periods, the end of a paid term, allowances that start anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from usage_tui.ledger.account import NEVER
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
    read_account,
    read_meters,
    read_period,
    read_plan,
)
from usage_tui.server.db.schema import allowances, subscriptions
from usage_tui.server.ledger_writer.allowances import Restart, start_anew
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
    """An organization's ledger with everything that time has brought about by a moment. Nothing is written.

    It does not matter when the effects of time are worked out or booked, nor in how many steps: each moment
    at which they changed something counts as one revision, so the ledger and its revision are the same.

    Attributes:
        account: The organization's row as it is stored.
        now: The moment.
        restarts: When each allowance whose count has started anew did so, and when it does the next time.
    """

    def __init__(self, connection: Connection, account: OrganizationRow, now: datetime) -> None:
        """Read the ledger, and let time pass in it.

        Args:
            connection: In a transaction; one that only reads will do.
            account: The organization's row.
            now: The present; the moment at which the ledger stands where that is later, for its time
                only moves forward.
        """
        org_id = account.org.id
        self.account = account
        self.books = LedgerWriter(connection, account)
        self.now = max(now, self.books.book.now)
        self.plan: Plan = read_plan(connection, org_id)
        self.period: BillingPeriod = read_period(connection, org_id, account.period_number)
        self.connection = connection
        self.restarts: dict[str, Restart] = {}
        self._has_ended_term = False
        self._is_settled = False
        self._time_revisions = self._time_entries = 0
        if account.next_change_at <= self.now:
            self._settle()

    def row(self) -> OrganizationRow:
        """The organization's row as it will be once the effects of time are booked, whenever they are."""
        return self.books.row(self._next_change(), self.account.revision + self._time_revisions)

    def meters(self) -> tuple[Meter, ...]:
        """The allowances; of those that have started anew, nothing is used."""
        meters = read_meters(self.connection, self.books.org_id)
        return tuple(self._current(one) for one in meters)

    def _current(self, kept: Meter) -> Meter:
        restart = self.restarts.get(kept.id)
        if restart is None:
            return kept
        none, next_at = Decimal(0), restart.next_at
        return meter(kept.id, kept.label, kept.unit, used=none, included=kept.included, resets_at=next_at)

    def start_period(self, starts_at: datetime, anchored_at: datetime) -> None:
        """Begin the next billing period, with what the plan includes."""
        zone = self.account.org.time_zone
        ends_at = next_start(starts_at, anchored_at, self.plan.subscription.cadence, zone)
        number = self.period.number + 1
        local = starts_at.astimezone(ZoneInfo(zone))
        period_id = f"{local:%Y-%m}"
        if self.period.id.startswith(period_id):
            period_id = f"{local:%Y-%m-%d}"
        self.period = BillingPeriod(number, period_id, starts_at, ends_at, _NO_USAGE)
        self.books.open_period(self.period)
        self.grant_included()

    def grant_included(self) -> None:
        """Grant what the plan includes for the current period, once."""
        period, plan = self.period, self.plan
        terms = (grant.terms for grant in self.books.book.accounts)
        known = any(
            (other.bucket, other.origin, other.effective_at) == (INCLUDED, _ORIGIN, period.starts_at)
            for other in terms
        )
        if known or not plan.included:
            return
        self.books.grant(
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
        change = self.books.book.lock if locked else self.books.book.unlock
        for grant in list(self.books.book.accounts):
            if grant.terms.bucket == PURCHASED:
                change(grant.terms.id, at=at)

    def _settle(self) -> None:
        """Book in the order of time what came about since the ledger was last open."""
        book, pending = self.books.book, self.books.pending
        stood_at, moments = book.now, set(self._effects())
        # An organization that was never looked at begins with its first period.
        began_at = self.period.starts_at if stood_at == BEGINNING else stood_at
        while self.plan.subscription.entitlement_active:
            term_ends_at = self.plan.subscription.ends_at or NEVER
            due = min(term_ends_at, self.period.ends_at)
            if due > self.now:
                break
            book.advance(max(due, book.now))
            if term_ends_at <= self.period.ends_at:
                self._end_term(book.now)
            else:
                self.start_period(self.period.ends_at, self.plan.anchored_at)
            moments.update(self._effects())
        self._restart_counts()
        passed = [moment for moment in moments if stood_at < moment <= self.now]
        days = 0
        if began_at <= self.now:
            calendar = self.books.calendar
            today = calendar.date_of(self.now)
            days = (today - calendar.date_of(began_at)).days
            # Not to now: where the ledger stands must not tell when this was booked.
            book.advance(max(book.now, began_at, calendar.bounds(today)[0] if days else began_at))
        book.advance(max([book.now, *passed]))
        self._is_settled = self._is_settled or bool(book.now != stood_at or self.restarts)
        self._time_revisions += len(passed) + days
        self._time_entries += self.books.pending - pending

    def _restart_counts(self) -> None:
        """Let the counts of the allowances start anew whose time has come."""
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
        yield self.books.calendar.bounds(self.books.calendar.date_of(self.now) + ONE_DAY)[0]
        yield from self._effects()

    def _effects(self) -> Iterator[datetime]:
        """When time has changed the ledger or will change it, as far as that is known now."""
        yield self.period.ends_at
        yield self.plan.subscription.ends_at or NEVER
        for grant in self.books.book.accounts:
            yield grant.terms.effective_at
            yield grant.expires_at
        for _, resets_at in self._resets():
            yield resets_at

    def _resets(self) -> Iterator[tuple[str, datetime]]:
        """The allowances whose count starts anew, and when."""
        columns = allowances.c
        query = select(columns.id, columns.resets_at).where(
            columns.org_id == self.books.org_id, columns.resets_at.is_not(None)
        )
        for allowance_id, kept in self.connection.execute(query).all():
            restart = self.restarts.get(allowance_id)
            resets_at = from_micros(kept) if restart is None else restart.next_at
            if resets_at is not None:
                yield allowance_id, resets_at


class OpenLedger(LedgerInTime):
    """An organization's ledger, open for writing.

    Attributes:
        changed: Whether there is something to save that is not in the books.
    """

    def __init__(self, connection: Connection, org_id: str, now: datetime) -> None:
        """Open it, with everything booked that time has brought about.

        Args:
            connection: In a writing transaction.
            org_id: Which organization.
            now: The present, as `LedgerInTime` takes it.

        Raises:
            UnknownOrganization: There is none.
        """
        account = read_account(connection, org_id, to_write=True)
        if account is None:
            raise UnknownOrganization(org_id)
        super().__init__(connection, account, now)
        self.changed = False
        self._due = account.next_change_at
        self._write_effects()

    @property
    def next_revision(self) -> int:
        """The revision that a change will have."""
        return self.account.revision + self._time_revisions + 1

    def advance(self, to: datetime) -> None:
        """Move on to a later moment, with all booked that time brings about until then."""
        if to <= self.now:
            return
        self.now = to
        if self._due <= to:
            self._settle()
            self._write_effects()
            self._due = self._next_change()

    def save(self) -> int:
        """Write what was booked, once at the end; where nothing was, nothing.

        Returns:
            The revision that the ledger is at.
        """
        is_changed = self.changed or self.books.pending > self._time_entries
        if not (is_changed or self._is_settled):
            return self.books.revision
        revision = self.account.revision + self._time_revisions + is_changed
        return self.books.save(self._next_change(), revision)

    def _write_effects(self) -> None:
        """Write what is not in the books, so that what is booked next finds it in the database."""
        org_id = self.books.org_id
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
