"""Tables: exactly as wide as they may be, words cut with a sign, numbers never."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage_tui.cards.typeset.lines import Area, Line, line, width
from usage_tui.cards.typeset.table import Column, Table, draw_table, window
from usage_tui.models import Credits
from usage_tui.text.amounts import amount_text

COLUMNS = (
    Column("When", at_least=16),
    Column("Source", weight=3),
    Column("Type", from_width=54, weight=1, at_least=12),
    Column("Who", from_width=100, weight=2),
    Column("Original", "right", from_width=70),
    Column("Credits", "right"),
)
WORDS = st.text(alphabet="ab 日本e\u0301👍", max_size=60)
NUMBERS = st.integers(-(10**16), 10**16).map(lambda micro: amount_text(Credits(micro), "credit"))
ROWS = st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS, NUMBERS, NUMBERS), max_size=4)


def text_of(spans: Line) -> str:
    return "".join(span.text for span in spans)


def drawn(columns: tuple[Column, ...], rows: Sequence[tuple[str, ...]], cells: int) -> list[str]:
    table = Table(columns, tuple(tuple(line(cell) for cell in row) for row in rows))
    heads, lines = draw_table(table, Area(cells))
    assert {width(one) for one in (heads, *lines)} == {cells}
    return [text_of(one) for one in (heads, *lines)]


@settings(max_examples=150)
@given(ROWS, st.integers(38, 220))
def test_rows_are_exactly_as_wide_as_the_table_and_numbers_whole(
    rows: list[tuple[str, ...]], cells: int
) -> None:
    heads, *lines = drawn(COLUMNS, rows, cells)
    for row, shown in zip(rows, lines, strict=True):
        assert shown.endswith(row[-1])
        if "Original" in heads:
            assert f" {row[-2]} " in shown


def test_columns_have_heads_and_words_give_way_to_numbers() -> None:
    columns = Column("Source", weight=1), Column("Credits", "right")
    rows = [("Contract review", "50.125"), ("Agent chat", "6.750")]
    assert drawn(columns, rows, 22) == [
        "Source         Credits",
        "Contract revi…  50.125",
        "Agent chat       6.750",
    ]


def test_spare_room_falls_to_the_columns_with_a_weight() -> None:
    columns = Column("A"), Column("B", weight=1), Column("C", weight=3), Column("D", "right")
    assert drawn(columns, [("a", "b", "c", "1")], 15) == ["A B   C       D", "a b   c       1"]


@pytest.mark.parametrize(
    ("cells", "heads"),
    [
        (53, ["When", "Source", "Credits"]),
        (54, ["When", "Source", "Type", "Credits"]),
        (70, ["When", "Source", "Type", "Original", "Credits"]),
        (100, ["When", "Source", "Type", "Who", "Original", "Credits"]),
    ],
)
def test_columns_come_with_the_width(cells: int, heads: list[str]) -> None:
    assert drawn(COLUMNS, [("a", "b", "c", "d", "1", "2")], cells)[0].split() == heads


def test_what_came_last_goes_first_where_numbers_need_the_room() -> None:
    number = "-9,999,999,999.999999"
    row = ("Nov 22  15:29:41", "Contract review", "Tool run", "maria", number, number)
    assert drawn(COLUMNS, [row], 72)[0].split() == ["When", "Source", "Type", "Credits"]


def test_dates_are_cut_before_numbers_are() -> None:
    columns = Column("When", at_least=16), Column("Source", weight=1), Column("Credits", "right")
    row = ("Nov 22, 2025  15:29:41", "Contract review", "-9,999,999,999.999999")
    assert drawn(columns, [row], 38)[1] == "Nov 22, 2025…  … -9,999,999,999.999999"


@settings(max_examples=150)
@given(st.integers(0, 60), st.integers(1, 30), st.integers(0, 60), st.data())
def test_a_window_shows_the_cursor_and_wastes_no_row(
    first: int, visible: int, count: int, data: st.DataObject
) -> None:
    cursor = data.draw(st.integers(0, count - 1)) if count else None
    start = window(first, cursor, visible, count)
    assert 0 <= start <= max(0, count - visible)
    if cursor is not None:
        assert start <= cursor < start + visible
