"""Whether a batch fits."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.insight import trace
from tests.insight.organization import DECEMBER, NOW, credits_of, days_before, grant, grants, plan, summary
from usage_tui.insight import plan as planning
from usage_tui.insight.plan import Fits, Plan, RunCosts, batch_of, batch_of_runs, run_costs
from usage_tui.insight.what_if import TopUp, WhatIf
from usage_tui.models import Event, Grant

EVEN = days_before(date(2026, 11, 22), [100] * 56)


def event(
    number: int, cost: str | int, *, quantity: int = 1, source: str = "tool", reverses: str | None = None
) -> Event:
    return Event(
        id=f"evt_{number:04}",
        occurred_at=NOW - timedelta(hours=5000 - number),
        kind="ai_tool",
        source_id=source,
        label=f"Tool {number}",
        activity="run",
        quantity=quantity,
        credits=credits_of(cost),
        reverses=reverses,
    )


def costs(*amounts: str | int) -> RunCosts:
    return run_costs([event(number, amount) for number, amount in enumerate(amounts)], "tool")


def planned(amount: str | int, *items: Grant, what_if: WhatIf | None = None) -> Plan:
    return plan(
        summary(*items), grants(*items), EVEN, batch_of(credits_of(amount)), what_if=what_if or WhatIf()
    )


@pytest.fixture(scope="module")
def rows() -> list[trace.Row]:
    return trace.rows()


def test_what_5000_runs_of_the_trace_cost(rows: list[trace.Row]) -> None:
    newest = [row.credits for row in rows if row.source == "tool_code_completion"][-1000:]
    mean = sum(newest) / 1000
    dear = max(sum(newest[start : start + 100]) / 100 for start in range(0, 1000, 100))
    known = run_costs(trace.trace_events(rows), "tool_code_completion")
    assert (known.runs, known.label) == (1000, "Code completion")
    assert known.mean == Fraction(mean) * 10**6
    assert known.expensive(5000) == Fraction(dear) * 10**6
    assert round(mean, 6) == Decimal("0.227885")
    assert round(dear, 6) == Decimal("0.269217")
    batch = batch_of_runs(known, 5000)
    assert (str(batch.usual), str(batch.cautious)) == ("1139.4255", "1346.085")


def test_5000_runs_fit_and_bring_the_day_forward(rows: list[trace.Row]) -> None:
    items = trace.trace_grants(rows)
    known = run_costs(trace.trace_events(rows), "tool_code_completion")
    found = plan(trace.trace_summary(items), items, trace.trace_days(rows), batch_of_runs(known, 5000))
    assert found.fits is Fits.FITS
    paid = [(payment.description, str(payment.amount)) for payment in found.usual.paid_by]
    assert paid == [("Auto-recharge", "474.2412"), ("Top-up", "665.1843")]
    assert str(found.usual.left) == "1334.8157"
    assert (found.usual.runway.runs_out, found.usual.runway.earliest) == (
        date(2026, 11, 27),
        date(2026, 11, 25),
    )
    assert found.without.runs_out == date(2026, 12, 20)
    assert str(found.cautious.left) == "1128.1562"
    assert found.cautious.runway.runs_out == date(2026, 11, 26)


def test_3000_credits_do_not_fit_into_the_trace(rows: list[trace.Row]) -> None:
    items = trace.trace_grants(rows)
    batch = batch_of(credits_of(3000))
    found = plan(trace.trace_summary(items), items, trace.trace_days(rows), batch)
    assert found.fits is Fits.NOT
    assert str(found.usual.shortfall) == "525.7588"
    assert str(found.usual.left) == "0"
    assert sum(payment.amount.micro for payment in found.usual.paid_by) == credits_of("2474.2412").micro


def test_only_the_newest_1000_runs_count_in_whatever_order_they_come() -> None:
    events = [event(number, 9 if number < 7 else 1) for number in range(1007)]
    known = run_costs(reversed(events), "tool")
    assert known.runs == 1000
    assert known.mean == 10**6
    assert known.label == "Tool 1006"
    assert (known.first_at, known.last_at) == (events[7].occurred_at, events[-1].occurred_at)


def test_other_sources_and_reversals_do_not_count() -> None:
    events = [event(number, 5) for number in range(10)]
    events += [event(10, 99, source="other"), event(11, -5, quantity=0, reverses="evt_0001")]
    events.append(event(12, -5, reverses="evt_0002"))
    known = run_costs(events, "tool")
    assert known.runs == 10
    assert known.mean == 5 * 10**6


def test_an_event_of_several_runs_is_divided_by_them() -> None:
    known = run_costs([event(number, 10, quantity=4) for number in range(10)], "tool")
    assert (known.runs, known.mean, known.expensive(1), known.expensive(40)) == (
        40,
        *[Fraction(5, 2) * 10**6] * 3,
    )


def test_an_event_without_a_count_is_one_run_and_the_sum_of_a_day_is_none() -> None:
    events = [replace(event(number, 4), quantity=None) for number in range(10)]
    day = replace(event(11, 99), quantity=None, ends_at=NOW)
    known = run_costs([*events, day], "tool")
    assert known.runs == 10
    assert known.mean == 4 * 10**6


def test_without_a_balance_or_grants_there_is_no_plan() -> None:
    bare = replace(summary(PLAN), balance=None)
    assert planning.plan(bare, None, EVEN, batch_of(credits_of(1))) is None


def test_nine_events_are_too_few() -> None:
    assert costs(*[1] * 10).enough
    known = costs(*[1] * 9)
    assert not known.enough
    with pytest.raises(ValueError, match="9 events; 10 are needed"):
        batch_of_runs(known, 100)


def test_without_events_there_is_nothing_to_tell() -> None:
    known = run_costs([], "tool")
    assert (known.enough, known.runs, known.first_at, known.label) == (False, 0, None, "tool")


def test_the_high_cost_is_that_of_the_most_expensive_tenth_and_the_rest_belongs_to_the_newest() -> None:
    # 25 events: nine parts of 2 and one of 7.
    costly = costs(1, 1, 8, 8, *[1] * 14, *[2] * 7)
    assert costly.expensive(10) == 8 * 10**6
    assert costs(*[1] * 18, *[1] * 2, *[6] * 5).expensive(10) == Fraction(32, 7) * 10**6


@pytest.mark.parametrize(("count", "rank"), [(10, 9), (11, 10), (20, 18), (21, 19), (1000, 900)])
def test_for_few_runs_the_high_cost_is_the_90th_percentile(count: int, rank: int) -> None:
    assert rank == math.ceil(count * 9 / 10)
    assert costs(*range(1, count + 1)).expensive(9) == rank * 10**6


def test_the_high_cost_is_never_less_than_the_mean() -> None:
    known = costs(*[1] * 19, 1000)
    assert known.expensive(1) == known.mean == Fraction(1019, 20) * 10**6
    assert known.expensive(10) == Fraction(1001, 2) * 10**6


def test_a_fraction_of_a_millionth_is_dropped() -> None:
    batch = batch_of_runs(costs(*["0.000001"] * 9, "0.000002"), 1)
    assert (str(batch.usual), str(batch.cautious)) == ("0.000001", "0.000001")


PLAN = grant("plan", "included", 300, original=3000)
TOP_UP = grant("topup", "purchased", 200, expires_at=None)


@pytest.mark.parametrize(
    ("amount", "fits", "shortfall"), [(500, Fits.FITS, "0"), ("500.000001", Fits.NOT, "0.000001")]
)
def test_all_that_is_usable_fits_and_not_a_millionth_more(
    amount: str | int, fits: Fits, shortfall: str
) -> None:
    found = planned(amount, PLAN, TOP_UP)
    assert (found.fits, str(found.usual.shortfall)) == (fits, shortfall)


def test_what_fits_only_at_the_usual_cost_just_fits() -> None:
    batch = batch_of_runs(costs(*[1] * 18, 10, 10), 200)
    assert (str(batch.usual), str(batch.cautious)) == ("380", "2000")
    assert plan(summary(PLAN, TOP_UP), grants(PLAN, TOP_UP), EVEN, batch).fits is Fits.JUST


def test_what_comes_later_or_is_locked_does_not_pay_but_what_is_assumed_to_be_bought_does() -> None:
    later = grant("later", "purchased", 900, starts_at=DECEMBER, expires_at=None, status="scheduled")
    locked = grant("locked", "purchased", 900, expires_at=None, status="locked")
    found = planned(501, PLAN, TOP_UP, later, locked)
    assert found.fits is Fits.NOT
    more = planned(501, PLAN, TOP_UP, what_if=WhatIf(top_ups=(TopUp(amount=credits_of(1)),)))
    assert more.fits is Fits.FITS
    # The one that expires pays before the one that does not.
    assert [payment.grant_id for payment in more.usual.paid_by] == ["plan", "top-up-1", "topup"]


def test_nothing_is_usable_after_the_term_has_ended() -> None:
    known = summary(PLAN, TOP_UP, term_ends_at=NOW)
    found = plan(known, grants(PLAN, TOP_UP), EVEN, batch_of(credits_of(1)))
    assert (found.fits, found.usual.paid_by) == (Fits.NOT, ())


def test_without_access_to_grants_the_summary_pays() -> None:
    found = plan(summary(PLAN, TOP_UP), None, EVEN, batch_of(credits_of(400)))
    paid = [(payment.bucket, str(payment.amount)) for payment in found.usual.paid_by]
    assert paid == [("included", "300"), ("purchased", "100")]
