"""The same point of the period before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.insight.organization import credits_of, day
from usage_tui.insight.compare import Change, Comparison, Span, same_point, source_changes
from usage_tui.models import Credits, DateRange, Day, Period, SourceDays, SourceSeries


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


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_a_change_is_now_less_before_and_its_percentage_never_too_large(amount: int, former: int) -> None:
    found = Change(amount=Credits(amount), former=Credits(former))
    assert found.change.micro == amount - former
    if former <= 0:
        assert found.percent is None
    else:
        assert found.percent is not None
        assert found.percent * former <= 100 * abs(amount - former) < (found.percent + 1) * former


# By source

FIRST = date(2026, 9, 1)


def days_of(rows: dict[str, list[int]], other: list[int] | None = None, first: date = FIRST) -> SourceDays:
    length = max(map(len, [*rows.values(), other or []]), default=1)
    return SourceDays(
        as_of=datetime(2026, 11, 22, tzinfo=UTC),
        revision=1,
        time_zone="UTC",
        range=DateRange(start_date=first, end_date=first + timedelta(days=length - 1)),
        items=tuple(
            SourceSeries(kind="ai_tool", source_id=name, label=name.title(), credits=tuple(map(Credits, row)))
            for name, row in rows.items()
        ),
        other=None if other is None else tuple(map(Credits, other)),
    )


def test_each_source_is_compared_and_the_one_that_uses_most_comes_first() -> None:
    known = days_of({"gone": [7, 0, 0, 0], "same": [2, 3, 3, 2], "new": [0, 0, 9, 0], "never": [0, 0, 0, 0]})
    found = source_changes(Span(FIRST + timedelta(days=2), 2, known), Span(FIRST, 2, known))
    assert [(one.label, one.amount.micro, one.former.micro) for one in found.items] == [
        ("New", 9, 0),
        ("Same", 5, 5),
        ("Gone", 0, 7),
    ]
    assert found.other is None


def test_a_source_that_one_reply_may_have_added_up_is_not_called_new() -> None:
    now = days_of({"a": [5], "b": [4]}, [3], FIRST + timedelta(days=30))
    before = days_of({"a": [1], "c": [2]}, [8])
    found = source_changes(Span(now.range.start_date, 1, now), Span(FIRST, 1, before))
    assert [one.label for one in found.items] == ["A"]
    assert found.other == Change(amount=Credits(7), former=Credits(10))


def test_sources_of_one_reply_are_compared_alone_although_others_are_added_up() -> None:
    known = days_of({"a": [5, 1], "b": [0, 4]}, [3, 2])
    found = source_changes(Span(FIRST + timedelta(days=1), 1, known), Span(FIRST, 1, known))
    assert [(one.label, one.amount.micro, one.former.micro) for one in found.items] == [
        ("B", 4, 0),
        ("A", 1, 5),
    ]
    assert found.other == Change(amount=Credits(2), former=Credits(3))


def test_before_the_first_known_day_nothing_was_used() -> None:
    known = days_of({"a": [5, 6, 7]})
    found = source_changes(
        Span(FIRST + timedelta(days=1), 2, known), Span(FIRST - timedelta(days=2), 3, known)
    )
    assert [(one.amount.micro, one.former.micro) for one in found.items] == [(13, 5)]


SERIES = st.lists(st.integers(-(10**9), 10**9), min_size=6, max_size=6)


@given(
    st.dictionaries(st.sampled_from("abcd"), SERIES, max_size=4),
    st.none() | SERIES,
    st.dictionaries(st.sampled_from("abcd"), SERIES, max_size=4),
    st.none() | SERIES,
    st.booleans(),
)
def test_the_sources_add_up_to_what_was_used(
    rows: dict[str, list[int]],
    other: list[int] | None,
    rows_before: dict[str, list[int]],
    other_before: list[int] | None,
    in_one_reply: bool,
) -> None:
    rows, rows_before = rows or {"a": [1] * 6}, rows_before or {"a": [1] * 6}
    now = days_of(rows, other)
    before = now if in_one_reply else days_of(rows_before, other_before)
    if in_one_reply:
        rows_before, other_before = rows, other
    found = source_changes(Span(FIRST + timedelta(days=3), 3, now), Span(FIRST, 3, before))
    assert found.total.amount.micro == sum(sum(row[3:]) for row in [*rows.values(), other or []])
    assert found.total.former.micro == sum(
        sum(row[:3]) for row in [*rows_before.values(), other_before or []]
    )
    assert [one.amount for one in found.items] == sorted((one.amount for one in found.items), reverse=True)
