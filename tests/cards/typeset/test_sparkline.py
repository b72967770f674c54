"""A trend in one row of symbols."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from usage_tui.cards.typeset.glyphs import ASCII, UNICODE
from usage_tui.cards.typeset.sparkline import sparkline


def test_each_day_is_as_high_as_it_is_beside_the_highest() -> None:
    assert sparkline([100, 50, 1, 0, 88, 12], UNICODE) == "█▄▁ ▇▁"
    assert sparkline([100, 50, 1, 0, 88, 12], ASCII) == "#o. #."


def test_nothing_is_blank_and_less_than_nothing_is_told() -> None:
    assert sparkline([0, 0, 0], UNICODE) == "   "
    assert sparkline([-5, 0, 5], UNICODE) == "- █"
    assert sparkline([-5, -1], UNICODE) == "--"
    assert sparkline([], UNICODE) == ""


@given(st.lists(st.integers(-(10**18), 10**18), max_size=30), st.integers(1, 10**6))
def test_it_depends_on_the_proportions_alone(amounts: list[int], factor: int) -> None:
    drawn = sparkline(amounts, UNICODE)
    assert drawn == sparkline([amount * factor for amount in amounts], UNICODE)
    assert len(drawn) == len(amounts)
    for amount, symbol in zip(amounts, drawn, strict=True):
        assert (symbol == " ") == (amount == 0)
        assert (symbol == "-") == (amount < 0)
        assert symbol != UNICODE.eighths[-1] or 16 * amount >= 15 * max(amounts)
    heights = [
        (amount, UNICODE.eighths.index(symbol))
        for amount, symbol in zip(amounts, drawn, strict=True)
        if amount > 0
    ]
    assert sorted(heights) == sorted(heights, key=lambda one: (one[1], one[0]))
