"""A plan: whether a batch fits into what is usable now, who pays for it, and how long the rest lasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from usage_tui.frozen import frozen
from usage_tui.insight.demand import Horizon
from usage_tui.insight.pace import cut
from usage_tui.insight.pool import Holding, pool_of
from usage_tui.insight.runway import Runway, runway_of
from usage_tui.insight.what_if import NOTHING_ASSUMED, WhatIf, topped_up
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.spending import allocate
from usage_tui.models import Credits, Day, Event, Grants, Summary

NEWEST_EVENTS = 1000
"""From how many events of a source, at most, the cost of a run is told."""

FEWEST_EVENTS = 10
"""From how many at least."""

_PARTS = 10
_PERCENTILE = Fraction(9, 10)


class Fits(StrEnum):
    """Whether a batch fits: also at the cautious cost, at the usual cost only, or not at all."""

    FITS = "fits"
    JUST = "fits, just"
    NOT = "does not fit"


@frozen
class RunCosts:
    """What the newest runs of a source cost.

    Attributes:
        costs: The runs and the millionths of each event, the oldest first.
        first_at: The time of the oldest; None if there is no event.
    """

    source_id: str
    label: str
    costs: tuple[tuple[int, int], ...]
    first_at: datetime | None
    last_at: datetime | None

    @property
    def enough(self) -> bool:
        """Whether there are enough events to tell a cost from."""
        return len(self.costs) >= FEWEST_EVENTS

    @property
    def runs(self) -> int:
        """How many runs these are."""
        return sum(quantity for quantity, _ in self.costs)

    @property
    def mean(self) -> Fraction:
        """What a run costs on average, in millionths."""
        return _mean(self.costs)

    def expensive(self, runs: int) -> Fraction:
        """What an expensive run costs, in millionths; never less than the mean.

        For ten runs and more it is the mean of the most expensive of ten parts in the order of time. For
        fewer it is what nine of ten events do not exceed.
        """
        high = self._most_expensive_part() if runs >= _PARTS else self._percentile()
        return max(high, self.mean)

    def _most_expensive_part(self) -> Fraction:
        size = len(self.costs) // _PARTS
        starts = [size * part for part in range(_PARTS)]
        ends = [*starts[1:], len(self.costs)]
        return max(_mean(self.costs[start:end]) for start, end in zip(starts, ends, strict=True))

    def _percentile(self) -> Fraction:
        costs = sorted(Fraction(cost, quantity) for quantity, cost in self.costs)
        rank = -(-len(costs) * _PERCENTILE.numerator // _PERCENTILE.denominator)
        return costs[rank - 1]


@frozen
class Batch:
    """What a batch costs, usually and cautiously; a fraction of a millionth is dropped."""

    usual: Credits
    cautious: Credits


@frozen
class Payment:
    """What a grant pays of a batch."""

    grant_id: str
    description: str
    bucket: str
    amount: Credits


@frozen
class Outcome:
    """What a batch at one cost leads to.

    Attributes:
        left: What is usable after it.
        shortfall: What is missing; zero where it fits.
        runway: How long what is left lasts.
    """

    cost: Credits
    paid_by: tuple[Payment, ...]
    left: Credits
    shortfall: Credits
    runway: Runway

    @property
    def fits(self) -> bool:
        """Whether what is usable pays all of it."""
        return not self.shortfall


@frozen
class Plan:
    """A batch set against what is usable now; what a plan renews or is scheduled does not count.

    Attributes:
        without: How long all lasts without the batch, and without anything else that is assumed.
    """

    usual: Outcome
    cautious: Outcome
    without: Runway

    @property
    def fits(self) -> Fits:
        """Whether the batch fits."""
        if self.cautious.fits:
            return Fits.FITS
        return Fits.JUST if self.usual.fits else Fits.NOT


def run_costs(events: Iterable[Event], source_id: str) -> RunCosts:
    """What the newest runs of a source cost, by events in any order; reversals are left out."""
    runs = [event for event in events if event.source_id == source_id and _quantity(event) > 0]
    newest = sorted(runs, key=lambda event: (event.occurred_at, event.id))[-NEWEST_EVENTS:]
    return RunCosts(
        source_id=source_id,
        label=newest[-1].label if newest else source_id,
        costs=tuple((_quantity(event), event.credits.micro) for event in newest),
        first_at=newest[0].occurred_at if newest else None,
        last_at=newest[-1].occurred_at if newest else None,
    )


def batch_of_runs(costs: RunCosts, runs: int) -> Batch:
    """What so many runs cost.

    Raises:
        ValueError: There are not enough events to tell.
    """
    if not costs.enough:
        raise ValueError(f"{costs.source_id}: {len(costs.costs)} events; {FEWEST_EVENTS} are needed")
    return Batch(usual=cut(runs * costs.mean), cautious=cut(runs * costs.expensive(runs)))


def batch_of(amount: Credits) -> Batch:
    """A batch whose cost is known."""
    return Batch(usual=amount, cautious=amount)


def plan(
    summary: Summary,
    grants: Grants | None,
    days: Sequence[Day],
    batch: Batch,
    *,
    what_if: WhatIf = NOTHING_ASSUMED,
    source_usage: Mapping[str, int] | None = None,
) -> Plan | None:
    """Set a batch against what is usable now. The arguments are those of `runway`.

    Returns:
        None if neither the grants nor the balance is known.
    """
    pool = pool_of(summary, grants, Horizon(summary.as_of, Calendar(summary.org.time_zone)))
    if pool is None:
        return None
    usable = topped_up(pool, what_if.top_ups).usable

    def outcome(cost: Credits) -> Outcome:
        after = runway_of(pool, days, what_if=what_if, batch=cost, source_usage=source_usage)
        return _outcome(usable, cost, after)

    usual = outcome(batch.usual)
    cautious = usual if batch.cautious == batch.usual else outcome(batch.cautious)
    return Plan(usual=usual, cautious=cautious, without=runway_of(pool, days))


def _outcome(usable: Sequence[Holding], cost: Credits, after: Runway) -> Outcome:
    payments, shortfall = allocate(cost.micro, ((holding.terms, holding.held) for holding in usable))
    held = sum(holding.held for holding in usable)
    return Outcome(
        cost=cost,
        paid_by=tuple(
            Payment(
                grant_id=terms.id, description=terms.description, bucket=terms.bucket, amount=Credits(part)
            )
            for terms, part in payments
        ),
        left=Credits(held - cost.micro + shortfall),
        shortfall=Credits(shortfall),
        runway=after,
    )


def _quantity(event: Event) -> int:
    """How many runs an event stands for; none if it gives back, or is the sum of a time without a count."""
    if event.credits < Credits.ZERO:
        return 0
    if event.quantity is None:
        return 1 if event.ends_at is None else 0
    return event.quantity


def _mean(costs: Sequence[tuple[int, int]]) -> Fraction:
    return Fraction(sum(cost for _, cost in costs), sum(quantity for quantity, _ in costs))
