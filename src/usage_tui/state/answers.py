"""Answers that may need more than is known: why a day was expensive, how a period compares, what runs cost.

Everything is told as of one state of the organization. What the facts hold is not asked for again; what else
an answer needs is asked for once, when it is first wanted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace
from datetime import date
from typing import Any, Literal, NamedTuple, TypeVar

from usage_tui.clients.base import NotOffered, UsageClient, Withheld
from usage_tui.clients.walk import LARGEST_PAGE, walk
from usage_tui.insight import plan, why
from usage_tui.insight.compare import (
    Comparison,
    PeriodComparison,
    SourceChanges,
    Span,
    period_changes,
    same_point,
    source_changes,
    whole,
)
from usage_tui.insight.people import with_rest
from usage_tui.insight.plan import Batch, Plan, RunCosts
from usage_tui.insight.why import Explanation
from usage_tui.ledger.days import ONE_DAY
from usage_tui.models import DailyUsage, Event, EventQuery, Period, Ranking, SourceDays
from usage_tui.state.facts import Facts, facts_of
from usage_tui.state.known_answers import KnownAnswers, answers_now
from usage_tui.state.loading import PlainStore, load_all, load_past
from usage_tui.state.usage import UsageState
from usage_tui.text.words import count_noun

T = TypeVar("T")

_ROUNDS = 3
"""How often all is asked for where the data change meanwhile."""


class TooFewRuns(ValueError):
    """A source has too few events to tell what a run costs.

    Attributes:
        costs: What is known of it.
    """

    def __init__(self, costs: RunCosts) -> None:
        runs = count_noun(len(costs.costs), "run")
        super().__init__(f"{costs.label} has {runs}; a plan needs {plan.FEWEST_EVENTS}")
        self.costs = costs


class PlannedRuns(NamedTuple):
    """A plan of runs, and what they are expected to cost by."""

    costs: RunCosts
    batch: Batch
    plan: Plan


class Answers(KnownAnswers):
    """All answers, also those that need more than the facts."""

    def __init__(self, client: UsageClient, facts: Facts) -> None:
        """Prepare to answer.

        Args:
            client: Asked for what the facts do not hold.
            facts: What is known already.
        """
        super().__init__(facts)
        self._client = client
        self._asked: dict[Hashable, Any] = {}

    @classmethod
    async def of(cls, client: UsageClient) -> Answers:
        """Ask a client for all that most answers need.

        Raises:
            ClientError: There is no summary.
        """
        store, facts = PlainStore.of(client), None
        for _ in range(_ROUNDS):
            await load_all(store, client)
            await load_past(store, client)
            facts = facts_of(store.state)
            if facts is None or facts.are_of_one_revision:
                break
        if facts is None:
            summary, me = store.state.summary, store.state.me
            raise summary.error or me.error or NotOffered(summary.reason)
        return cls(client, facts)

    async def plan_runs(self, source_id: str, runs: int, what_if: str = "") -> PlannedRuns | None:
        """Whether a number of runs of a source fit; None if neither the grants nor the balance is known.

        Args:
            source_id: Which source.
            runs: How many.
            what_if: What is assumed beside, as in `what_if`.

        Raises:
            TooFewRuns: There are not enough events to tell what a run costs.
            InvalidAssumption: What is assumed is not understood, or not enough is known for it.
            ClientError: The events cannot be had.
        """
        costs = await self.run_costs(source_id)
        if not costs.enough:
            raise TooFewRuns(costs)
        batch = plan.batch_of_runs(costs, runs)
        found = self.plan(batch, what_if)
        return None if found is None else PlannedRuns(costs, batch, found)

    async def run_costs(self, source_id: str) -> RunCosts:
        """What the newest runs of a source cost.

        Raises:
            ClientError: The events cannot be had.
        """

        async def ask() -> RunCosts:
            query = EventQuery(source_id=source_id)
            first = await self._client.events(query, limit=LARGEST_PAGE)
            runs: list[Event] = []
            async for page in walk(self._client, first, query):
                runs += (event for event in page.items if event.reverses is None and event.quantity != 0)
                if len(runs) >= plan.NEWEST_EVENTS:
                    break
            return plan.run_costs(runs, source_id)

        return await self._once(("runs", source_id), ask)

    def date_of(self, day: date | Literal["yesterday", "peak"]) -> date | None:
        """The date that a word means; None if the period has no complete day with use."""
        if day == "yesterday":
            return self.facts.today - ONE_DAY
        if day == "peak":
            return why.peak(self.facts.daily.items) if self.facts.daily else None
        return day

    async def why(self, day: date | Literal["yesterday", "peak"]) -> Explanation | None:
        """Why a day was expensive; None if nothing is known of it.

        Args:
            day: Which one; ``peak`` is the most expensive complete day of the period.

        Raises:
            ClientError: The days by source cannot be had.
        """
        civil = self._explicable(day)
        if civil is None:
            return None
        known = await self._source_days(civil - ONE_DAY * why.BASIS_DAYS, civil)
        return self._explained(known, civil)

    async def why_by_actor(self, day: date | Literal["yesterday", "peak"]) -> Explanation | None:
        """Who made a day expensive; None if nothing is known of it.

        Args:
            day: As in `why`.

        Raises:
            ClientError: The days by person cannot be had.
        """
        civil = self._explicable(day)
        if civil is None:
            return None
        first = civil - ONE_DAY * why.BASIS_DAYS
        asked = await self._once(("people", civil), lambda: self._client.people_days(first, civil))
        found = self._explained(asked, civil)
        return None if found is None else with_rest(found)

    def _explicable(self, day: date | Literal["yesterday", "peak"]) -> date | None:
        civil = self.date_of(day)
        return None if civil is None or civil > self.facts.today else civil

    def _explained(self, known: SourceDays, civil: date) -> Explanation | None:
        totals = self.facts.source_totals(known)
        if civil not in totals:
            return None
        complete = civil < self.facts.today
        return why.explain(totals, civil, complete=complete, included=self.facts.included)

    async def compare(self) -> Comparison | None:
        """The current period against the one before, at the same point; None if that one is not known.

        Raises:
            ClientError: Its days cannot be had.
        """
        found = await self._compared()
        return None if found is None else found.total

    async def compare_sources(self) -> PeriodComparison | None:
        """The same with every source and every day of the period before; None if that one is not known.

        Raises:
            ClientError: Its days, or the days by source, cannot be had.
        """
        found = await self._compared()
        return None if found is None else replace(found, sources=await self._source_changes(found))

    async def compare_past(
        self, period: Period, ranking: Ranking, daily: DailyUsage
    ) -> PeriodComparison | None:
        """A period that is over against all of the one before; None if that one is not known.

        Args:
            period: The period.
            ranking: What each source used in it.
            daily: What each day used.

        Raises:
            ClientError: The period before cannot be had.
        """
        known = self.facts.periods.before(period.id) if self.facts.periods else None
        if known is None:
            return None
        former = known.period
        days = await self._once(("days", former.id), lambda: self._client.daily(former.id))
        before = await self._once(("sources", former.id), lambda: self._client.sources(former.id))
        total = whole(period, daily.items, former, days.items)
        return PeriodComparison(
            as_of=daily.as_of,
            revision=daily.revision,
            period=period,
            former_period=former,
            total=total,
            former_days=days.items,
            sources=_if_agrees(period_changes(ranking, before), total),
        )

    async def _compared(self) -> PeriodComparison | None:
        facts = self.facts
        period = facts.summary.period
        known = facts.periods.before(period.id) if facts.periods and period else None
        if period is None or known is None or facts.daily is None:
            return None
        former = known.period
        days = await self._once(("days", former.id), lambda: self._client.daily(former.id))
        return PeriodComparison(
            as_of=facts.daily.as_of,
            revision=facts.daily.revision,
            period=period,
            former_period=former,
            total=same_point(period, facts.daily.items, former, days.items, facts.today),
            former_days=days.items,
            sources=None,
        )

    async def _source_changes(self, found: PeriodComparison) -> SourceChanges | None:
        """The sources; None if they are not known, or do not add up to what the periods used."""
        total = found.total
        if not total.days:
            return None
        try:
            now = await self._span(found.period.start_date, total.days)
            former = await self._span(found.former_period.start_date, total.former_days)
        except (NotOffered, Withheld):
            return None
        if now is None or former is None:
            return None
        # Not so where two periods meet within a day, which counts for both of them here.
        return _if_agrees(source_changes(now, former), total)

    async def _span(self, first: date, days: int) -> Span | None:
        """A number of days by source; None if not all of them are known."""
        last = first + ONE_DAY * (days - 1)
        known = await self._source_days(first, last)
        return Span(first, days, known) if self._covers(known, first, last) else None

    async def _source_days(self, first: date, last: date) -> SourceDays:
        """Days by source: those of the facts where they tell of all of these, or else as they are told."""
        known = self.facts.source_days
        if known is not None and self._covers(known, first, last):
            return known
        return await self._once(("source days", first, last), lambda: self._client.source_days(first, last))

    def _covers(self, known: SourceDays, first: date, last: date) -> bool:
        """Whether a reply tells of all these days, on which nothing was used before it begins."""
        begins, first_event = known.range.start_date, self.facts.first_event_date
        is_all = begins <= first or (first_event is not None and first_event >= begins)
        return is_all and last <= known.range.end_date

    async def _once(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """What was asked for before, or is asked for now; a failure is not kept."""
        if key not in self._asked:
            self._asked[key] = await ask()
        found: T = self._asked[key]
        return found


def _if_agrees(changes: SourceChanges, total: Comparison) -> SourceChanges | None:
    """The sources, if they add up to what the periods used."""
    found = changes.total
    return changes if (found.amount, found.former) == (total.amount, total.former) else None


def answers_for(state: UsageState, client: UsageClient, before: Answers | None) -> Answers | None:
    """The answers about a state; those from before where nothing that they are made of has changed.

    None before the summary is known.
    """
    known = answers_now(state)
    if known is None:
        return None
    return before if before is not None and before.facts is known.facts else Answers(client, known.facts)
