"""Milestones: what happens to the pool on which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import IntEnum

from usage_tui.frozen import frozen
from usage_tui.insight.pace import cut
from usage_tui.insight.pool import Pool
from usage_tui.insight.walk import Walk
from usage_tui.models import Credits


class MilestoneKind(IntEnum):
    """What can happen, in the order in which it is told of one day."""

    EXPIRY = 1
    TERM_END = 2
    REFRESH = 3
    START = 4
    RECHARGE = 5
    RUN_OUT = 6


@frozen
class Milestone:
    """Something that happens to the pool.

    Attributes:
        amount: What lapses, is locked, begins or is bought; None if the pool runs out.
        description: The grant's; empty if it has none, or if no grant is meant.
        assumed: Whether the grant is not there yet, and only follows from the plan being active or from what
            is assumed of auto-recharge.
    """

    on: date
    kind: MilestoneKind
    amount: Credits | None = None
    grant_id: str | None = None
    description: str = ""
    assumed: bool = False


def milestones(pool: Pool, walked: Walk) -> tuple[Milestone, ...]:
    """What happens on a walk, day by day: the first day on which the pool runs out is told, no later one."""
    found = [*_expiries(pool, walked), *_term_end(pool, walked), *_starts(pool), *_purchases(pool, walked)]
    if walked.runs_out is not None:
        found.append(Milestone(on=walked.runs_out, kind=MilestoneKind.RUN_OUT))
    return tuple(sorted(found, key=lambda what: (what.on, what.kind, what.grant_id or "")))


def _expiries(pool: Pool, walked: Walk) -> Iterator[Milestone]:
    terms = [(holding.terms, not holding.present) for holding in pool.holdings]
    for grant, assumed in [*terms, *((bought, True) for bought in walked.purchases)]:
        lapsed = walked.lapsed.get(grant.id)
        if lapsed and grant.expires_at is not None:
            yield Milestone(
                on=pool.horizon.calendar.date_of(grant.expires_at),
                kind=MilestoneKind.EXPIRY,
                amount=cut(lapsed),
                grant_id=grant.id,
                description=grant.description,
                assumed=assumed,
            )


def _term_end(pool: Pool, walked: Walk) -> Iterator[Milestone]:
    at = pool.term_ends_at
    if at is not None and pool.horizon.as_of < at < pool.horizon.ends_at:
        on = pool.horizon.calendar.date_of(at)
        yield Milestone(on=on, kind=MilestoneKind.TERM_END, amount=cut(walked.locked))


def _starts(pool: Pool) -> Iterator[Milestone]:
    horizon = pool.horizon
    usable_until = min(pool.term_ends_at or horizon.ends_at, horizon.ends_at)
    for holding in pool.holdings:
        terms = holding.terms
        if horizon.as_of < terms.effective_at < usable_until:
            yield Milestone(
                on=horizon.calendar.date_of(terms.effective_at),
                kind=MilestoneKind.REFRESH if holding.is_plan else MilestoneKind.START,
                amount=Credits(holding.held),
                grant_id=terms.id,
                description=terms.description,
                assumed=not holding.present,
            )


def _purchases(pool: Pool, walked: Walk) -> Iterator[Milestone]:
    for terms in walked.purchases:
        on = pool.horizon.calendar.date_of(terms.effective_at)
        yield Milestone(
            on=on, kind=MilestoneKind.RECHARGE, amount=terms.original, grant_id=terms.id, assumed=True
        )
