"""The book of one organization: its grants, and every use booked against them in order of arrival."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from usage_tui.ledger.journal import Entry, EntryKind
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms, allocate, burn_order
from usage_tui.models import Allocation, Balance, Credits, Event, Expiry, Grant

GRACE = timedelta(hours=72)
"""How long after a grant's expiry an event of its lifetime may still arrive and draw on it."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


class LedgerError(Exception):
    """The book cannot make this entry; nothing has changed."""


class NothingLeft(LedgerError):
    """The grant holds nothing that could be voided."""


class AlreadyReversed(LedgerError):
    """The event was given back before."""


class Use(NamedTuple):
    """An act of use as it is reported, before anyone has paid for it. See `Event`."""

    id: str
    occurred_at: datetime
    kind: str
    source_id: str
    label: str
    activity: str
    credits: Credits
    quantity: int = 1
    actor: str | None = None
    parent_id: str | None = None


class _Account:
    """Where a grant's micro-credits are; original = used + expired + voided + remaining."""

    __slots__ = ("expired", "is_voided", "lapsed", "locked", "order", "remaining", "terms", "used", "voided")

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.order = burn_order(terms)
        self.remaining = terms.original.micro
        self.used = self.expired = self.voided = 0
        self.lapsed = self.is_voided = self.locked = False

    def usable_at(self, now: datetime) -> bool:
        return self.remaining > 0 and not self.locked and self.terms.live_at(now)

    def status_at(self, now: datetime) -> str:
        if self.is_voided:
            return "voided"
        if not self.remaining:
            return "expired" if self.expired else "used"
        if self.locked:
            return "locked"
        return "active" if self.terms.live_at(now) else "scheduled"


