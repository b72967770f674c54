"""Amounts as text: in their unit, exact where they are told in full, aligned in a column."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from usage_tui.models import Credits
from usage_tui.text.amounts import (
    amount_text,
    average_text,
    axis_text,
    copied_text,
    decimal_text,
    drawn_unit,
    exact_places,
    heading,
    number_in_unit,
    places,
    spoken_amount,
    unit_noun,
)

MICRO = st.integers(-(2**63), 2**63 - 1)
UNITS = st.sampled_from(["credit", "USD", "EUR", "GBP", "CHF", "JPY", "token", ""])
MONEY = st.sampled_from(["USD", "EUR", "GBP", "CHF", "JPY"])
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CHF": " CHF", "JPY": " JPY"}


def amounts(*texts: str) -> list[Credits]:
    return [Credits.parse(text) for text in texts]


def number_of(text: str, unit: str) -> Decimal:
    """The number that a text says, read by a person who knows the unit."""
    return Decimal(text.replace(SIGNS.get(unit, ""), "").replace(",", ""))


@pytest.mark.parametrize("unit", ["credit", "USD", "CHF", "token", ""])
def test_a_unit_that_ascii_can_show_is_drawn_alike(unit: str) -> None:
    amount = Credits.parse("-1234.5")
    assert amount_text(amount, drawn_unit(unit, ascii_only=True)) == amount_text(amount, unit)


@pytest.mark.parametrize("unit", ["EUR", "GBP"])
def test_without_its_symbol_a_currency_has_its_code_behind(unit: str) -> None:
    drawn, amount = drawn_unit(unit, ascii_only=True), Credits.parse("-1234.5")
    assert amount_text(amount, drawn) == f"-1,234.50 {unit}"
    assert spoken_amount(amount, drawn) == f"-1,234.50 {unit}"
    assert number_in_unit(Decimal("12.5"), drawn) == f"12.50 {unit}"
    assert axis_text(10**6 * 200_000, drawn) == "200K"
    assert (heading(drawn), unit_noun(Decimal(2), drawn), drawn) == ("Cost", "", unit)
    assert amount_text(amount, drawn_unit(drawn, ascii_only=False)) == f"-1,234.50 {unit}"


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        ("0", "credit", "0"),
        ("10000", "credit", "10,000"),
        ("3759.5", "credit", "3,759.50"),
        ("50.125", "credit", "50.125"),
        ("0.000001", "credit", "0.000001"),
        ("-0.000001", "credit", "-0.000001"),
        ("-1234.5", "credit", "-1,234.50"),
        ("9999999999.999999", "credit", "9,999,999,999.999999"),
        ("-9999999999", "credit", "-9,999,999,999"),
        ("0", "USD", "$0.00"),
        ("12.34", "USD", "$12.34"),
        ("-12.34", "USD", "-$12.34"),
        ("1234567.5", "EUR", "€1,234,567.50"),
        ("0.000125", "GBP", "£0.000125"),
        ("12.34", "CHF", "12.34 CHF"),
        ("-12.3", "CHF", "-12.30 CHF"),
        ("1500", "JPY", "1,500.00 JPY"),
        ("1500.5", "token", "1,500.50"),
        ("1500", "", "1,500"),
    ],
)
def test_a_single_amount_is_exact(amount: str, unit: str, text: str) -> None:
    assert amount_text(Credits.parse(amount), unit) == text


@pytest.mark.parametrize(
    ("column", "unit", "texts"),
    [
        (["1", "20", "300"], "credit", ["1", "20", "300"]),
        (["1", "20.5"], "credit", ["1.00", "20.50"]),
        (["50.125", "6.75", "42.5"], "credit", ["50.125", "6.750", "42.500"]),
        (["0.000001", "-9999999999"], "credit", ["0.000001", "-9,999,999,999.000000"]),
        ([], "credit", []),
        (["1", "20.125", "0"], "USD", ["$1.00", "$20.13", "$0.00"]),
        (["0.005", "20.124999"], "USD", ["$0.01", "$20.12"]),
        (["0.004999", "20"], "USD", ["$0.0050", "$20.0000"]),
        (["0.00005", "20"], "USD", ["$0.0001", "$20.0000"]),
        (["0.000049", "-20"], "USD", ["$0.000049", "-$20.000000"]),
        (["-0.001", "2"], "CHF", ["-0.0010 CHF", "2.0000 CHF"]),
    ],
)
def test_a_column_has_the_decimals_that_it_needs(column: list[str], unit: str, texts: list[str]) -> None:
    needed = places(amounts(*column), unit)
    assert [amount_text(amount, unit, needed) for amount in amounts(*column)] == texts


@given(MICRO, UNITS)
@example(-(2**63), "USD")
def test_an_amount_reads_as_what_it_is(micro: int, unit: str) -> None:
    text = amount_text(Credits(micro), unit)
    assert number_of(text, unit) == Decimal(micro).scaleb(-6)
    decimals = len(text.removesuffix(SIGNS.get(unit, "")).partition(".")[2])
    assert decimals in ((2, 3, 4, 5, 6) if unit in SIGNS else (0, 2, 3, 4, 5, 6))


@given(st.lists(MICRO, max_size=6), st.sampled_from(["credit", "token", ""]))
def test_every_amount_of_a_column_is_exact_and_ends_at_the_same_place(column: list[int], unit: str) -> None:
    decimals = places(map(Credits, column), unit)
    texts = [amount_text(Credits(micro), unit, decimals) for micro in column]
    assert [Decimal(text.replace(",", "")).scaleb(6) for text in texts] == column
    assert {len(text.partition(".")[2]) for text in texts} <= {decimals}


@given(st.lists(MICRO, max_size=6), MONEY)
@example([4_999, 1], "USD")
@example([5_000], "USD")
def test_money_in_a_column_is_rounded_but_never_to_nothing(column: list[int], unit: str) -> None:
    decimals = places(map(Credits, column), unit)
    step = Decimal(1).scaleb(-decimals)
    assert decimals in (2, 4, 6)
    for micro in column:
        exact, shown = Decimal(micro).scaleb(-6), number_of(amount_text(Credits(micro), unit, decimals), unit)
        assert shown == exact.quantize(step, ROUND_HALF_UP)
        assert bool(shown) is bool(micro)
    if decimals > 2:  # no more than the smallest needs
        fewer = Decimal(1).scaleb(2 - decimals)
        assert any(micro and not Decimal(micro).scaleb(-6).quantize(fewer, ROUND_HALF_UP) for micro in column)


@given(st.lists(MICRO, min_size=1, max_size=6), UNITS)
def test_what_is_copied_from_a_column_loses_no_digit(column: list[int], unit: str) -> None:
    decimals = places(map(Credits, column), unit)
    for micro in column:
        assert number_of(copied_text(Credits(micro), unit, decimals), unit) == Decimal(micro).scaleb(-6)
    exact = exact_places(map(Credits, column), unit)
    assert [number_of(amount_text(Credits(micro), unit, exact), unit).scaleb(6) for micro in column] == column


def test_a_rounded_amount_has_no_sign_where_nothing_is_left_of_it() -> None:
    assert amount_text(Credits(-1), "USD", 2) == "$0.00"


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        ("5000", "credit", "5,000 credits"),
        ("1", "credit", "1 credit"),
        ("0.5", "credit", "0.50 credits"),
        ("5", "USD", "$5.00"),
        ("5", "CHF", "5.00 CHF"),
        ("5", "token", "5 token"),
        ("5", "", "5"),
        ("5", "credit \x1b[31m" + "x" * 90, "5"),
    ],
)
def test_an_amount_is_spoken_with_its_unit(amount: str, unit: str, text: str) -> None:
    assert spoken_amount(Credits.parse(amount), unit) == text


@pytest.mark.parametrize(
    ("total", "count", "unit", "text"),
    [
        ("10", 3, "credit", "3.33"),
        ("0.01", 3, "credit", "0.00"),
        ("-0.02", 3, "credit", "-0.01"),
        ("10", 3, "USD", "$3.33"),
        ("0.01", 3, "USD", "$0.0033"),
        ("0.0001", 4, "USD", "$0.000025"),
        ("-10", 4, "CHF", "-2.50 CHF"),
        ("0", 4, "USD", "$0.00"),
        ("0", 0, "USD", "$0.00"),
    ],
)
def test_an_average_is_rounded_half_up(total: str, count: int, unit: str, text: str) -> None:
    assert average_text(Credits.parse(total), count, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1500", "credit", "1,500"),
        ("1500", "USD", "$1,500"),
        ("0.5", "USD", "$0.50"),
        ("200000", "EUR", "€200K"),
        ("1500000", "CHF", "1.5M"),
        ("0.00005", "credit", "0.00005"),
    ],
)
def test_a_value_on_the_axis_is_short_and_exact(value: str, unit: str, text: str) -> None:
    assert axis_text(Credits.parse(value).micro, unit) == text


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("credit", "Credits"),
        ("USD", "Cost"),
        ("CHF", "Cost"),
        ("ai_unit", "Ai unit"),
        ("", "Amount"),
        ("x" * 90, "Amount"),
    ],
)
def test_a_column_is_headed_by_its_unit(unit: str, text: str) -> None:
    assert heading(unit) == text


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
    assert number_in_unit(Decimal(number), "hour") == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("41.2", "USD", "$41.20"),
        ("-3", "USD", "-$3.00"),
        ("0.000125", "EUR", "€0.000125"),
        ("2000", "CHF", "2,000.00 CHF"),
    ],
)
def test_a_meter_of_money_shows_money(number: str, unit: str, text: str) -> None:
    assert number_in_unit(Decimal(number), unit) == text


def test_a_number_of_many_digits_is_not_rounded() -> None:
    digits = "123456789012345678.1234567890123456789012345678"
    assert decimal_text(Decimal(digits)).replace(",", "") == digits


@pytest.mark.parametrize(
    ("code", "amount", "text"),
    [
        ("credit", "2000", "credits"),
        ("hour", "1", "hour"),
        ("gigabyte", "1", "GB"),
        ("scanned_page", "1.5", "scanned pages"),
        ("USD", "2", ""),
    ],
)
def test_a_unit_agrees_with_its_amount(code: str, amount: str, text: str) -> None:
    assert unit_noun(Decimal(amount), code) == text
