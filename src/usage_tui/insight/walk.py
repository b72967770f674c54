"""A walk: how the pool is spent by a demand, and what happens on which day.

The time is cut only where what may pay changes: a grant begins or expires, or the term ends. In between the
use of any number of days is divided among the grants at once.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from usage_tui.frozen import frozen
from usage_tui.insight.demand import Demand
from usage_tui.insight.payers import FirstDays, Payer
from usage_tui.insight.pool import Holding, Pool
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms, allocate, burn_order
from usage_tui.models import Credits

AUTO_RECHARGE = "auto_recharge"
"""The origin of what auto-recharge buys."""

_MOST_PURCHASES = 366


@frozen
class Recharge:
    """Auto-recharge, as if it were on.

    Attributes:
        threshold: At or under which balance it buys, in millionths.
        amount: What it buys at a time, in millionths.
        lasts: How long that can be spent; None without end.
    """

    threshold: int
    amount: int
    lasts: timedelta | None


@frozen
class Walk:
    """What comes of a pool at one pace; amounts are exact millionths.

    Attributes:
        included_out: The first day on which use needs more than the included grants of now hold.
        purchased_from: The first day on which a purchased grant pays.
        runs_out: The first day on which use meets an empty pool.
        recharge_on: The first day on which the balance is at or under the threshold of auto-recharge.
        balances: What is left as each day begins, after what that midnight brings, in whole millionths; of
            today, what is left now.
        lapsed: What each grant held when it expired, by its id.
        purchases: What auto-recharge bought.
        used: What the grants paid.
        uncovered: What no grant could pay.
        locked: What purchased grants held when the term ended.
        left: What is held at the end by the grants that can pay.
        to_come: What is held by the grants that begin later.
    """

    included_out: date | None
    purchased_from: date | None
    runs_out: date | None
    recharge_on: date | None
    balances: Sequence[int]
    lapsed: Mapping[str, Fraction]
    purchases: Sequence[Terms]
    used: Fraction
    uncovered: Fraction
    locked: Fraction
    left: Fraction
    to_come: Fraction


def walk(pool: Pool, demand: Demand, *, batch: int = 0, recharge: Recharge | None = None) -> Walk:
    """Spend the pool day by day.

    Args:
        pool: What can pay.
        demand: The use to come, over the same days.
        batch: Millionths that are used at once, before all else; what the pool cannot pay of it is dropped.
        recharge: Auto-recharge to be assumed.
    """
    return _Walker(pool, demand, recharge).walk(batch)


class _Walker:
    def __init__(self, pool: Pool, demand: Demand, recharge: Recharge | None) -> None:
        self._pool, self._demand, self._recharge = pool, demand, recharge
        self._horizon, self._scale = pool.horizon, demand.scale
        self._payers = [self._payer(holding) for holding in pool.holdings]
        self._cuts = self._first_cuts()
        self._first_days = FirstDays(demand)
        self._recharge_on: date | None = None
        self._balances: list[int] = []
        self._lapsed: dict[str, int] = {}
        self._purchases: list[Terms] = []
        self._used = self._uncovered = self._locked = 0

    def walk(self, batch: int) -> Walk:
        at, end = self._horizon.as_of, self._horizon.ends_at
        self._pass(at)  # the term may have ended already
        self._pay(batch * self._scale, self._live(at))
        while at < end:
            at = self._spend(at)
            self._pass(at)
        return self._result(end)

    def _payer(self, holding: Holding) -> Payer:
        terms = holding.terms
        of_now = terms.bucket == INCLUDED and terms.live_at(self._horizon.as_of)
        return Payer(terms, holding.held * self._scale, of_now)

    def _first_cuts(self) -> list[datetime]:
        """The instants at which what may pay changes, and the end."""
        start, end = self._horizon.as_of, self._horizon.ends_at
        moments = {self._pool.term_ends_at, end}
        for payer in self._payers:
            moments |= {payer.terms.effective_at, payer.terms.expires_at}
        return sorted(moment for moment in moments if moment is not None and start < moment <= end)

    def _spend(self, at: datetime) -> datetime:
        """Spend until what may pay changes.

        Returns:
            When that is.
        """
        live = self._live(at)
        threshold = self._pool.recharge_threshold
        if threshold is not None and self._recharge_on is None and not self._term_is_over(at):
            reached = self._reached(threshold, live, at)
            self._recharge_on = reached and self._horizon.calendar.date_of(reached)
        if self._recharge is not None:
            self._buy(self._recharge, at)
            live = self._live(at)
        end = self._cuts[0]
        before = self._demand.by(at)
        need = self._demand.by(end) - before
        self._note_balances(at, end, before, sum(payer.held for payer in live))
        self._first_days.note(before, need, live)
        self._uncovered += self._pay(need, live)
        return end

    def _live(self, at: datetime) -> list[Payer]:
        if self._term_is_over(at):
            return []
        return [payer for payer in self._payers if payer.terms.live_at(at)]

    def _term_is_over(self, at: datetime) -> bool:
        term_ends_at = self._pool.term_ends_at
        return term_ends_at is not None and term_ends_at <= at

    def _pay(self, need: int, live: Sequence[Payer]) -> int:
        payments, uncovered = allocate(need, ((payer, payer.held) for payer in live))
        for payer, part in payments:
            payer.held -= part
        self._used += need - uncovered
        return uncovered

    def _pass(self, at: datetime) -> None:
        """Let what has expired lapse, and lock what is purchased where the term has ended."""
        staying = []
        for payer in self._payers:
            terms = payer.terms
            if terms.expires_at is not None and terms.expires_at <= at:
                self._lapsed[terms.id] = payer.held
            elif terms.bucket == PURCHASED and self._term_is_over(at):
                self._locked += payer.held
            else:
                staying.append(payer)
        self._payers = staying
        while self._cuts and self._cuts[0] <= at:
            del self._cuts[0]

    def _reached(self, threshold: int, live: Sequence[Payer], at: datetime) -> datetime | None:
        """The first instant at which the balance is at or under a threshold, before what may pay changes."""
        excess = sum(payer.held for payer in live) - threshold * self._scale
        if excess <= 0:
            return at
        amount = self._demand.by(at) + excess
        if self._demand.by(self._cuts[0]) < amount:
            return None
        reached = self._demand.instant_reaching(amount)
        return reached if reached < self._cuts[0] else None

    def _buy(self, recharge: Recharge, at: datetime) -> None:
        """Buy as often as it takes to be above the threshold; or else stop when it is next reached."""
        while len(self._purchases) < _MOST_PURCHASES and not self._term_is_over(at):
            reached = self._reached(recharge.threshold, self._live(at), at)
            if reached is not None and reached > at:
                insort(self._cuts, reached)
            if reached != at:
                return
            expires_at = at + recharge.lasts if recharge.lasts else None
            terms = Terms(
                id=f"recharge-{len(self._purchases) + 1}",
                description="",
                bucket=PURCHASED,
                origin=AUTO_RECHARGE,
                granted_at=at,
                effective_at=at,
                expires_at=expires_at,
                original=Credits(recharge.amount),
            )
            self._purchases.append(terms)
            payer = Payer(terms, recharge.amount * self._scale, of_now=False)
            insort(self._payers, payer, key=lambda other: burn_order(other.terms))
            if expires_at is not None and expires_at < self._horizon.ends_at:
                insort(self._cuts, expires_at)

    def _note_balances(self, start: datetime, end: datetime, before: int, total: int) -> None:
        instants = self._horizon.instants
        days = self._demand.by_days(bisect_left(instants, start), bisect_left(instants, end))
        self._balances += [max(total - (used - before), 0) // self._scale for used in days]

    def _result(self, end: datetime) -> Walk:
        to_come = sum(payer.held for payer in self._payers if payer.terms.effective_at >= end)
        left = sum(payer.held for payer in self._payers) - to_come
        first = self._first_days
        return Walk(
            included_out=first.included_out,
            purchased_from=first.purchased_from,
            runs_out=first.runs_out,
            recharge_on=self._recharge_on,
            balances=self._balances,
            lapsed={grant_id: self._exact(parts) for grant_id, parts in self._lapsed.items()},
            purchases=self._purchases,
            used=self._exact(self._used),
            uncovered=self._exact(self._uncovered),
            locked=self._exact(self._locked),
            left=self._exact(left),
            to_come=self._exact(to_come),
        )

    def _exact(self, parts: int) -> Fraction:
        return Fraction(parts, self._scale)
