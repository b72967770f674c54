"""Curves on a canvas, drawn by plotext."""

from __future__ import annotations

import pytest

from usage_tui.cards.typeset.curves import Curve, Sketch
from usage_tui.cards.typeset.glyphs import ASCII, UNICODE, Glyphs
from usage_tui.cards.typeset.lines import cell_len, plain
from usage_tui.tui.widgets.plotting import draw_curves

FALLING = ((0, 100), (1000, 0))


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (2, 2), (30, 4), (190, 40)])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_row_has_the_width_of_the_canvas(columns: int, rows: int, glyphs: Glyphs) -> None:
    curves = tuple(Curve(FALLING, stroke, "included") for stroke in glyphs.strokes)
    drawn = draw_curves(Sketch(columns, rows, 1000, 100, curves, rules=(0, columns - 1)))
    assert len(drawn) == rows
    assert {sum(cell_len(span.text) for span in row) for row in drawn} == {columns}


def test_a_curve_goes_from_corner_to_corner_in_its_tone() -> None:
    drawn = draw_curves(Sketch(11, 3, 1000, 100, (Curve(FALLING, ASCII.strokes.usual, "included"),)))
    rows = plain(drawn).splitlines()
    assert [row.index("*") for row in rows] == sorted(row.index("*") for row in rows)
    assert (rows[0][0], rows[-1][-1], len(rows[-1])) == ("*", "*", 11)
    assert {span.tone for row in drawn for span in row if span.text.strip()} == {"included"}


def test_strokes_differ_without_color() -> None:
    for glyphs in (UNICODE, ASCII):
        level = ((0, 50), (1000, 50))
        pictures = {
            plain(draw_curves(Sketch(24, 1, 1000, 100, (Curve(level, stroke, "text"),))))
            for stroke in glyphs.strokes
        }
        assert len(pictures) == 4
        assert len({stroke.sample for stroke in glyphs.strokes}) == 4


def test_a_curve_covers_a_rule_and_what_is_below_it() -> None:
    level = ((0, 100), (1000, 100))
    below = Curve(level, ASCII.strokes.quietest, "purchased")
    above = Curve(((0, 100), (500, 100)), ASCII.strokes.usual, "included")
    drawn = draw_curves(Sketch(9, 2, 1000, 100, (below, above), rules=(8,), rule="|"))
    assert plain(drawn).splitlines() == ["*****....", "        |"]
    assert [span.tone for span in drawn[0]] == ["included", "purchased"]


def test_a_rule_stands_where_the_curve_jumps() -> None:
    for days in (35, 92, 366):
        for day in range(1, days):
            sketch = Sketch(
                110, 3, days, 100, (Curve(((day, 0), (day, 100)), UNICODE.strokes.usual, "text"),)
            )
            (column,) = {len(row) - 1 for row in plain(draw_curves(sketch)).splitlines()}
            assert column == sketch.column(day)


def test_without_points_nothing_is_drawn() -> None:
    assert plain(draw_curves(Sketch(5, 1, 10, 10, (Curve((), UNICODE.strokes.usual, "text"),)))) == ""
