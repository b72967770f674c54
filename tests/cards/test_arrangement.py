"""The rows of the dashboard, shared out among its cards."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage_tui.cards.arrangement import WIDE, XWIDE, CardNeeds, Heights, arrange

USUAL = CardNeeds(band=9, ranked=8, recent=50, grants=8, meters=3)
WISHES = st.builds(
    CardNeeds,
    band=st.integers(9, 12),
    ranked=st.none() | st.integers(0, 40),
    recent=st.integers(0, 50),
    grants=st.integers(0, 40),
    meters=st.integers(0, 8),
)


def below_another(heights: Heights, band: int) -> int:
    """The rows of all cards one below the other, with a blank line between them."""
    return max(band, heights.ranking) + sum(heights[1:]) + 4


@pytest.mark.parametrize(
    ("taken", "heights"),
    [
        (0, Heights(ranking=10, daily=8, recent=5, grants=5, allowance=3)),
        (1, Heights(ranking=10, daily=7, recent=5, grants=5, allowance=3)),
        (2, Heights(ranking=10, daily=7, recent=4, grants=5, allowance=3)),
        (3, Heights(ranking=10, daily=7, recent=4, grants=4, allowance=3)),
    ],
)
def test_at_120x40_every_row_is_used_with_and_without_banners(taken: int, heights: Heights) -> None:
    arranged = arrange(120, 37 - taken, USUAL._replace(band=12))
    assert arranged == heights
    assert below_another(arranged, 12) == 37 - taken


def test_spare_rows_go_to_the_chart_first_then_to_the_tables() -> None:
    usual = USUAL._replace(band=12)
    assert arrange(120, 37 + 4, usual) == Heights(ranking=10, daily=12, recent=5, grants=5, allowance=3)
    assert arrange(120, 37 + 7, usual) == Heights(ranking=10, daily=12, recent=5, grants=8, allowance=3)
    assert arrange(120, 37 + 19, usual) == Heights(ranking=10, daily=12, recent=15, grants=10, allowance=3)


@settings(max_examples=300)
@given(st.integers(40, 220), st.integers(9, 70), WISHES)
def test_every_card_has_at_least_what_it_needs(width: int, height: int, needs: CardNeeds) -> None:
    heights = arrange(width, height, needs)
    assert heights.ranking >= 5
    assert heights.daily >= 7
    assert heights.recent >= (4 if needs.recent > 1 else 2)
    assert heights.grants >= (4 if needs.grants > 1 else 2)
    assert heights.allowance >= 2
    assert heights.ranking <= 11


@settings(max_examples=300)
@given(st.integers(WIDE, XWIDE - 1), st.integers(9, 70), WISHES)
def test_in_full_width_no_row_is_left_over(width: int, height: int, needs: CardNeeds) -> None:
    heights = arrange(width, height, needs)
    least = arrange(width, 0, needs)
    assert below_another(heights, needs.band) == max(height, below_another(least, needs.band))


@settings(max_examples=300)
@given(st.integers(XWIDE, 220), st.integers(9, 70), WISHES)
def test_side_by_side_both_halves_end_in_one_row_or_above(width: int, height: int, needs: CardNeeds) -> None:
    heights = arrange(width, height, needs)
    assert heights.grants + 1 + heights.allowance <= heights.recent
    used = max(needs.band, heights.ranking) + 1 + heights.daily + 1 + heights.recent
    least = arrange(width, 0, needs)
    smallest = max(needs.band, least.ranking) + 1 + least.daily + 1 + least.recent
    assert used == max(height, smallest)


def test_a_table_without_rows_is_a_head_and_a_sentence() -> None:
    heights = arrange(80, 21, USUAL._replace(recent=0, grants=0))
    assert (heights.recent, heights.grants) == (2, 2)


def test_more_sources_than_rows_cost_a_row_for_the_rest() -> None:
    assert arrange(80, 21, USUAL).ranking == 10
    assert arrange(80, 21, USUAL._replace(ranked=9)).ranking == 11


def test_meters_that_do_not_fit_beside_each_other_have_a_row_each() -> None:
    assert arrange(120, 37, USUAL).allowance == 3
    assert arrange(120, 37, USUAL._replace(meters=4)).allowance == 5
    assert arrange(80, 37, USUAL).allowance == 4
