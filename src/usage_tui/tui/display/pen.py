"""Moving, styling and writing in the fewest bytes."""

from __future__ import annotations

from itertools import repeat

from usage_tui.tui.display.cells import Cells
from usage_tui.tui.display.looks import DEFAULT, Look, transition

AGAIN = 4
"""The most unchanged cells that are written again to get past them; a move takes as many bytes."""


class Pen:
    """What is sent in one frame, and where that leaves the terminal's cursor and style.

    A frame begins in the default style and with a cursor that may be anywhere: another program may have
    written since the last one.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._row: int | None = None
        self._column: int | None = None
        self.look = DEFAULT

    @property
    def text(self) -> str:
        """All that is sent."""
        return "".join(self._parts)

    def clear(self, look: Look) -> None:
        """Erase the whole screen."""
        self._parts.append(transition(self.look, look) + "\x1b[H\x1b[J")
        self._row, self._column, self.look = 0, 0, look

    def write(self, row: int, start: int, end: int, look: Look, line: Cells) -> None:
        """Write cells of a row.

        Args:
            row: The row.
            start: The first column.
            end: The column after the last one.
            look: The look of all of them, or one in which blanks look the same.
            line: All cells of the row.
        """
        texts = line[0]
        self._go(row, start, look, line)
        self._parts.append("".join(texts[start:end]))
        # Past the last column terminals differ on where the cursor is.
        self._column = end if end < len(texts) else None

    def write_doubtful(self, row: int, start: int, end: int, look: Look, line: Cells) -> None:
        """Write a character that some terminals give another width; see `write`."""
        self._go(row, start, look, line)
        if end - start > 1:
            # Where the character is narrow, nothing older is left beside it.
            self._parts.append(" " * (end - start) + f"\x1b[{start + 1}G")
        self._parts.append("".join(line[0][start:end]))
        self._column = None

    def erase(self, row: int, start: int, end: int, look: Look, line: Cells) -> None:
        """Make blanks in the look's background; see `write`."""
        self._go(row, start, look, line)
        self._parts.append("\x1b[K" if end == len(line[0]) else f"\x1b[{end - start}X")

    def rest(self, row: int, column: int) -> None:
        """End the frame with the cursor here, and in the default style."""
        self._parts.append(transition(self.look, DEFAULT) + _absolute(row, column))
        self.look = DEFAULT

    def _go(self, row: int, column: int, look: Look, line: Cells) -> None:
        style = transition(self.look, look) if look is not self.look else ""
        if row != self._row or column != self._column:
            style = self._shortest_way(row, column, look, line, style)
        self._parts.append(style)
        self._row, self._column, self.look = row, column, look

    def _shortest_way(self, row: int, column: int, look: Look, line: Cells, style: str) -> str:
        """The move to a cell, and the change of style."""
        if row != self._row:
            ways = [_absolute(row, column) + style]
            if self._row is not None and self._column is not None:
                down, along = _steps(row - self._row, "B", "A"), _steps(column - self._column, "C", "D")
                ways.append(down + along + style)
            if self._row == row - 1:
                ways.append("\r\n" + self._way_on(0, column, look, line, style))
            return min(ways, key=len)
        if self._column is not None and column > self._column:
            return self._way_on(self._column, column, look, line, style)
        ways = [f"\x1b[{column + 1}G{style}", "\r" + self._way_on(0, column, look, line, style)]
        if self._column is not None:
            ways.append(_steps(column - self._column, "C", "D") + style)
        return min(ways, key=len)

    def _way_on(self, start: int, end: int, look: Look, line: Cells, style: str) -> str:
        """The move to the right in a row, and the change of style; what lies between may be written again."""
        if start < end <= start + AGAIN:
            if can_repeat(line, start, end, self.look):
                return "".join(line[0][start:end]) + style
            if can_repeat(line, start, end, look):
                return style + "".join(line[0][start:end])
        return _steps(end - start, "C", "D") + style


def can_repeat(line: Cells, start: int, end: int, look: Look) -> bool:
    """Whether cells of a row can be written again in a look, each as a single byte."""
    texts, looks = line[0][start:end], line[1][start:end]
    return "".join(texts).isascii() and all(map(_fits, texts, looks, repeat(look)))


def _fits(text: str, look: Look, pen: Look) -> bool:
    return look is pen or (text == " " and look is pen.blank)


def _absolute(row: int, column: int) -> str:
    if column:
        return f"\x1b[{row + 1};{column + 1}H"
    return f"\x1b[{row + 1}H" if row else "\x1b[H"


def _steps(count: int, forth: str, back: str) -> str:
    letter = forth if count > 0 else back
    match abs(count):
        case 0:
            return ""
        case 1:
            return f"\x1b[{letter}"
        case steps:
            return f"\x1b[{steps}{letter}"
