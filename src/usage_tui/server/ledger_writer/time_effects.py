"""What time alone brings about: expiries, new periods, the end of a paid term, allowances that start anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from usage_tui.ledger.account import NEVER
from usage_tui.ledger.cadence import next_start
from usage_tui.ledger.days import ONE_DAY
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import Credits, PeriodUsage
from usage_tui.server.db.instants import BEGINNING, from_micros
from usage_tui.server.db.reads import (
    BillingPeriod,
    Plan,
    UnknownOrganization,
    read_account,
    read_period,
    read_plan,
)
from usage_tui.server.db.schema import allowances, subscriptions
from usage_tui.server.ledger_writer.allowances import start_anew
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


class OpenLedger:
    """An organization's ledger, open for writing, with everything booked that time has brought about.

    It does not matter when the effects of time are booked, nor in how many steps: each moment at which
    they changed something counts as one revision, so the ledger and its revision are the same.

    Attributes:
        changed: Whether there is something to save that is not in the books.
    """

    def __init__(self, connection: Connection, org_id: str, now: datetime) -> None:
        """Open and settle it.

        Args:
            connection: In a writing transaction.
            org_id: Which organization.
            now: The present; the moment at which the ledger stands where that is later, for its time
                only moves forward.

        Raises:
            UnknownOrganization: There is none.
        """
        account = read_account(connection, org_id, to_write=True)
        if account is None:
            raise UnknownOrganization(org_id)
        self.account = account
        self.books = LedgerWriter(connection, account)
        self.now = max(now, self.books.book.now)
        self.plan: Plan = read_plan(connection, org_id)
        self.period: BillingPeriod = read_period(connection, org_id, account.period_number)
        self.connection = connection
        self.changed = False
        self._is_settled = False
        self._time_revisions = self._time_entries = 0
        self._due = account.next_change_at
        if account.next_change_at <= self.now:
            self._settle()

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
        resets_at = self.period.ends_at if self.period.ends_at > self.now else None
        start_anew(self.connection, self.books.org_id, self.now, resets_at)
        passed = [moment for moment in moments if stood_at < moment <= self.now]
        days = self._days_since(min(passed, default=BEGINNING) if stood_at == BEGINNING else stood_at)
        if days:
            passed_midnight = self.books.calendar.bounds(self.books.calendar.date_of(self.now))[0]
            book.advance(max(book.now, passed_midnight))
        # Not to now: where the ledger stands must not tell when this was booked.
        book.advance(max([book.now, *passed]))
        self._is_settled = True
        self._time_revisions += len(passed) + days
        self._time_entries += self.books.pending - pending

    def _days_since(self, moment: datetime) -> int:
        """How many midnights have passed since; none before the ledger was first used."""
        date_of = self.books.calendar.date_of
        return 0 if moment == BEGINNING else (date_of(self.now) - date_of(moment)).days

    def _end_term(self, at: datetime) -> None:
        self.connection.execute(
            update(subscriptions)
            .where(subscriptions.c.org_id == self.books.org_id)
            .values(status=ENDED, entitlement_active=False)
        )
        self.plan = read_plan(self.connection, self.books.org_id)
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
        query = select(allowances.c.resets_at).where(allowances.c.org_id == self.books.org_id)
        for row in self.connection.execute(query.where(allowances.c.resets_at.is_not(None))):
            yield from_micros(row.resets_at)
