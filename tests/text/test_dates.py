"""Instants and days as text, by the clocks of the organization."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.text import dates

NEW_YORK, LORD_HOWE, BERLIN = "America/New_York", "Australia/Lord_Howe", "Europe/Berlin"
AS_OF = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def test_days_have_names_and_their_year_where_it_matters() -> None:
    day = date(2026, 11, 2)
    assert dates.day(day) == "Nov 2"
    assert dates.day(day, year=True) == "Nov 2, 2026"
    assert dates.weekday(day) == "Mon, Nov 2"
    assert dates.weekday(day, year=True) == "Mon, Nov 2, 2026"
    assert [dates.day(date(2026, month, 1))[:3] for month in (1, 12)] == ["Jan", "Dec"]


def test_an_instant_is_that_of_the_zone() -> None:
    late = at("2026-11-23T04:59:59")
    assert dates.moment(late, NEW_YORK) == "Nov 22, 23:59"
    assert dates.moment(late, "UTC") == "Nov 23, 04:59"
    assert dates.day_of(late, NEW_YORK, year=True) == "Nov 22, 2026"
    assert dates.clock(late, NEW_YORK) == "23:59:59"


@pytest.mark.parametrize(
    ("instant", "zone", "text"),
    [
        ("2026-11-01T04:59:59", NEW_YORK, "00:59:59"),
        ("2026-11-01T05:00:00", NEW_YORK, "01:00:00 EDT"),
        ("2026-11-01T05:59:59", NEW_YORK, "01:59:59 EDT"),
        ("2026-11-01T06:00:00", NEW_YORK, "01:00:00 EST"),
        ("2026-11-01T06:59:59", NEW_YORK, "01:59:59 EST"),
        ("2026-11-01T07:00:00", NEW_YORK, "02:00:00"),
        # Clocks that go back by half an hour repeat only that.
        ("2026-04-04T14:29:59", LORD_HOWE, "01:29:59"),
        ("2026-04-04T14:30:00", LORD_HOWE, "01:30:00 +11"),
        ("2026-04-04T15:00:00", LORD_HOWE, "01:30:00 +1030"),
        ("2026-04-04T15:30:00", LORD_HOWE, "02:00:00"),
        # In spring an hour is left out, and none comes twice.
        ("2026-03-08T06:59:59", NEW_YORK, "01:59:59"),
        ("2026-03-08T07:00:00", NEW_YORK, "03:00:00"),
        ("2026-11-01T05:30:00", "UTC", "05:30:00"),
    ],
)
def test_the_hour_that_comes_twice_names_its_zone(instant: str, zone: str, text: str) -> None:
    assert dates.clock(at(instant), zone) == text


@given(
    st.integers(0, 525_600).map(lambda minutes: AS_OF + timedelta(minutes=minutes)),
    st.sampled_from([NEW_YORK, LORD_HOWE, BERLIN]),
)
def test_no_two_instants_of_a_day_read_the_same(instant: datetime, zone: str) -> None:
    for step in (timedelta(minutes=30), timedelta(hours=1)):
        other = instant + step
        shown = {(dates.day_of(one, zone), dates.clock(one, zone)) for one in (instant, other)}
        assert len(shown) == 2


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "Nov 1 – Nov 30, 2026"),
        (date(2026, 11, 16), date(2027, 11, 15), "Nov 16, 2026 – Nov 15, 2027"),
        (date(2026, 12, 31), date(2027, 1, 1), "Dec 31, 2026 – Jan 1, 2027"),
        (date(2026, 11, 1), date(2026, 11, 1), "Nov 1 – Nov 1, 2026"),
    ],
)
def test_a_span_names_both_years_where_they_differ(start: date, end: date, text: str) -> None:
    assert dates.span(start, end, "–") == text
    assert dates.span(start, end, "-") == text.replace("–", "-")


@pytest.mark.parametrize(
    ("zone", "place", "words"),
    [
        (NEW_YORK, "New York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires time"),
        ("UTC", "UTC", "UTC"),
        ("Etc/UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_a_place(zone: str, place: str, words: str) -> None:
    assert dates.place(zone) == place
    assert dates.zone_words(zone) == words


@pytest.mark.parametrize(
    ("end", "days"),
    [
        ("2026-11-22T20:30:01", 1),
        ("2026-11-23T05:00:00", 1),
        ("2026-11-23T05:00:01", 2),
        ("2026-12-01T05:00:00", 9),
        ("2027-11-22T20:30:00", 366),
        ("2026-11-22T20:30:00", 0),
        ("2026-11-22T12:00:00", 0),
        ("2026-11-01T04:00:00", 0),
    ],
)
def test_days_until_an_end_count_today_and_stop_when_it_is_over(end: str, days: int) -> None:
    assert dates.days_until(at(end), AS_OF, NEW_YORK) == days


def test_the_last_day_of_what_ends_at_midnight_is_the_day_before() -> None:
    assert dates.last_day(at("2026-12-01T05:00:00"), NEW_YORK) == date(2026, 11, 30)
    assert dates.last_day(at("2026-12-01T05:00:01"), NEW_YORK) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        ("2026-11-23T04:59:59", "today"),
        ("2026-11-23T05:00:00", "in 1 day"),
        ("2026-12-01T05:00:00", "in 9 days"),
        ("2026-12-01T20:30:00", "in 9 days"),
    ],
)
def test_how_far_off_a_day_is(instant: str, text: str) -> None:
    assert dates.ahead(at(instant), AS_OF, NEW_YORK) == text


@pytest.mark.parametrize(
    ("civil", "words"),
    [
        (date(2026, 11, 21), "today"),
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 23), "about Nov 23"),
        (date(2027, 7, 1), "about Jul 2027"),
    ],
)
def test_what_has_come_is_not_about_a_day(civil: date, words: str) -> None:
    assert dates.about(civil, date(2026, 11, 22)) == words
