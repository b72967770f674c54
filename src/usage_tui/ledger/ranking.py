"""The ranking of sources and categories by what they used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from usage_tui.ledger.shares import SHARE_PLACES, shares
from usage_tui.models import Credits, OtherSources, Ranking, SourceUsage
from usage_tui.named_tuple import NamedTuple
from usage_tui.text.words import spoken


class Category(NamedTuple):
    """A kind of source as people call it, and the singular noun of what it counts."""

    label: str
    count_unit: str


ADJUSTMENT = "adjustment"
"""The activity of an adjustment, and its category if it belongs to no source."""

CATEGORIES: Mapping[str, Category] = {
    "agent_chat": Category("Agent chat", "message"),
    "ai_tool": Category("AI Tools", "run"),
    "workflow": Category("Workflows", "run"),
    "browser_session": Category("Browser sessions", "session"),
    ADJUSTMENT: Category("Adjustments", ADJUSTMENT),
}
"""The categories by kind."""


def category_of(kind: str) -> Category:
    """The category of a kind; a kind this version does not know gets its own word as its label."""
    return CATEGORIES.get(kind) or Category(kind, "use")


def category_label(kind: str) -> str:
    """The category as people call it: ``AI Tools``; the code as words if this version does not know it."""
    known = CATEGORIES.get(kind)
    return known.label if known else spoken(kind)


class SourceTotal(NamedTuple):
    """What one source used: millionths of the unit, and how many of its category's count unit.

    Attributes:
        quantity: None if the counts are not known.
    """

    kind: str
    source_id: str
    label: str
    credits: int
    quantity: int | None


def add_counts(one: int | None, other: int | None) -> int | None:
    """The sum of two counts; None if one of them is unknown."""
    return None if one is None or other is None else one + other


def sum_counts(counts: Iterable[int | None]) -> int | None:
    """The sum of all the counts; None if one of them is unknown."""
    total: int | None = 0
    for count in counts:
        total = add_counts(total, count)
    return total


def rank_order(total: SourceTotal) -> tuple[int, int, str, str, str]:
    """The sort key of a ranking: the highest amount first, then the highest count, then by name."""
    return (-total.credits, -(total.quantity or 0), total.label, total.kind, total.source_id)


class _Rest(NamedTuple):
    """The sum of the rows that a ranking does not list."""

    sources: int
    credits: int
    quantity: int | None


def rank(
    totals: Iterable[SourceTotal],
    *,
    as_of: datetime,
    revision: int,
    limit: int | None = None,
    last: SourceTotal | None = None,
) -> Ranking:
    """Rank the sources; the ones past `limit` are added up in `other`.

    Args:
        totals: What each source used.
        as_of: The present.
        revision: Of which state of the organization this is.
        limit: The most sources.
        last: What comes after all of them, whatever it is; it is always listed.
    """
    ordered = sorted(totals, key=rank_order)
    top, cut = ordered[:limit], ordered[limit:] if limit is not None else []
    rest = None
    if cut:
        amount, count = sum(total.credits for total in cut), sum_counts(total.quantity for total in cut)
        rest = _Rest(len(cut), amount, count)
    return _ranking([*top, *([last] if last else [])], rest, as_of, revision)


def by_category(ranking: Ranking) -> Ranking:
    """The ranking with one row a category. `other` stays as it is: its kinds are not known."""
    categories: dict[str, tuple[int, int | None]] = {}
    for item in ranking.items:
        amount, count = categories.get(item.kind, (0, 0))
        categories[item.kind] = amount + item.credits.micro, add_counts(count, item.count)
    totals = [
        SourceTotal(kind, kind, category_of(kind).label, amount, count)
        for kind, (amount, count) in categories.items()
    ]
    other = ranking.other
    rest = _Rest(other.sources, other.credits.micro, other.count) if other else None
    ordered = sorted(totals, key=rank_order)
    return replace(_ranking(ordered, rest, ranking.as_of, ranking.revision), period=ranking.period)


def _ranking(top: Sequence[SourceTotal], rest: _Rest | None, as_of: datetime, revision: int) -> Ranking:
    amounts = [total.credits for total in top] + ([rest.credits] if rest else [])
    parts: Sequence[Decimal | None] = shares(amounts, SHARE_PLACES) or [None] * len(amounts)
    items = tuple(
        SourceUsage(
            rank=index + 1,
            kind=total.kind,
            source_id=total.source_id,
            label=total.label,
            credits=Credits(total.credits),
            share=parts[index],
            count=total.quantity,
            count_unit=category_of(total.kind).count_unit,
        )
        for index, total in enumerate(top)
    )
    other = None
    if rest:
        other = OtherSources(
            sources=rest.sources, credits=Credits(rest.credits), share=parts[-1], count=rest.quantity
        )
    return Ranking(as_of=as_of, revision=revision, total=Credits(sum(amounts)), items=items, other=other)
