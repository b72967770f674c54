"""The rules of alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.insight.organization import DECEMBER, NOW, credits_of, days_before, grant, grants, runway, summary
from usage_tui.insight import alerts
from usage_tui.insight.findings import Finding, Level, Percent, Reason, Rule, worst
from usage_tui.insight.runway import Runway
from usage_tui.models import Credits, Day, Grant

TODAY = date(2026, 11, 22)
EVEN = days_before(TODAY, [100] * 56)
SHORT = days_before(TODAY, [100] * 6)
PLAN = grant("plan", "included", 900, original=3000)
TOP_UP = grant("topup", "purchased", 1000, expires_at=datetime(2027, 6, 1, tzinfo=UTC))
WARNING, CRITICAL, UNKNOWN = Level.WARNING, Level.CRITICAL, Level.UNKNOWN


def ahead(*items: Grant, days: list[Day] = EVEN, **changes: Any) -> Runway:
    return runway(summary(*items, **changes), grants(*items), days)


def finding(level: Level, reason: Reason | None = None) -> Finding:
    return Finding(rule=Rule.BELOW, threshold="1", level=level, about="p", reason=reason)


@pytest.mark.parametrize(
    ("levels", "overall"),
    [
        ([], Level.OK),
        ([WARNING], WARNING),
        ([WARNING, UNKNOWN], UNKNOWN),
        ([WARNING, UNKNOWN, CRITICAL], CRITICAL),
    ],
)
def test_what_cannot_be_told_is_worse_than_a_warning_and_better_than_critical(
    levels: list[Level], overall: Level
) -> None:
    assert worst(finding(level) for level in levels) is overall


def test_too_little_history_counts_only_alone() -> None:
    short = finding(UNKNOWN, Reason.TOO_LITTLE_HISTORY)
    assert worst([short]) is UNKNOWN
    assert worst([short, finding(WARNING)]) is WARNING


@pytest.mark.parametrize(("threshold", "found"), [(1900, False), ("1900.000001", True)])
def test_below_is_strict(threshold: str | int, found: bool) -> None:
    known = alerts.below(summary(PLAN, TOP_UP), credits_of(threshold), WARNING)
    assert bool(known) == found


def test_below_a_percentage_of_what_is_included() -> None:
    known = summary(PLAN, TOP_UP)
    assert alerts.below(known, Percent(Decimal("63.3")), WARNING) == []
    [found] = alerts.below(known, Percent(Decimal("63.4")), CRITICAL)
    assert (found.value, found.limit, found.level) == (credits_of(1900), credits_of(1902), CRITICAL)
    assert found.key == "below:63.4%:critical:2026-11"


def test_a_percentage_of_nothing_cannot_be_told() -> None:
    [found] = alerts.below(summary(TOP_UP), Percent(Decimal(20)), WARNING)
    assert (found.level, found.reason) == (UNKNOWN, Reason.NOTHING_INCLUDED)


def test_the_key_says_rule_threshold_level_and_period() -> None:
    [found] = alerts.below(summary(PLAN, TOP_UP), credits_of(2000), WARNING)
    assert found.key == "below:2000:warning:2026-11"


@pytest.mark.parametrize(("days", "found"), [(10, True), (9, False)])
def test_runs_out_within_civil_days(days: int, found: bool) -> None:
    bought = grant("topup", "purchased", 1000, expires_at=None)
    known = alerts.runs_out_within(summary(bought), ahead(bought), days, WARNING)
    assert [item.value for item in known] == ([date(2026, 12, 2)] if found else [])
    assert all(item.key == "runs-out-within:10d:warning:2026-11" for item in known)


def test_a_pool_that_is_empty_today_runs_out_within_no_day() -> None:
    empty = grant("plan", "included", 0, original=3000, status="used")
    [found] = alerts.runs_out_within(summary(empty), ahead(empty), 0, CRITICAL)
    assert (found.value, found.refresh_on) == (TODAY, None)


def test_cautiously_it_is_the_busiest_pace_that_counts() -> None:
    days = days_before(TODAY, [200] * 14 + [100] * 28)
    bought = grant("topup", "purchased", 1000, expires_at=None)
    known, found = summary(bought), ahead(bought, days=days)
    assert alerts.runs_out_within(known, found, 5, WARNING) == []
    [cautious] = alerts.runs_out_within(known, found, 5, WARNING, cautious=True)
    assert cautious.value == date(2026, 11, 27)


def test_a_refresh_that_comes_first_is_told() -> None:
    found = ahead(PLAN, TOP_UP)
    [told] = alerts.runs_out_within(summary(PLAN, TOP_UP), found, 300, WARNING)
    assert (told.value, told.refresh_on) == (date(2027, 7, 31), date(2026, 12, 1))
    assert alerts.runs_out_before_refresh(summary(PLAN, TOP_UP), found, WARNING) == []


def test_running_out_before_the_refresh() -> None:
    [found] = alerts.runs_out_before_refresh(
        summary(grant("plan", "included", 800)), ahead(grant("plan", "included", 800)), WARNING
    )
    assert (found.value, found.refresh_on) == (date(2026, 11, 30), date(2026, 12, 1))
    bought = grant("topup", "purchased", 100, expires_at=None)
    assert alerts.runs_out_before_refresh(summary(bought), ahead(bought), WARNING) == []
    # 50 come on Dec 1, and they are used up on that day.
    small = grant("plan", "included", 50), grant("bonus", "included", 850, origin="promotion")
    assert ahead(*small).runs_out == date(2026, 12, 1)
    assert alerts.runs_out_before_refresh(summary(*small), ahead(*small), WARNING) == []


def test_too_little_history_cannot_be_told() -> None:
    known, found = summary(TOP_UP), ahead(TOP_UP, days=SHORT)
    for told in (
        alerts.runs_out_within(known, found, 9, WARNING),
        alerts.runs_out_before_refresh(known, found, WARNING),
        alerts.lapses(known, found, credits_of(1), WARNING),
    ):
        assert [(item.level, item.reason) for item in told] == [(UNKNOWN, Reason.TOO_LITTLE_HISTORY)]


def test_purchased_grants_that_hold_something_and_expire_soon() -> None:
    soon, later = datetime(2026, 12, 6, 23, 59, tzinfo=UTC), datetime(2026, 12, 7, tzinfo=UTC)
    items = [
        grant("b", "purchased", 1, expires_at=soon),
        grant("locked", "purchased", 1, expires_at=soon - timedelta(days=1), status="locked"),
        grant("later", "purchased", 1, expires_at=later),
        grant("used", "purchased", 0, original=5, expires_at=soon, status="used"),
        grant("past", "purchased", 1, expires_at=NOW),
        grant("endless", "purchased", 1, expires_at=None),
        PLAN,
    ]
    found = alerts.expires_within(summary(*items), grants(*items), 14, WARNING)
    assert [(item.about, item.value) for item in found] == [
        ("locked", date(2026, 12, 5)),
        ("b", date(2026, 12, 6)),
    ]
    assert found[1].key == "expires-within:14d:warning:b"
    assert found[1].grant is items[0]


def test_an_expiry_is_on_the_civil_day_of_the_organization() -> None:
    # In New York it is still Dec 5.
    items = [grant("b", "purchased", 1, expires_at=datetime(2026, 12, 6, 3, tzinfo=UTC))]
    known = summary(*items, zone="America/New_York", as_of=datetime(2026, 11, 22, 4, tzinfo=UTC))
    [found] = alerts.expires_within(known, grants(*items), 14, WARNING)
    assert found.value == date(2026, 12, 5)


@pytest.mark.parametrize(("threshold", "found"), [(600, True), ("600.000001", False)])
def test_what_lapses_at_the_usual_pace(threshold: str | int, found: bool) -> None:
    known = alerts.lapses(summary(PLAN, TOP_UP), ahead(PLAN, TOP_UP), credits_of(threshold), WARNING)
    assert [(item.value, item.about) for item in known] == ([(credits_of(600), "topup")] if found else [])


def test_what_several_grants_lose_is_added_up_but_not_what_is_included() -> None:
    idle = days_before(TODAY, [1] + [0] * 55)
    first = grant("first", "purchased", 200, expires_at=DECEMBER + timedelta(days=1))
    second = grant("second", "purchased", 300, expires_at=DECEMBER + timedelta(days=20))
    items = (PLAN, first, second)
    known, found = summary(*items), ahead(*items, days=idle)
    [told] = alerts.lapses(known, found, credits_of(500), WARNING)
    assert (told.value, told.about) == (credits_of(500), "first")
    assert alerts.lapses(known, found, credits_of(501), WARNING) == []
    [soon] = alerts.lapses(known, found, Credits.ZERO, WARNING, within_days=14)
    assert soon.value == credits_of(200)
    assert alerts.lapses(known, ahead(PLAN, days=idle), Credits.ZERO, WARNING) == []


@pytest.mark.parametrize(
    ("state", "threshold", "found"),
    [
        ("normal", "low", []),
        ("low", "low", [WARNING]),
        ("paused", "low", [WARNING]),
        ("locked", "paused", [WARNING]),
        ("low", "paused", []),
        ("frozen", "frozen", [WARNING]),
        ("frozen", "low", [UNKNOWN]),
    ],
)
def test_a_state_or_a_worse_one(state: str, threshold: str, found: list[Level]) -> None:
    known = alerts.state(summary(PLAN, state=state), threshold, WARNING)
    assert [item.level for item in known] == found
    assert all(item.value == state for item in known if item.level is WARNING)


def test_old_data() -> None:
    limit = timedelta(hours=2)
    assert alerts.stale("2026-11", limit, limit, WARNING) == []
    [found] = alerts.stale("2026-11", limit + timedelta.resolution, limit, WARNING)
    assert found.key == "stale:7200s:warning:2026-11"
    [none] = alerts.stale("", None, limit, WARNING)
    assert (none.level, none.reason) == (UNKNOWN, Reason.NO_DATA)


def rules(*items: Grant, state: str = "normal", days: list[Day] = EVEN) -> list[tuple[Rule, Level]]:
    known = summary(*items, state=state)
    found = alerts.default_findings(known, runway(known, grants(*items), days))
    return [(item.rule, item.level) for item in found]


def test_without_a_rule_all_is_told_that_a_dashboard_shows() -> None:
    assert rules(PLAN, TOP_UP) == []
    assert rules(PLAN, TOP_UP, state="low") == [(Rule.STATE, WARNING)]
    assert rules(PLAN, TOP_UP, state="locked") == [(Rule.STATE, CRITICAL)]
    assert rules(grant("plan", "included", 800)) == [(Rule.RUNS_OUT_BEFORE_REFRESH, WARNING)]
    assert rules(grant("plan", "included", 300)) == [(Rule.RUNS_OUT_WITHIN, CRITICAL)]
    lapsing = grant("topup", "purchased", 1000, expires_at=datetime(2026, 12, 6, tzinfo=UTC))
    assert rules(PLAN, lapsing) == [(Rule.LAPSES, WARNING)]
    assert (Rule.RUNS_OUT_WITHIN, UNKNOWN) in rules(PLAN, TOP_UP, days=SHORT)


@pytest.mark.parametrize(
    ("used", "threshold", "found"),
    [(2249, "75", 0), (2250, "75", 1), (3000, "100", 1), ("2999.999999", "100", 0), (1, "0.01", 1)],
)
def test_a_part_of_the_included_credits_is_used(used: str | int, threshold: str, found: int) -> None:
    left = 3000 - Decimal(used)
    known = summary(grant("plan", "included", str(left), original=3000))
    told = alerts.included_used(known, Percent(Decimal(threshold)), WARNING)
    assert len(told) == found
    assert all((one.value, one.rule) == (credits_of(used), Rule.INCLUDED_USED) for one in told)


def screen(*items: Grant, days: list[Day] = EVEN, state: str = "normal") -> list[tuple[Rule, str]]:
    known = summary(*items, state=state)
    found = alerts.screen_findings(known, runway(known, grants(*items), days))
    return [(item.rule, item.threshold) for item in found]


def test_a_screen_tells_the_highest_step_of_what_is_used_and_the_worst_first() -> None:
    assert screen(grant("plan", "included", 1600, original=3000)) == []
    assert screen(grant("plan", "included", 1500, original=3000)) == [(Rule.INCLUDED_USED, "50%")]
    assert screen(grant("plan", "included", 900, original=10_000)) == [(Rule.INCLUDED_USED, "90%")]
    out = screen(grant("plan", "included", 200, original=3000), state="paused")
    assert out[:2] == [(Rule.STATE, "paused"), (Rule.RUNS_OUT_WITHIN, "3d")]
    assert out[2:] == [(Rule.INCLUDED_USED, "90%")]
    # What cannot be told is no warning.
    assert screen(TOP_UP, days=SHORT) == []


def test_what_a_source_does_not_tell_cannot_be_judged_and_is_not_by_default() -> None:
    bare = replace(summary(PLAN), balance=None, period=None, included=None, state=None)
    assert alerts.default_findings(bare, None) == []
    for told in (
        alerts.below(bare, credits_of(5), WARNING),
        alerts.runs_out_within(bare, None, 9, WARNING),
        alerts.runs_out_before_refresh(bare, None, WARNING),
        alerts.lapses(bare, None, credits_of(5), WARNING),
    ):
        assert [(item.level, item.reason, item.about) for item in told] == [(UNKNOWN, Reason.NO_BALANCE, "")]
    [state] = alerts.state(bare, "low", WARNING)
    assert (state.level, state.reason) == (UNKNOWN, Reason.UNKNOWN_STATE)
    held = replace(summary(PLAN, TOP_UP), included=None)
    [found] = alerts.below(held, Percent(Decimal(20)), WARNING)
    assert found.reason is Reason.NOTHING_INCLUDED
