"""Plots drawn by plotext, on a canvas of exactly their cells."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from textual_plotext.plot import Plot as Figure

from usage_tui.cards.typeset.plot import Plot


def draw_plot(plot: Plot) -> tuple[str, ...]:
    """The plot as rows of characters, the top one first.

    Plotext's own bars are rounded to whole rows and uneven widths, so every symbol is a scatter.
    """
    symbols: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for cell in plot.cells:
        symbols[cell.glyph].append((cell.column, cell.row))
    return _scatter(plot.width, plot.height, tuple((glyph, tuple(cells)) for glyph, cells in symbols.items()))


@lru_cache(maxsize=8)
def _scatter(
    width: int, height: int, symbols: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
) -> tuple[str, ...]:
    """Cached, because moving the cursor changes colors and not symbols."""
    figure = Figure()
    figure.theme("clear")
    figure.plotsize(width, height)
    # The public setter stops at the size of the terminal that plotext believes to be on; the widget of
    # textual-plotext works around it in the same way.
    figure._set_size(width, height)
    figure.frame(False)
    figure.xaxes(False, False)
    figure.yaxes(False, False)
    figure.xticks([])
    figure.yticks([])
    figure.xlim(0, max(1, width - 1))
    figure.ylim(0, max(1, height - 1))
    for glyph, cells in symbols:
        columns, rows = zip(*cells, strict=True)
        figure.scatter(list(columns), list(rows), marker=glyph)
    drawn = figure.uncolorize(figure.build()).split("\n")
    return tuple(f"{row:<{width}}"[:width] for row in drawn[:height])
