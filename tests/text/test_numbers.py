"""Percentages and shares as text: never rounded up to a whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.ledger.shares import shares
from usage_tui.text.numbers import percent, share_text


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
