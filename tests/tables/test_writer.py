"""Rows as tables: whatever stands in a cell, a program reads it back, and no spreadsheet computes it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.models import Credits
from usage_tui.tables.kinds import CSV, JSON, MARKDOWN, NDJSON, TSV
from usage_tui.tables.writer import TableWriter, table_text
from usage_tui.text.clean import clean


@dataclass(frozen=True, kw_only=True)
class Row:
    label: str
    credits: Credits
    count: int | None


@dataclass(frozen=True, kw_only=True)
class Rows:
    items: tuple[Row, ...]


def row(label: str, amount: str = "1.5", count: int | None = 2) -> Row:
    return Row(label=label, credits=Credits.parse(amount), count=count)


def text(format_: str, *rows: Row) -> str:
    return table_text(format_, Rows(items=rows), Row, rows, "credit")


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        (CSV, "label,credits,count\nChat,1.5,2\n"),
        (TSV, "label\tcredits\tcount\nChat\t1.5\t2\n"),
        (MARKDOWN, "| Label | Credits | Count |\n| --- | ---: | --- |\n| Chat | 1.50 | 2 |\n"),
        (NDJSON, '{"label":"Chat","credits":"1.5","count":2}\n'),
        (JSON, '{"items":[{"label":"Chat","credits":"1.5","count":2}]}\n'),
    ],
)
def test_each_format(format_: str, expected: str) -> None:
    assert text(format_, row("Chat")) == expected


@given(st.text(max_size=30).map(clean), st.integers(-(10**12), 10**12))
def test_no_label_breaks_a_row_and_none_is_a_formula(label: str, micro: int) -> None:
    amount = Credits(micro)
    one = Row(label=label, credits=amount, count=None)
    (_, tabbed) = [line.split("\t") for line in text(TSV, one).split("\n")[:-1]]
    (_, comma) = csv.reader(io.StringIO(text(CSV, one), newline=""))
    for cells in (tabbed, comma):
        assert len(cells) == 3
        assert not cells[0].lstrip().startswith(("=", "+", "-", "@"))
        assert Decimal(cells[1]) == Decimal(micro) / 10**6
        assert cells[2] == ""
    assert comma[0].removeprefix("'") == label.removeprefix("'")


def test_page_by_page_is_the_same_as_at_once() -> None:
    rows = [row(f"Source {number}") for number in range(5)]
    for format_ in (CSV, TSV, MARKDOWN, NDJSON):
        writer = TableWriter(format_, Row, "credit")
        assert writer.head() + writer.rows(rows[:2]) + writer.rows(rows[2:]) == text(format_, *rows)
