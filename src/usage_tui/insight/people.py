"""Who used what: the part of an amount that events attribute to people, and the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from usage_tui.insight.why import Explanation, SourceChange
from usage_tui.ledger.ranking import SourceTotal, add_counts, rank_order
from usage_tui.models import Credits, Event

ACTOR = "actor"
"""The kind of such a total; its id and its label are the actor. That of the rest has no id."""

NOT_ATTRIBUTED = "Not attributed"


class _Use(NamedTuple):
    credits: int = 0
    events: int = 0


class People:
    """Adds up events by their actors."""

    def __init__(self) -> None:
        """Nobody has used anything yet."""
        self._uses: dict[str, _Use] = {}

    def add(self, events: Iterable[Event]) -> None:
        """Count some events; those without an actor belong to the rest."""
        for event in events:
            if event.actor:
                before = self._uses.get(event.actor, _Use())
                self._uses[event.actor] = _Use(before.credits + event.credits.micro, before.events + 1)

    def totals(self, total: int, count: int | None = None) -> list[SourceTotal]:
        """What each used, the highest first, and as the last one the rest, even if it is nothing.

        Args:
            total: What was used in all, in millionths.
            count: By how many events; None if that is unknown.
        """
        known = [SourceTotal(ACTOR, actor, actor, *use) for actor, use in self._uses.items()]
        rest = total - sum(one.credits for one in known)
        others = add_counts(count, -sum(use.events for use in self._uses.values()))
        return [*sorted(known, key=rank_order), SourceTotal(ACTOR, "", NOT_ATTRIBUTED, rest, others)]


def with_rest(found: Explanation) -> Explanation:
    """An explanation by people, with a row for the rest even if it was always nothing."""
    if any(not source.source_id for source in found.sources):
        return found
    nothing = None if found.usual is None else Fraction(0)
    rest = SourceChange(
        kind=ACTOR, source_id="", label=NOT_ATTRIBUTED, amount=Credits.ZERO, usual=nothing, change=nothing
    )
    more = [source for source in found.sources if source.change is None or source.change >= 0]
    return replace(found, sources=(*more, rest, *found.sources[len(more) :]))
