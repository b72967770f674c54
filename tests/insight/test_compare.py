"""The same point of the period before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.insight.organization import credits_of, day
from usage_tui.insight.compare import Comparison, same_point
from usage_tui.models import Credits, Day, Period


def period(first: date, last: date) -> Period:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return Period(
        id=f"{first:%Y-%m}",
        starts_at=start,
        ends_at=start + (last - first) + timedelta(days=1),
        start_date=first,
        end_date=last,
        days_total=(last - first).days + 1,
        days_left=1,
    )


def use(first: date, count: int, amount: int) -> list[Day]:
    return [day(first + timedelta(days=number), credits_of(amount)) for number in range(count)]


OCTOBER = period(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = period(date(2026, 11, 1), date(2026, 11, 30))


def test_21_days_against_the_first_21_of_the_month_before() -> None:
    today = date(2026, 11, 22)
    days = [*use(NOVEMBER.start_date, 21, 100), day(today, credits_of(77))]
    before = [
        *use(OCTOBER.start_date, 15, 125),
        *use(date(2026, 10, 16), 6, 0),
        day(date(2026, 10, 22), credits_of(9)),
    ]
    found = same_point(NOVEMBER, days, OCTOBER, before, today)
    assert found == Comparison(days=21, amount=credits_of(2100), former_days=21, former=credits_of(1875))
    assert (str(found.change), found.percent) == ("225", 12)


def test_a_shorter_period_before_counts_whole() -> None:
    february, march = period(date(2027, 2, 1), date(2027, 2, 28)), period(date(2027, 3, 1), date(2027, 3, 31))
    today = date(2027, 3, 31)
    found = same_point(march, use(march.start_date, 31, 1), february, use(february.start_date, 28, 1), today)
    assert (found.days, found.former_days, str(found.amount), str(found.former)) == (30, 28, "30", "28")


@pytest.mark.parametrize(
    ("today", "days"), [(date(2026, 11, 1), 0), (date(2026, 10, 9), 0), (date(2027, 3, 1), 30)]
)
def test_no_more_days_pass_than_the_period_has(today: date, days: int) -> None:
    found = same_point(
        NOVEMBER, use(NOVEMBER.start_date, 30, 1), OCTOBER, use(OCTOBER.start_date, 31, 1), today
    )
    assert (found.days, found.amount, found.former) == (days, credits_of(days), credits_of(days))


@pytest.mark.parametrize(
    ("amount", "former", "percent"),
    [
        ("2100", "1875", 12),
        ("1875", "2100", 10),
        ("1000", "1001", 0),
        ("5", "5", 0),
        ("3", "0", None),
        ("3", "-1", None),
        ("-5", "5", 200),
    ],
)
def test_a_percentage_is_rounded_down_and_has_no_sign(amount: str, former: str, percent: int | None) -> None:
    found = Comparison(days=1, amount=Credits.parse(amount), former_days=1, former=Credits.parse(former))
    assert found.percent == percent
