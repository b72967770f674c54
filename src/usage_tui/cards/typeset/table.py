"""Columns of text and numbers in a given width. Numbers are never cut; text gives way to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from usage_tui.cards.typeset.lines import Area, Line, Span, cut_line, line, width
from usage_tui.named_tuple import NamedTuple

_WIDE_GAP_FROM = 60
_READABLE = 8
"""Cells that a column which may be cut keeps, before a column goes that is not always shown."""


class Column(NamedTuple):
    """One column.

    Attributes:
        title: Its head.
        align: Numbers stand right, words left.
        from_width: The width of the table from which the column is shown.
        at_least: Cells that it takes even if its contents need fewer.
        weight: Its part of the room that is left over; a column with a weight may also be cut.
    """

    title: str
    align: Literal["left", "right"] = "left"
    from_width: int = 0
    at_least: int = 0
    weight: int = 0


class Table(NamedTuple):
    """Rows of cells, one cell for every column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


def draw_table(table: Table, area: Area) -> tuple[Line, list[Line]]:
    """The heads and the rows, each exactly as wide as the area."""
    gap = 2 if area.width >= _WIDE_GAP_FROM else 1
    natural = [
        _natural(column, [row[index] for row in table.rows]) for index, column in enumerate(table.columns)
    ]
    shown = _shown(table.columns, natural, area.width, gap)
    columns = [table.columns[index] for index in shown]
    rows = [[row[index] for index in shown] for row in table.rows]
    room = area.width - gap * (len(columns) - 1)
    widths = _widths(columns, [natural[index] for index in shown], room)
    heads = _set([(Span(column.title, "muted"),) for column in columns], columns, widths, gap, area)
    return heads, [_set(row, columns, widths, gap, area) for row in rows]


def _natural(column: Column, cells: list[Line]) -> int:
    """The cells that the contents of a column need."""
    return max(len(column.title), column.at_least, *(width(cell) for cell in cells))


def _shown(columns: Sequence[Column], natural: list[int], room: int, gap: int) -> list[int]:
    """The columns that fit. One that comes later with the width also goes earlier."""
    shown = [index for index, column in enumerate(columns) if column.from_width <= room]
    optional = sorted((columns[index].from_width, index) for index in shown)
    least = {index: _least(columns[index], natural[index]) for index in shown}
    while sum(least[index] + gap for index in shown) - gap > room and optional[-1][0] > 0:
        shown.remove(optional.pop()[1])
    return shown


def _least(column: Column, natural: int) -> int:
    """The cells without which a column is not worth showing."""
    return min(natural, _READABLE) if column.weight else natural


def _widths(columns: list[Column], natural: list[int], room: int) -> list[int]:
    """Each column as wide as its contents; spare or missing space is shared by the columns with a weight."""
    widths = natural[:]
    weights = sum(column.weight for column in columns)
    spare = room - sum(widths)
    if spare < 0:
        _shrink(columns, widths, -spare)
    elif weights:
        for index, column in enumerate(columns):
            widths[index] += spare * column.weight // weights
        last = max(index for index, column in enumerate(columns) if column.weight)
        widths[last] += room - sum(widths)
    return widths


def _shrink(columns: list[Column], widths: list[int], lack: int) -> None:
    """Take what lacks from the widest columns that may be cut, then from other words; never from numbers."""
    soft = [index for index, column in enumerate(columns) if column.weight]
    words = [index for index, column in enumerate(columns) if column.align == "left"]
    for _ in range(lack):
        choice = [index for index in soft if widths[index] > 1] or [
            index for index in words if widths[index] > 1
        ]
        if not choice:
            return
        widths[max(choice, key=lambda index: widths[index])] -= 1


def _set(cells: list[Line], columns: list[Column], widths: list[int], gap: int, area: Area) -> Line:
    spans: list[Span | str] = []
    for index, (cell, column, cells_wide) in enumerate(zip(cells, columns, widths, strict=True)):
        shown, taken = cell, width(cell)
        if taken > cells_wide and column.align == "left":
            shown = cut_line(cell, cells_wide, area.glyphs)
            taken = width(shown)
        blank = " " * (cells_wide - taken)
        spans += [" " * gap if index else ""]
        spans += [blank, *shown] if column.align == "right" else [*shown, blank]
    return line(*spans)


def window(first: int, cursor: int | None, visible: int, count: int) -> int:
    """The first row to show so that the cursor is on screen and no row is wasted."""
    if cursor is not None:
        first = min(max(first, cursor - visible + 1), cursor)
    return max(0, min(first, count - visible))
