"""Delimited text: where its header is, and its rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import NamedTuple, TextIO

from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.text.words import count_noun

_DELIMITERS = ",;\t|"
_TITLE_LINES = 30
"""How many lines may stand above the header."""
_LONGEST_CELL = 2**27
"""Characters. A request's body may have megabytes; more is a quote that was never closed."""
_UNCLOSED = "unexpected end of data"

Cells = list[str | None]
Rank = Callable[[Sequence[str]], int]
"""How well a row serves as a header: 2 if a format knows it, 1 if it has what is needed, otherwise 0."""


class Dialect(NamedTuple):
    """How the text is written.

    Attributes:
        skipped: The lines above the header.
        header: The names of the columns, in order.
    """

    delimiter: str
    skipped: int
    header: tuple[str, ...]


def find_dialect(text: TextIO, rank: Rank) -> Dialect:
    """Find the header and the delimiter: the first line that is recognized, or else that of most cells.

    Raises:
        ImportFailed: The text has no header.
    """
    lines = list(islice(text, _TITLE_LINES + 1))
    told = lines[0].strip().strip('"') if lines else ""
    stated = told[4:5] if told.lower().startswith("sep=") and len(told) == 5 else ""
    best = Dialect(stated or ",", 0, ())
    score = (0, 0)
    for delimiter in stated or _DELIMITERS:
        for skipped, line in enumerate(lines):
            cells = _first_row(lines[skipped:] if '"' in line else [line], delimiter)
            found = rank(cells), sum(map(bool, cells))
            # Of two lines the earlier one; of two delimiters the one that gives more cells.
            if found > score and (found[0] > score[0] or found[1] > score[1]):
                best, score = Dialect(delimiter, skipped, tuple(cells)), found
    if not best.header:
        raise ImportFailed("has no header with the names of its columns.")
    if any("\udc80" <= character <= "\udcff" for name in best.header for character in name):
        raise ImportFailed("is not text in UTF-8; save it as CSV in UTF-8.")
    return best


def _first_row(lines: Sequence[str], delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in cells]


def rows(
    text: TextIO, dialect: Dialect, indexes: Sequence[int | None]
) -> Iterator[tuple[int, Cells] | BadLine]:
    """The rows below the header: the number of the first line of each, and its cells of those columns.

    Raises:
        ImportFailed: A quote is never closed.
    """
    csv.field_size_limit(_LONGEST_CELL)
    lines = chain(text)
    for _ in range(dialect.skipped):
        next(lines)
    reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
    next(reader)
    width, above = len(dialect.header), dialect.skipped + 1
    named = next(number for number in range(width, 0, -1) if dialect.header[number - 1])
    # A column that is not there is the None behind the last cell.
    pick = itemgetter(*(width if index is None else index for index in indexes), width)
    for line, read in _numbered(reader, above, dialect.delimiter):
        if isinstance(read, str):
            yield BadLine(line, read)
            continue
        cells: list[str] = read
        if not any(map(str.strip, cells)):
            continue
        if len(cells) != width:
            if len(cells) < named or any(map(str.strip, cells[width:])):
                yield BadLine(line, f"has {count_noun(len(cells), 'field')}, but the header has {width}")
                continue
            cells += [""] * (width - len(cells))
            del cells[width:]
        yield line, list(pick([*cells, None]))


def _swallows_rows(cells: Sequence[str], delimiter: str) -> bool:
    """Whether a cell over several lines holds what looks like the rows that follow."""
    shape = _shape(cells[0])
    for cell in cells:
        lines = cell.split("\n")[1:]
        if lines and cell.count(delimiter) == len(lines) * (len(cells) - 1):
            return all(_shape(line.split(delimiter)[0]) == shape for line in lines)
    return False


def _shape(text: str) -> str:
    """A text with every digit and every letter alike."""
    return "".join("0" if sign.isdigit() else "a" if sign.isalpha() else sign for sign in text.strip())


def _numbered(
    reader: Iterator[list[str]], above: int, delimiter: str
) -> Iterator[tuple[int, list[str] | str]]:
    """Rows with the number of their first line, or what is wrong with one."""
    skipped = above - reader.line_num  # type: ignore[attr-defined]
    while True:
        line = reader.line_num + skipped + 1  # type: ignore[attr-defined]
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if _UNCLOSED in str(error) or "field limit" in str(error):
                raise ImportFailed(f"line {line}: a quote is opened and never closed; correct it.") from None
            yield line, f"invalid CSV: {error}"
            continue
        if reader.line_num + skipped > line and _swallows_rows(cells, delimiter):  # type: ignore[attr-defined]
            raise ImportFailed(f"line {line}: a quote is opened, and closed only in a later row; correct it.")
        yield line, cells
