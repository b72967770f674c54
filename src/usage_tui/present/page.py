"""Every card below the other, as plain text."""

from __future__ import annotations

from usage_tui.present import (
    allowance,
    balance,
    banner,
    daily,
    grants,
    header,
    history,
    included,
    ranking,
)
from usage_tui.present.glyphs import Glyphs
from usage_tui.present.text import EMPTY, Area, Line, cell_len, plain
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
        _chart(daily.draw(daily.daily_view(state), area(_CHART_ROWS))),
        history.draw(history.history_view(state, "recent"), area(history.HEADS + _RECENT_ROWS), EMPTY),
        grants.draw(grants.grants_view(state), area(), EMPTY),
        allowance.draw(allowance.allowance_view(state), area()),
    ]
    lines: list[Line] = []
    for card in filter(None, cards):
        lines += [*([EMPTY] if lines else []), *card]
    return plain(lines)


def _chart(chart: daily.Chart) -> list[Line]:
    """The card with its plot set into it."""
    if chart.plot is None:
        return chart.lines
    lines = list(chart.lines)
    for row in range(chart.plot.height):
        at = 1 + chart.plot.height - 1 - row
        cells = {cell.column + chart.left: cell.glyph for cell in chart.plot.cells if cell.row == row}
        lines[at] = _overlaid(lines[at], cells)
    return lines


def _overlaid(line: Line, cells: dict[int, str]) -> Line:
    """The line with single cells replaced. Only blanks are: axis and readout lie beside the plot."""
    spans, start = [], 0
    for span in line:
        text = "".join(
            cells.get(start + offset, character) if character == " " else character
            for offset, character in enumerate(span.text)
        )
        spans.append(span._replace(text=text))
        start += cell_len(span.text)
    beyond = [column for column in cells if column >= start]
    tail = "".join(cells.get(column, " ") for column in range(start, max(beyond, default=start - 1) + 1))
    return (*spans, spans[-1]._replace(text=tail)) if spans else ()
