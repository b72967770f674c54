"""The pace of a week, and how far it varies."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.insight.organization import credits_of, day, days_before
from usage_tui.insight.pace import History, Pace, history, pace
from usage_tui.models import Credits, Day

TODAY = date(2026, 11, 22)
assert TODAY.weekday() == 6
CREDIT = 1_000_000


def found(days: list[Day]) -> Pace:
    known = pace(days, TODAY)
    assert known is not None
    return known


def test_with_four_weeks_each_weekday_has_a_mean_of_its_own() -> None:
    # 28 days up to Saturday: the k-th weekday of week w used 10 k + w.
    known = found(days_before(TODAY, [10 * weekday + week for week in range(1, 5) for weekday in range(7)]))
    # The days begin on a Sunday, and the week on a Monday.
    means = [Fraction(10 * weekday * 2 + 5, 2) * CREDIT for weekday in (1, 2, 3, 4, 5, 6, 0)]
    assert list(known.week) == means
    assert known.a_day == Fraction(65, 2) * CREDIT
    assert known.basis_starts_on == date(2026, 10, 25)


def test_weeks_before_the_last_four_count_for_the_spread_alone() -> None:
    known = found(days_before(TODAY, [200] * 7 + [50] * 7 + [100] * 42))
    assert set(known.week) == {100 * CREDIT}
    assert [known.slow, known.fast] == [Fraction(1, 2), 2]
    assert (known.known_days, known.basis_days) == (56, 28)


def test_nothing_before_the_last_56_days_counts() -> None:
    assert found(days_before(TODAY, [9999, *[100] * 56])).fast == 1


@pytest.mark.parametrize(
    ("count", "slow", "fast"),
    [
        (7, Fraction(1, 2), Fraction(2)),
        (13, Fraction(1, 2), Fraction(2)),
        (14, Fraction(3, 4), Fraction(4, 3)),
        (27, Fraction(3, 4), Fraction(4, 3)),
        (28, Fraction(9, 10), Fraction(10, 9)),
        (41, Fraction(9, 10), Fraction(10, 9)),
        (42, Fraction(1), Fraction(1)),
    ],
)
def test_the_shorter_the_history_the_wider_the_spread(count: int, slow: Fraction, fast: Fraction) -> None:
    known = found(days_before(TODAY, [100] * count))
    assert (known.slow, known.fast) == (slow, fast)


def test_the_usual_pace_lies_between_the_slow_and_the_fast() -> None:
    rising = found(days_before(TODAY, [1] * 14 + [100] * 28))
    assert rising.slow < 1
    assert rising.fast == 1
    falling = found(days_before(TODAY, [100] * 14 + [1] * 28))
    assert [falling.slow, falling.fast] == [1, 100]


def test_with_less_than_four_weeks_all_days_are_alike_and_only_whole_weeks_count() -> None:
    known = found(days_before(TODAY, [5000, 5000, *range(1, 22)]))
    assert set(known.week) == {11 * CREDIT}
    assert (known.known_days, known.basis_days) == (23, 21)


def test_six_days_are_too_few() -> None:
    days = days_before(TODAY, [100] * 6)
    assert pace(days, TODAY) is None
    known = history(days, TODAY)
    assert len(known.amounts) == 6
    assert known.mean == 100 * CREDIT


def test_without_any_day_there_is_no_mean() -> None:
    assert history([], TODAY) == History(starts_on=TODAY, amounts=())
    assert history([], TODAY).mean is None


def test_history_begins_with_the_first_use_and_a_later_pause_is_zeros() -> None:
    known = history(days_before(TODAY, [0] * 20 + [100] + [0] * 9), TODAY)
    assert known.starts_on == date(2026, 11, 12)
    assert known.amounts == (100 * CREDIT, *[0] * 9)


def test_a_day_that_is_missing_used_nothing_and_a_day_in_two_parts_is_one() -> None:
    first, second = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
    known = history(
        [day(second, credits_of(3)), day(first, credits_of(1)), day(second, credits_of(4))], TODAY
    )
    assert known.amounts == (CREDIT, *[0] * 6, 7 * CREDIT, 0)


def test_today_does_not_count() -> None:
    days = days_before(TODAY, [100] * 7)
    assert pace([*days, day(TODAY, credits_of(9999))], TODAY) == pace(days, TODAY)


def test_a_week_of_refunds_is_a_week_of_nothing() -> None:
    known = found([day(item.date, -item.credits) for item in days_before(TODAY, [100] * 14)])
    assert set(known.week) == {0}
    assert [known.slow, known.fast] == [1, 1]


def test_a_week_that_gave_back_more_than_it_used_is_the_quietest_and_used_nothing() -> None:
    days = days_before(TODAY, [100] * 35)
    refunded = [day(item.date, -item.credits) for item in days[:7]]
    known = found(refunded + days[7:])
    assert [known.slow, known.fast] == [0, Fraction(10, 9)]


def test_the_busiest_pace_is_never_below_the_usual_one() -> None:
    # On Mondays more is given back than is used in the whole week.
    days = days_before(TODAY, [100] * 42)
    known = found([day(item.date, credits_of(-900)) if item.date.weekday() == 0 else item for item in days])
    assert known.week[0] == 0
    assert known.fast == 1


def test_a_day_counts_net_of_refunds() -> None:
    days = [*days_before(TODAY, [100] * 7), day(TODAY - timedelta(days=3), -credits_of(70))]
    assert found(days).a_day == 90 * CREDIT


def test_one_spike_is_not_taken_out_but_named() -> None:
    amounts = [90] * 20 + [2000] + [90] * 9
    known = found(days_before(TODAY, amounts))
    assert known.a_day == Fraction(4430, 28) * CREDIT
    assert known.dominant_day is not None
    assert known.dominant_day.date == date(2026, 11, 12)
    assert known.dominant_day.share == Fraction(2000, 4430)
    assert Credits(known.dominant_day.amount) == credits_of(2000)


@pytest.mark.parametrize(("spike", "named"), [(9, True), ("8.999999", False)])
def test_a_day_is_named_from_a_quarter_of_the_basis_on(spike: str | int, named: bool) -> None:
    known = found(days_before(TODAY, [1] * 27 + [spike]))
    assert (known.dominant_day is not None) == named
