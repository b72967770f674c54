"""The rows of a table of events: CSV or NDJSON, plain or compressed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from usage_tui.importing.columns import ALIASES, candidates, find_columns, require_columns
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.models import clean

_GZIP_MAGIC = b"\x1f\x8b"
_DELIMITERS = ",;\t"


class Row(NamedTuple):
    """One line of the table: the values in the order of `ALIASES`, None where there is none."""

    line: int
    values: Sequence[str | None]


class Table(NamedTuple):
    """An open table.

    Attributes:
        size: The bytes of the file; 0 where it is a pipe.
        position: How many of them have been read. A pipe cannot say.
    """

    rows: Iterator[Row | BadLine]
    size: int
    position: Callable[[], int]


@contextmanager
def open_table(path: Path, chosen: Mapping[str, str]) -> Iterator[Table]:
    """Open a file of events and find its columns; its rows are read as they are asked for.

    Args:
        path: A CSV with a header row, its delimiter a comma, semicolon or tab; or NDJSON, an object a
            line. Packed by gzip or not.
        chosen: The name of the column, by field, where it is not one of the usual ones.

    Raises:
        ImportFailed: It cannot be read, or lacks a column. Raised in the block too.
    """
    name = clean(path.name)
    try:
        with (
            path.open("rb") as raw,
            io.TextIOWrapper(_unpacked(raw), "utf-8-sig", errors="surrogateescape", newline="") as text,
        ):
            first = text.readline()
            _refuse_foreign(first)
            read = _json_rows if first.lstrip().startswith("{") else _csv_rows
            yield Table(read(chain([first], text), chosen), path.stat().st_size, raw.tell)
    except ImportFailed as error:
        raise ImportFailed(f"{name}: {error}") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise ImportFailed(f"{name}: the compressed data are damaged or cut short; copy it again.") from None
    except OSError as error:
        raise ImportFailed(f"{name}: cannot be read: {error.strerror}.") from None


def _unpacked(raw: BufferedReader) -> BufferedReader | gzip.GzipFile:
    magic = raw.peek(len(_GZIP_MAGIC))  # a pipe cannot be read again
    return gzip.GzipFile(fileobj=raw) if magic.startswith(_GZIP_MAGIC) else raw


def _is_no_utf8(character: str) -> bool:
    return "\udc80" <= character <= "\udcff"  # as ``surrogateescape`` marks a byte it cannot decode


def _refuse_foreign(first: str) -> None:
    if not first:
        raise ImportFailed("is empty.")
    if "\0" in first or any(map(_is_no_utf8, first)):
        raise ImportFailed("is not UTF-8 text; save it as CSV in UTF-8.")


def _csv_rows(lines: Iterator[str], chosen: Mapping[str, str]) -> Iterator[Row | BadLine]:
    first = next(lines)
    try:
        delimiter = max(_DELIMITERS, key=lambda each: len(next(csv.reader([first], delimiter=each))))
        reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
        header = next(reader)
    except csv.Error as error:
        raise ImportFailed(f"the header is not valid CSV: {error}; correct it.") from None
    indexes = find_columns(header, chosen)
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadLine(line, f"invalid CSV: {error}")
            continue
        if len(values) == len(header):
            yield Row(line, [None if index is None else values[index] for index in indexes])
        elif values:
            yield BadLine(line, f"has {len(values)} fields, but the header has {len(header)}")


def _json_rows(lines: Iterator[str], chosen: Mapping[str, str]) -> Iterator[Row | BadLine]:
    fields = list(zip(ALIASES, candidates(chosen), strict=True))
    checked = False
    for line, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            # Numbers stay text: an amount must not pass through a float.
            data = json.loads(text, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            yield BadLine(line, "invalid JSON")
            continue
        if not isinstance(data, dict):
            yield BadLine(line, "must be an object")
            continue
        if not checked:
            found = {field for field, names in fields if any(name in data for name in names)}
            require_columns(found, list(data), chosen)
            checked = True
        yield _json_row(line, data, fields)


def _json_row(
    line: int, data: dict[str, object], fields: Sequence[tuple[str, tuple[str, ...]]]
) -> Row | BadLine:
    values: list[str | None] = []
    for field, names in fields:
        value = next((data[name] for name in names if name in data), None)
        if value is not None and not isinstance(value, str):
            return BadLine(line, f"{field}: must be text or a number")
        values.append(value)
    return Row(line, values)
