"""A table of text, whether delimited or JSON: its columns, and the cells of some of them row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any, TextIO

from usage_tui.importing import dialect
from usage_tui.importing.content import Content
from usage_tui.importing.dialect import Cells, Dialect, Rank
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.json_rows import JsonText, Members, cell, column_names, member
from usage_tui.text.clean import clean

_NOTHING: Mapping[str, str] = MappingProxyType({})
NO_ROWS = "has no rows."
_SAMPLE = 200
"""How many rows of JSON say which columns there are."""


class Table:
    """A table in a file. It is read from the start as often as its rows are asked for.

    Attributes:
        header: The names of its columns: all that the first rows of JSON have.
        late: The columns that only later rows of JSON have, once they were read.
        beside: What stands in JSON beside the rows, once they were read.
        lists_nothing: Whether JSON has one object alone, with an empty list: perhaps that of the rows.
    """

    def __init__(self, content: Content, member_name: str, rank: Rank, late: Iterable[str] = ()) -> None:
        """Find the header.

        Args:
            content: The file.
            member_name: The table in an archive; empty if the file is none.
            rank: Says how well a row serves as a header.
            late: Columns that only later rows of JSON have.

        Raises:
            ImportFailed: It has none.
        """
        self._content = content
        self._member = member_name
        self.beside: Mapping[str, Any] = {}
        self._dialect: Dialect | None = None
        self.late: dict[str, None] = {}
        self.lists_nothing = False
        with self._text() as text:
            self.is_json = _is_json(text)
        with self._text() as text:
            if not self.is_json:
                self._dialect = dialect.find_dialect(text, rank)
                self.header: tuple[str, ...] = self._dialect.header
            else:
                first = _first_rows(text)
                self.header = (*_columns(first), *map(clean, late))
                self.lists_nothing = len(first) == 1 and [] in first[0].values()

    def rows(
        self, columns: Sequence[str | None], items: str = "", without_items: Mapping[str, str] = _NOTHING
    ) -> Iterator[tuple[int, Cells] | BadLine]:
        """Every row: the number of its line, and the cells of those columns; None for what it lacks.

        Args:
            columns: Their names; None stands for a column that the table does not have.
            items: The list in each row of JSON whose members are the rows, with the row's own columns.
            without_items: What stands for a member where that list is empty, see `Format`.

        Raises:
            ImportFailed: The text ends in the middle, or is damaged.
        """
        with self._text() as text:
            if self._dialect is not None:
                places = {name: index for index, name in reversed(list(enumerate(self.header)))}
                indexes = [None if name is None else places.get(name) for name in columns]
                yield from dialect.rows(text, self._dialect, indexes)
                return
            values, known = JsonText(text), set(self.header)
            for row in values.rows():
                if isinstance(row, BadLine):
                    yield row
                else:
                    if not known.issuperset(row[1]):
                        self.late.update(dict.fromkeys(name for name in row[1] if name not in known))
                    yield from _json_cells(row[0], _items(row[1], items, without_items), columns)
            self.beside = values.beside

    def spell(self, names: Iterable[str]) -> None:
        """Give the columns of a delimited table the capitals that their names have here."""
        if not self.is_json:
            spelled = {name.lower(): name for name in reversed((*names, *self.header))}
            self.header = tuple(spelled[name.lower()] for name in self.header)

    @property
    def encoding(self) -> str:
        """What its text is encoded as."""
        return self._content.encoding(self._member)

    def repeats_header(self, cells: Cells, columns: Sequence[str | None]) -> bool:
        """Whether a row says nothing but the names of its columns."""
        pairs = zip(cells, columns, strict=False)
        return all((said or "").strip().lower() == name.lower() for said, name in pairs if name is not None)

    def _text(self) -> TextIO:
        return self._content.text(self._member)


def _is_json(text: TextIO) -> bool:
    """Whether the text is JSON, as its first sign says; it is read up to there."""
    first = text.read(1)
    while first.isspace():
        first = text.read(1)
    return first in ("{", "[")


def _first_rows(text: TextIO) -> list[Members]:
    rows = islice(JsonText(text).rows(), _SAMPLE)
    return [row[1] for row in rows if not isinstance(row, BadLine)]


def _columns(rows: Iterable[Members]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for members in rows:
        names.update(dict.fromkeys(column_names(members)))
        for name, value in members.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                names.update(dict.fromkeys(column_names(value[0], f"{name}.")))
    if not names:
        raise ImportFailed(NO_ROWS)
    return tuple(map(clean, names))


def _items(row: Mapping[str, Any], items: str, without_items: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The rows that one row of JSON stands for."""
    inner = row.get(items) if items else None
    if not isinstance(inner, list):
        return [row]
    alone = {name: row.get(member_name) for name, member_name in without_items.items()}
    return [{**row, items: one} for one in inner or [alone]]


def _json_cells(
    line: int, rows: Iterable[Mapping[str, Any]], columns: Sequence[str | None]
) -> Iterator[tuple[int, Cells] | BadLine]:
    for each in rows:
        try:
            cells = [None if name is None else cell(member(each, name), name) for name in columns]
        except ValueError as error:
            yield BadLine(line, str(error))
            continue
        cells.append(None)
        yield line, cells
