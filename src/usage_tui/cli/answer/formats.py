"""Answers in their formats: JSON for programs, tables as CSV, Markdown or JSON lines, text for people."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_type_hints

from usage_tui.cards.header import draw as draw_header
from usage_tui.cards.header import header_view
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, plain
from usage_tui.cli.answer.options import CSV, JSON, MARKDOWN, NDJSON, TEXT
from usage_tui.config.terminal import speaks_unicode
from usage_tui.models import Credits
from usage_tui.state.usage import UsageState
from usage_tui.text.amounts import amount_text
from usage_tui.text.csv_rows import csv_rows, disarmed
from usage_tui.text.words import spoken

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_LEAST_WIDTH, _PIPE_WIDTH = 40, 100
_SPECIAL = str.maketrans({symbol: f"\\{symbol}" for symbol in "\\|`*_[]<>#"})


class TableWriter:
    """Writes the rows of an answer as a table, page by page."""

    def __init__(self, format_: str, model: type[DataclassInstance], unit: str) -> None:
        """Write nothing yet.

        Args:
            format_: ``csv``, ``markdown`` or ``ndjson``.
            model: The type of a row; its fields are the columns.
            unit: The code of the unit of its amounts.
        """
        self._format = format_
        self._unit = unit
        self._hints = get_type_hints(model)
        self._columns = [field.name for field in fields(model)]

    def head(self) -> str:
        """What stands above the first row."""
        if self._format == CSV:
            return csv_rows([self._columns])
        if self._format == MARKDOWN:
            rules = ("---:" if self._is_amount(name) else "---" for name in self._columns)
            return f"{_markdown_row(map(spoken, self._columns))}{_markdown_row(rules)}"
        return ""

    def rows(self, rows: Iterable[DataclassInstance]) -> str:
        """Some rows."""
        from usage_tui import wire

        if self._format == NDJSON:
            return "".join(f"{wire.dump(row).decode()}\n" for row in rows)
        if self._format == CSV:
            return csv_rows([self._csv_cell(*cell) for cell in wire.plain(row).items()] for row in rows)
        return "".join(_markdown_row(self._markdown_cells(row)) for row in rows)

    def _is_amount(self, name: str) -> bool:
        hint = self._hints[name]
        return hint is Credits or hint == Credits | None

    def _csv_cell(self, name: str, value: object) -> str:
        is_text = self._hints[name] in (str, str | None)
        return disarmed(_cell(value)) if is_text else _cell(value)

    def _markdown_cells(self, row: DataclassInstance) -> Iterable[str]:
        from usage_tui import wire

        for name, value in wire.plain(row).items():
            amount = getattr(row, name)
            if isinstance(amount, Credits):
                yield amount_text(amount, self._unit)
            else:
                yield _cell(value).translate(_SPECIAL)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def print_table(
    format_: str,
    answer: DataclassInstance,
    model: type[DataclassInstance],
    rows: Sequence[DataclassInstance],
    unit: str,
    text: Callable[[Area], Sequence[Line]],
) -> None:
    """Print an answer that is a table.

    Args:
        format_: The format.
        answer: All of it.
        model: The type of a row.
        rows: The rows.
        unit: The code of the unit of its amounts.
        text: Draws it for people.
    """
    if format_ in (TEXT, JSON):
        print_answer(format_, answer, text)
        return
    writer = TableWriter(format_, model, unit)
    print_data(writer.head() + writer.rows(rows))


def print_answer(format_: str, answer: DataclassInstance, text: Callable[[Area], Sequence[Line]]) -> None:
    """Print an answer as JSON, or as text for people."""
    if format_ == JSON:
        print_json(answer)
    else:
        print_text(text(text_area()))


def print_json(answer: DataclassInstance) -> None:
    """Print an answer as one JSON object."""
    from usage_tui import wire

    print_data(f"{wire.dump(answer).decode()}\n")


def print_data(text: str) -> None:
    """Print what programs read, in UTF-8 wherever it runs."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(text)


def print_text(lines: Sequence[Line]) -> None:
    """Print lines for people. What the terminal cannot show becomes a question mark."""
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(f"{plain(list(lines)).encode(encoding, 'replace').decode(encoding)}\n")


def text_area() -> Area:
    """Where text is drawn: as wide as the terminal, and 100 cells in a pipe."""
    width = shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns
    glyphs = MONOCHROME if speaks_unicode(sys.stdout.encoding) else ASCII
    return Area(max(width, _LEAST_WIDTH), glyphs=glyphs, interactive=False)


def under_header(state: UsageState, lines: Sequence[Line], area: Area) -> list[Line]:
    """Lines below the organization, the origin and the time of the data."""
    return [draw_header(header_view(state), "", area), EMPTY, *lines]
