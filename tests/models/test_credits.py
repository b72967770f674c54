"""Credits: exact in, exact out, and refused where they would not be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.models import Credits, InvalidCredits

LIMIT = 2**63
micro = st.integers(-LIMIT, LIMIT - 1)


@given(micro)
def test_an_amount_survives_being_written_and_read(amount: int) -> None:
    assert Credits.parse(str(Credits(amount))) == Credits(amount)


@given(micro)
def test_the_text_is_the_exact_decimal(amount: int) -> None:
    assert Decimal(str(Credits(amount))) == Decimal(amount).scaleb(-6)


@given(st.lists(st.integers(-(10**12), 10**12)))
def test_sums_are_exact(amounts: list[int]) -> None:
    assert Credits.total(Credits(amount) for amount in amounts) == Credits(sum(amounts))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0", "0"),
        ("0.000000", "0"),
        ("10009.75", "10009.75"),
        ("3759.50", "3759.5"),
        ("10000", "10000"),
        ("0.000001", "0.000001"),
        ("-12.500", "-12.5"),
        ("9999999999", "9999999999"),
        ("9223372036854.775807", "9223372036854.775807"),
        ("-9223372036854.775808", "-9223372036854.775808"),
    ],
)
def test_text_is_canonical(text: str, canonical: str) -> None:
    assert str(Credits.parse(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "+1",
        "01",
        "1.",
        ".5",
        "1e3",
        "1,000",
        "1_000",
        "NaN",
        "0x1",
        "--1",
        "-0",
        "-0.000",
        "１",
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(InvalidCredits, match="invalid amount"):
        Credits.parse(text)


def test_more_decimals_than_are_kept_are_to_be_rounded() -> None:
    with pytest.raises(InvalidCredits, match="more than 6 decimals; round it"):
        Credits.parse("1.0000001")


@pytest.mark.parametrize(
    "text",
    ["9223372036854.775808", "-9223372036854.775809", "9999999999999", "9" * 14, "-1" + "0" * 14 + ".5"],
)
def test_what_does_not_fit_64_bits_is_refused(text: str) -> None:
    with pytest.raises(InvalidCredits, match=r"the limit is 9,223,372,036,854\.775807"):
        Credits.parse(text)


def test_a_sum_beyond_64_bits_is_refused() -> None:
    with pytest.raises(InvalidCredits):
        Credits(LIMIT - 1) + Credits(1)
    with pytest.raises(InvalidCredits):
        Credits.total([Credits(LIMIT - 1), Credits(1)])


def test_a_long_text_is_not_repeated_whole_in_the_complaint() -> None:
    with pytest.raises(InvalidCredits) as caught:
        Credits.parse("9" * 5000)
    assert len(str(caught.value)) < 200


@given(micro, micro)
def test_amounts_compare_as_numbers(one: int, other: int) -> None:
    assert (Credits(one) < Credits(other)) == (one < other)
    assert (Credits(one) == Credits(other)) == (one == other)


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_arithmetic_is_that_of_integers(one: int, other: int) -> None:
    assert (Credits(one) + Credits(other)).micro == one + other
    assert (Credits(one) - Credits(other)).micro == one - other
    assert (-Credits(one)).micro == -one
    assert bool(Credits(one)) == (one != 0)
