"""The ledger of one organization: its grants, and every use booked against them in order of arrival."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from usage_tui.ledger.booked_grant import NEVER, BookedGrant, Record
from usage_tui.ledger.journal import Entry
from usage_tui.ledger.source_use import OVERAGE, EarlierUse, SourceUse
from usage_tui.ledger.spending import INCLUDED, Terms, allocate
from usage_tui.models import Allocation, Balance, Credits, Event, Expiry, Grant
from usage_tui.named_tuple import NamedTuple

_BEGINNING = datetime.min.replace(tzinfo=UTC)


class AlreadyReversed(Exception):
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


class LedgerPosition(NamedTuple):
    """What a ledger knows beside its grants.

    Attributes:
        now: The moment it stands at.
        last_event_at: The time of the newest event; None before the first.
        overage: Millionths of use that no grant covered.
    """

    now: datetime = _BEGINNING
    last_event_at: datetime | None = None
    overage: int = 0


class Ledger:
    """Grants and what was booked against them.

    Time only moves forward: every booking moves it to its own moment, and `advance` to any later one.
    What `grants` and `balance` say holds for that moment, `now`.
    """

    def __init__(self, record: Record | None = None) -> None:
        """Open an empty ledger.

        Args:
            record: Called with every journal entry, in order.
        """
        self._record = record
        self._grants: dict[str, BookedGrant] = {}
        # The grants that may pay at present, in the order of spending; None after a change of them.
        self._payers: list[BookedGrant] | None = None
        self._reversed: set[str] = set()
        self._source_use = SourceUse()
        self._overage = 0
        self._now = self._last_event_at = self._last_lapse = _BEGINNING
        self._next_change = NEVER

    @classmethod
    def restored(
        cls,
        position: LedgerPosition,
        grants: Iterable[BookedGrant],
        record: Record | None = None,
        earlier_use: EarlierUse | None = None,
    ) -> Ledger:
        """The ledger as it was kept.

        It knows nothing of earlier reversals: whoever keeps the events must see that none is reversed twice.

        Args:
            position: What is kept beside the grants.
            grants: The grants.
            record: Called with every journal entry, in order.
            earlier_use: Says what a source used before; without it, nothing.
        """
        ledger = cls(record)
        if earlier_use is not None:
            ledger._source_use = SourceUse(earlier_use)
        ledger._grants = {grant.terms.id: grant for grant in grants}
        ledger._now, ledger._overage = position.now, position.overage
        ledger._last_event_at = position.last_event_at or _BEGINNING
        lapses = (grant.expires_at for grant in ledger.booked_grants if grant.lapsed)
        ledger._last_lapse = max(lapses, default=_BEGINNING)
        ledger._lapse()
        return ledger

    @property
    def position(self) -> LedgerPosition:
        """What must be kept beside the grants, to restore it."""
        return LedgerPosition(self._now, self.last_event_at, self._overage)

    @property
    def booked_grants(self) -> Collection[BookedGrant]:
        """Every grant with what was booked against it, in the order in which they came."""
        return self._grants.values()

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
        if terms.id in self._grants:
            raise ValueError(f"grant {terms.id}: the id is taken")
        if terms.original <= Credits.ZERO:
            raise ValueError(f"grant {terms.id}: the amount must be more than 0")
        if terms.expires_at is not None and terms.expires_at <= terms.effective_at:
            raise ValueError(f"grant {terms.id}: it would expire before it begins")
        grant = self._grants[terms.id] = BookedGrant(terms, self._record)
        self._payers = None
        self._next_change = min(self._next_change, grant.expires_at)
        self.advance(self._now)

    def use(self, use: Use, *, arrived_at: datetime | None = None) -> Event:
        """Book an act of use; the grants that were live at its time pay in the order of spending.

        Args:
            use: What was used. Its credits are zero or more; only a reversal gives credits back.
            arrived_at: When it arrived. Without it, at its own time, or now where that is later.

        Raises:
            ValueError: The credits are negative.
        """
        if use.credits < Credits.ZERO:
            raise ValueError(f"event {use.id}: a negative amount; only a reversal gives something back")
        occurred_at = use.occurred_at
        self._arrive(occurred_at, arrived_at or occurred_at)
        allocations, uncovered = self._pay(use)
        self._source_use.count((use.kind, use.source_id), allocations, uncovered)
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
            allocations=allocations,
            uncovered=uncovered,
        )

    def adjust(self, use: Use, *, arrived_at: datetime | None = None) -> Event:
        """Book an adjustment, such as a refund: it names a source, but no event.

        Below zero, it is given back to the grants that paid for the source: the one that paid last gets back
        what it paid, then the one before it. What then remains is set against the overage, which may fall
        below zero: no adjustment is refused or cut. Above zero, it is paid as any use.

        Args:
            use: What is adjusted, by how much. It stands for no further run, so its quantity is 0.
            arrived_at: As in `use`.
        """
        use = use._replace(quantity=0)
        if use.credits >= Credits.ZERO:
            return self.use(use, arrived_at=arrived_at)
        self._arrive(use.occurred_at, arrived_at or use.occurred_at)
        allocations, uncovered = self._give_back(use)
        return Event(**use._asdict(), allocations=allocations, uncovered=uncovered)

    def reverse(self, event: Event, *, reversal_id: str, at: datetime, actor: str | None = None) -> Event:
        """Give an event's credits back to the grants that paid them, as an event of its own.

        What an adjustment has already given back is not returned to the same grant again. What returns to a
        grant that has lapsed or was voided meanwhile lapses or is voided at once. The reversal stands for no
        further run or message, so its quantity is 0.

        Raises:
            AlreadyReversed: It was reversed before.
            ValueError: The event gives something back itself.
        """
        if event.reverses is not None or event.credits < Credits.ZERO:
            what = "a reversal" if event.reverses is not None else "an adjustment"
            raise ValueError(f"event {event.id}: {what} cannot be reversed")
        if event.id in self._reversed:
            raise AlreadyReversed(f"event {event.id} has already been reversed")
        self.advance(at)
        self._arrive(at, at)
        self._reversed.add(event.id)
        use = Use(
            id=reversal_id,
            occurred_at=at,
            kind=event.kind,
            source_id=event.source_id,
            label=event.label,
            activity="reversal",
            credits=-event.credits,
            quantity=0,
            actor=actor,
        )
        paid = [(part.grant_id, part.credits.micro) for part in event.allocations]
        allocations, uncovered = self._give_back(use, first=[*paid, (OVERAGE, event.uncovered.micro)])
        return Event(**use._asdict(), reverses=event.id, allocations=allocations, uncovered=uncovered)

    def add_booked(self, event: Event) -> None:
        """Book an event that was booked elsewhere: each grant pays, or takes back, what the event says.

        Raises:
            ValueError: A grant is not here, or does not hold what the event took from it.
        """
        for allocation in event.allocations:
            grant, part = self._grants.get(allocation.grant_id), allocation.credits.micro
            if grant is None or not -grant.used <= part <= grant.remaining:
                raise ValueError(f"event {event.id}: grant {allocation.grant_id} cannot have paid it")
            if part >= 0:
                grant.pay(part, event.id, event.occurred_at, event.occurred_at)
            else:
                if grant.expires_at <= event.occurred_at and not grant.lapsed:
                    grant.lapse()  # first, so that what comes back expires when it comes
                grant.take_back(-part, event.id, event.occurred_at)
        self._payers = None
        self._add_overage(event.uncovered.micro, event.id, event.occurred_at)
        self._source_use.count((event.kind, event.source_id), event.allocations, event.uncovered)
        self._last_event_at = max(self._last_event_at, event.occurred_at)

    def void(self, grant_id: str, *, at: datetime) -> None:
        """Take back what a grant still holds; what was used stays used. A repeat changes nothing.

        Raises:
            NothingLeft: All of it is used or expired.
        """
        self._changing(grant_id, at).void(at)

    def lock(self, grant_id: str, *, at: datetime) -> None:
        """Set a purchased grant aside because its paid term has ended. It keeps its expiry.

        Raises:
            ValueError: The grant was not purchased.
        """
        self._changing(grant_id, at).set_lock(at, locked=True)

    def unlock(self, grant_id: str, *, at: datetime) -> None:
        """Make what a locked grant still holds usable again.

        Raises:
            ValueError: The grant was not purchased.
        """
        self._changing(grant_id, at).set_lock(at, locked=False)

    def advance(self, to: datetime) -> None:
        """Move time forward; what has expired by then lapses.

        Raises:
            ValueError: The moment lies before `now`.
        """
        if to < self._now:
            raise ValueError(f"the ledger stands at {self._now.isoformat()}, after {to.isoformat()}")
        self._now = to
        if to >= self._next_change:
            self._lapse()

    def grants(self) -> tuple[Grant, ...]:
        """Every grant as it stands now: the usable ones in spend order, then the rest, newest first."""
        grants = sorted(self._grants.values(), key=lambda grant: grant.order)
        usable = [grant for grant in grants if grant.usable(self._now)]
        rest = [grant for grant in grants if not grant.usable(self._now)]
        rest.sort(key=lambda grant: grant.terms.granted_at, reverse=True)
        return tuple(grant.as_grant(self._now) for grant in usable + rest)

    def balance(self) -> Balance:
        """What can be spent now."""
        usable = [grant for grant in self._grants.values() if grant.usable(self._now)]
        included = sum(grant.remaining for grant in usable if grant.terms.bucket == INCLUDED)
        total = sum(grant.remaining for grant in usable)
        locked = sum(grant.remaining for grant in self._grants.values() if grant.locked)
        return Balance(
            total=Credits(total),
            included=Credits(included),
            purchased=Credits(total - included),
            locked=Credits(locked),
            overage=Credits(self._overage),
            next_expiry=_next_expiry(usable),
        )

    def _arrive(self, occurred_at: datetime, arrived_at: datetime) -> None:
        if arrived_at > self._now:
            self.advance(arrived_at)
        if occurred_at > self._last_event_at:
            self._last_event_at = occurred_at

    def _pay(self, use: Use) -> tuple[tuple[Allocation, ...], Credits]:
        """Let the grants pay: what each gave, and what none could cover."""
        occurred_at, amount = use.occurred_at, use.credits.micro
        holdings = (
            (grant, grant.available) for grant in self._open_grants() if grant.terms.live_at(occurred_at)
        )
        payments, uncovered = allocate(amount, holdings)
        allocations = []
        for grant, part in payments:
            grant.pay(part, use.id, occurred_at, self._now)
            if not grant.available:
                self._payers = None
            allocations.append(
                Allocation(
                    grant_id=grant.terms.id,
                    bucket=grant.terms.bucket,
                    credits=use.credits if part == amount else Credits(part),
                )
            )
        if not uncovered:
            return tuple(allocations), Credits.ZERO
        self._add_overage(uncovered, use.id, occurred_at)
        return tuple(allocations), Credits(uncovered)

    def _give_back(
        self, use: Use, first: Iterable[tuple[str, int]] = ()
    ) -> tuple[tuple[Allocation, ...], Credits]:
        """Return credits below zero to those who paid: what each got, below zero, and what no grant got."""
        source, grants = (use.kind, use.source_id), self._grants
        shares = self._source_use.give_back(
            source, -use.credits.micro, lambda payer: grants[payer].used, first
        )
        uncovered = Credits(-shares.pop(OVERAGE, 0))
        self._payers = None
        allocations = []
        for grant_id, share in shares.items():
            grants[grant_id].take_back(share, use.id, self._now)
            bucket = grants[grant_id].terms.bucket
            allocations.append(Allocation(grant_id=grant_id, bucket=bucket, credits=Credits(-share)))
        self._add_overage(uncovered.micro, use.id, self._now)
        self._source_use.count(source, allocations, uncovered)
        return tuple(allocations), uncovered

    def _open_grants(self) -> list[BookedGrant]:
        if self._payers is None:
            payers = (grant for grant in self._grants.values() if grant.may_pay(self._now))
            self._payers = sorted(payers, key=lambda grant: grant.order)
        return self._payers

    def _add_overage(self, amount: int, event_id: str, at: datetime) -> None:
        self._overage += amount
        if amount and self._record:
            self._record(Entry("overage", at, None, amount, event_id))

    def _changing(self, grant_id: str, at: datetime) -> BookedGrant:
        """The grant at that moment, about to change in what it may pay."""
        self.advance(at)
        self._payers = None
        return self._grants[grant_id]

    def _lapse(self) -> None:
        """Book what expired by now, and note when the next grant lapses or leaves its grace."""
        self._payers = None
        self._next_change = NEVER
        for grant in self._grants.values():
            if grant.expires_at <= self._now and not grant.lapsed:
                grant.lapse()
                self._last_lapse = max(self._last_lapse, grant.expires_at)
            change = grant.grace_ends_at if grant.lapsed else grant.expires_at
            if change > self._now:
                self._next_change = min(self._next_change, change)

    def _is_late(self, occurred_at: datetime) -> bool:
        return any(grant.lapsed and grant.terms.live_at(occurred_at) for grant in self._grants.values())


def _next_expiry(usable: list[BookedGrant]) -> Expiry | None:
    soonest = min(usable, key=lambda grant: (grant.expires_at, grant.order), default=None)
    if soonest is None or soonest.terms.expires_at is None:
        return None
    return Expiry(at=soonest.expires_at, amount=Credits(soonest.remaining), grant_id=soonest.terms.id)
