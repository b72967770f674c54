"""The sums of a period: the same whichever way they are read, on days of any length."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.known import known
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import Allocation, Credits, DailyUsage, Event

# The clocks of these zones change in the period below, forward or back, by an hour or by half.
ZONES = ["America/New_York", "America/Havana", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata"]
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
STARTS_AT = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
ENDS_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
AS_OF = ENDS_AT - timedelta(days=1)


def event(number: int, at: datetime, micro: int, *, source: str = "a", label: str = "", **more: Any) -> Event:
    part = Allocation(grant_id="gr_1", bucket="included", credits=Credits(micro))
    values: dict[str, Any] = {
        "id": f"evt_{number}",
        "occurred_at": at,
        "kind": f"kind_{source}",
        "source_id": source,
        "label": label or source,
        "activity": "run",
        "quantity": 2,
        "credits": Credits(micro),
        "allocations": (part,),
    }
    return Event(**(values | more))


def rollup(
    zone: str = "America/New_York", starts_at: datetime = STARTS_AT, ends_at: datetime = ENDS_AT
) -> PeriodRollup:
    calendar = Calendar(zone)
    return PeriodRollup(calendar.period("p", starts_at, ends_at, AS_OF), calendar)


# Minutes of the year, and of the days on which most of the clocks change.
minutes = st.one_of(st.integers(0, 525_000), st.integers(94_000, 98_000), st.integers(437_000, 441_000))
instants = st.builds(lambda minute: NEW_YEAR + timedelta(minutes=minute), minutes)
events = st.lists(
    st.builds(
        lambda number, at, micro, source: event(number, at, micro, source=source),
        st.integers(0, 999),
        instants,
        st.integers(-50, 500),
        st.sampled_from("abc"),
    ),
    max_size=30,
)


@given(st.sampled_from(ZONES), events)
def test_days_sources_and_events_have_one_sum(zone: str, events: list[Event]) -> None:
    sums = rollup(zone)
    for one in events:
        sums.add(one)
    inside = [one for one in events if STARTS_AT <= one.occurred_at < ENDS_AT]
    total = Credits.total(one.credits for one in inside)
    daily = sums.daily(as_of=AS_OF, revision=1)
    ranking = sums.ranking(as_of=AS_OF, revision=1)
    usage = sums.usage()
    assert daily.total == ranking.total == usage.total == total
    assert Credits.total(day.credits for day in daily.items) == total
    assert Credits.total(row.credits for row in ranking.items) == total
    assert sum(known(day.count) for day in daily.items) == 2 * len(inside)
    assert sum(known(row.count) for row in ranking.items) == 2 * len(inside)
    assert usage.event_count == len(inside)
    paid = known(usage.from_included) + known(usage.from_purchased)
    assert usage.total == paid + known(usage.uncovered)


@given(st.sampled_from(ZONES), events)
def test_a_day_counts_the_events_within_its_bounds(zone: str, events: list[Event]) -> None:
    sums = rollup(zone)
    for one in events:
        sums.add(one)
    for day in sums.daily(as_of=AS_OF, revision=1).items:
        behind = [one for one in events if day.starts_at <= one.occurred_at < day.ends_at]
        assert day.credits == Credits.total(one.credits for one in behind)
        assert Credits.total(day.by_kind.values()) == day.credits
        assert set(day.by_kind) == {one.kind for one in behind}


@given(st.sampled_from(ZONES))
def test_days_follow_each_other_without_a_gap(zone: str) -> None:
    days = rollup(zone).daily(as_of=AS_OF, revision=1).items
    for day, following in pairwise(days):
        assert day.ends_at == following.starts_at
        assert day.date + timedelta(days=1) == following.date
    assert days[0].starts_at == STARTS_AT


def november(*events: Event, as_of: datetime = datetime(2026, 11, 5, 20, tzinfo=UTC)) -> DailyUsage:
    sums = rollup(
        starts_at=datetime(2026, 11, 1, 4, tzinfo=UTC), ends_at=datetime(2026, 12, 1, 5, tzinfo=UTC)
    )
    for one in events:
        sums.add(one)
    return sums.daily(as_of=as_of, revision=1)


def test_a_day_without_use_is_zero_and_a_day_to_come_is_left_out() -> None:
    daily = november(event(1, datetime(2026, 11, 2, 12, tzinfo=UTC), 7))
    assert [(day.date.day, day.credits.micro, day.complete) for day in daily.items] == [
        (1, 0, True),
        (2, 7, True),
        (3, 0, True),
        (4, 0, True),
        (5, 0, False),
    ]
    assert (daily.range.start_date, daily.range.end_date) == (date(2026, 11, 1), date(2026, 11, 5))
    assert daily.time_zone == "America/New_York"


def test_the_days_end_with_the_period() -> None:
    daily = november(as_of=datetime(2026, 12, 24, tzinfo=UTC))
    assert daily.items[-1].date == date(2026, 11, 30)
    assert all(day.complete for day in daily.items)


def test_the_first_and_the_last_day_are_cut_where_the_period_is() -> None:
    days = rollup().daily(as_of=ENDS_AT, revision=1).items
    assert (days[0].starts_at, days[-1].ends_at) == (STARTS_AT, ENDS_AT)
    assert days[-1].complete


def test_an_event_dated_after_the_moment_still_has_its_day() -> None:
    early = event(1, datetime(2026, 11, 6, 5, 1, tzinfo=UTC), 7)
    daily = november(early, as_of=datetime(2026, 11, 6, 4, 59, tzinfo=UTC))
    assert [day.credits.micro for day in daily.items] == [0, 0, 0, 0, 0, 7]
    assert not daily.items[-1].complete


def test_the_repeated_hour_belongs_to_one_day() -> None:
    first = event(1, datetime(2026, 11, 1, 5, 30, tzinfo=UTC), 1)
    second = event(2, datetime(2026, 11, 1, 6, 30, tzinfo=UTC), 2)
    assert november(first, second).items[0].credits == Credits(3)


def test_the_top_source_of_a_day_is_the_highest_then_the_first_by_name() -> None:
    noon = datetime(2026, 11, 2, 17, tzinfo=UTC)
    daily = november(
        *(event(n, noon, micro, source=s) for n, (s, micro) in enumerate([("b", 5), ("a", 5), ("c", 4)]))
    )
    top = daily.items[1].top
    assert top is not None
    assert (top.source_id, top.credits) == ("a", Credits(5))


def test_a_day_of_refunds_alone_is_negative_and_has_no_top_source() -> None:
    daily = november(event(1, datetime(2026, 11, 2, 17, tzinfo=UTC), -5))
    assert (daily.items[1].credits, daily.items[1].top) == (Credits(-5), None)


def test_a_source_goes_by_its_newest_name_in_whatever_order_events_come() -> None:
    older = event(1, datetime(2026, 11, 2, tzinfo=UTC), 1, label="Old name")
    newer = event(2, datetime(2026, 11, 3, tzinfo=UTC), 1, label="New name")
    for order in ([older, newer], [newer, older]):
        sums = rollup()
        for one in order:
            sums.add(one)
        assert [row.label for row in sums.ranking(as_of=AS_OF, revision=1).items] == ["New name"]


def test_period_usage_says_who_paid() -> None:
    sums = rollup()
    parts = (
        Allocation(grant_id="gr_1", bucket="included", credits=Credits(3)),
        Allocation(grant_id="gr_2", bucket="purchased", credits=Credits(4)),
    )
    sums.add(event(1, STARTS_AT, 9, allocations=parts, uncovered=Credits(2)))
    usage = sums.usage()
    assert (usage.from_included, usage.from_purchased, usage.uncovered) == (
        Credits(3),
        Credits(4),
        Credits(2),
    )


def test_the_period_begins_at_its_start_and_ends_before_its_end() -> None:
    sums = rollup()
    for number, at in enumerate(
        [STARTS_AT - timedelta.resolution, STARTS_AT, ENDS_AT - timedelta.resolution, ENDS_AT]
    ):
        sums.add(event(number, at, 1))
    assert sums.usage().event_count == 2
