"""Amounts, percentages and counts as text: exact, aligned, never rounded up to a whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.cards.words import unit
from usage_tui.ledger.ranking import shares
from usage_tui.models import Credits
from usage_tui.text.numbers import (
    count_noun,
    credits_text,
    decimal_text,
    percent,
    places,
    plural,
    share_text,
)

MICRO = st.integers(-(2**63), 2**63 - 1)


def amounts(*texts: str) -> list[Credits]:
    return [Credits.parse(text) for text in texts]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0"),
        ("10000", "10,000"),
        ("3759.5", "3,759.50"),
        ("50.125", "50.125"),
        ("0.000001", "0.000001"),
        ("-0.000001", "-0.000001"),
        ("-1234.5", "-1,234.50"),
        ("9999999999", "9,999,999,999"),
        ("9999999999.999999", "9,999,999,999.999999"),
        ("-9999999999", "-9,999,999,999"),
    ],
)
def test_a_single_amount_has_the_decimals_it_needs(amount: str, text: str) -> None:
    assert credits_text(Credits.parse(amount)) == text


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (["1", "20", "300"], ["1", "20", "300"]),
        (["1", "20.5"], ["1.00", "20.50"]),
        (["50.125", "6.75", "42.5"], ["50.125", "6.750", "42.500"]),
        (["0.000001", "-9999999999"], ["0.000001", "-9,999,999,999.000000"]),
        ([], []),
    ],
)
def test_a_column_has_the_decimals_of_the_one_that_needs_most(column: list[str], texts: list[str]) -> None:
    needed = places(amounts(*column))
    assert [credits_text(amount, needed) for amount in amounts(*column)] == texts


@given(MICRO)
def test_an_amount_reads_as_what_it_is(micro: int) -> None:
    amount = Credits(micro)
    assert Decimal(credits_text(amount).replace(",", "")) == Decimal(micro).scaleb(-6)
    assert len(credits_text(amount).partition(".")[2]) in (0, 2, 3, 4, 5, 6)


@given(st.lists(MICRO, max_size=6))
def test_every_amount_of_a_column_is_exact_and_ends_at_the_same_place(column: list[int]) -> None:
    decimals = places(map(Credits, column))
    texts = [credits_text(Credits(micro), decimals) for micro in column]
    assert [Decimal(text.replace(",", "")).scaleb(6) for text in texts] == column
    assert {len(text.partition(".")[2]) for text in texts} <= {decimals}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("41.2", "41.2"),
        ("2000", "2,000"),
        ("2000.00", "2,000"),
        ("0", "0"),
        ("-3.50", "-3.5"),
        ("1E+3", "1,000"),
    ],
)
def test_a_number_in_its_own_unit_stands_as_given(number: str, text: str) -> None:
    assert decimal_text(Decimal(number)) == text


def test_a_number_of_many_digits_is_not_rounded() -> None:
    digits = "123456789012345678.1234567890123456789012345678"
    assert decimal_text(Decimal(digits)).replace(",", "") == digits


@pytest.mark.parametrize(
    ("used", "whole", "text"),
    [
        ("0", "100", "0%"),
        ("0.000001", "9999999999", "<1%"),
        ("0.99", "100", "<1%"),
        ("1", "100", "1%"),
        ("62.99", "100", "62%"),
        ("99.999999", "100", "99%"),
        ("100", "100", "100%"),
        ("133.9", "100", "133%"),
        ("-5", "100", "0%"),
        ("5", "0", "0%"),
        ("0." + "9" * 28, "1", "99%"),
        ("99999999999999999." + "9" * 28, "100000000000000000", "99%"),
    ],
)
def test_progress_is_floored_and_whole_only_when_nothing_remains(used: str, whole: str, text: str) -> None:
    assert percent(Decimal(used), Decimal(whole)) == text


@pytest.mark.parametrize(
    ("share", "text"), [("0.450", "45.0%"), ("1", "100.0%"), ("-0.012", "-1.2%"), ("0", "0.0%")]
)
def test_a_share_has_one_decimal(share: str, text: str) -> None:
    assert share_text(Decimal(share)) == text
    assert share_text(None) == ""


@given(st.lists(st.integers(0, 10**16), min_size=1).filter(any))
def test_the_shares_shown_of_any_amounts_add_up_to_100_percent(column: list[int]) -> None:
    parts = shares(column, 3)
    assert parts is not None
    assert sum(Decimal(share_text(part).removesuffix("%")) for part in parts) == Decimal("100.0")


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [(0, "run", "0 runs"), (1, "run", "1 run"), (-1, "run", "-1 run"), (1412, "message", "1,412 messages")],
)
def test_a_noun_agrees_with_its_count(count: int, noun: str, text: str) -> None:
    assert count_noun(count, noun) == text


@pytest.mark.parametrize(
    ("code", "amount", "text"),
    [
        ("credit", "2000", "credits"),
        ("hour", "1", "hour"),
        ("gigabyte", "1", "GB"),
        ("scanned_page", "1.5", "scanned pages"),
    ],
)
def test_a_unit_agrees_with_its_amount(code: str, amount: str, text: str) -> None:
    assert unit(code, Decimal(amount)) == text
    assert plural(Decimal("1.0"), "hour") == "hour"
