"""JSON in any shape: an object a line, a list, or a list within an object; spread over lines or not.

Values are read one by one, so that a large file needs no more memory than a small one. Numbers stay text: an
amount must not pass through a float.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from json.decoder import WHITESPACE  # type: ignore[attr-defined]
from typing import Any, TextIO

from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.text.clean import clean
from usage_tui.text.json_objects import RepeatedName, unambiguous

_CHUNK = 2**18
_LONGEST_FIRST_LINE = 2**24
_LONGEST_VALUE = 2**28
_NEXT_PAGE = {"next", "nextpage", "nextpagetoken", "nexttoken", "nextcursor"}
_SHOWN = 40
Members = Mapping[str, Any]


_any_decoder = json.JSONDecoder(parse_float=str, parse_int=str)
_decoder = json.JSONDecoder(
    parse_float=str,
    parse_int=str,
    parse_constant=lambda name: [name],
    object_pairs_hook=unambiguous,
)


class JsonText:
    """A text of JSON values.

    Attributes:
        beside: What stands beside the list of rows in an object, by name, once all rows are read.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._line = 1
        self._ended = False
        self.beside: dict[str, Any] = {}

    def rows(self) -> Iterator[tuple[int, Members] | BadLine]:
        """Every row with the number of its first line.

        Raises:
            ImportFailed: There are two lists that could hold the rows, or only a page of them is here.
        """
        if self._peek() == "[":
            yield from self._list()
            self._refuse_rest()
        elif self._is_wrapper():
            yield from self._wrapped()
            self._refuse_rest()
        else:
            yield from self._lines()

    def _is_wrapper(self) -> bool:
        """Whether the first object holds a list of objects, and is the only one."""
        while "\n" not in self._buffer and len(self._buffer) < _LONGEST_FIRST_LINE and self._more():
            pass
        first = self._buffer[self._at :].split("\n", 1)
        try:
            value = _any_decoder.decode(first[0])
        except (ValueError, RecursionError):
            return True  # it goes on in the next line
        if not self._ended and len(first) == 1:
            return True
        if len(first) == 2 and first[1].strip():
            return False
        return isinstance(value, dict) and any(map(_holds_objects, value.values()))

    def _lines(self) -> Iterator[tuple[int, Members] | BadLine]:
        """An object a line, so that a bad line spoils no other."""
        while True:
            end = self._buffer.find("\n", self._at)
            if end < 0 and self._more():
                continue
            line = self._buffer[self._at : end if end >= 0 else len(self._buffer)]
            if line.strip():
                try:
                    yield _row(self._line, _decoder.decode(line))
                except RepeatedName as error:
                    yield BadLine(self._line, f"{error}")
                except (ValueError, RecursionError):
                    yield BadLine(self._line, "invalid JSON")
            if end < 0:
                return
            self._at = end + 1
            self._line += 1

    def _wrapped(self) -> Iterator[tuple[int, Members] | BadLine]:
        self._skip("{")
        rows_in = ""
        while self._peek() != "}":
            name = self._value()
            self._skip(":")
            if not isinstance(name, str):
                raise ImportFailed(f"line {self._line}: invalid JSON; the name of a member must be text.")
            if self._peek() == "[" and self._peek_in_list() == "{":
                if rows_in:
                    raise ImportFailed(
                        f"has two lists of rows, {rows_in[:40]!r} and {name[:40]!r}; keep one of them."
                    )
                rows_in = name
                yield from self._list()
            else:
                if name in self.beside:
                    raise ImportFailed(f"line {self._line}: {RepeatedName(name)}; keep one of them.")
                self.beside[name] = self._value()
            if self._peek() == ",":
                self._skip(",")
        self._skip("}")
        if not rows_in:
            yield _row(self._line, self.beside)
        if told := _tells_of_more(self.beside):
            raise ImportFailed(f"is one page of several ({told}); export all of them.")

    def _list(self) -> Iterator[tuple[int, Members] | BadLine]:
        self._skip("[")
        while self._peek() != "]":
            line = self._line
            yield _row(line, self._value())
            if self._peek() == ",":
                self._skip(",")
            elif self._peek() != "]":
                raise ImportFailed(
                    f"line {self._line}: invalid JSON after the row of line {line}; correct it."
                )
        self._skip("]")

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = _decoder.raw_decode(self._buffer, self._at)
            except RepeatedName as error:
                raise ImportFailed(f"line {self._line}: {error}; keep one of them.") from None
            except (ValueError, RecursionError):
                value, end = None, -1
            # A number may go on in what was not read yet.
            if (end < 0 or end == len(self._buffer)) and self._more():
                continue
            if end < 0:
                raise ImportFailed(f"line {self._line}: invalid JSON; correct it, or copy the file again.")
            self._move(end)
            return value

    def _peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            self._move(WHITESPACE.match(self._buffer, self._at).end())
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def _peek_in_list(self) -> str:
        """The first character of a list's first member."""
        while True:
            at = WHITESPACE.match(self._buffer, self._at + 1).end()
            if at < len(self._buffer) or not self._more():
                return self._buffer[at : at + 1]

    def _skip(self, sign: str) -> None:
        found = self._peek()
        if found != sign:
            what = repr(found) if found else "the end of the file"
            raise ImportFailed(f"line {self._line}: invalid JSON; expected {sign!r}, found {what}.")
        self._at += 1

    def _refuse_rest(self) -> None:
        if self._peek():
            raise ImportFailed(f"line {self._line}: invalid JSON; there is more after the end.")

    def _move(self, to: int) -> None:
        self._line += self._buffer.count("\n", self._at, to)
        self._at = to

    def _more(self) -> bool:
        """Read on; False at the end."""
        kept = len(self._buffer) - self._at
        if kept > _LONGEST_VALUE:
            raise ImportFailed(f"line {self._line}: a value has no end.")
        chunk = self._text.read(max(_CHUNK, kept))
        if not chunk:
            self._ended = True
            return False
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True


def _tells_of_more(beside: Members) -> str:
    """What says that the rows are one page of several: ``has_more is true``; empty if nothing does."""
    inner = (value for value in beside.values() if isinstance(value, dict))
    for members in (beside, *inner):
        for name, value in members.items():
            word = name.replace("_", "").lower()
            is_next = word in _NEXT_PAGE and isinstance(value, str) and value
            is_one_of = word == "totalpages" and value not in (None, "", "0", "1")
            if (word == "hasmore" and value is True) or is_next or is_one_of:
                shown = "true" if value is True else clean(str(value))[:_SHOWN]
                return f"{clean(name)} is {shown}"
    return ""


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _row(line: int, value: object) -> tuple[int, Members] | BadLine:
    return (line, value) if isinstance(value, dict) else BadLine(line, "must be an object")


def column_names(row: Members, prefix: str = "") -> Iterator[str]:
    """The names of the columns of a row; those of an object within it after its own and a point."""
    for name, value in row.items():
        yield f"{prefix}{name}"
        if isinstance(value, dict):
            yield from column_names(value, f"{prefix}{name}.")


def member(row: Members, path: str) -> Any:
    """What stands in a column; None if nothing does."""
    if path in row or "." not in path:
        return row.get(path)
    first, _, rest = path.partition(".")
    inner = row.get(first)
    return member(inner, rest) if isinstance(inner, dict) else None


def cell(value: object, column: str) -> str | None:
    """The text of a cell.

    Raises:
        ValueError: It is neither text nor a number.
    """
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{column}: must be text or a number")
