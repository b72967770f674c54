"""When a balance is low, paused or locked."""

from __future__ import annotations

import pytest

from usage_tui.ledger.balance_state import balance_state, low_threshold
from usage_tui.models import AutoRecharge, Balance, Credits, IncludedProgress, Unit

INCLUDED = IncludedProgress(
    granted=Credits.parse("10000"), used=Credits.ZERO, remaining=Credits.ZERO, used_fraction=None
)


def balance(included: str = "0", purchased: str = "0", locked: str = "0") -> Balance:
    parts = Credits.parse(included), Credits.parse(purchased)
    return Balance(
        total=Credits.total(parts),
        included=parts[0],
        purchased=parts[1],
        locked=Credits.parse(locked),
        overage=Credits.ZERO,
    )


@pytest.mark.parametrize(
    ("auto_recharge", "chosen", "threshold"),
    [
        (None, None, "1000"),
        (AutoRecharge(enabled=False, threshold=Credits.parse("5000")), None, "1000"),
        (AutoRecharge(enabled=True, threshold=Credits.parse("5000")), None, "5000"),
        (AutoRecharge(enabled=True), None, "10000"),
        (AutoRecharge(enabled=True, threshold=Credits.parse("5000")), "250", "250"),
        (None, "0", "0"),
    ],
)
def test_the_low_threshold_is_chosen_or_that_of_auto_recharge_or_a_tenth(
    auto_recharge: AutoRecharge | None, chosen: str | None, threshold: str
) -> None:
    amount = low_threshold(INCLUDED, auto_recharge, None if chosen is None else Credits.parse(chosen))
    assert str(amount) == threshold


def test_the_default_threshold_of_auto_recharge_is_one_of_credits() -> None:
    enabled, dollars = AutoRecharge(enabled=True), Unit(code="USD")
    assert str(low_threshold(None, enabled)) == "10000"
    assert low_threshold(None, enabled, unit=dollars) is None
    assert str(low_threshold(INCLUDED, enabled, unit=dollars)) == "1000"
    chosen = AutoRecharge(enabled=True, threshold=Credits.parse("50"))
    assert str(low_threshold(INCLUDED, chosen, unit=dollars)) == "50"


@pytest.mark.parametrize(
    ("included", "purchased", "locked", "state"),
    [
        ("0", "0", "0", "paused"),
        ("0", "0", "0.000001", "locked"),
        ("0", "1000", "0", "low"),
        ("0.000001", "0", "9999", "low"),
        ("1000", "0.000001", "0", "normal"),
        ("0", "1001", "0", "normal"),
    ],
)
def test_the_state_follows_from_what_is_usable_and_what_is_locked(
    included: str, purchased: str, locked: str, state: str
) -> None:
    assert balance_state(balance(included, purchased, locked), Credits.parse("1000")) == state
