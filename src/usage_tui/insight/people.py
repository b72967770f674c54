"""Who made a day expensive: an explanation by people has a row for what is not attributed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from usage_tui.insight.why import Explanation, SourceChange
from usage_tui.ledger.people import ACTOR, NOT_ATTRIBUTED
from usage_tui.models import Credits


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