class Book:
    """Grants and what was booked against them.

    Time only moves forward: every booking moves it to its own moment, and `advance` to any later one.
    What `grants` and `balance` say holds for that moment, `now`.
    """

    def __init__(self, record: Callable[[Entry], None] | None = None) -> None:
        """Open an empty book.

        Args:
            record: Called with every journal entry, in order.
        """
        self._record = record
        self._accounts: dict[str, _Account] = {}
        self._payers: list[_Account] | None = None
        self._reversed: set[str] = set()
        self._overage = 0
        self._now = _BEGINNING
        self._next_change = _NEVER
        self._last_lapse = _BEGINNING
        self._last_event_at = _BEGINNING

    @property
    def now(self) -> datetime:
        """The moment of the last booking, or of the last `advance` where that was later."""
        return self._now

    @property
    def last_event_at(self) -> datetime | None:
        """The time of the newest event; None before the first."""
        return None if self._last_event_at is _BEGINNING else self._last_event_at

    def grant(self, terms: Terms) -> None:
        """Add a grant. It pays for no use that was booked before.

        Raises:
            ValueError: The id is taken, nothing is granted, or it would expire before it begins.
        """
        if terms.id in self._accounts:
            raise ValueError(f"grant {terms.id}: the id is taken")
        if terms.original <= Credits.ZERO:
            raise ValueError(f"grant {terms.id}: the amount must be more than 0")
        if terms.expires_at is not None and terms.expires_at <= terms.effective_at:
            raise ValueError(f"grant {terms.id}: it would expire before it begins")
        account = self._accounts[terms.id] = _Account(terms)
        self._write(EntryKind.GRANTED, terms.granted_at, account, account.remaining)
        self._next_change = min(self._next_change, terms.expires_at or _NEVER)
        self._payers = None
        self.advance(self._now)

    def use(self, use: Use, *, arrived_at: datetime | None = None) -> Event:
        """Book an act of use; the grants that were live at its time pay in the order of spending.

        Args:
            use: What was used. Its credits are zero or more; only a reversal gives credits back.
            arrived_at: When it arrived. Without it, at its own time, or now where that is later.

        Raises:
            ValueError: The credits are negative.
        """
        amount = use.credits.micro
        if amount < 0:
            raise ValueError(f"event {use.id}: negative credits; only a reversal gives credits back")
        self.advance(max(arrived_at or use.occurred_at, self._now))
        occurred_at = use.occurred_at
        self._last_event_at = max(self._last_event_at, occurred_at)
        payers = [account for account in self._open_accounts() if account.terms.live_at(occurred_at)]
        parts, uncovered = allocate(amount, [account.remaining or account.expired for account in payers])
        allocations = []
        for account, part in zip(payers, parts, strict=False):
            self._pay(account, part, use)
            allocations.append(
                Allocation(
                    grant_id=account.terms.id,
                    bucket=account.terms.bucket,
                    credits=use.credits if part == use.credits.micro else Credits(part),
                )
            )
        if uncovered:
            self._overage += uncovered
            self._write(EntryKind.OVERAGE, occurred_at, None, uncovered, use.id)
        return Event(
            id=use.id,
            occurred_at=occurred_at,
            kind=use.kind,
            source_id=use.source_id,
            label=use.label,
            activity=use.activity,
            quantity=use.quantity,
            credits=use.credits,
            actor=use.actor,
            parent_id=use.parent_id,
            late=occurred_at < self._last_lapse and self._is_late(occurred_at),
            allocations=tuple(allocations),
            uncovered=Credits(uncovered) if uncovered else Credits.ZERO,
        )

    def reverse(self, event: Event, *, reversal_id: str, at: datetime, actor: str | None = None) -> Event:
        """Give an event's credits back to the grants that paid them, as an event of its own.

        What returns to a grant that has lapsed or was voided meanwhile lapses or is voided at once. The
        reversal stands for no further run or message, so its quantity is 0.

        Raises:
            AlreadyReversed: It was reversed before.
            ValueError: The event is itself a reversal.
        """
        if event.reverses is not None:
            raise ValueError(f"event {event.id}: a reversal cannot be reversed")
        if event.id in self._reversed:
            raise AlreadyReversed(f"event {event.id} was reversed before")
        self.advance(at)
        self._reversed.add(event.id)
        self._last_event_at = max(self._last_event_at, at)
        for allocation in event.allocations:
            self._give_back(self._accounts[allocation.grant_id], allocation.credits.micro, reversal_id)
        if event.uncovered:
            self._overage -= event.uncovered.micro
            self._write(EntryKind.OVERAGE, at, None, -event.uncovered.micro, reversal_id)
        return Event(
            id=reversal_id,
            occurred_at=at,
            kind=event.kind,
            source_id=event.source_id,
            label=event.label,
            activity="reversal",
            quantity=0,
            credits=-event.credits,
            actor=actor,
            reverses=event.id,
            allocations=tuple(
                Allocation(grant_id=part.grant_id, bucket=part.bucket, credits=-part.credits)
                for part in event.allocations
            ),
            uncovered=-event.uncovered,
        )

    def void(self, grant_id: str, *, at: datetime) -> None:
        """Take back what a grant still holds; what was used stays used. A repeat changes nothing.

        Raises:
            NothingLeft: All of it is used or expired.
        """
        self.advance(at)
        account = self._accounts[grant_id]
        if account.is_voided:
            return
        if not account.remaining:
            raise NothingLeft(f"grant {grant_id} has nothing left to void")
        account.is_voided = True
        self._payers = None
        self._move_to_voided(account, account.remaining, None)

    def lock(self, grant_id: str, *, at: datetime) -> None:
        """Set a purchased grant aside because its paid term has ended. It keeps its expiry.

        Raises:
            ValueError: The grant was not purchased.
        """
        self._set_lock(grant_id, at, locked=True)

    def unlock(self, grant_id: str, *, at: datetime) -> None:
        """Make what a locked grant still holds usable again.

        Raises:
            ValueError: The grant was not purchased.
        """
        self._set_lock(grant_id, at, locked=False)

    def advance(self, to: datetime) -> None:
        """Move time forward; what has expired by then lapses.

        Raises:
            ValueError: The moment lies before `now`.
        """
        if to < self._now:
            raise ValueError(f"the book stands at {self._now.isoformat()}, after {to.isoformat()}")
        self._now = to
        if to >= self._next_change:
            self._lapse()

    def grants(self) -> tuple[Grant, ...]:
        """Every grant as it stands now: the usable ones in spend order, then the rest, newest first."""
        accounts = sorted(self._accounts.values(), key=lambda account: account.order)
        usable = [account for account in accounts if account.usable_at(self._now)]
        rest = [account for account in accounts if not account.usable_at(self._now)]
        rest.sort(key=lambda account: account.terms.granted_at, reverse=True)
        return tuple(self._as_grant(account) for account in usable + rest)

    def balance(self) -> Balance:
        """What can be spent now."""
        usable = [account for account in self._accounts.values() if account.usable_at(self._now)]
        included = sum(account.remaining for account in usable if account.terms.bucket == INCLUDED)
        total = sum(account.remaining for account in usable)
        locked = sum(account.remaining for account in self._accounts.values() if account.locked)
        return Balance(
            total=Credits(total),
            included=Credits(included),
            purchased=Credits(total - included),
            locked=Credits(locked),
            overage=Credits(self._overage),
            next_expiry=_next_expiry(usable),
        )

    def _open_accounts(self) -> list[_Account]:
        """The accounts that may pay for an event arriving now, in the order of spending."""
        if self._payers is None:
            self._payers = sorted(filter(self._may_pay, self._accounts.values()), key=lambda a: a.order)
        return self._payers

    def _may_pay(self, account: _Account) -> bool:
        if account.is_voided or account.locked:
            return False
        if account.lapsed:
            return account.expired > 0 and self._now < _grace_end(account)
        return account.remaining > 0

    def _pay(self, account: _Account, part: int, use: Use) -> None:
        if account.lapsed:
            account.expired -= part
            account.remaining += part
            self._write(EntryKind.EXPIRY_RELEASED, self._now, account, part, use.id)
        account.remaining -= part
        account.used += part
        self._write(EntryKind.USED, use.occurred_at, account, part, use.id)
        if not account.remaining:
            self._payers = None

    def _give_back(self, account: _Account, part: int, reversal_id: str) -> None:
        account.used -= part
        account.remaining += part
        self._payers = None
        self._write(EntryKind.REVERSED, self._now, account, part, reversal_id)
        if account.is_voided:
            self._move_to_voided(account, part, reversal_id)
        elif account.lapsed:
            self._move_to_expired(account, part, self._now, reversal_id)

    def _move_to_voided(self, account: _Account, part: int, event_id: str | None) -> None:
        account.remaining -= part
        account.voided += part
        self._write(EntryKind.VOIDED, self._now, account, part, event_id)

    def _move_to_expired(self, account: _Account, part: int, at: datetime, event_id: str | None) -> None:
        account.remaining -= part
        account.expired += part
        self._write(EntryKind.EXPIRED, at, account, part, event_id)

    def _set_lock(self, grant_id: str, at: datetime, *, locked: bool) -> None:
        self.advance(at)
        account = self._accounts[grant_id]
        if account.terms.bucket != PURCHASED:
            raise ValueError(f"grant {grant_id}: only purchased credits are locked")
        if account.locked != locked:
            account.locked = locked
            self._payers = None
            kind = EntryKind.LOCKED if locked else EntryKind.UNLOCKED
            self._write(kind, at, account, account.remaining)

    def _lapse(self) -> None:
        """Book what expired by now, and note when the next grant lapses or leaves its grace."""
        self._payers = None
        self._next_change = _NEVER
        for account in self._accounts.values():
            expires_at = account.terms.expires_at
            if expires_at is None:
                continue
            if expires_at <= self._now and not account.lapsed:
                account.lapsed = True
                self._last_lapse = max(self._last_lapse, expires_at)
                if account.remaining:
                    self._move_to_expired(account, account.remaining, expires_at, None)
            change = _grace_end(account) if account.lapsed else expires_at
            if change > self._now:
                self._next_change = min(self._next_change, change)

    def _is_late(self, occurred_at: datetime) -> bool:
        return any(
            account.lapsed and account.terms.live_at(occurred_at) for account in self._accounts.values()
        )

    def _as_grant(self, account: _Account) -> Grant:
        terms = account.terms
        return Grant(
            id=terms.id,
            description=terms.description,
            bucket=terms.bucket,
            origin=terms.origin,
            granted_at=terms.granted_at,
            effective_at=terms.effective_at,
            expires_at=terms.expires_at,
            status=account.status_at(self._now),
            original=terms.original,
            used=Credits(account.used),
            expired_amount=Credits(account.expired),
            voided_amount=Credits(account.voided),
            remaining=Credits(account.remaining),
        )

    def _write(
        self,
        kind: EntryKind,
        at: datetime,
        account: _Account | None,
        amount: int,
        event_id: str | None = None,
    ) -> None:
        if self._record:
            self._record(Entry(kind, at, account.terms.id if account else None, amount, event_id))


def _grace_end(account: _Account) -> datetime:
    return (account.terms.expires_at or _NEVER) + GRACE


def _next_expiry(usable: list[_Account]) -> Expiry | None:
    soonest = min(
        (account for account in usable if account.terms.expires_at is not None),
        key=lambda account: (account.terms.expires_at, account.order),
        default=None,
    )
    if soonest is None or soonest.terms.expires_at is None:
        return None
    return Expiry(at=soonest.terms.expires_at, amount=Credits(soonest.remaining), grant_id=soonest.terms.id)
