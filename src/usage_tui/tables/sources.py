"""The table of the sources of a period, or of its categories."""

from __future__ import annotations

from usage_tui.frozen import frozen
from usage_tui.ledger.ranking import by_category
from usage_tui.models import Credits, OtherSources, PeriodReference, Ranking, SourceUsage
from usage_tui.state.answer import Answer
from usage_tui.tables.head import About

SCHEMA = "usage-tui/sources/1"
SOURCE, KIND = "source", "kind"
"""What a row stands for."""


@frozen
class SourcesAnswer(Answer):
    """The sources of a period, or its categories, highest first: total = items + other.

    Attributes:
        by: ``source``, ``kind`` or ``actor``.
    """

    by: str
    period: PeriodReference | None
    total: Credits
    items: tuple[SourceUsage, ...]
    other: OtherSources | None


def sources_answer(about: About, ranking: Ranking, by: str = SOURCE) -> SourcesAnswer:
    """The table of a ranking, by source or by category."""
    shown = by_category(ranking) if by == KIND else ranking
    return SourcesAnswer(
        **about.head(SCHEMA, ranking.as_of),
        by=by,
        period=ranking.period,
        total=ranking.total,
        items=shown.items,
        other=shown.other,
    )
