"""A frame that is put together piece by piece."""

from __future__ import annotations

from collections.abc import Iterable

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from usage_tui.tui.display.cells import read_cells
from usage_tui.tui.display.looks import look_of
from usage_tui.tui.display.writer import Frame, Size


class Canvas:
    """A screen in one color, to be written on.

    Args:
        size: Its size in cells.
        background: The style of a cell that nothing was written on.
        colors: Those of the terminal.
    """

    def __init__(self, size: Size, background: Style, colors: ColorSystem) -> None:
        self._size = size
        self._colors = colors
        look = look_of(background, colors)
        self._rows = [([" "] * size.columns, [look] * size.columns) for _ in range(size.rows)]

    def write(self, row: int, column: int, segments: Iterable[Segment], cells: int) -> None:
        """Write what fits into so many cells of a row.

        Args:
            row: The row.
            column: The first cell.
            segments: What to write; a wide character must not be cut.
            cells: How many.
        """
        texts, looks = read_cells([segments], self._colors)
        row_texts, row_looks = self._rows[row]
        end = column + min(cells, len(texts))
        row_texts[column:end], row_looks[column:end] = texts[: end - column], looks[: end - column]

    @property
    def frame(self) -> Frame:
        """What was written, with the cursor at the beginning."""
        return Frame(self._size, self._rows, (0, 0))
