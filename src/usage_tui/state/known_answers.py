"""Answers from what is known: how long it lasts, whether a batch fits, whether the books agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from usage_tui.insight import reconcile, runway
from usage_tui.insight.pace import pace
from usage_tui.insight.reconcile import Reconciliation, Silence
from usage_tui.insight.runway import Runway
from usage_tui.insight.what_if import NOTHING_ASSUMED, WhatIf
from usage_tui.ledger.days import ONE_DAY
from usage_tui.models import Credits
from usage_tui.state.event_times import event_times
from usage_tui.state.facts import Facts, facts_of
from usage_tui.state.replies import DAYS, GRANTS, OF_FACTS, PERIODS, SUMMARY, AnyReply
from usage_tui.state.usage import UsageState

if TYPE_CHECKING:  # only questions need these, and the dashboard is shown before any is asked
    from usage_tui.insight.assumptions import Assumptions
    from usage_tui.insight.findings import Finding
    from usage_tui.insight.past_balances import PastBalance
    from usage_tui.insight.plan import Batch, Plan


class KnownAnswers:
    """The answers about one organization, as of one state of it.

    Attributes:
        facts: What they are made of; `Facts.missing` says why something is not known.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @cached_property
    def runway(self) -> Runway | None:
        """How long what is left lasts; None if neither the grants nor the balance is known.

        With less than seven days of history it has no pace and no dates.
        """
        return self._runway(NOTHING_ASSUMED)

    @cached_property
    def past_balances(self) -> tuple[PastBalance, ...]:
        """What was left on each day until today, as far back as that can be told."""
        from usage_tui.insight.past_balances import past_balances

        facts = self.facts
        return past_balances(facts.summary, facts.grants, facts.known_days)

    @cached_property
    def assumptions(self) -> Assumptions:
        """Reads what is assumed."""
        from usage_tui.insight.assumptions import Assumptions

        facts = self.facts
        return Assumptions(
            sources=facts.source_labels() if self._source_usage is not None else None,
            grants=facts.grants,
            calendar=facts.calendar,
            now=facts.summary.as_of,
        )

    def what_if(self, text: str) -> Runway | None:
        """The runway under what a line assumes, such as ``top-up 5000`` or ``cut "Code completion" 50%``.

        Raises:
            InvalidAssumption: The line is not understood, or not enough is known for it.
        """
        return self._runway(self.assumptions.read(text))

    def plan(self, batch: Batch | Credits, what_if: str = "") -> Plan | None:
        """Whether a batch fits; None if neither the grants nor the balance is known.

        Args:
            batch: What it costs.
            what_if: What is assumed beside, as in `what_if`.

        Raises:
            InvalidAssumption: That is not understood, or not enough is known for it.
        """
        from usage_tui.insight.plan import batch_of, plan

        facts = self.facts
        return plan(
            facts.summary,
            facts.grants,
            facts.days_for_pace,
            batch_of(batch) if isinstance(batch, Credits) else batch,
            what_if=self.assumptions.read(what_if),
            source_usage=self._source_usage or {},
        )

    @cached_property
    def spikes(self) -> frozenset[date]:
        """The known days that stick out, of those before which all is known that `why` compares them with."""
        from usage_tui.insight import why

        known, first = self.facts.known_days, self.facts.first_event_date
        found = why.spikes(known, self.facts.included)
        if not known or first is None or first >= known[0].date:
            return found
        return frozenset(day for day in found if day - ONE_DAY * why.BASIS_DAYS >= known[0].date)

    @cached_property
    def reconciliation(self) -> Reconciliation | None:
        """The books side by side; None if a side is not known, or is of another state."""
        facts = self.facts
        if facts.ranking is None or facts.daily is None:
            return None
        return reconcile.reconcile(facts.summary, facts.ranking, facts.daily, facts.periods)

    @cached_property
    def silence(self) -> Silence | None:
        """Whether events stand still; None if they do not, or if that cannot be told.

        The times of the newest events are known one by one, those of earlier ones by day.
        """
        facts = self.facts
        last, as_of = facts.summary.last_event_at, facts.summary.as_of
        if last is None or as_of - last < reconcile.SHORTEST_SILENCE:
            return None
        newest = facts.recent.items if facts.recent is not None else ()
        return reconcile.silence(event_times(newest, facts.known_days, last), as_of)

    @cached_property
    def findings(self) -> list[Finding]:
        """What to warn of where no rule was chosen, as a check does."""
        from usage_tui.insight import alerts

        return alerts.default_findings(self.facts.summary, self.runway)

    @cached_property
    def screen_findings(self) -> list[Finding]:
        """What to warn of on a screen, the worst first; nothing that cannot be told."""
        from usage_tui.insight import alerts

        return alerts.screen_findings(self.facts.summary, self.runway)

    def _runway(self, what_if: WhatIf) -> Runway | None:
        facts = self.facts
        return runway.runway(
            facts.summary,
            facts.grants,
            facts.days_for_pace,
            what_if=what_if,
            source_usage=self._source_usage or {},
        )

    @cached_property
    def _source_usage(self) -> Mapping[str, int] | None:
        """What each source used in the basis days of the pace; None if that is unknown."""
        facts = self.facts
        found, known = pace(facts.days_for_pace, facts.today), facts.source_days
        if found is None or known is None or known.range.start_date > found.basis_starts_on:
            return None
        return facts.source_usage(known, found.basis_starts_on, facts.today - ONE_DAY)


_FOR_RUNWAY: tuple[AnyReply[object], ...] = (SUMMARY, GRANTS, PERIODS, DAYS)


class _Known:
    """What a state knows, the same as long as it holds the same objects."""

    def __init__(self, state: UsageState) -> None:
        self.state = state
        self._values = tuple(reply.of(state).value for reply in (SUMMARY, *OF_FACTS))

    def __hash__(self) -> int:
        return hash(tuple(map(id, self._values)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and all(
            mine is theirs for mine, theirs in zip(self._values, other._values, strict=True)
        )


def known_answers(state: UsageState) -> KnownAnswers | None:
    """The answers that follow from a state, worked out once; None while what the runway needs is loading."""
    remotes = [reply.of(state) for reply in _FOR_RUNWAY]
    if any(remote.value is None and remote.is_pending for remote in remotes):
        return None
    return answers_now(state)


def answers_now(state: UsageState) -> KnownAnswers | None:
    """The same, whatever is loading; None before the summary is known."""
    return _answers(_Known(state))


@lru_cache(maxsize=4)
def _answers(known: _Known) -> KnownAnswers | None:
    facts = facts_of(known.state)
    return None if facts is None else KnownAnswers(facts)
