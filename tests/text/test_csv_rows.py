"""CSV: quoted where needed, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.text.csv_rows import csv_rows, disarmed


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=4)))
def test_every_row_is_read_back(rows: list[list[str]]) -> None:
    text = csv_rows(rows)
    assert "\r" not in text
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =1"])
def test_a_formula_is_disarmed(text: str) -> None:
    assert disarmed(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", None, "a=1", "1-1"])
def test_any_other_text_stays(text: str | None) -> None:
    assert disarmed(text) == (text or "")
