"""Current-period usage: where it went, highest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from usage_tui.cards import compared, ranked
from usage_tui.cards.arrangement import Layout, Needs, Slot
from usage_tui.cards.card import HEADS, Placeholder, age, view_of
from usage_tui.cards.carried import MOST_LINES
from usage_tui.cards.compared import ComparedRow, ComparedView, compared_view
from usage_tui.cards.panel import Card, Cursor, Opening, Place
from usage_tui.cards.past import of_past, then
from usage_tui.cards.people import people_view
from usage_tui.cards.ranked import RankedRow, period_times, shares_shown
from usage_tui.cards.ranking_table import (
    PEOPLE,
    SOURCES,
    TITLE,
    RankingView,
    draw,
    row_text,
    visible_rows,
)
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.ledger.people import ACTOR
from usage_tui.ledger.ranking import by_category, category_label
from usage_tui.models import Credits, EventQuery, Ranking, SourceUsage
from usage_tui.state.comparing import why_not_comparable
from usage_tui.state.periods import ShownPeriod, shown_period
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection
from usage_tui.text.amounts import places

_ROWS = 8
"""Rows on the dashboard, usually; all others are summed up."""
_LEAST_ROWS = 4
"""Rows on a low screen, the sum of all others among them."""
_CHOICES = (SOURCES, "categories")
COMPARE = "compare"
"""The choice that compares the sources with what they used in the period before."""


def ranking_view(state: UsageState) -> RankingView | Placeholder:
    """What the card says."""
    shown = shown_period(state)
    view = view_of(shown.sources, lambda ranking: _view(state, shown, ranking))
    return of_past(view, "Usage", shown)


def _view(state: UsageState, shown: ShownPeriod, ranking: Ranking) -> RankingView:
    times, now = period_times(state, shown), shown.past is None
    people = people_view(state, shown)
    trends = _trends(state) if now else {}
    other = ranking.other
    beyond = [other.credits] if other else []
    amounts = [*(item.credits for item in ranking.items), *beyond, ranking.total]
    sources = shares_shown(ranking, beyond)
    by_kind: dict[str, Decimal | None] = {}
    for item, share in zip(ranking.items, sources, strict=False):
        # Summed, not computed again: rounding must not let a category differ from its sources.
        by_kind[item.kind] = None if share is None else share + (by_kind.get(item.kind) or 0)
    unlisted = (other.sources, other.credits, sources[-1]) if other else (0, Credits.ZERO, Decimal())
    return RankingView(
        sources=tuple(
            _source_row(item, share, times)._replace(trend=trends.get((item.kind, item.source_id), ()))
            for item, share in zip(ranking.items, sources, strict=False)
        ),
        categories=tuple(
            _category_row(item, by_kind[item.kind], times)._replace(trend=trends.get((item.kind, ""), ()))
            for item in by_category(ranking).items
        ),
        unlisted=unlisted,
        total=ranking.total,
        unit=state.unit,
        decimals=places(amounts, state.unit),
        age=age(state, shown.sources, follows=True),
        trends=now and (state.source_days.value is not None or state.source_days.is_pending),
        compared=compared_view(state, trends) if not why_not_comparable(state) else None,
        then=then(state, shown),
        people=people,
        by=SOURCES if people is not None else "",
    )


def _trends(state: UsageState) -> Mapping[tuple[str, str], tuple[Credits, ...]]:
    """What each source used on each of the last days, and each category, which has no id."""
    known = state.source_days.value
    if known is None:
        return {}
    sources = known.last(ranked.LONG_TREND)
    if known.other is not None:
        return sources  # some sources are added up, and nobody knows of which categories they are
    series: dict[str, list[tuple[Credits, ...]]] = {}
    for (kind, _), days in sources.items():
        series.setdefault(kind, []).append(days)
    return sources | {
        (kind, ""): tuple(map(Credits.total, zip(*members, strict=True))) for kind, members in series.items()
    }


def _source_row(item: SourceUsage, share: Decimal | None, times: EventQuery | None) -> RankedRow:
    category = category_label(item.kind)
    return RankedRow(
        label=item.label or item.source_id,
        category="" if category == item.label else category,
        credits=item.credits,
        share=share,
        uses=item.count,
        noun=item.count_unit,
        query=_query(item.kind, item.source_id, times),
    )


def _category_row(item: SourceUsage, share: Decimal | None, times: EventQuery | None) -> RankedRow:
    return RankedRow(
        label=category_label(item.kind),
        category="",
        credits=item.credits,
        share=share,
        uses=item.count,
        noun=item.count_unit,
        query=_query(item.kind, None, times),
    )


def _query(kind: str, source_id: str | None, times: EventQuery | None) -> EventQuery | None:
    """The events behind a row; None while their period is unknown."""
    if times is None:
        return None
    return EventQuery(kind=kind, source_id=source_id, starts_at=times.starts_at, ends_at=times.ends_at)


_TEXT_LINES = 8
"""Lines that the balance carried through a past period may take in plain text, however narrow it is."""


def _carries(view: RankingView | Placeholder) -> bool:
    """Whether a line is wanted for the balance carried through a past period."""
    return isinstance(view, RankingView) and view.then is not None and view.then.carried is not None


class RankingCard(Card[RankingView]):
    """Where the period's usage went, by source or by category, and what has changed since the one before."""

    id = "ranking"
    title = TITLE
    slot = Slot.UPPER_RIGHT
    cursor = Cursor.ROWS
    choose = "roll_up"

    def view(self, state: UsageState) -> RankingView | Placeholder:
        """Sources and categories, highest first."""
        return ranking_view(state)

    def draw(self, view: RankingView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, column heads, rows."""
        comparison = _comparison(view, at)
        if comparison is not None:
            title = TITLE if isinstance(view, Placeholder) else view.title(area.glyphs.dash)
            return compared.draw(title, comparison, area, first=at.first)
        return draw(_listed(view, at), area, rolled_up=_rolled_up(at), first=at.first)

    def needs(self, view: RankingView | Placeholder, area: Area, layout: Layout) -> Needs:
        """The highest sources, and one row for the others; all of them in plain text, or if there is room."""
        people: Sequence[RankedRow] = ()
        if isinstance(view, Placeholder):
            count = 1 if layout is Layout.TEXT else _ROWS
        else:
            count = len(view.sources)
            people = view.people.sources if isinstance(view.people, RankingView) else ()
        if layout is Layout.TEXT:
            return Needs.exactly(HEADS + count + 1 + _TEXT_LINES * _carries(view))
        usual = HEADS + max(min(count, _ROWS), 3) + (count > _ROWS) + _carries(view)
        least = min(usual, HEADS + _LEAST_ROWS) if layout is Layout.STACKED else usual
        # A comparison ends with a total, people with what is not attributed.
        most = HEADS + max(count, len(people)) + 1 + MOST_LINES * _carries(view)
        return Needs(least, usual, max(usual, most))

    def choices(self, view: RankingView) -> tuple[str, ...]:
        """Sources, categories, and the change since the period before if there is one."""
        return _CHOICES if view.compared is None else (*_CHOICES, COMPARE)

    def choose_word(self, view: RankingView, at: Place) -> str:
        """What the rows change to."""
        choices = self.choices(view)
        return choices[(choices.index(self.chosen(view, at)) + 1) % len(choices)]

    def row_count(self, view: RankingView, at: Place, height: int) -> int:
        """All rows."""
        return len(_rows(view, at))

    def visible_rows(self, view: RankingView, at: Place, height: int) -> int:
        """One line is kept for the rest, if there is a rest, and one for the total of a comparison."""
        comparison = _comparison(view, at)
        if comparison is not None:
            return compared.visible_rows(comparison, height)
        listed = _listed(view, at)
        return (
            1 if isinstance(listed, Placeholder) else visible_rows(listed, height, rolled_up=_rolled_up(at))
        )

    def copy_text(self, view: RankingView, at: Place) -> str:
        """The row under the cursor."""
        rows, comparison = _rows(view, at), _comparison(view, at)
        row = rows[at.cursor or 0] if rows else None
        if isinstance(row, RankedRow):
            return row_text(view, row)
        if row is None or comparison is None or isinstance(comparison, Placeholder):
            return ""
        return compared.row_text(comparison, row)

    def opens(self, view: RankingView | Placeholder, at: Place) -> Opening:
        """The period's events of the source, the category or the person."""
        rows = () if isinstance(view, Placeholder) else _rows(view, at)
        return rows[at.cursor or 0].query if rows else None

    def table(self, view: RankingView, at: Place, height: int) -> Selection:
        """The sources, the categories, or the people."""
        period = ("--period", view.then.id) if view.then else ()
        if at.choice == PEOPLE and isinstance(view.people, RankingView):
            return Selection("sources", "people", ("--by", ACTOR, *period))
        if _rolled_up(at):
            return Selection("sources", "categories", ("--by", "kind", *period))
        return Selection("sources", "these sources" if period else "sources", period)


def compares(view: RankingView | None, at: Place) -> bool:
    """Whether the ranking compares the period with the one before."""
    return view is not None and _comparison(view, at) is not None


def ranks_people(view: RankingView | None, at: Place) -> bool:
    """Whether the ranking is of people."""
    return view is not None and at.choice == PEOPLE and view.people is not None


def _listed(view: RankingView | Placeholder, at: Place) -> RankingView | Placeholder:
    """What the rows are of: people, if these are chosen and can be told."""
    if isinstance(view, Placeholder) or at.choice != PEOPLE or view.people is None:
        return view
    return view.people


def _comparison(view: RankingView | Placeholder, at: Place) -> ComparedView | Placeholder | None:
    """The comparison, if that is what is shown."""
    return None if isinstance(view, Placeholder) or at.choice != COMPARE else view.compared


def _rolled_up(at: Place) -> bool:
    return at.choice == "categories"


def _rows(view: RankingView, at: Place) -> Sequence[RankedRow | ComparedRow]:
    comparison = _comparison(view, at)
    if comparison is not None:
        return compared.rows_of(comparison)
    listed = _listed(view, at)
    if isinstance(listed, Placeholder):
        return ()
    return listed.categories if _rolled_up(at) else listed.sources
