"""A grant as it is booked: how much of it is where, and every move, written to the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from usage_tui.ledger.journal import Entry, EntryKind, GrantTotals
from usage_tui.ledger.spending import PURCHASED, Terms, burn_order
from usage_tui.models import Credits, Grant

GRACE = timedelta(hours=72)
"""How long after a grant's expiry an event of its lifetime may still arrive and draw on it."""

NEVER = datetime.max.replace(tzinfo=UTC)

Record = Callable[[Entry], None]


class NothingLeft(Exception):
    """The grant holds nothing that could be voided."""


class BookedGrant:
    """The millionths of one grant; original = used + expired + voided + remaining at any time.

    Attributes:
        order: Its place in the order of spending.
        lapsed: Whether its expiry was booked.
        locked: Whether it is set aside because the paid term has ended.
        is_voided: Whether it was voided; what returns to it later is voided too.
    """

    __slots__ = (
        "_record",
        "expired",
        "is_voided",
        "lapsed",
        "locked",
        "order",
        "remaining",
        "terms",
        "used",
        "voided",
    )

    def __init__(self, terms: Terms, record: Record | None) -> None:
        self.terms = terms
        self.order = burn_order(terms)
        self.remaining = terms.original.micro
        self.used = self.expired = self.voided = 0
        self.lapsed = self.locked = self.is_voided = False
        self._record = record
        self._write("granted", terms.granted_at, self.remaining)

    @classmethod
    def restored(
        cls, terms: Terms, totals: GrantTotals, record: Record | None, *, lapsed: bool, is_voided: bool
    ) -> BookedGrant:
        """The grant as it was kept; nothing is written to the journal again."""
        grant = cls(terms, None)
        grant.remaining, grant.used = totals.remaining, totals.used
        grant.expired, grant.voided = totals.expired, totals.voided
        grant.locked, grant.lapsed, grant.is_voided = totals.locked, lapsed, is_voided
        grant._record = record
        return grant

    @property
    def totals(self) -> GrantTotals:
        """How much of it is where, as a replay of the journal gives it."""
        return GrantTotals(
            self.terms.original.micro, self.used, self.expired, self.voided, self.remaining, self.locked
        )

    @property
    def available(self) -> int:
        """What it can give to an event of its lifetime: what remains, or what lapsed within the grace."""
        return self.remaining or self.expired

    def may_pay(self, now: datetime) -> bool:
        """Whether an event of its lifetime that arrives now may draw on it."""
        if self.is_voided or self.locked:
            return False
        if self.lapsed:
            return self.expired > 0 and now < self.grace_ends_at
        return self.remaining > 0

    def usable(self, now: datetime) -> bool:
        """Whether it counts in the balance."""
        return self.remaining > 0 and not self.locked and self.terms.live_at(now)

    @property
    def expires_at(self) -> datetime:
        """When it expires; `NEVER` where it does not."""
        return self.terms.expires_at or NEVER

    @property
    def grace_ends_at(self) -> datetime:
        """When the last event may arrive that can draw on it."""
        return self.expires_at + GRACE if self.terms.expires_at else NEVER

    def pay(self, part: int, event_id: str, occurred_at: datetime, now: datetime) -> None:
        """Pay a part of an event, no more than is available."""
        if self.lapsed:
            self.expired -= part
            self.remaining += part
            self._write("expiry_released", now, part, event_id)
        self.remaining -= part
        self.used += part
        self._write("used", occurred_at, part, event_id)

    def take_back(self, part: int, event_id: str, now: datetime) -> None:
        """Take back what it once paid. Where it was voided or lapsed meanwhile, that goes the same way."""
        self.used -= part
        self.remaining += part
        self._write("reversed", now, part, event_id)
        if self.is_voided:
            self._void_rest(now, event_id)
        elif self.lapsed:
            self._expire_rest(now, event_id)

    def lapse(self) -> None:
        """Book the expiry of what is left."""
        self.lapsed = True
        if self.remaining:
            self._expire_rest(self.expires_at)

    def void(self, now: datetime) -> None:
        """Void what is left; a repeat changes nothing.

        Raises:
            NothingLeft: All of it is used or expired.
        """
        if self.is_voided:
            return
        if not self.remaining:
            raise NothingLeft(f"grant {self.terms.id} has nothing left to void")
        self.is_voided = True
        self._void_rest(now)

    def set_lock(self, now: datetime, *, locked: bool) -> None:
        """Lock or unlock it; a repeat changes nothing.

        Raises:
            ValueError: It was not purchased.
        """
        if self.terms.bucket != PURCHASED:
            raise ValueError(f"grant {self.terms.id}: only purchased grants can be locked")
        if self.locked != locked:
            self.locked = locked
            self._write("locked" if locked else "unlocked", now, self.remaining)

    def as_grant(self, now: datetime) -> Grant:
        """The grant as a reply shows it."""
        terms = self.terms
        return Grant(
            id=terms.id,
            description=terms.description,
            bucket=terms.bucket,
            origin=terms.origin,
            granted_at=terms.granted_at,
            effective_at=terms.effective_at,
            expires_at=terms.expires_at,
            status=self._status(now),
            original=terms.original,
            used=Credits(self.used),
            expired_amount=Credits(self.expired),
            voided_amount=Credits(self.voided),
            remaining=Credits(self.remaining),
        )

    def _status(self, now: datetime) -> str:
        if self.is_voided:
            return "voided"
        if not self.remaining:
            return "expired" if self.expired else "used"
        if self.locked:
            return "locked"
        return "active" if self.terms.live_at(now) else "scheduled"

    def _expire_rest(self, at: datetime, event_id: str | None = None) -> None:
        self._write("expired", at, self.remaining, event_id)
        self.expired += self.remaining
        self.remaining = 0

    def _void_rest(self, at: datetime, event_id: str | None = None) -> None:
        self._write("voided", at, self.remaining, event_id)
        self.voided += self.remaining
        self.remaining = 0

    def _write(self, kind: EntryKind, at: datetime, amount: int, event_id: str | None = None) -> None:
        if self._record:
            self._record(Entry(kind, at, self.terms.id, amount, event_id))
