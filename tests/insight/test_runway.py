"""How long what is left lasts: the worked examples, and what is told beside the dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.insight import trace
from tests.insight.organization import (
    DECEMBER,
    EVEN,
    INCLUDED,
    NOW,
    TODAY,
    TOP_UP,
    ahead,
    credits_of,
    day,
    days_before,
    grant,
    kinds,
    known,
    runway,
)
from usage_tui.insight.milestones import MilestoneKind
from usage_tui.insight.pace import cut
from usage_tui.insight.runway import Likelihood, Runway


@pytest.fixture(scope="module")
def rows() -> list[trace.Row]:
    return trace.rows()


@pytest.fixture(scope="module")
def of_trace(rows: list[trace.Row]) -> Runway:
    items = trace.trace_grants(rows)
    return runway(trace.trace_summary(items), items, trace.trace_days(rows))


def weeks_of_trace(rows: list[trace.Row]) -> tuple[Decimal, list[Decimal]]:
    """What the 21 complete days used, and every seven of them in a row."""
    amounts = [amount for civil, amount in sorted(trace.by_date(rows).items()) if civil != trace.TODAY]
    return sum(amounts, Decimal()), [sum(amounts[start : start + 7], Decimal()) for start in range(15)]


def test_the_pace_of_the_trace(rows: list[trace.Row], of_trace: Runway) -> None:
    total, weeks = weeks_of_trace(rows)
    assert total == Decimal("5645.2549")
    found = of_trace.pace
    assert found is not None
    assert (found.known_days, found.basis_days, found.basis_total) == (21, 21, int(total * 10**6))
    assert found.a_day == Fraction(total) * 10**6 / 21
    assert found.slow == Fraction(min(weeks)) * 3 / 4 / (Fraction(total) / 3)
    assert found.fast == Fraction(max(weeks)) * 4 / 3 / (Fraction(total) / 3)
    assert (f"{float(found.slow):.3f}", f"{float(found.fast):.3f}") == ("0.583", "1.663")
    assert found.dominant_day is None


def test_the_trace_runs_out_on_dec_20_and_may_on_nov_27(rows: list[trace.Row], of_trace: Runway) -> None:
    assert of_trace.runs_out == date(2026, 12, 20)
    assert of_trace.earliest == date(2026, 11, 27)
    assert of_trace.latest is None
    # 2,474.2412 less what is left of today, and then day for day.
    total, _ = weeks_of_trace(rows)
    a_day = Fraction(total) / 21
    left = Fraction("2474.2412") - (a_day - Fraction(trace.by_date(rows)[trace.TODAY]))
    assert int(left * 100) == 233617
    assert of_trace.balances[0].usual == credits_of("2474.2412")
    for number in range(1, 9):
        exact = left - a_day * (number - 1)
        assert of_trace.balances[number].usual == cut(exact * 10**6)
    assert of_trace.balances[9].usual == cut((left - a_day * 8 + 5000) * 10**6)


def test_what_the_trace_renews_lapses_and_pays_with(of_trace: Runway) -> None:
    assert of_trace.included_out == of_trace.purchased_from == trace.TODAY
    assert of_trace.renewal is not None
    assert (of_trace.renewal.at, of_trace.renewal.amount) == (
        datetime(2026, 12, 1, 5, tzinfo=UTC),
        credits_of(5000),
    )
    assert of_trace.renewal.assumed
    [lapse] = of_trace.lapses
    assert (lapse.description, lapse.on) == ("Top-up", date(2027, 10, 14))
    assert lapse.likelihood is Likelihood.POSSIBLE
    assert (lapse.least, lapse.usual, lapse.most) == (credits_of(0), credits_of(0), credits_of("1195.216714"))
    assert of_trace.recharge_on == trace.TODAY


def test_the_trace_without_renewal(rows: list[trace.Row]) -> None:
    items = trace.trace_grants(rows)
    active = trace.trace_summary(items)
    ended = replace(active, subscription=replace(known(active.subscription), status="canceled"))
    found = runway(ended, items, trace.trace_days(rows))
    assert (found.earliest, found.runs_out, found.latest) == (
        date(2026, 11, 27),
        date(2026, 12, 1),
        date(2026, 12, 8),
    )
    assert found.renewal is None


def test_even_use() -> None:
    found = ahead(INCLUDED, TOP_UP)
    assert found.included_out is None
    assert found.purchased_from == date(2026, 12, 31)
    assert found.runs_out == found.earliest == found.latest == date(2027, 7, 31)
    [lapse] = found.lapses
    assert (lapse.grant_id, lapse.on, lapse.likelihood) == ("topup", date(2027, 6, 1), Likelihood.CERTAIN)
    assert lapse.least == lapse.usual == lapse.most == credits_of(600)


def test_the_end_of_the_term_locks_what_is_purchased() -> None:
    bought = grant("topup", "purchased", 5000, expires_at=None)
    found = ahead(INCLUDED, bought, term_ends_at=DECEMBER)
    assert found.runs_out == found.term_ends == date(2026, 12, 1)
    assert found.locked == credits_of(5000)
    assert found.renewal is None
    assert found.lapses == ()
    assert kinds(found) == [
        (date(2026, 12, 1), MilestoneKind.TERM_END),
        (date(2026, 12, 1), MilestoneKind.RUN_OUT),
    ]


def test_nothing_begins_after_the_term_has_ended() -> None:
    later = grant("later", "purchased", 70, starts_at=DECEMBER, expires_at=None, status="scheduled")
    found = ahead(INCLUDED, later, term_ends_at=DECEMBER)
    assert MilestoneKind.START not in [kind for _, kind in kinds(found)]
    assert found.runs_out == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("held", "likelihood"),
    [
        (901, Likelihood.POSSIBLE),
        (1000, Likelihood.POSSIBLE),
        (1001, Likelihood.LIKELY),
        (1112, Likelihood.CERTAIN),
    ],
)
def test_what_lapses_is_certain_likely_or_possible(held: int, likelihood: Likelihood) -> None:
    # 28 days of 100, so that the quietest pace is 90 a day and the busiest 111 and a bit.
    bought = grant("topup", "purchased", held, expires_at=NOW + timedelta(days=10))
    [lapse] = ahead(bought, days=days_before(TODAY, [100] * 28)).lapses
    assert lapse.likelihood is likelihood


def test_a_spike_is_in_the_basis() -> None:
    # On Thursdays 567.5 are used, on other days 90.
    days = days_before(TODAY, [90] * 20 + [2000] + [90] * 9)
    found = ahead(grant("plan", "included", 2100, original=3000), TOP_UP, days=days)
    assert found.pace is not None
    assert found.pace.dominant_day is not None
    assert int(found.pace.dominant_day.share * 100) == 45
    assert (found.runs_out, found.earliest, found.latest) == (date(2026, 12, 24), date(2026, 11, 30), None)


def test_a_pool_used_up_with_the_last_instant_of_a_day_runs_out_on_the_next_with_use() -> None:
    bought = grant("topup", "purchased", 1000, expires_at=None)
    assert ahead(bought).runs_out == date(2026, 12, 2)
    # No use on Wednesdays: the pool is empty on Dec 2, but nobody notices before Thursday.
    resting = days_before(TODAY, [0 if number % 7 == 3 else 100 for number in range(56)])
    used = [item.date.weekday() for item in resting if not item.credits]
    assert set(used) == {2}
    bought = grant("topup", "purchased", 900, expires_at=None)
    assert ahead(bought, days=resting).runs_out == date(2026, 12, 3)


def test_what_today_has_used_is_not_used_again() -> None:
    bought = grant("topup", "purchased", 1000, expires_at=None)
    today = [*EVEN, day(TODAY, credits_of(60), complete=False)]
    noon = NOW + timedelta(hours=12)
    found = ahead(bought, days=today, as_of=noon)
    assert found.balances[1].usual == credits_of(960)
    more = [*EVEN, day(TODAY, credits_of(160), complete=False)]
    assert ahead(bought, days=more, as_of=noon).balances[1].usual == credits_of(1000)


def test_six_days_give_no_date() -> None:
    found = ahead(INCLUDED, TOP_UP, days=days_before(TODAY, [100] * 6), threshold=5000)
    assert found.pace is None
    assert len(found.history.amounts) == 6
    assert found.history.mean == 100_000_000
    assert {found.runs_out, found.earliest, found.latest, found.included_out, found.purchased_from} == {None}
    assert found.recharge_on is None
    assert (found.lapses, found.balances, found.milestones) == ((), (), ())
    assert found.renewal is not None


def test_without_use_nothing_runs_out_and_all_lapses() -> None:
    found = ahead(INCLUDED, TOP_UP, days=days_before(TODAY, [1] + [0] * 55))
    assert (found.runs_out, found.latest, found.purchased_from) == (None, None, None)
    assert [(lapse.grant_id, str(lapse.usual)) for lapse in found.lapses] == [
        ("plan", "900"),
        ("topup", "1000"),
    ]


def test_included_credits_that_outlive_the_period_count_as_those_of_now() -> None:
    longer = grant("bonus", "included", 300, expires_at=DECEMBER + timedelta(days=10), origin="promotion")
    found = ahead(grant("plan", "included", 500), longer, status="canceled")
    assert found.included_out == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("threshold", "on"), [(500, (2026, 11, 27)), ("500.000001", (2026, 11, 26)), (1000, (2026, 11, 22))]
)
def test_auto_recharge_buys_where_the_balance_is_at_or_under_its_threshold(
    threshold: str | int, on: tuple[int, int, int]
) -> None:
    bought = grant("topup", "purchased", 1000, expires_at=None)
    assert ahead(bought, threshold=threshold).recharge_on == date(*on)
    assert ahead(bought).recharge_on is None


def test_a_balance_that_reaches_the_threshold_as_it_is_refreshed_is_not_at_it() -> None:
    # 1,900 are 1,000 with the last instant of Nov 30; 4,000 of Dec 1 are 1,000 when Dec 31 begins.
    assert ahead(INCLUDED, TOP_UP, threshold=1000).recharge_on == date(2026, 12, 31)
    assert ahead(INCLUDED, TOP_UP, threshold=1900).recharge_on == TODAY


def test_what_begins_later_is_not_what_the_grants_of_now_hold() -> None:
    empty = grant("plan", "included", 0, original=3000, status="used")
    coming = grant("bonus", "included", 500, starts_at=NOW + timedelta(days=1), expires_at=DECEMBER,
                   status="scheduled", origin="promotion")  # fmt: skip
    today = [*EVEN, day(TODAY, credits_of(100), complete=False)]
    found = ahead(empty, replace(coming, expires_at=DECEMBER - timedelta(days=1)), days=today)
    assert found.included_out == date(2026, 11, 23)
    assert found.runs_out == date(2026, 11, 28)


def test_the_balance_of_a_day_is_that_of_its_first_moment() -> None:
    found = ahead(INCLUDED, TOP_UP)
    points = {point.date: point for point in found.balances}
    assert len(found.balances) == 366
    assert str(points[TODAY].usual) == "1900"
    assert str(points[date(2026, 11, 30)].usual) == "1100"
    assert str(points[date(2026, 12, 1)].usual) == "4000"
    assert str(points[date(2027, 5, 31)].usual) == "700"
    assert str(points[date(2027, 6, 1)].usual) == "3000"


def test_what_happens_on_which_day() -> None:
    found = ahead(grant("plan", "included", 1200, original=3000), TOP_UP)
    first = [(m.on, m.kind, str(m.amount), m.grant_id) for m in found.milestones[:2]]
    assert first == [
        (date(2026, 12, 1), MilestoneKind.EXPIRY, "300", "plan"),
        (date(2026, 12, 1), MilestoneKind.REFRESH, "3000", "renewal-2026-12-01"),
    ]
    assert (date(2027, 6, 1), MilestoneKind.EXPIRY) in kinds(found)
    assert (date(2027, 7, 31), MilestoneKind.RUN_OUT) in kinds(found)
    assert [on for on, _ in kinds(found)] == sorted(on for on, _ in kinds(found))
