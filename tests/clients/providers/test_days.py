from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clients.providers.fake import cell
from usage_tui.clients.base import InvalidReply
from usage_tui.clients.providers.base import Days
from usage_tui.clients.providers.days import KnownDays, days_between
from usage_tui.ledger.days import Calendar

FIRST = date(2026, 11, 1)


def known(*told: int, at: datetime = datetime(2027, 1, 1, tzinfo=UTC)) -> KnownDays:
    days = KnownDays(Calendar("UTC"), timedelta(days=3))
    for number in told:
        day = FIRST + timedelta(number)
        days.put(day, day, Days(()), at, "USD")
    return days


def test_a_day_is_final_once_it_was_told_after_it_had_settled() -> None:
    days = known(0, at=datetime(2026, 11, 4, 23, 59, 59, tzinfo=UTC))
    assert not days.is_final(FIRST)
    assert known(0, at=datetime(2026, 11, 5, tzinfo=UTC)).is_final(FIRST)


def test_the_time_of_the_data_decides_not_that_of_the_look() -> None:
    days, now = known(), datetime(2026, 11, 9, tzinfo=UTC)
    days.put(FIRST, FIRST, Days((), as_of=datetime(2026, 11, 3, tzinfo=UTC)), now, "USD")
    assert not days.is_final(FIRST)


def test_a_day_is_replaced_as_a_whole() -> None:
    days, now = known(), datetime(2026, 11, 2, tzinfo=UTC)
    told = Days((cell("2026-11-01", "a", "1"), cell("2026-11-01", "b", "1")))
    days.put(FIRST, FIRST, told, now, "USD")
    days.put(FIRST, FIRST, Days((cell("2026-11-01", "a", "2"),)), now, "USD")
    assert [one.source_id for one in days.days[FIRST].cells] == ["a"]


def test_days_that_were_not_asked_for_or_that_the_vendor_does_not_know_are_not_taken_over() -> None:
    days, now = known(), datetime(2026, 11, 9, tzinfo=UTC)
    told = Days(
        (cell("2026-10-31", "a", "1"), cell("2026-11-05", "a", "1")),
        oldest=date(2026, 11, 3),
        newest=date(2026, 11, 6),
    )
    days.put(FIRST, date(2026, 11, 8), told, now, "USD")
    assert [*days.days] == [*days_between(date(2026, 11, 3), date(2026, 11, 6))]
    assert days.unknown(date(2026, 11, 2), date(2026, 11, 4)) == [date(2026, 11, 2)]


def test_another_unit_is_refused() -> None:
    with pytest.raises(InvalidReply):
        known(0).put(FIRST, FIRST, Days(()), datetime(2027, 1, 1, tzinfo=UTC), "EUR")


@given(st.sets(st.integers(0, 40)), st.integers(0, 40), st.integers(1, 50))
def test_what_is_wanted_is_every_day_that_is_not_final_the_newest_first(
    told: set[int], split: int, most: int
) -> None:
    days, middle, last = known(*told), FIRST + timedelta(split), FIRST + timedelta(40)
    ranges = [*days.wanted(FIRST, middle, last, most)]
    asked = [day for start, end in ranges for day in reversed([*days_between(start, end)])]
    missing = [FIRST + timedelta(number) for number in range(41) if number not in told]
    assert asked == missing[::-1][:most]
    assert not any(start < middle <= end for start, end in ranges)
