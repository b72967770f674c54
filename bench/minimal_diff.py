"""The fewest bytes that a curses-like writer needs to get from one screen to another.

Moves, changes of style, and characters; no erasing, no scrolling. It is what a frame's bytes are
compared with, so it is greedy rather than clever.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyte import graphics
from pyte.screens import Char

from tests.terminal import Cells

_FLAGS = {
    "bold": ("1", "22"),
    "italics": ("3", "23"),
    "underscore": ("4", "24"),
    "blink": ("5", "25"),
    "reverse": ("7", "27"),
    "strikethrough": ("9", "29"),
}
_FOREGROUND = {name: str(code) for code, name in (graphics.FG_ANSI | graphics.FG_AIXTERM).items()}
_BACKGROUND = {name: str(code) for code, name in (graphics.BG_ANSI | graphics.BG_AIXTERM).items()}
_PLAIN = Char(" ")


def minimal_diff(before: Cells, after: Cells) -> bytes:
    """Bytes that turn one screen into another of the same size.

    The writer does not know where the cursor is, and begins in the default style.
    """
    writer = _Writer(after)
    for row, column in _changed(before, after):
        writer.write(row, column)
    return writer.text.encode()


def _changed(before: Cells, after: Cells) -> Iterator[tuple[int, int]]:
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        for column, (old_cell, new_cell) in enumerate(zip(old, new, strict=True)):
            if old_cell != new_cell and new_cell.data:
                yield row, column


class _Writer:
    def __init__(self, cells: Cells) -> None:
        self.text = ""
        self._cells = cells
        self._style = _PLAIN
        self._cursor: tuple[int, int] | None = None

    def write(self, row: int, column: int) -> None:
        """Write one cell of the screen."""
        cell = self._cells[row][column]
        self.text += self._move(row, column) + _restyle(self._style, cell) + cell.data
        self._style = cell
        columns = self._cells[row]
        end = column + 1
        while end < len(columns) and not columns[end].data:
            end += 1
        # Past the last column a terminal has not yet decided on which row it is.
        self._cursor = (row, end) if end < len(columns) else None

    def _move(self, row: int, column: int) -> str:
        if self._cursor == (row, column):
            return ""
        moves = [f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H"]
        if self._cursor is not None:
            at_row, at_column = self._cursor
            if at_row == row and at_column < column:
                distance = column - at_column
                moves.append(f"\x1b[{distance}C" if distance > 1 else "\x1b[C")
                gap = self._cells[row][at_column:column]
                if all(_same_style(cell, self._style) for cell in gap):
                    moves.append("".join(cell.data for cell in gap))
            if at_row + 1 == row and column == 0:
                moves.append("\r\n")
        return min(moves, key=lambda move: len(move.encode()))


def _same_style(one: Char, other: Char) -> bool:
    return one[1:] == other[1:]


def _restyle(old: Char, new: Char) -> str:
    """The shorter of changing what differs and starting anew."""
    if _same_style(old, new):
        return ""
    changed, anew = list(_codes(old, new)), ["0", *_codes(_PLAIN, new)]
    codes = min(";".join(changed), ";".join(anew), key=len)
    return f"\x1b[{'' if codes == '0' else codes}m"


def _codes(old: Char, new: Char) -> Iterator[str]:
    for flag, (on, off) in _FLAGS.items():
        if getattr(old, flag) != getattr(new, flag):
            yield on if getattr(new, flag) else off
    if old.fg != new.fg:
        yield _color(new.fg, _FOREGROUND, "38")
    if old.bg != new.bg:
        yield _color(new.bg, _BACKGROUND, "48")


def _color(color: str, names: dict[str, str], direct: str) -> str:
    if color in names:
        return names[color]
    red, green, blue = bytes.fromhex(color)
    return f"{direct};2;{red};{green};{blue}"
