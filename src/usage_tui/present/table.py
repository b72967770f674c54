"""Columns of text and numbers in a given width. Numbers are never cut; text gives way to them."""

from __future__ import annotations

from typing import Literal, NamedTuple

from usage_tui.present.text import Area, Line, Span, cut_line, line, width


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
    shown = [index for index, column in enumerate(table.columns) if column.from_width <= area.width]
    columns = [table.columns[index] for index in shown]
    rows = [[row[index] for index in shown] for row in table.rows]
    gap = 2 if area.width >= 60 else 1
    widths = _widths(columns, rows, area.width - gap * (len(columns) - 1))
    heads = _set([(Span(column.title, "muted"),) for column in columns], columns, widths, gap, area)
    return heads, [_set(row, columns, widths, gap, area) for row in rows]


def _widths(columns: list[Column], rows: list[list[Line]], room: int) -> list[int]:
    """Each column as wide as its contents; what is left, or lacks, falls to those with a weight."""
    widths = [
        max([len(column.title), column.at_least, *(width(row[index]) for row in rows)])
        for index, column in enumerate(columns)
    ]
    weights = sum(column.weight for column in columns)
    spare = room - sum(widths)
    if spare < 0:
        _shrink(columns, widths, -spare)
    elif weights:
        for index, column in enumerate(columns):
            part = spare * column.weight // weights
            widths[index] += part
        last = max(index for index, column in enumerate(columns) if column.weight)
        widths[last] += room - sum(widths)
    return widths


def _shrink(columns: list[Column], widths: list[int], lack: int) -> None:
    """Take what lacks from the widest of the columns that may be cut, one cell after the other."""
    soft = [index for index, column in enumerate(columns) if column.weight]
    while lack and soft:
        widest = max(soft, key=lambda index: widths[index])
        if widths[widest] <= 1:
            return
        widths[widest] -= 1
        lack -= 1


def _set(cells: list[Line], columns: list[Column], widths: list[int], gap: int, area: Area) -> Line:
    spans: list[Span | str] = []
    for index, (cell, column, cells_wide) in enumerate(zip(cells, columns, widths, strict=True)):
        shown = cut_line(cell, cells_wide, area.glyphs) if column.align == "left" else cell
        blank = " " * max(0, cells_wide - width(shown))
        spans += [" " * gap if index else ""]
        spans += [blank, *shown] if column.align == "right" else [*shown, blank]
    return cut_line(line(*spans), area.width, area.glyphs)


def window(first: int, cursor: int | None, visible: int, count: int) -> int:
    """The first row to show so that the cursor is on screen and no row is wasted."""
    if cursor is not None:
        first = min(max(first, cursor - visible + 1), cursor)
    return max(0, min(first, count - visible))
