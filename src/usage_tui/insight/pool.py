"""The pool: what can pay for the use to come, from the grants that are there to the renewals of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from usage_tui.frozen import frozen
from usage_tui.insight.demand import Horizon
from usage_tui.ledger.balance_state import recharge_threshold
from usage_tui.ledger.cadence import MONTHS, next_start
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms, burn_order
from usage_tui.models import Balance, Credits, Grant, Grants, Period, Summary
from usage_tui.named_tuple import NamedTuple

SUBSCRIPTION = "subscription"
"""The origin of what a plan grants."""

_ACTIVE = "active"
_SPENDABLE = {_ACTIVE, "scheduled"}
_USED = "used"
_VOIDED = "voided"


class Holding(NamedTuple):
    """A grant, and what it still holds.

    Attributes:
        held: In millionths.
        present: Whether the grant is there; a renewal is only assumed.
    """

    terms: Terms
    held: int
    present: bool = True

    @property
    def is_plan(self) -> bool:
        """Whether the plan grants it."""
        return self.terms.bucket == INCLUDED and self.terms.origin == SUBSCRIPTION


@frozen
class Renewal:
    """The next grant of the plan.

    Attributes:
        assumed: Whether it follows from the plan being active; else the grant is already scheduled.
    """

    at: datetime
    amount: Credits
    assumed: bool


@frozen
class Pool:
    """All that can pay within a horizon.

    Attributes:
        holdings: The grants that are there and those that the plan will bring, in the order of spending.
        term_ends_at: From when on nothing is usable; None while the plan goes on.
        recharge_threshold: The balance at which auto-recharge buys, in millionths; None if it is off, or if
            that is unknown.
        expiries_known: Whether the grants are known, or only what the summary says of them.
    """

    horizon: Horizon
    holdings: tuple[Holding, ...]
    term_ends_at: datetime | None
    recharge_threshold: int | None
    expiries_known: bool

    @property
    def usable(self) -> tuple[Holding, ...]:
        """What can pay at present, in the order of spending."""
        now = self.horizon.as_of
        if self.term_ends_at is not None and self.term_ends_at <= now:
            return ()
        return tuple(holding for holding in self.holdings if holding.terms.live_at(now))

    @property
    def renewal(self) -> Renewal | None:
        """The next grant of the plan; None if none is to come."""
        coming = (
            holding
            for holding in self.holdings
            if holding.is_plan and holding.terms.effective_at > self.horizon.as_of
        )
        first = min(coming, key=lambda holding: holding.terms.effective_at, default=None)
        if first is None:
            return None
        return Renewal(at=first.terms.effective_at, amount=Credits(first.held), assumed=not first.present)


def pool_of(summary: Summary, grants: Grants | None, horizon: Horizon) -> Pool | None:
    """What can pay, by what is known of an organization.

    Args:
        summary: Its summary.
        grants: Its grants; None if they are not known, or for a viewer who may not see them.
        horizon: The days in question.

    Returns:
        None if neither the grants nor the balance is known.
    """
    if grants is not None:
        items: Sequence[Grant] = grants.items
    elif summary.balance is not None:
        items = _summed_up(summary, summary.balance)
    else:
        return None
    holdings = [holding for grant in items if (holding := _holding(grant, horizon.as_of))]
    holdings += _renewals(summary, items, holdings, horizon)
    threshold = recharge_threshold(summary.auto_recharge, summary.unit)
    return Pool(
        horizon=horizon,
        holdings=in_order(holdings),
        term_ends_at=summary.subscription.ends_at if summary.subscription else None,
        recharge_threshold=None if threshold is None else threshold.micro,
        expiries_known=grants is not None,
    )


def in_order(holdings: Sequence[Holding]) -> tuple[Holding, ...]:
    """The holdings in the order of spending."""
    return tuple(sorted(holdings, key=lambda holding: burn_order(holding.terms)))


def _holding(grant: Grant, now: datetime) -> Holding | None:
    """What a grant can give, now or later; an included one of now that is used up can give nothing."""
    terms = Terms.of(grant)
    used_up = grant.status == _USED and grant.bucket == INCLUDED and terms.live_at(now)
    if not used_up and (grant.status not in _SPENDABLE or grant.remaining <= Credits.ZERO):
        return None
    if terms.expires_at is not None and terms.expires_at <= now:
        return None
    return Holding(terms, grant.remaining.micro)


def _summed_up(summary: Summary, balance: Balance) -> Sequence[Grant]:
    """Two grants with what the summary says: included until the period's end, purchased without end.

    A balance that is not split is all purchased.
    """
    if balance.included is None or balance.purchased is None:
        return [_sum_grant(PURCHASED, summary, original=balance.total, remaining=balance.total)]
    progress, granted = summary.included, balance.included
    if progress is not None and progress.kind == INCLUDED:
        granted = progress.granted
    return [
        _sum_grant(INCLUDED, summary, original=granted, remaining=balance.included),
        _sum_grant(PURCHASED, summary, original=balance.purchased, remaining=balance.purchased),
    ]


def _sum_grant(bucket: str, summary: Summary, *, original: Credits, remaining: Credits) -> Grant:
    period = summary.period
    starts_at = period.starts_at if period else summary.as_of
    return Grant(
        id=bucket,
        description=bucket.capitalize(),
        bucket=bucket,
        origin=SUBSCRIPTION if bucket == INCLUDED else "purchase",
        granted_at=starts_at,
        effective_at=starts_at,
        expires_at=period.ends_at if period and bucket == INCLUDED else None,
        status=_ACTIVE if remaining or not original else _USED,
        original=original,
        used=original - remaining,
        expired_amount=Credits.ZERO,
        voided_amount=Credits.ZERO,
        remaining=remaining,
    )


def _renewals(
    summary: Summary, grants: Sequence[Grant], holdings: Sequence[Holding], horizon: Horizon
) -> Iterator[Holding]:
    """What an active plan will grant at each start of a period; a grant that is scheduled takes its place."""
    subscription, period = summary.subscription, summary.period
    if subscription is None or period is None:
        return
    amount = _granted_this_period(grants, period)
    goes_on = subscription.status == _ACTIVE and subscription.ends_at is None
    if not (goes_on and amount and subscription.cadence in MONTHS):
        return
    scheduled = [h.terms for h in holdings if h.is_plan and h.terms.effective_at > horizon.as_of]
    for starts_at, ends_at in _periods(period, subscription.cadence, horizon):
        if starts_at <= horizon.as_of or any(terms.live_at(starts_at) for terms in scheduled):
            continue
        terms = Terms(
            id=f"renewal-{horizon.calendar.date_of(starts_at)}",
            description=subscription.plan,
            bucket=INCLUDED,
            origin=SUBSCRIPTION,
            granted_at=starts_at,
            effective_at=starts_at,
            expires_at=ends_at,
            original=Credits(amount),
        )
        yield Holding(terms, amount, present=False)


def _granted_this_period(grants: Sequence[Grant], period: Period) -> int:
    # A voided grant was a mistake, or another took its place.
    return sum(
        grant.original.micro
        for grant in grants
        if (grant.bucket, grant.origin) == (INCLUDED, SUBSCRIPTION)
        and period.starts_at <= grant.effective_at < period.ends_at
        and grant.status != _VOIDED
    )


def _periods(period: Period, cadence: str, horizon: Horizon) -> Iterator[tuple[datetime, datetime]]:
    """The billing periods to come within the horizon."""
    zone = horizon.calendar.time_zone
    # When the first period started is not known, but it decides the day of the month. Of two starts in a
    # row it is the later day, for a month that is too short for it never follows another.
    anchor = max(period.starts_at, period.ends_at, key=lambda at: _day_of_month(at, horizon))
    starts_at = period.ends_at
    while starts_at < horizon.ends_at:
        ends_at = next_start(starts_at, anchor, cadence, zone)
        yield starts_at, ends_at
        starts_at = ends_at


def _day_of_month(instant: datetime, horizon: Horizon) -> int:
    return horizon.calendar.date_of(instant).day
