"""What if credits are bought, use is cut, or auto-recharge is on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from tests.insight import trace
from tests.insight.organization import credits_of, days_before, grant, grants, runway, summary
from usage_tui.insight.milestones import MilestoneKind
from usage_tui.insight.pace import pace
from usage_tui.insight.runway import Runway
from usage_tui.insight.walk import Recharge
from usage_tui.insight.what_if import Cut, TopUp, WhatIf, cut_factor, recharge_at
from usage_tui.models import Grant

TODAY = date(2026, 11, 22)
EVEN = days_before(TODAY, [100] * 56)
BOUGHT = grant("topup", "purchased", 1000, expires_at=None)
HALF = Fraction(1, 2)


def ahead(what_if: WhatIf, *items: Grant, usage: dict[str, int] | None = None) -> Runway:
    items = items or (BOUGHT,)
    return runway(summary(*items), grants(*items), EVEN, what_if=what_if, source_usage=usage)


@pytest.mark.parametrize(
    ("what_if", "runs_out", "earliest"),
    [
        (WhatIf(top_ups=(TopUp(amount=credits_of(5000)),)), date(2027, 1, 26), date(2026, 12, 20)),
        (WhatIf(cuts=(Cut(part=HALF),)), None, date(2026, 12, 26)),
    ],
)
def test_the_trace_with_more_credits_or_less_use(
    what_if: WhatIf, runs_out: date | None, earliest: date
) -> None:
    rows = trace.rows()
    items = trace.trace_grants(rows)
    found = runway(trace.trace_summary(items), items, trace.trace_days(rows), what_if=what_if)
    assert (found.runs_out, found.earliest) == (runs_out, earliest)


def test_a_top_up_lasts_a_year_or_until_it_is_said_to_expire() -> None:
    idle = days_before(TODAY, [1] + [0] * 55)
    end = datetime(2027, 2, 3, tzinfo=UTC)
    what_if = WhatIf(top_ups=(TopUp(amount=credits_of(10)), TopUp(amount=credits_of(20), expires_at=end)))
    found = runway(summary(BOUGHT), grants(BOUGHT), idle, what_if=what_if)
    assert [(lapse.on, str(lapse.usual)) for lapse in found.lapses] == [
        (date(2027, 2, 3), "20"),
        (date(2027, 11, 22), "10"),
    ]


def test_a_cut_of_all_applies_to_every_pace() -> None:
    assert ahead(WhatIf(cuts=(Cut(part=Fraction(1, 5)),))).runs_out == date(2026, 12, 4)
    assert ahead(WhatIf()).runs_out == date(2026, 12, 2)


def test_a_cut_of_one_source_applies_to_its_part_of_the_basis() -> None:
    half_of_chat = WhatIf(cuts=(Cut(part=HALF, source_id="chat"),))
    # Chat used 2 of 5 parts, so that 4 of 5 are left: 80 a day.
    found = ahead(half_of_chat, usage={"chat": 1_120_000_000, "tool": 1_680_000_000})
    assert found.factor == Fraction(4, 5)
    assert found.runs_out == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("cuts", "factor"),
    [
        ([], Fraction(1)),
        ([Cut(part=HALF), Cut(part=HALF)], Fraction(1, 4)),
        ([Cut(part=HALF, source_id="a"), Cut(part=HALF, source_id="b")], HALF),
        ([Cut(part=HALF, source_id="a"), Cut(part=HALF, source_id="a")], Fraction(7, 10)),
        ([Cut(part=HALF), Cut(part=Fraction(1), source_id="a")], Fraction(3, 10)),
        ([Cut(part=Fraction(1), source_id="unknown")], Fraction(1)),
        ([Cut(part=Fraction(1), source_id="refunded")], Fraction(1)),
    ],
)
def test_cuts_together(cuts: list[Cut], factor: Fraction) -> None:
    known = pace(EVEN, TODAY)
    assert known is not None
    whole = known.basis_total
    usage = {"a": whole * 4 // 10, "b": whole * 6 // 10, "refunded": -whole}
    assert cut_factor(cuts, known, usage) == factor


def test_auto_recharge_buys_what_it_bought_last() -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    used = grant("a", "purchased", 0, original=500, status="used", origin="auto_recharge")
    later = replace(used, granted_at=start, effective_at=start, expires_at=start + timedelta(days=10))
    earlier = replace(later, id="b", granted_at=start - timedelta(days=9), original=credits_of(300))
    known = recharge_at(credits_of(200), grants(later, earlier, BOUGHT))
    assert known == Recharge(threshold=200_000_000, amount=500_000_000, lasts=timedelta(days=10))


def test_what_auto_recharge_would_buy_cannot_be_told_where_it_never_bought() -> None:
    assert recharge_at(credits_of(200), grants(BOUGHT)) is None


def test_auto_recharge_keeps_the_pool_from_running_out() -> None:
    recharge = Recharge(threshold=200_000_000, amount=500_000_000, lasts=None)
    found = ahead(WhatIf(recharge=recharge))
    assert (found.runs_out, found.earliest, found.latest) == (None, None, None)
    bought = [(m.on, str(m.amount)) for m in found.milestones if m.kind is MilestoneKind.RECHARGE]
    # 1,000 are 200 after 8 days, and each 500 last for 5 more.
    assert bought[:3] == [
        (date(2026, 11, 30), "500"),
        (date(2026, 12, 5), "500"),
        (date(2026, 12, 10), "500"),
    ]
    assert all(point.usual > credits_of(0) for point in found.balances)


def test_auto_recharge_buys_until_it_is_above_its_threshold_and_what_it_bought_may_lapse() -> None:
    recharge = Recharge(threshold=1_000_000_000, amount=300_000_000, lasts=timedelta(days=1))
    found = ahead(WhatIf(recharge=recharge))
    assert found.balances[0].usual == credits_of(1300)
    assert next(m.on for m in found.milestones if m.kind is MilestoneKind.RECHARGE) == TODAY
    # The 300 expire after a day, 100 of them used.
    lapsed = [m for m in found.milestones if m.kind is MilestoneKind.EXPIRY]
    assert (lapsed[0].on, str(lapsed[0].amount)) == (date(2026, 11, 23), "200")


def test_a_recharge_that_is_too_small_ends_somewhere() -> None:
    recharge = Recharge(threshold=1_000_000_000, amount=1, lasts=None)
    assert ahead(WhatIf(recharge=recharge)).runs_out == date(2026, 12, 2)
