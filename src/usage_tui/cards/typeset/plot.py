"""Bars of exact height on a grid of cells, an eighth of a row at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from usage_tui.cards.typeset.glyphs import Glyphs

Role = Literal["bar", "cursor", "zero", "to come", "spike"]
_NICE = (10, 15, 20, 25, 30, 40, 50, 60, 80, 100)
_WIDEST = 8
"""Columns from one bar to the next, at most."""


class Bar(NamedTuple):
    """One bar: its value, None for an upcoming day.

    Attributes:
        cursor: Whether the cursor is on it.
        spike: Whether it has a mark above it, because it sticks out.
    """

    value: int | None
    cursor: bool = False
    spike: bool = False


class Cell(NamedTuple):
    """One symbol on the plot; column 0 is at the left, row 0 at the bottom."""

    column: int
    row: int
    glyph: str
    role: Role


class Plot(NamedTuple):
    """A grid of cells.

    Attributes:
        cells: Every cell that is not blank.
        pitch: Columns from one bar to the next.
        bar: Columns of one bar.
    """

    width: int
    height: int
    cells: tuple[Cell, ...]
    pitch: int
    bar: int


def raster(plot: Plot) -> list[str]:
    """The plot as rows of characters, the top one first, each as wide as the plot."""
    rows = [[" "] * plot.width for _ in range(plot.height)]
    for cell in plot.cells:
        rows[plot.height - 1 - cell.row][cell.column] = cell.glyph
    return ["".join(row) for row in rows]


def axis_top(largest: int) -> int:
    """The smallest round number from 100 on that is not below the largest value; its half is whole."""
    scale = 10
    while largest > scale * _NICE[-1]:
        scale *= 10
    return next(nice * scale for nice in _NICE if nice * scale >= largest)


def plot(bars: Sequence[Bar], width: int, height: int, top: int, glyphs: Glyphs, *, above: int = 0) -> Plot:
    """The bars side by side, as wide as fits, one column apart if there is room.

    Args:
        bars: At most as many as there are columns.
        width: Columns.
        height: Rows.
        top: The value at the upper edge, no less than any bar's.
        glyphs: The symbols to draw with.
        above: Rows above the upper edge, for the marks of bars that stick out.
    """
    pitch = max(1, min((width + 1) // max(1, len(bars)), _WIDEST))
    size = pitch - 1 if pitch > 1 else 1
    cells: list[Cell] = []
    for index, bar in enumerate(bars):
        column = _column(bar, index * pitch, size, height - above, top, glyphs)
        cells += column
        if bar.spike:
            cells.append(Cell(index * pitch + (size - 1) // 2, column[-1].row + 1, glyphs.spike, "spike"))
    return Plot(width, height, tuple(cells), pitch, size)


def _column(bar: Bar, column: int, size: int, height: int, top: int, glyphs: Glyphs) -> list[Cell]:
    """One bar from the base line up, or the sign that stands for it."""
    if bar.value is None:
        return [Cell(column, 0, glyphs.day_to_come, "to come")]
    if bar.value <= 0:
        return [Cell(column, 0, "-" if bar.value else "0", "cursor" if bar.cursor else "zero")]
    eighths = max(1, (bar.value * height * 16 + top) // (2 * top))
    full, part = divmod(eighths, 8)
    role: Role = "cursor" if bar.cursor else "bar"
    symbols = [glyphs.eighths[-1]] * full + ([glyphs.eighths[part - 1]] if part else [])
    return [
        Cell(column + offset, row, symbol, role)
        for row, symbol in enumerate(symbols)
        for offset in range(size)
    ]
