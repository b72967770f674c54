"""How much of what is included has been used."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.known import known
from usage_tui.ledger.progress import fraction, included_progress, meter
from usage_tui.models import Balance, Credits, PeriodUsage


def balance(included: str = "0", purchased: str = "0", locked: str = "0") -> Balance:
    parts = Credits.parse(included), Credits.parse(purchased)
    return Balance(
        total=Credits.total(parts),
        included=parts[0],
        purchased=parts[1],
        locked=Credits.parse(locked),
        overage=Credits.ZERO,
    )


def usage(from_included: str) -> PeriodUsage:
    amount = Credits.parse(from_included)
    return PeriodUsage(
        total=amount,
        from_included=amount,
        from_purchased=Credits.ZERO,
        uncovered=Credits.ZERO,
        event_count=1,
    )


@pytest.mark.parametrize(
    ("used", "whole", "expected"),
    [
        ("6240.5", "10000", "0.62405"),
        ("1200", "2000", "0.6"),
        ("41.2", "100", "0.412"),
        ("0", "50", "0"),
        ("50", "50", "1"),
        ("1", "3", "0.333333"),
        ("2", "3", "0.666666"),
        ("49.9999999999", "50", "0.999999"),
        ("0.0000000001", "50", "0.000001"),
        ("75", "50", "1.5"),
        ("1000", "50", "20"),
    ],
)
def test_a_fraction_is_rounded_down_and_written_plainly(used: str, whole: str, expected: str) -> None:
    assert str(fraction(Decimal(used), Decimal(whole))) == expected


@given(st.integers(0, 2**63), st.integers(1, 2**63))
def test_a_fraction_is_one_only_when_nothing_remains_and_zero_only_when_nothing_was_used(
    used: int, remaining: int
) -> None:
    part = fraction(Decimal(used), Decimal(used + remaining))
    assert part is not None
    assert part < 1
    assert (part == 0) == (used == 0)


def test_there_is_no_fraction_of_nothing() -> None:
    assert fraction(Decimal(0), Decimal(0)) is None


def test_included_progress_ignores_purchased_credits() -> None:
    progress = known(included_progress(usage("6240.5"), balance("3759.5", "6250.25")))
    assert (str(progress.granted), str(progress.used), str(progress.remaining)) == (
        "10000",
        "6240.5",
        "3759.5",
    )
    assert str(progress.used_fraction) == "0.62405"


def test_included_progress_stands_at_the_whole_while_purchased_credits_remain() -> None:
    progress = known(included_progress(usage("5000"), balance("0", "10")))
    assert progress.used_fraction == 1


def test_without_included_credits_there_is_no_fraction() -> None:
    assert known(included_progress(usage("0"), balance("0", "10"))).used_fraction is None


def test_a_meter_says_what_remains_and_how_far_it_is_used() -> None:
    made = meter("storage", "Storage", "gigabyte", used=Decimal("41.2"), included=Decimal(100))
    assert (made.remaining, made.used_fraction, made.resets_at) == (Decimal("58.8"), Decimal("0.412"), None)


def test_a_meter_without_limit_has_neither_rest_nor_fraction() -> None:
    made = meter("storage", "Storage", "gigabyte", used=Decimal("41.2"), included=None)
    assert (made.remaining, made.used_fraction) == (None, None)
