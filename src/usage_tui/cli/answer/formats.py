"""Answers in their formats: JSON for programs, tables as CSV, Markdown or JSON lines, text for people."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from usage_tui.cards.header import draw as draw_header
from usage_tui.cards.header import header_view
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, plain
from usage_tui.cli.answer.options import TEXT
from usage_tui.cli.output import print_line
from usage_tui.config.terminal import speaks_unicode
from usage_tui.state.usage import UsageState
from usage_tui.tables.kinds import JSON
from usage_tui.tables.writer import json_text, table_text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_LEAST_WIDTH, _PIPE_WIDTH = 40, 100


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
    print_data(table_text(format_, answer, model, rows, unit))


def print_answer(format_: str, answer: DataclassInstance, text: Callable[[Area], Sequence[Line]]) -> None:
    """Print an answer as JSON, or as text for people."""
    if format_ == JSON:
        print_json(answer)
    else:
        print_text(text(text_area()))


def print_json(answer: DataclassInstance) -> None:
    """Print an answer as one JSON object."""
    print_data(json_text(answer))


def print_data(text: str) -> None:
    """Print what programs read, in UTF-8 wherever it runs."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(text)


def print_text(lines: Sequence[Line]) -> None:
    """Print lines for people. What the terminal cannot show becomes a question mark."""
    print_line(plain(list(lines)))


def text_area() -> Area:
    """Where text is drawn: as wide as the terminal, and 100 cells in a pipe."""
    width = shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns
    glyphs = MONOCHROME if speaks_unicode(sys.stdout.encoding) else ASCII
    return Area(max(width, _LEAST_WIDTH), glyphs=glyphs, interactive=False)


def under_header(state: UsageState, lines: Sequence[Line], area: Area) -> list[Line]:
    """Lines below the organization, the origin and the time of the data."""
    return [draw_header(header_view(state), "", area), EMPTY, *lines]
