"""Whether the books agree, and whether events still arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.insight.organization import NOW, credits_of, days_before, grant, summary
from usage_tui.insight.reconcile import Reconciliation, Silence, reconcile, silence
from usage_tui.models import (
    BillingPeriods,
    DailyUsage,
    DateRange,
    OtherSources,
    PastPeriod,
    Ranking,
    RollForward,
    SourceUsage,
)

HOUR = timedelta(hours=1)
PLAN = grant("plan", "included", 900, original=3000)


def daily(*amounts: int, revision: int = 1) -> DailyUsage:
    items = tuple(days_before(date(2026, 11, 22), amounts))
    span = DateRange(start_date=items[0].date, end_date=items[-1].date)
    # The total that the reply names is not what is checked: the days are.
    return DailyUsage(
        as_of=NOW, revision=revision, time_zone="UTC", range=span, total=credits_of(0), items=items
    )


def ranking(*amounts: int, other: int = 0, revision: int = 1) -> Ranking:
    items = tuple(
        SourceUsage(rank=number, kind="k", source_id=str(number), label="L", credits=credits_of(amount),
                    share=None, count=1, count_unit="run")
        for number, amount in enumerate(amounts)
    )  # fmt: skip
    rest = OtherSources(sources=2, credits=credits_of(other), share=None, count=1) if other else None
    return Ranking(as_of=NOW, revision=revision, total=credits_of(0), items=items, other=rest)


def test_days_sources_and_period_agree() -> None:
    found = reconcile(summary(PLAN), ranking(1500, 400, other=200), daily(2000, 100))
    assert found is not None
    assert found.agrees
    assert found.days == found.sources == found.period == credits_of(2100)


@pytest.mark.parametrize(("sources", "days"), [((2080,), (2100,)), ((2100,), (2080,)), ((2080,), (2080,))])
def test_whichever_differs_they_do_not_agree(sources: tuple[int, ...], days: tuple[int, ...]) -> None:
    found = reconcile(summary(PLAN), ranking(*sources), daily(*days))
    assert found is not None
    assert not found.agrees


@pytest.mark.parametrize(("sources", "days"), [(2, 1), (1, 2)])
def test_replies_of_different_states_are_not_set_side_by_side(sources: int, days: int) -> None:
    assert reconcile(summary(PLAN), ranking(2100, revision=sources), daily(2100, revision=days)) is None


def test_a_balance_carried_forward() -> None:
    carried = RollForward(
        opening=credits_of(1000),
        granted=credits_of(3000),
        used=credits_of(2100),
        lapsed=credits_of(1050),
        voided=credits_of(30),
        restored=credits_of(80),
    )
    assert carried.closing == credits_of(900)
    found = books(carried)
    assert found.held == credits_of(900)
    assert found.agrees
    more = books(replace(carried, lapsed=credits_of(1051)))
    assert more.surplus == credits_of(1)
    assert not more.agrees


def test_a_balance_that_was_carried_in_another_state_is_not_compared() -> None:
    nothing = credits_of(0)
    carried = RollForward(
        opening=nothing, granted=nothing, used=nothing, lapsed=nothing, voided=nothing, restored=nothing
    )
    assert not books(carried).agrees
    assert books(carried, revision=2).agrees
    assert books(carried, revision=2).roll_forward is None
    assert books(None).agrees


def books(carried: RollForward | None, revision: int = 1) -> Reconciliation:
    """The books of a period through which a balance was carried."""
    now = summary(PLAN)
    assert now.period is not None
    assert now.usage is not None
    current = PastPeriod(period=now.period, usage=now.usage, roll_forward=carried)
    periods = BillingPeriods(as_of=NOW, revision=revision, items=(current,))
    found = reconcile(now, ranking(2100), daily(2100), periods)
    assert found is not None
    return found


def test_no_event_for_three_times_the_longest_gap() -> None:
    # A gap of 20 hours, then six of two hours; the last event is 60 hours ago.
    last = NOW - 60 * HOUR
    times = [last - 2 * HOUR * number for number in range(7)] + [last - 32 * HOUR]
    assert silence(times, NOW) == Silence(last_event_at=last, longest_gap=20 * HOUR, usual_gap=32 * HOUR / 7)
    assert silence(times, NOW - timedelta.resolution) is None


def test_two_days_are_silence_at_least() -> None:
    last = NOW - 48 * HOUR
    times = [last, last - HOUR]
    assert silence(times, NOW) is not None
    assert silence(times, NOW - timedelta.resolution) is None


def test_a_gap_is_known_from_two_events_within_four_weeks_before_the_last() -> None:
    last = NOW - 90 * 24 * HOUR
    assert silence([], NOW) is None
    assert silence([last], NOW) is None
    assert silence([last, last - timedelta(days=29)], NOW) is None
    assert silence([last, last - HOUR, NOW + HOUR], NOW) is not None


def test_a_period_without_a_total_is_not_compared() -> None:
    assert reconcile(replace(summary(PLAN), usage=None), ranking(2100), daily(2100)) is None
