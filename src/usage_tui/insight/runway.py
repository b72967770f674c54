"""The runway: how long what is left lasts, at the usual, at the busiest and at the quietest pace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from usage_tui.frozen import frozen
from usage_tui.insight.demand import Demand, Horizon
from usage_tui.insight.milestones import Milestone, milestones
from usage_tui.insight.pace import History, Pace, cut, daily_amounts, history, pace_of
from usage_tui.insight.pool import Pool, Renewal, pool_of
from usage_tui.insight.walk import Walk, walk
from usage_tui.insight.what_if import NOTHING_ASSUMED, WhatIf, cut_factor, topped_up
from usage_tui.ledger.booked_grant import NEVER
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits, Day, Grants, Summary
from usage_tui.named_tuple import NamedTuple


class Likelihood(StrEnum):
    """At which pace something of a grant lapses: at every one, at the usual one, at the quietest alone."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@frozen
class Lapse:
    """What a grant still holds when it expires.

    Attributes:
        least: At the busiest pace.
        usual: At the usual pace.
        most: At the quietest pace; more than nothing.
    """

    grant_id: str
    description: str
    bucket: str
    at: datetime
    on: date
    least: Credits
    usual: Credits
    most: Credits
    likelihood: Likelihood


class BalancePoint(NamedTuple):
    """What is left as a day begins, after what that midnight brings; of today, what is left now."""

    date: date
    usual: Credits
    fast: Credits
    slow: Credits


@frozen
class Runway:
    """How long what is left lasts. A date is None if it does not lie within the days that were walked.

    Attributes:
        today: The civil date of the present.
        history: The days that are known.
        pace: What a day uses; None if fewer than seven days are known, and then no date is told.
        factor: What the pace was multiplied by, because use was assumed to be cut.
        expiries_known: Whether the grants are known, or only what the summary says of them.
        included_out: The first day on which use needs more than the included grants of now hold, while they
            live; None if they last.
        purchased_from: The first day on which a purchased grant pays.
        runs_out: The first day on which use meets an empty pool.
        earliest: The same at the busiest pace.
        latest: The same at the quietest pace.
        recharge_on: The first day on which the balance is at or under the threshold of auto-recharge.
        term_ends: The day on which the plan ends.
        locked: What purchased grants hold when it ends; None if that is unknown.
        renewal: The next grant of the plan.
        lapses: What the present grants lose, the soonest first.
        balances: What is left on each day.
        milestones: What happens on which day at the usual pace.
    """

    today: date
    history: History
    pace: Pace | None
    factor: Fraction
    expiries_known: bool
    included_out: date | None = None
    purchased_from: date | None = None
    runs_out: date | None = None
    earliest: date | None = None
    latest: date | None = None
    recharge_on: date | None = None
    term_ends: date | None = None
    locked: Credits | None = None
    renewal: Renewal | None = None
    lapses: tuple[Lapse, ...] = ()
    balances: tuple[BalancePoint, ...] = ()
    milestones: tuple[Milestone, ...] = ()


def runway(
    summary: Summary,
    grants: Grants | None,
    days: Sequence[Day],
    *,
    what_if: WhatIf = NOTHING_ASSUMED,
    batch: Credits = Credits.ZERO,
    source_usage: Mapping[str, int] | None = None,
) -> Runway | None:
    """How long what is left lasts, as of the summary.

    Args:
        summary: How the organization stands.
        grants: Its grants; None if they are not known, or for a viewer who may not see them.
        days: Its days from 56 back on, today's among them.
        what_if: What is assumed beside.
        batch: What is used at once, before all else.
        source_usage: What each source used in the basis days of the pace, in millionths, by its id; needed
            where a single source is cut.

    Returns:
        None if neither the grants nor the balance is known.
    """
    horizon = Horizon(summary.as_of, Calendar(summary.org.time_zone))
    pool = pool_of(summary, grants, horizon)
    if pool is None:
        return None
    return runway_of(pool, days, what_if=what_if, batch=batch, source_usage=source_usage)


def runway_of(
    pool: Pool,
    days: Sequence[Day],
    *,
    what_if: WhatIf = NOTHING_ASSUMED,
    batch: Credits = Credits.ZERO,
    source_usage: Mapping[str, int] | None = None,
) -> Runway:
    """How long a pool lasts; see `runway`."""
    horizon, pool = pool.horizon, topped_up(pool, what_if.top_ups)
    known = history(days, horizon.today)
    pace = pace_of(known)
    term_ends = pool.term_ends_at and horizon.calendar.date_of(pool.term_ends_at)
    if pace is None:
        return Runway(
            today=horizon.today,
            history=known,
            pace=None,
            factor=Fraction(1),
            expiries_known=pool.expiries_known,
            term_ends=term_ends,
            renewal=pool.renewal,
        )
    factor = cut_factor(what_if.cuts, pace, source_usage or {})
    used_today = daily_amounts(days).get(horizon.today, 0)

    def walked(speed: Fraction) -> Walk:
        demand = Demand(horizon, pace, speed * factor, used_today)
        return walk(pool, demand, batch=batch.micro, recharge=what_if.recharge)

    usual, fast, slow = walked(Fraction(1)), walked(pace.fast), walked(pace.slow)
    return Runway(
        today=horizon.today,
        history=known,
        pace=pace,
        factor=factor,
        expiries_known=pool.expiries_known,
        included_out=usual.included_out,
        purchased_from=usual.purchased_from,
        runs_out=usual.runs_out,
        earliest=fast.runs_out,
        latest=slow.runs_out,
        recharge_on=usual.recharge_on,
        term_ends=term_ends,
        locked=cut(usual.locked) if _ends_within(pool) else None,
        renewal=pool.renewal,
        lapses=tuple(_lapses(pool, usual, fast, slow)),
        balances=tuple(_balances(horizon, usual, fast, slow)),
        milestones=milestones(pool, usual),
    )


def _ends_within(pool: Pool) -> bool:
    return pool.term_ends_at is not None and pool.term_ends_at < pool.horizon.ends_at


def _lapses(pool: Pool, usual: Walk, fast: Walk, slow: Walk) -> Iterator[Lapse]:
    present = (holding.terms for holding in pool.holdings if holding.present)
    for terms in sorted(present, key=lambda terms: (terms.expires_at or NEVER, terms.id)):
        most = slow.lapsed.get(terms.id)
        if not most or terms.expires_at is None:
            continue
        least, likely = fast.lapsed[terms.id], usual.lapsed[terms.id]
        yield Lapse(
            grant_id=terms.id,
            description=terms.description,
            bucket=terms.bucket,
            at=terms.expires_at,
            on=pool.horizon.calendar.date_of(terms.expires_at),
            least=cut(least),
            usual=cut(likely),
            most=cut(most),
            likelihood=_likelihood(least, likely),
        )


def _likelihood(least: Fraction, usual: Fraction) -> Likelihood:
    if least > 0:
        return Likelihood.CERTAIN
    return Likelihood.LIKELY if usual > 0 else Likelihood.POSSIBLE


def _balances(horizon: Horizon, usual: Walk, fast: Walk, slow: Walk) -> Iterator[BalancePoint]:
    speeds = zip(horizon.dates, usual.balances, fast.balances, slow.balances, strict=True)
    for day, at_usual, at_fast, at_slow in speeds:
        yield BalancePoint(date=day, usual=Credits(at_usual), fast=Credits(at_fast), slow=Credits(at_slow))
