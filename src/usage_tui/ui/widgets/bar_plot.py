"""Bars drawn by plotext, cell by cell."""

from __future__ import annotations

from collections import defaultdict

from rich.color import ColorType
from textual_plotext import PlotextPlot

from usage_tui.present.plot import Plot, Role
from usage_tui.present.text import Tone
from usage_tui.ui.widgets.typeset import Typeset

_TONES: dict[Role, Tone] = {"bar": "included", "cursor": "focus", "zero": "muted", "to come": "rule"}


class BarPlot(PlotextPlot, can_focus=False):
    """A plot that lies inside a card.

    Plotext's own bars are rounded to whole rows and uneven widths, so every symbol is a scatter on a
    canvas of exactly the plot's cells.
    """

    _plot_shown: Plot | None = None
    _colors_shown: tuple[object, ...] = ()

    def on_mount(self) -> None:
        """The card's own background shows through."""
        self.theme = "clear"
        super().on_mount()

    def show(self, plot: Plot, left: int) -> None:
        """Show the plot, `left` columns from the card's edge and below its head."""
        self.styles.offset = (left, 1)
        self.styles.width, self.styles.height = plot.width, plot.height
        colors = tuple(self._color(role) for role in _TONES)
        if (plot, colors) != (self._plot_shown, self._colors_shown):
            self._plot_shown, self._colors_shown = plot, colors
            self._scatter(plot)
            self.refresh()

    def _scatter(self, plot: Plot) -> None:
        symbols: dict[tuple[str, Role], list[tuple[int, int]]] = defaultdict(list)
        for cell in plot.cells:
            symbols[cell.glyph, cell.role].append((cell.column, cell.row))
        plt = self.plt
        plt.clear_figure()
        plt.frame(False)
        plt.xaxes(False, False)
        plt.yaxes(False, False)
        plt.xticks([])
        plt.yticks([])
        plt.xlim(0, max(1, plot.width - 1))
        plt.ylim(0, max(1, plot.height - 1))
        for (glyph, role), cells in symbols.items():
            columns, rows = zip(*cells, strict=True)
            plt.scatter(list(columns), list(rows), marker=glyph, color=self._color(role))

    def _color(self, role: Role) -> int | tuple[int, int, int] | str:
        """The role's color in plotext's terms: a number of the terminal's palette, or red, green, blue."""
        card = self.parent
        if not isinstance(card, Typeset):
            return "default"
        color = card.get_component_rich_style(f"tone--{_TONES[role]}").color
        if color is None or color.is_default:
            return "default"
        if color.type is not ColorType.TRUECOLOR and color.number is not None:
            return color.number
        red, green, blue = color.get_truecolor()
        return red, green, blue
