"""Every card below the other, as plain text."""

from __future__ import annotations

from usage_tui.cards import allowance, balance, banner, daily, grants, header, history, included, ranking
from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, plain
from usage_tui.state.usage import UsageState

_CHART_ROWS = 9
_RECENT_ROWS = 10


def page(state: UsageState, width: int, glyphs: Glyphs) -> str:
    """All cards in the order of the dashboard, at most so many cells wide."""

    def area(height: int = 0) -> Area:
        return Area(width, height, glyphs=glyphs, interactive=False)

    ranked = ranking.ranking_view(state)
    rows = len(ranked.sources) if isinstance(ranked, ranking.RankingView) else 1
    cards = [
        [header.draw(header.header_view(state), "", area())],
        banner.draw(banner.banners(state), area()),
        balance.draw(balance.balance_view(state), area()),
        included.draw(included.included_view(state), area()),
        ranking.draw(ranked, area(ranking.HEADS + rows + 1)),
        daily.draw(daily.daily_view(state), area(_CHART_ROWS)),
        history.draw(history.history_view(state, "recent"), area(history.HEADS + _RECENT_ROWS), EMPTY),
        grants.draw(grants.grants_view(state), area(), EMPTY),
        allowance.draw(allowance.allowance_view(state), area()),
    ]
    lines: list[Line] = []
    for card in filter(None, cards):
        lines += [*([EMPTY] if lines else []), *card]
    return plain(lines)
