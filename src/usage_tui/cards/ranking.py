"""Current-period usage: where it went, highest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from usage_tui.cards import compared, ranked, words
from usage_tui.cards.arrangement import Layout, Needs, Slot
from usage_tui.cards.card import Age, Placeholder, age, draw_placeholder, head, key_hint, view_of
from usage_tui.cards.compared import ComparedRow, ComparedView, compared_view
from usage_tui.cards.panel import Card, Cursor, Opening, Place
from usage_tui.cards.past import Then, of_past, then, with_change
from usage_tui.cards.ranked import RankedRow
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, line, wrap
from usage_tui.ledger.ranking import by_category
from usage_tui.ledger.shares import shares
from usage_tui.models import Credits, EventQuery, Ranking, SourceUsage
from usage_tui.state.comparing import comparable
from usage_tui.state.periods import ShownPeriod, shown_period
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.tables.selection import Selection
from usage_tui.text.amounts import CREDIT, amount_text, copied_text, noun_after, places
from usage_tui.text.numbers import share_text
from usage_tui.text.words import count_noun

TITLE = "Current-period usage"
HEADS = 2
"""Lines above the first row."""
_ROWS = 8
"""Rows on the dashboard, usually; all others are summed up."""
_LEAST_ROWS = 4
"""Rows on a low screen, the sum of all others among them."""
_CHOICES = ("sources", "categories")
COMPARE = "compare"
"""The choice that compares the sources with what they used in the period before."""
_TO_COME = (Status.IDLE, Status.LOADING)

_NOTHING_YET = "Chats, AI tools, workflows and browser sessions appear here."
_SHARE_PLACES = 3


class RankingView(NamedTuple):
    """The period's usage by source and by category.

    Attributes:
        sources: One row a source.
        categories: The same use, rolled up.
        unlisted: What the data sums up beyond the listed sources: how many, amount, share.
        total: Equal to the sum of either list and what is unlisted.
        unit: The code of the unit of every amount.
        decimals: Of every amount in the column and of the total.
        trends: Whether what each source used lately is known, or about to be.
        compared: The sources against what they used in the period before; None if there is none.
        then: The period, if it is not the current one.
    """

    sources: tuple[RankedRow, ...]
    categories: tuple[RankedRow, ...]
    unlisted: tuple[int, Credits, Decimal | None]
    total: Credits
    unit: str
    decimals: int
    age: Age
    trends: bool
    compared: ComparedView | Placeholder | None
    then: Then | None = None

    def title(self, dash: str) -> str:
        """The card's title, which names an earlier period."""
        return f"Usage {self.then.name(dash)}" if self.then else TITLE


def ranking_view(state: UsageState) -> RankingView | Placeholder:
    """What the card says."""
    shown = shown_period(state)
    view = view_of(shown.sources, lambda ranking: _view(state, shown, ranking))
    return of_past(view, "Usage", shown)


def _view(state: UsageState, shown: ShownPeriod, ranking: Ranking) -> RankingView:
    times, now = _times(state, shown), shown.past is None
    trends = _trends(state) if now else {}
    other = ranking.other
    beyond = [other.credits] if other else []
    amounts = [*(item.credits for item in ranking.items), *beyond, ranking.total]
    sources = _shares(ranking, beyond)
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
        trends=now and (state.source_days.value is not None or state.source_days.status in _TO_COME),
        compared=compared_view(state, trends) if now and comparable(state) else None,
        then=then(state, shown),
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


def _shares(ranking: Ranking, beyond: list[Credits]) -> Sequence[Decimal | None]:
    """The share of each row, and of what lies beyond them, at the digits shown."""
    amounts = [amount.micro for amount in [*(item.credits for item in ranking.items), *beyond]]
    return shares(amounts, _SHARE_PLACES) or (None,) * len(amounts)


def _source_row(item: SourceUsage, share: Decimal | None, times: EventQuery | None) -> RankedRow:
    category = words.category(item.kind)
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
        label=words.category(item.kind),
        category="",
        credits=item.credits,
        share=share,
        uses=item.count,
        noun=item.count_unit,
        query=_query(item.kind, None, times),
    )


def _times(state: UsageState, shown: ShownPeriod) -> EventQuery | None:
    """The events of the period; all if the client reports no period; None while it is not known which."""
    if state.summary.value is None:
        return None
    period = shown.period
    return EventQuery(starts_at=period.starts_at, ends_at=period.ends_at) if period else EventQuery()


def _query(kind: str, source_id: str | None, times: EventQuery | None) -> EventQuery | None:
    """The events behind a row; None while their period is unknown."""
    if times is None:
        return None
    return EventQuery(kind=kind, source_id=source_id, starts_at=times.starts_at, ends_at=times.ends_at)


