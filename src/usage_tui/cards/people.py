"""Who used what in the period, in place of its sources."""

from __future__ import annotations

from decimal import Decimal

from usage_tui.cards.card import Placeholder, age, view_of
from usage_tui.cards.past import then
from usage_tui.cards.ranked import LONG_TREND, RankedRow, period_times, shares_shown
from usage_tui.cards.ranking_table import PEOPLE, RankingView
from usage_tui.models import Choice, Credits, EventQuery, Name, Ranking, SourceUsage
from usage_tui.state.people import why_no_people
from usage_tui.state.periods import ShownPeriod
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState
from usage_tui.text.amounts import places


def people_view(state: UsageState, shown: ShownPeriod) -> RankingView | Placeholder | None:
    """The ranking of people; None if the viewer may not see it, or the data do not tell."""
    if why_no_people(state):
        return None
    return view_of(state.people, lambda ranking: _view(state, shown, ranking))


def _view(state: UsageState, shown: ShownPeriod, ranking: Ranking) -> RankingView:
    other = ranking.other
    beyond = [other.credits] if other else []
    amounts = [*(item.credits for item in ranking.items), *beyond]
    parts, times = shares_shown(ranking, beyond), period_times(state, shown)
    trends = _trends(state) if shown.past is None else {}
    rows = [
        _row(item, share, times)._replace(trend=trends.get(item.source_id, ()))
        for item, share in zip(ranking.items, parts, strict=False)
    ]
    return RankingView(
        sources=tuple(rows[:-1]),
        categories=(),
        unlisted=(other.sources, other.credits, parts[-1]) if other else (0, Credits.ZERO, Decimal()),
        total=ranking.total,
        unit=state.unit,
        decimals=places([*amounts, ranking.total], state.unit),
        age=age(state, state.people, follows=True),
        trends=bool(trends) or (shown.past is None and state.people_days.status is Status.LOADING),
        compared=None,
        then=then(state, shown),
        by=PEOPLE,
        row="person",
        last=rows[-1],
    )


def _trends(state: UsageState) -> dict[str, tuple[Credits, ...]]:
    """What each person used on each of the last days."""
    known = state.people_days.value
    return {} if known is None else {item.source_id: item.credits[-LONG_TREND:] for item in known.items}


def _row(item: SourceUsage, share: Decimal | None, times: EventQuery | None) -> RankedRow:
    query = None
    if times is not None and item.source_id:
        name = Name(item.source_id, whole=True)
        query = EventQuery(actors=Choice((name,)), starts_at=times.starts_at, ends_at=times.ends_at)
    return RankedRow(
        label=item.label,
        category="",
        credits=item.credits,
        share=share,
        uses=item.count,
        noun=item.count_unit,
        query=query,
    )
