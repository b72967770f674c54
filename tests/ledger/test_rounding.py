"""Amounts with any number of digits, rounded so that all sums agree."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from usage_tui.ledger.rounding import round_micro, round_table, share_out

Cells = dict[tuple[int, str], Decimal]

amounts = st.one_of(
    st.decimals(-100, 100, places=8),
    st.decimals(0, 1, places=20),
    st.sampled_from(
        [Decimal("0.0000005"), Decimal("0.07"), Decimal("1.35e-05"), Decimal("1E-7"), Decimal(0)]
    ),
)
tables = st.dictionaries(st.tuples(st.integers(1, 6), st.sampled_from("abcdef")), amounts, max_size=36)


def micro(values: list[Decimal]) -> Fraction:
    return sum((Fraction(value) * 10**6 for value in values), Fraction(0))


@settings(max_examples=examples(300))
@given(tables)
def test_cells_rows_and_columns_stay_within_a_millionth_and_the_total_is_rounded_once(cells: Cells) -> None:
    rounded = round_table(cells)
    assert rounded.keys() == cells.keys()
    assert sum(rounded.values()) == round(micro(list(cells.values())))
    for place, amount in cells.items():
        assert abs(rounded[place] - micro([amount])) < 1
    for axis in (0, 1):
        for name in {place[axis] for place in cells}:
            exact = micro([amount for place, amount in cells.items() if place[axis] == name])
            assert abs(sum(value for place, value in rounded.items() if place[axis] == name) - exact) < 1


@given(tables, st.randoms())
def test_the_order_of_the_cells_changes_nothing(cells: Cells, random: Random) -> None:
    shuffled = list(cells.items())
    random.shuffle(shuffled)
    assert round_table(dict(shuffled)) == round_table(cells)


def test_whole_millionths_stay_as_they_are() -> None:
    assert round_table({(1, "a"): Decimal("0.000001"), (2, "b"): Decimal("-12.5")}) == {
        (1, "a"): 1,
        (2, "b"): -12_500_000,
    }


def test_the_total_is_not_the_sum_of_rounded_cells() -> None:
    cells = {(day, "a"): Decimal("0.0000004") for day in range(10)}
    assert sum(round_table(cells).values()) == 4


@pytest.mark.parametrize(
    ("amount", "expected"), [("0.0000005", 0), ("0.0000015", 2), ("5e-324", 0), ("-0.0", 0)]
)
def test_one_amount_is_rounded_half_to_even(amount: str, expected: int) -> None:
    assert round_micro(Decimal(amount)) == expected


@given(st.lists(st.fractions(-100, 100), min_size=1, max_size=30), st.booleans())
def test_rows_share_what_their_cell_has(parts: list[Fraction], up: bool) -> None:
    exact = sum(parts, Fraction(0))
    total = exact.__ceil__() if up else exact.__floor__()
    shares = share_out(total, parts)
    assert sum(shares) == total
    assert all(abs(share - part) < 1 for share, part in zip(shares, parts, strict=True))
