"""Bars of exact height on a grid of cells, an eighth of a row at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.named_tuple import NamedTuple

Role = Literal["bar", "cursor", "zero", "to come", "before", "spike"]
_NICE = (10, 15, 20, 25, 30, 40, 50, 60, 80, 100)
_WIDEST = 8
"""Columns from one bar to the next, at most."""


class Bar(NamedTuple):
    """One bar.

    Attributes:
        value: None for an upcoming day.
        cursor: Whether the cursor is on it.
        before: A value that it is compared with, marked by a line at its height; None if there is none.
        spike: Whether it has a mark above it, because it sticks out.
    """

    value: int | None
    cursor: bool = False
    before: int | None = None
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


def axis_top(largest: int) -> int:
    """The smallest round number from 100 on that is not below the largest value; its half is whole."""
    scale = 10
    while largest > scale * _NICE[-1]:
        scale *= 10
    return next(nice * scale for nice in _NICE if nice * scale >= largest)


def pitch_of(bars: int, width: int) -> int:
    """Columns from one bar to the next, with a blank between them if there is room."""
    return max(1, min((width + 1) // max(1, bars), _WIDEST))


def plot(bars: Sequence[Bar], width: int, height: int, top: int, glyphs: Glyphs, *, above: int = 0) -> Plot:
    """The bars side by side, as wide as fits, one column apart if there is room.

    Args:
        bars: At most as many as there are columns.
        width: Columns.
        height: Rows.
        top: The value at the upper edge, at least any bar's.
        glyphs: The symbols to draw with.
        above: Rows above the upper edge, for the marks of bars that stick out.
    """
    pitch = pitch_of(len(bars), width)
    size = pitch - 1 if pitch > 1 else 1
    cells: dict[tuple[int, int], Cell] = {}
    for index, bar in enumerate(bars):
        left = index * pitch
        column = _column(bar, left, size, height - above, top, glyphs)
        cells |= {(cell.column, cell.row): cell for cell in column}
        if bar.before is not None and bar.before > 0:
            row = (_eighths(bar.before, height - above, top) - 1) // 8
            for at in range(left, min(left + pitch, width)):
                # A higher bar hides the line, which is still seen in the blank beside it, if there is one.
                cells.setdefault((at, row), Cell(at, row, glyphs.rest, "before"))
        if bar.spike:
            place = left + (size - 1) // 2, column[-1].row + 1
            cells[place] = Cell(*place, glyphs.spike, "spike")
    return Plot(width, height, tuple(cells.values()), pitch, size)


def _eighths(value: int, height: int, top: int) -> int:
    """The height of a value in eighths of a row, at least one."""
    return max(1, (value * height * 16 + top) // (2 * top))


def _column(bar: Bar, column: int, size: int, height: int, top: int, glyphs: Glyphs) -> list[Cell]:
    """One bar from the base line up, or the sign that stands for it."""
    if bar.value is None:
        return [Cell(column, 0, glyphs.day_to_come, "to come")]
    if bar.value <= 0:
        return [Cell(column, 0, "-" if bar.value else "0", "cursor" if bar.cursor else "zero")]
    full, part = divmod(_eighths(bar.value, height, top), 8)
    role: Role = "cursor" if bar.cursor else "bar"
    symbols = [glyphs.eighths[-1]] * full + ([glyphs.eighths[part - 1]] if part else [])
    return [
        Cell(column + offset, row, symbol, role)
        for row, symbol in enumerate(symbols)
        for offset in range(size)
    ]
