"""What if: a purchase, less use, auto-recharge that is turned on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from usage_tui.frozen import frozen
from usage_tui.insight.pace import Pace
from usage_tui.insight.pool import Holding, Pool, in_order
from usage_tui.insight.walk import AUTO_RECHARGE, Recharge
from usage_tui.ledger.cadence import next_start
from usage_tui.ledger.spending import PURCHASED, Terms
from usage_tui.models import Credits, Grants


@frozen
class TopUp:
    """A purchase from now on.

    Attributes:
        expires_at: Exclusive; None for a year from now.
    """

    amount: Credits
    expires_at: datetime | None = None


@frozen
class Cut:
    """Less use.

    Attributes:
        part: What is cut, from 0 to 1.
        source_id: Of which source; None for all.
    """

    part: Fraction
    source_id: str | None = None


@frozen
class WhatIf:
    """What is assumed beside what is known."""

    top_ups: tuple[TopUp, ...] = ()
    cuts: tuple[Cut, ...] = ()
    recharge: Recharge | None = None


NOTHING_ASSUMED = WhatIf()


def topped_up(pool: Pool, top_ups: Iterable[TopUp]) -> Pool:
    """The pool with what is bought."""
    bought = [_bought(pool, number, top_up) for number, top_up in enumerate(top_ups, start=1)]
    return replace(pool, holdings=in_order([*pool.holdings, *bought])) if bought else pool


def cut_factor(cuts: Iterable[Cut], pace: Pace, source_usage: Mapping[str, int]) -> Fraction:
    """What is left of the use, from 0 to 1.

    Args:
        cuts: What is cut. Two cuts of the same follow one another: a half and a half leave a quarter.
        pace: The pace that it is cut from.
        source_usage: What each source used in the basis days of the pace, in millionths.
    """
    kept: defaultdict[str | None, Fraction] = defaultdict(lambda: Fraction(1))
    for cut in cuts:
        kept[cut.source_id] *= 1 - cut.part
    of_all = kept.pop(None, Fraction(1))
    if pace.basis_total <= 0:
        return of_all
    saved = sum((1 - left) * max(source_usage.get(source or "", 0), 0) for source, left in kept.items())
    return of_all * max(1 - Fraction(saved) / pace.basis_total, Fraction(0))


def recharge_at(threshold: Credits, grants: Grants) -> Recharge | None:
    """Auto-recharge at a threshold, buying what it bought last.

    Returns:
        None if no purchase by auto-recharge is known, so that the amount is unknown.
    """
    bought = [grant for grant in grants.items if grant.origin == AUTO_RECHARGE]
    newest = max(bought, key=lambda grant: (grant.granted_at, grant.id), default=None)
    if newest is None or newest.original <= Credits.ZERO:
        return None
    lasts = None if newest.expires_at is None else newest.expires_at - newest.effective_at
    return Recharge(threshold=threshold.micro, amount=newest.original.micro, lasts=lasts)


def _bought(pool: Pool, number: int, top_up: TopUp) -> Holding:
    now, zone = pool.horizon.as_of, pool.horizon.calendar.time_zone
    terms = Terms(
        id=f"top-up-{number}",
        description="",
        bucket=PURCHASED,
        origin="purchase",
        granted_at=now,
        effective_at=now,
        expires_at=top_up.expires_at or next_start(now, now, "annual", zone),
        original=top_up.amount,
    )
    return Holding(terms, top_up.amount.micro)
