"""Who used what: people in place of sources, with a row for what no event attributes to anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from usage_tui.ledger.ranking import SourceTotal, add_counts, rank
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import Event, PeriodReference, Ranking

ACTOR = "actor"
"""The kind of a person's total; its id and its label are the actor. That of the rest has no id."""

NOT_ATTRIBUTED = "Not attributed"
COUNT_UNIT = "event"


class PeopleRollup(PeriodRollup):
    """The same sums by person: each person stands where a source would."""

    def add(self, event: Event) -> None:
        """Count an event in, under its actor; one without an actor belongs to the rest."""
        actor = event.actor or ""
        label = actor or NOT_ATTRIBUTED
        super().add(replace(event, kind=ACTOR, source_id=actor, label=label, quantity=1))

    def ranking(self, *, as_of: datetime, revision: int, limit: int | None = None) -> Ranking:
        """The people of the period, highest first; see `rank_people`."""
        ranking = rank_people(self._totals(self._sums), as_of=as_of, revision=revision, limit=limit)
        return replace(ranking, period=PeriodReference(id=self._period.id))


def person_total(actor: str, amount: int, events: int | None) -> SourceTotal:
    """What a person used, in millionths and by how many events; the rest if the actor is empty."""
    return SourceTotal(ACTOR, actor, actor or NOT_ATTRIBUTED, amount, events)


def rank_people(
    totals: Iterable[SourceTotal], *, as_of: datetime, revision: int, limit: int | None = None
) -> Ranking:
    """Rank people. What is not attributed comes last, even if it is nothing.

    Args:
        totals: What each person used, as `person_total` says.
        as_of: The present.
        revision: Of which state of the organization this is.
        limit: The most people; the others are added up.
    """
    people, rest = list[SourceTotal](), person_total("", 0, 0)
    for total in totals:
        if total.source_id:
            people.append(total)
        else:
            rest = rest._replace(
                credits=rest.credits + total.credits, quantity=add_counts(rest.quantity, total.quantity)
            )
    ranking = rank(people, as_of=as_of, revision=revision, limit=limit, last=rest)
    items = tuple(replace(item, count_unit=COUNT_UNIT) for item in ranking.items)
    return replace(ranking, items=items)


def is_by_person(ranking: Ranking) -> bool:
    """Whether a reply is by person: it always has what is not attributed."""
    return bool(ranking.items) and all(item.kind == ACTOR for item in ranking.items)
