"""What can pay: the grants that count, the plan's renewals, and what the summary says alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.insight.organization import (
    DECEMBER,
    EVEN,
    INCLUDED,
    JUNE,
    NOVEMBER,
    NOW,
    TODAY,
    TOP_UP,
    ahead,
    credits_of,
    days_before,
    grant,
    grants,
    kinds,
    known,
    runway,
    summary,
)
from usage_tui.insight import runway as insight
from usage_tui.insight.milestones import MilestoneKind
from usage_tui.models import Balance


def test_without_access_to_grants_the_summary_says_what_there_is() -> None:
    found = runway(summary(INCLUDED, TOP_UP), None, EVEN)
    assert not found.expiries_known
    assert ahead(INCLUDED, TOP_UP).expiries_known
    assert found.included_out is None
    assert found.purchased_from == date(2026, 12, 31)
    # The top-up is not known to end, so that all of it is spent: 100 in each long month.
    assert found.runs_out is None
    assert found.lapses == ()
    assert found.renewal is not None
    assert found.renewal.amount == credits_of(3000)


def test_without_access_and_with_all_included_used_the_plan_still_renews() -> None:
    used_up = grant("plan", "included", 0, original=3000, status="used")
    found = runway(summary(used_up, TOP_UP), None, EVEN)
    assert found.included_out == found.purchased_from == TODAY
    assert found.renewal is not None
    assert found.renewal.amount == credits_of(3000)


def test_a_grant_that_has_expired_by_now_is_gone() -> None:
    gone = grant("gone", "purchased", 500, expires_at=NOW)
    assert ahead(INCLUDED, TOP_UP, gone) == ahead(INCLUDED, TOP_UP)


def test_a_batch_is_not_paid_by_what_has_been_locked() -> None:
    found = ahead(INCLUDED, TOP_UP, term_ends_at=NOW)
    paid = runway(
        summary(INCLUDED, TOP_UP, term_ends_at=NOW), grants(INCLUDED, TOP_UP), EVEN, batch=credits_of(99)
    )
    assert paid == found
    assert found.runs_out == TODAY
    assert found.locked == credits_of(1000)


def test_a_balance_alone_is_a_pool_that_never_expires() -> None:
    bare = summary(INCLUDED, TOP_UP)
    bare = replace(
        bare, balance=Balance(total=credits_of(1900)), period=None, included=None, subscription=None
    )
    found = runway(bare, None, EVEN)
    assert found.runs_out == date(2026, 12, 11)
    assert (found.included_out, found.purchased_from) == (None, TODAY)
    assert (found.renewal, found.term_ends, found.lapses) == (None, None, ())


def test_a_budget_is_not_what_a_plan_grants() -> None:
    known_balance = summary(INCLUDED, TOP_UP)
    budget = replace(known(known_balance.included), kind="budget", granted=credits_of(9999))
    found = runway(replace(known_balance, included=budget), None, EVEN)
    assert known(found.renewal).amount == credits_of(900)


def test_without_a_balance_or_grants_there_is_no_runway() -> None:
    assert insight.runway(replace(summary(INCLUDED), balance=None), None, EVEN) is None


@pytest.mark.parametrize("status", ["locked", "voided", "expired", "used"])
def test_only_active_and_scheduled_grants_pay(status: str) -> None:
    idle = grant("idle", "purchased", 9999, status=status, expires_at=None)
    assert ahead(INCLUDED, TOP_UP, idle) == ahead(INCLUDED, TOP_UP)


def test_a_scheduled_grant_pays_from_its_start_on() -> None:
    start = datetime(2026, 12, 1, tzinfo=UTC)
    coming = grant("bonus", "purchased", 500, starts_at=start, expires_at=None, status="scheduled")
    bought = grant("topup", "purchased", 900, expires_at=None)
    found = ahead(bought, coming)
    assert found.runs_out == date(2026, 12, 6)
    assert (start.date(), MilestoneKind.START) in kinds(found)
    # What begins after the pool is empty does not undo that.
    assert ahead(grant("topup", "purchased", 850, expires_at=None), coming).runs_out == date(2026, 11, 30)


def test_a_scheduled_grant_of_the_plan_takes_the_place_of_the_renewal() -> None:
    next_year = datetime(2027, 1, 1, tzinfo=UTC)
    coming = grant("next", "included", 2000, starts_at=DECEMBER, expires_at=next_year, status="scheduled")
    found = ahead(INCLUDED, coming)
    assert found.renewal is not None
    assert (found.renewal.amount, found.renewal.assumed) == (credits_of(2000), False)
    assert found.runs_out == date(2026, 12, 21)
    refreshes = [m for m in found.milestones if m.kind is MilestoneKind.REFRESH]
    assert [(m.on, str(m.amount), m.assumed) for m in refreshes[:2]] == [
        (date(2026, 12, 1), "2000", False),
        (date(2027, 1, 1), "3000", True),
    ]


def test_what_renews_is_what_this_period_granted_and_not_what_was_voided_or_came_from_elsewhere() -> None:
    bonus = grant("bonus", "included", 100, origin="promotion")
    voided = grant("mistake", "included", 0, original=700, status="voided")
    earlier = grant("old", "included", 50, starts_at=NOVEMBER - timedelta(days=3))
    found = ahead(INCLUDED, bonus, voided, earlier)
    assert found.renewal is not None
    assert found.renewal.amount == credits_of(3000)


@pytest.mark.parametrize("changes", [{"status": "canceled"}, {"cadence": "weekly"}, {"term_ends_at": JUNE}])
def test_a_plan_that_does_not_go_on_or_has_no_known_cadence_does_not_renew(
    changes: dict[str, Any],
) -> None:
    found = ahead(INCLUDED, TOP_UP, **changes)
    assert found.renewal is None
    assert found.runs_out == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "cadence", "following"),
    [
        (
            (2026, 10, 31),
            (2026, 11, 30),
            "monthly",
            [(2026, 11, 30), (2026, 12, 31), (2027, 1, 31), (2027, 2, 28)],
        ),
        ((2026, 11, 15), (2026, 12, 15), "monthly", [(2026, 12, 15), (2027, 1, 15), (2027, 2, 15)]),
        ((2026, 10, 1), (2027, 1, 1), "quarterly", [(2027, 1, 1), (2027, 4, 1), (2027, 7, 1), (2027, 10, 1)]),
        ((2026, 3, 1), (2027, 3, 1), "annual", [(2027, 3, 1)]),
    ],
)
def test_each_period_begins_as_the_one_before(
    starts_at: tuple[int, int, int],
    ends_at: tuple[int, int, int],
    cadence: str,
    following: list[tuple[int, int, int]],
) -> None:
    start, end = datetime(*starts_at, tzinfo=UTC), datetime(*ends_at, tzinfo=UTC)
    plan = grant("plan", "included", 900, original=3000, starts_at=start, expires_at=end)
    found = ahead(plan, starts_at=start, ends_at=end, cadence=cadence)
    refreshes = [on for on, kind in kinds(found) if kind is MilestoneKind.REFRESH]
    assert refreshes[: len(following)] == [date(*civil) for civil in following]


def test_a_renewal_is_not_a_grant_of_now() -> None:
    # The included grant of now is used up in December; the plan's new ones are not what it is asked for.
    longer = grant("bonus", "included", 3100, expires_at=None, origin="promotion")
    found = ahead(INCLUDED, longer)
    # The plan pays first, so that a month of 31 days takes 100 of the bonus, which lasts beyond the year.
    assert found.included_out is None
    assert str(found.balances[-1].usual) != "0"


def test_a_period_that_is_over_brings_no_renewal_in_the_past() -> None:
    late = DECEMBER + timedelta(days=40)
    over = grant("plan", "included", 0, original=3000, status="expired")
    bought = grant("topup", "purchased", 1, expires_at=None)
    found = ahead(over, bought, days=days_before(late.date(), [100] * 56), as_of=late)
    assert known(found.renewal).at == datetime(2027, 2, 1, tzinfo=UTC)
    assert str(found.balances[0].usual) == "1"
