"""A frame as plain data, to be shown again by another run of the program."""

from __future__ import annotations

from itertools import chain, groupby
from typing import Any

from usage_tui.tui.display.looks import Look, look_as
from usage_tui.tui.display.terminfo import erases_in_color
from usage_tui.tui.display.writer import CellWriter, Frame, Patch, Size


class NotAFrame(ValueError):
    """The data do not describe a frame."""


def text_of(frame: Frame) -> str:
    """What makes a terminal show a frame, whatever is there."""
    writer = CellWriter(erases_in_color=erases_in_color())
    patches = [Patch(row, 0, cells) for row, cells in enumerate(frame.rows)]
    return writer.write(frame.size, patches, frame.cursor)


def as_data(frame: Frame) -> dict[str, Any]:
    """A frame as JSON takes it: the text of each cell, and the looks by their numbers, run by run."""
    looks = list(dict.fromkeys(chain.from_iterable(row_looks for _, row_looks in frame.rows)))
    numbers = {look: number for number, look in enumerate(looks)}
    return {
        "size": list(frame.size),
        "cursor": list(frame.cursor),
        "looks": [[list(look.flags), look.foreground, look.background, look.link] for look in looks],
        "rows": [[texts, _runs([numbers[look] for look in row_looks])] for texts, row_looks in frame.rows],
    }


def from_data(data: Any) -> Frame:
    """The frame that data describe; see `as_data`.

    Raises:
        NotAFrame: They describe something else.
    """
    try:
        size, (row, column) = Size(*data["size"]), data["cursor"]
        looks = [look_as(tuple(flags), *codes) for flags, *codes in data["looks"]]
        rows = [([*texts], _looks(runs, looks)) for texts, runs in data["rows"]]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise NotAFrame(str(error)) from None
    if len(rows) != size.rows or any({len(texts), len(own)} != {size.columns} for texts, own in rows):
        raise NotAFrame("a frame of another size")
    return Frame(size, rows, (row, column))


def _runs(numbers: list[int]) -> list[list[int]]:
    return [[number, len(list(run))] for number, run in groupby(numbers)]


def _looks(runs: list[list[int]], looks: list[Look]) -> list[Look]:
    return [looks[number] for number, count in runs for _ in range(count)]
