"""Civil days as the clocks of a zone make them, and the period in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.ledger.days import Calendar

BEGIN = datetime(2015, 1, 1, tzinfo=UTC)
INSTANT = timedelta.resolution
ZONES = [
    "America/New_York",
    "America/Havana",  # midnight happens twice in autumn
    "America/Santiago",  # midnight is skipped in spring
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # clocks change by half an hour
    "Europe/London",
    "Pacific/Kiritimati",
    "UTC",
]


def hours_of(zone: str, day: date) -> timedelta:
    starts_at, ends_at = Calendar(zone).bounds(day)
    return ends_at - starts_at


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", date(2026, 10, 31), 24),
        ("America/New_York", date(2026, 11, 1), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Havana", date(2026, 11, 1), 25),
        ("America/Santiago", date(2026, 9, 6), 23),
    ],
)
def test_a_day_lasts_as_long_as_the_clocks_say(zone: str, day: date, hours: float) -> None:
    assert hours_of(zone, day) == timedelta(hours=hours)


def test_bounds_are_instants_in_utc() -> None:
    assert Calendar("America/New_York").bounds(date(2026, 11, 1)) == (
        datetime(2026, 11, 1, 4, tzinfo=UTC),
        datetime(2026, 11, 2, 5, tzinfo=UTC),
    )


@given(st.sampled_from(ZONES), st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_a_day_begins_with_its_first_instant_and_ends_before_the_next(zone: str, day: date) -> None:
    calendar = Calendar(zone)
    starts_at, ends_at = calendar.bounds(day)
    assert calendar.date_of(starts_at) == day
    assert calendar.date_of(starts_at - INSTANT) == day - timedelta(days=1)
    assert calendar.date_of(ends_at - INSTANT) == day
    assert calendar.date_of(ends_at) == day + timedelta(days=1)


@given(
    st.sampled_from(ZONES),
    st.lists(
        st.builds(lambda minute: BEGIN + timedelta(minutes=minute), st.integers(0, 10_000_000)), max_size=9
    ),
)
def test_a_date_does_not_depend_on_the_instants_asked_before(zone: str, instants: list[datetime]) -> None:
    used = Calendar(zone)
    assert [used.date_of(instant) for instant in instants] == [
        Calendar(zone).date_of(instant) for instant in instants
    ]


NOVEMBER = datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_of", "days_left"),
    [
        (datetime(2026, 11, 22, 20, 30, tzinfo=UTC), 9),
        (datetime(2026, 11, 1, 4, tzinfo=UTC), 30),
        (datetime(2026, 11, 30, 4, 59, tzinfo=UTC), 2),
        (datetime(2026, 11, 30, 5, 0, tzinfo=UTC), 1),
        (datetime(2026, 12, 1, 4, 59, tzinfo=UTC), 1),
        (datetime(2026, 12, 1, 5, 0, tzinfo=UTC), 0),
        (datetime(2026, 10, 1, tzinfo=UTC), 30),
    ],
)
def test_days_left_include_today_and_the_last_day(as_of: datetime, days_left: int) -> None:
    period = Calendar("America/New_York").period("2026-11", *NOVEMBER, as_of)
    assert (period.start_date, period.end_date) == (date(2026, 11, 1), date(2026, 11, 30))
    assert (period.days_total, period.days_left) == (30, days_left)


def test_a_period_that_ends_in_the_middle_of_a_day_includes_it() -> None:
    starts_at, ends_at = datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 18, 15, 2, tzinfo=UTC)
    period = Calendar("America/New_York").period("short", starts_at, ends_at, starts_at)
    assert (period.end_date, period.days_total) == (date(2026, 11, 18), 18)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "America", "../etc/passwd", "New York"])
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not an IANA time zone"):
        Calendar(name)
