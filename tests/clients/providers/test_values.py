from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.clients.providers.values import (
    InvalidValue,
    Value,
    add,
    budget,
    from_cents,
    prepaid,
    subtract,
    to_credits,
)

exact = st.decimals(min_value=-(10**12), max_value=10**12, places=20)


def value(text: str) -> Value:
    return Value.read(f'{{"v": {text}}}'.encode())["v"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.07", "0.07"),
        ("1.35e-05", "0.0000135"),
        ("1E-7", "0.0000001"),
        ("0.032286812000000005", "0.032286812000000005"),
        ("-0.0", "0"),
        ("12", "12"),
        ('"123.45678"', "123.45678"),
        ('"-4"', "-4"),
        ('"1e2"', "100"),
    ],
)
def test_an_amount_has_the_digits_of_the_reply(text: str, amount: str) -> None:
    assert value(text).amount() == Decimal(amount)
    assert not value(text).amount().is_signed() or amount.startswith("-")


def test_the_smallest_number_there_is_is_an_amount() -> None:
    assert to_credits(value("5e-324").amount()).micro == 0


def test_seven_parts_of_seven_hundredths_add_up_exactly() -> None:
    assert add([value("0.01").amount()] * 7) == Decimal("0.07")


@pytest.mark.parametrize(
    "text",
    [
        *('"NaN"', '"Infinity"', '"-inf"', "true", "null", "[]", '""', '" 1"', '"1_0"', '"١"'),
        *("1e13", "1e-401", "99999999999999", "1e999999999", '"1e9999"', '"0.' + "1" * 500 + '"'),
    ],
)
def test_what_is_no_amount_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^at (the top|v): |^v: |at v"):
        value(text).amount()


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_json_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        value(text)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (Value.text, "5"),
        (Value.text, '"' + "x" * 10_001 + '"'),
        (Value.count, "1.5"),
        (Value.count, '"-1"'),
        (Value.flag, '"true"'),
        (Value.day, '"2026-13-01"'),
        (Value.instant, '"soon"'),
        (Value.instant, '"0001-01-01T00:00:00+14:00"'),
        (Value.instant, "9999999999999"),
        (Value.milliseconds, '"x"'),
        (Value.milliseconds, "9999999999999999"),
        (Value.each, "{}"),
        (Value.members, "[]"),
        (lambda at: at["name"], "{}"),
        (lambda at: at["name"], "[]"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_place(
    read: Callable[[Value], object], text: str
) -> None:
    with pytest.raises(InvalidValue, match=r"^at v(\.name)?: "):
        read(value(text))


def test_the_place_leads_through_lists_and_objects() -> None:
    reply = Value.read(b'{"data": [{"cost": {"amount": []}}]}')
    with pytest.raises(InvalidValue, match=r"^at data\[0\]\.cost\.amount: must be an amount"):
        next(reply["data"].each())["cost"]["amount"].amount()


def test_times_are_in_utc() -> None:
    assert value('"2026-11-03T23:00:00-05:00"').instant() == datetime(2026, 11, 4, 4, tzinfo=UTC)
    assert value('"2026-11-03 23:00:00"').instant() == datetime(2026, 11, 3, 23, tzinfo=UTC)
    assert value("1793491200").instant() == datetime(2026, 11, 1, tzinfo=UTC)
    assert value('"1793491200000"').milliseconds() == datetime(2026, 11, 1, tzinfo=UTC)
    assert value('"2026-11-03T23:30:00-05:00"').day() == date(2026, 11, 4)
    assert value('"2026-11-03"').day() == date(2026, 11, 3)


def test_texts_cannot_steer_the_terminal() -> None:
    assert value('"a\\u001b[31mb\\u202e"').text() == "a�[31mb"
    assert [name for name, _ in value('{"\\u001b]0;x": 1}').members()] == ["�]0;x"]


@given(st.lists(exact, max_size=30))
def test_a_sum_loses_no_digit(amounts: list[Decimal]) -> None:
    assert Fraction(add(amounts)) == sum(map(Fraction, amounts))


@given(exact, exact)
def test_a_difference_and_a_hundredth_lose_no_digit(one: Decimal, other: Decimal) -> None:
    assert Fraction(subtract(one, other)) == Fraction(one) - Fraction(other)
    assert Fraction(from_cents(one)) == Fraction(one) / 100


@given(st.decimals(min_value=-1000, max_value=1000, places=9))
def test_a_balance_is_never_negative(left: Decimal) -> None:
    balance = prepaid(left)
    overage = balance.overage.micro if balance.overage else 0
    assert balance.total.micro >= 0
    assert balance.total.micro - overage == to_credits(left).micro


@given(*[st.decimals(min_value=0, max_value=1000, places=9)] * 2)
def test_the_parts_of_a_budget_add_up(limit: Decimal, left: Decimal) -> None:
    told = budget(limit, left)
    assert told.used + told.remaining == told.granted