def draw(
    view: RankingView | Placeholder, area: Area, *, rolled_up: bool = False, first: int = 0
) -> list[Line]:
    """Head, column heads, one line a row, and one for all the rows that are not shown."""
    if isinstance(view, Placeholder):
        return draw_placeholder(TITLE, view, area)
    rows, title = view.categories if rolled_up else view.sources, view.title(area.glyphs.dash)
    amount, noun = amount_text(view.total, view.unit, view.decimals), noun_after(view.total, view.unit)
    # The rule of the head shows the focus without color: the unit is dropped for it.
    roomy = bool(noun) and len(title) + len(amount) + len(noun) + 5 <= area.width
    total = line(amount, Span(f" {noun}", "muted") if roomy else "")
    if view.then is not None:
        total = with_change(view.then.change, total, title, area.width)
    if not rows and not view.unlisted[0]:
        again = key_hint("refresh", "refresh", area)
        nothing = "No credits used" if view.unit == CREDIT else "Nothing used"
        if view.then is not None:
            return [head(title, EMPTY, area, view.age), line(f"{nothing} in this period.")]
        return [
            head(title, EMPTY, area, view.age),
            line(f"{nothing} in this period yet."),
            *(line(Span(row, "muted")) for row in wrap(_NOTHING_YET, area.width)),
            *([line(Span("After the first one: ", "muted"), *again)] if again else []),
        ]
    visible = visible_rows(view, area.height, rolled_up=rolled_up)
    shown, hidden = rows[first : first + visible], rows[:first] + rows[first + visible :]
    rest = _other(view, hidden, "category" if rolled_up else "source")
    texts = [
        amount_text(used, view.unit, view.decimals)
        for used in (view.total, *(row.credits for row in (*rows, *rest)))
    ]
    sizes = ranked.Sizes.of([*rows, *rest], texts, view.unit, area, trends=view.trends)
    largest = max((row.credits.micro for row in rows), default=0)
    return [
        head(title, total, area, view.age),
        ranked.heads(sizes, view.unit),
        *(_row(row, largest, view, sizes, area) for row in shown),
        *(_row(row, 0, view, sizes, area) for row in rest),
    ]


def _row(row: RankedRow, largest: int, view: RankingView, sizes: ranked.Sizes, area: Area) -> Line:
    return ranked.draw_row(row, amount_text(row.credits, view.unit, view.decimals), largest, sizes, area)


def visible_rows(view: RankingView, height: int, *, rolled_up: bool) -> int:
    """How many rows fit, with one line reserved for the rest, if there is a rest."""
    rows = view.categories if rolled_up else view.sources
    room = max(1, height - HEADS)
    unlisted = bool(view.unlisted[0])
    return len(rows) if len(rows) + unlisted <= room else max(1, room - 1)


def _other(view: RankingView, hidden: Sequence[RankedRow], noun: str) -> list[RankedRow]:
    """The sum of what is not shown, so that the column adds up to the total; empty if all rows are shown."""
    sources, amount, share = view.unlisted
    if not hidden and not sources:
        return []
    parts = [*(row.share for row in hidden), share]
    known = [part for part in parts if part is not None]
    row = RankedRow(
        label="Other",
        category="",
        credits=Credits.total([amount, *(row.credits for row in hidden)]),
        share=sum(known, Decimal()) if len(known) == len(parts) else None,
        uses=sources + len(hidden),
        noun=noun if hidden else "source",
        query=None,
    )
    return [row]


def row_text(view: RankingView, row: RankedRow) -> str:
    """One row as a line of text: source, exact amount, share, count if it is reported."""
    count = [] if row.uses is None else [count_noun(row.uses, row.noun)]
    return "\t".join(
        [row.label, copied_text(row.credits, view.unit, view.decimals), share_text(row.share), *count]
    )


class RankingCard(Card[RankingView]):
    """Where the period's usage went, by source or by category, and what has changed since the one before."""

    id = "ranking"
    title = TITLE
    slot = Slot.UPPER_RIGHT
    cursor = Cursor.ROWS
    heads = HEADS
    choose = "roll_up"

    def view(self, state: UsageState) -> RankingView | Placeholder:
        """Sources and categories, highest first."""
        return ranking_view(state)

    def draw(self, view: RankingView | Placeholder, area: Area, at: Place) -> list[Line]:
        """Head, column heads, rows."""
        comparison = _comparison(view, at)
        if comparison is not None:
            return compared.draw(TITLE, comparison, area, first=at.first)
        return draw(view, area, rolled_up=_rolled_up(at), first=at.first)

    def needs(self, view: RankingView | Placeholder, area: Area, layout: Layout) -> Needs:
        """The highest sources, and one row for the others; all of them in plain text, or if there is room."""
        if isinstance(view, Placeholder):
            count = 1 if layout is Layout.TEXT else _ROWS
        else:
            count = len(view.sources)
        if layout is Layout.TEXT:
            return Needs.exactly(HEADS + count + 1)
        usual = HEADS + max(min(count, _ROWS), 3) + (count > _ROWS)
        least = min(usual, HEADS + _LEAST_ROWS) if layout is Layout.STACKED else usual
        # A comparison ends with a total.
        return Needs(least, usual, max(usual, HEADS + count + 1))

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
        return visible_rows(view, height, rolled_up=_rolled_up(at))

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
        """The period's events of the source or category."""
        rows = () if isinstance(view, Placeholder) else _rows(view, at)
        return rows[at.cursor or 0].query if rows else None

    def table(self, view: RankingView, at: Place, height: int) -> Selection:
        """The sources, or the categories."""
        period = ("--period", view.then.id) if view.then else ()
        if _rolled_up(at):
            return Selection("sources", "categories", ("--by", "kind", *period))
        return Selection("sources", "these sources" if period else "sources", period)


def compares(view: RankingView | None, at: Place) -> bool:
    """Whether the ranking compares the period with the one before."""
    return view is not None and _comparison(view, at) is not None


def _comparison(view: RankingView | Placeholder, at: Place) -> ComparedView | Placeholder | None:
    """The comparison, if that is what is shown."""
    return None if isinstance(view, Placeholder) or at.choice != COMPARE else view.compared


def _rolled_up(at: Place) -> bool:
    return at.choice == "categories"


def _rows(view: RankingView, at: Place) -> Sequence[RankedRow | ComparedRow]:
    comparison = _comparison(view, at)
    if comparison is not None:
        return compared.rows_of(comparison)
    return view.categories if _rolled_up(at) else view.sources
