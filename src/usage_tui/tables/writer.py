"""Rows as a table: CSV, TSV, Markdown, or one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_type_hints

from usage_tui.models import Credits
from usage_tui.tables import kinds
from usage_tui.tables.kinds import CSV, JSON, MARKDOWN, NDJSON
from usage_tui.text.amounts import amount_text
from usage_tui.text.csv_rows import csv_rows, disarmed
from usage_tui.text.words import spoken

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_SPECIAL = str.maketrans({symbol: f"\\{symbol}" for symbol in "\\|`*_[]<>#"})
_BETWEEN_CELLS = str.maketrans("\t\n\r", "   ")


class TableWriter:
    """Writes the rows of an answer as a table, page by page."""

    def __init__(self, format_: str, model: type[DataclassInstance], unit: str) -> None:
        """Write nothing yet.

        Args:
            format_: One of `usage_tui.tables.kinds` but JSON, which is one object.
            model: The type of a row; its fields are the columns.
            unit: The code of the unit of its amounts.
        """
        self._format = format_
        self._unit = unit
        self._hints = get_type_hints(model)
        self._columns = [field.name for field in fields(model)]

    def head(self) -> str:
        """What stands above the first row."""
        match self._format:
            case kinds.CSV:
                return csv_rows([self._columns])
            case kinds.TSV:
                return _tsv_row(self._columns)
            case kinds.MARKDOWN:
                rules = ("---:" if self._is_amount(name) else "---" for name in self._columns)
                return f"{_markdown_row(map(spoken, self._columns))}{_markdown_row(rules)}"
            case _:
                return ""

    def rows(self, rows: Iterable[DataclassInstance]) -> str:
        """Some rows."""
        from usage_tui import wire

        if self._format == NDJSON:
            return "".join(f"{wire.dump(row).decode()}\n" for row in rows)
        if self._format == MARKDOWN:
            return "".join(_markdown_row(self._markdown_cells(row)) for row in rows)
        cells = ([self._sheet_cell(*cell) for cell in wire.plain(row).items()] for row in rows)
        return csv_rows(cells) if self._format == CSV else "".join(map(_tsv_row, cells))

    def _is_amount(self, name: str) -> bool:
        hint = self._hints[name]
        return hint is Credits or hint == Credits | None

    def _sheet_cell(self, name: str, value: object) -> str:
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


def table_text(
    format_: str,
    answer: DataclassInstance,
    model: type[DataclassInstance],
    rows: Sequence[DataclassInstance],
    unit: str,
) -> str:
    """An answer that is a table.

    Args:
        format_: One of `usage_tui.tables.kinds`.
        answer: All of it, as JSON tells it.
        model: The type of a row.
        rows: The rows.
        unit: The code of the unit of its amounts.
    """
    if format_ == JSON:
        return json_text(answer)
    writer = TableWriter(format_, model, unit)
    return writer.head() + writer.rows(rows)


def json_text(answer: DataclassInstance) -> str:
    """An answer as one JSON object on a line."""
    from usage_tui import wire

    return f"{wire.dump(answer).decode()}\n"


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _tsv_row(cells: Iterable[str]) -> str:
    return "\t".join(cell.translate(_BETWEEN_CELLS) for cell in cells) + "\n"
