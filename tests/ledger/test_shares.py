"""Shares add up to exactly 1."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.ledger.shares import shares


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=30), st.integers(0, 6))
def test_shares_add_up_to_one_and_are_less_than_a_step_off(amounts: list[int], places: int) -> None:
    parts = shares(amounts, places)
    if sum(amounts) == 0:
        assert parts is None
        return
    assert parts is not None
    assert sum(parts) == 1
    for part, amount in zip(parts, amounts, strict=True):
        off = part * sum(amounts) * 10**places - amount * 10**places
        assert abs(off) < sum(amounts)
        assert part.as_tuple().exponent == -places


@given(st.lists(st.integers(-1000, 1000), max_size=12))
def test_shares_add_up_to_one_beside_refunds_too(amounts: list[int]) -> None:
    parts = shares(amounts, 4)
    if sum(amounts) <= 0:
        assert parts is None
    else:
        assert parts is not None
        assert sum(parts) == 1


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_a_larger_amount_never_has_a_smaller_share(amounts: list[int]) -> None:
    parts = shares(sorted(amounts, reverse=True), 1) or ()
    assert list(parts) == sorted(parts, reverse=True)


def test_the_missing_steps_go_to_the_largest_remainders_and_of_equals_to_the_first() -> None:
    assert shares([1, 1, 1], 2) == (Decimal("0.34"), Decimal("0.33"), Decimal("0.33"))
    assert shares([166, 167, 667], 1) == (Decimal("0.1"), Decimal("0.2"), Decimal("0.7"))


@pytest.mark.parametrize("amounts", [[], [0, 0], [5, -5], [5, -6]])
def test_there_are_no_shares_of_nothing(amounts: list[int]) -> None:
    assert shares(amounts, 4) is None


def test_a_negative_row_has_a_negative_share() -> None:
    assert shares([150, -50], 1) == (Decimal("1.5"), Decimal("-0.5"))
