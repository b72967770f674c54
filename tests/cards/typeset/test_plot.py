"""The plot: exact to an eighth of a row, every day in its column, no value invisible."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cards.states import text_of
from usage_tui.cards.typeset.axis import toned
from usage_tui.cards.typeset.glyphs import ASCII, UNICODE
from usage_tui.cards.typeset.plot import Bar, Plot, axis_top, plot

EIGHTHS = UNICODE.eighths
VALUES = st.none() | st.integers(-(10**16), 10**16)


def rows_of(grid: Plot) -> list[str]:
    return [text_of(row) for row in toned(grid)]


@given(st.integers(-10, 10**19))
def test_the_top_of_the_axis_is_round_and_just_above_the_largest(largest: int) -> None:
    top = axis_top(largest)
    assert top >= largest
    assert top % 2 == 0
    assert len(str(top).rstrip("0")) <= 2
    assert top == 100 or top <= largest * 1.5


@settings(max_examples=60)
@given(st.lists(VALUES, min_size=1, max_size=60), st.integers(0, 160), st.integers(1, 24), st.data())
def test_bars_are_exact_and_inside_the_plot(
    values: list[int | None], spare: int, height: int, data: st.DataObject
) -> None:
    width = len(values) + spare
    cursor = data.draw(st.none() | st.integers(0, len(values) - 1))
    top = axis_top(max((value for value in values if value is not None), default=0))
    grid = plot(
        [Bar(value, index == cursor) for index, value in enumerate(values)], width, height, top, UNICODE
    )
    rows = rows_of(grid)
    assert [len(row) for row in rows] == [width] * height
    for index, value in enumerate(values):
        column = index * grid.pitch
        cells = [cell for cell in grid.cells if cell.column == column]
        drawn = [row[column] for row in reversed(rows)]
        assert "".join(cell.glyph for cell in cells) == "".join(drawn).rstrip()
        if value is None:
            assert drawn[0] == "·"
        elif value <= 0:
            assert drawn[0] == ("-" if value else "0")
        else:
            eighths = sum(EIGHTHS.index(glyph) + 1 for glyph in drawn if glyph != " ")
            assert eighths >= 1
            assert abs(eighths - value * height * 8 / top) <= 0.5 or eighths == 1
        assert {cell.role for cell in cells} == {
            "to come" if value is None else "cursor" if index == cursor else "bar" if value > 0 else "zero"
        }


def test_bars_stand_apart_where_there_is_room() -> None:
    grid = plot([Bar(8), Bar(4), Bar(None)], 11, 1, 8, UNICODE)
    assert rows_of(grid) == ["███ ▄▄▄ ·  "]
    assert rows_of(plot([Bar(8), Bar(4)], 2, 1, 8, UNICODE)) == ["█▄"]
    assert plot([Bar(1)], 100, 1, 8, UNICODE).pitch == 8


def test_a_plot_in_ascii_is_ascii() -> None:
    grid = plot([Bar(value) for value in (None, -1, 0, 1, 3, 4, 6, 8, 16)], 9, 1, 16, ASCII)
    assert rows_of(grid) == [".-0...oo#"]
