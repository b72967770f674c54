"""The walk by segments equals the walk by days, and no credit is lost or found on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.insight import oracle
from tests.insight.organization import day, known, runway
from tests.insight.organization import summary as make_summary
from usage_tui.insight.demand import Demand, Horizon
from usage_tui.insight.pace import pace
from usage_tui.insight.pool import Pool, pool_of
from usage_tui.insight.runway import Runway
from usage_tui.insight.walk import Walk, walk
from usage_tui.insight.what_if import Cut, TopUp, WhatIf, topped_up
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits, Day, Grant, Grants, Summary

# Days of 23, 24, 25 and 23.5 hours lie ahead in these zones.
ZONES = ["UTC", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"]
BEGINNING = datetime(2026, 9, 1, tzinfo=UTC)
FAR = date.max

amounts = st.integers(0, 300) | st.integers(-40, 2000) | st.just(0)


@st.composite
def a_grant(draw: st.DrawFn, number: int, now: datetime, period_starts_at: datetime) -> oracle.Grant:
    bucket = draw(st.sampled_from(["included", "included", "purchased"]))
    status = draw(st.sampled_from(["active", "active", "active", "scheduled", "used", "locked", "voided"]))
    if status == "scheduled":
        starts_at = now + timedelta(hours=draw(st.integers(1, 24 * 40)))
    else:
        starts_at = draw(
            st.just(period_starts_at) | st.integers(1, 3000).map(lambda hours: now - timedelta(hours=hours))
        )
    lasts = draw(st.none() | st.integers(1, 24 * 12) | st.integers(1, 24 * 380))
    held = 0 if status in {"used", "voided"} else draw(st.integers(1, 20_000))
    origin = "subscription" if bucket == "included" and draw(st.booleans()) else "other"
    return oracle.Grant(
        id=f"gr_{draw(st.integers(0, 9))}{number}",
        bucket=bucket,
        status=status,
        held=held,
        original=held + draw(st.integers(0, 3000)) or 1,
        starts_at=starts_at,
        expires_at=None if lasts is None else max(now, starts_at) + timedelta(hours=lasts),
        origin=origin,
    )


@st.composite
def worlds(draw: st.DrawFn) -> oracle.World:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    now = BEGINNING + timedelta(
        seconds=draw(st.integers(0, 200 * 86_400) | st.integers(0, 200).map(lambda n: n * 86_400))
    )
    local = now.astimezone(zone)
    starts_at = local.replace(day=1, hour=0, minute=0, second=0).astimezone(UTC)
    count = draw(st.integers(1, 5))
    ends = st.integers(-48, 24 * 60).map(lambda hours: now + timedelta(hours=hours))
    return oracle.World(
        zone=zone,
        now=now,
        # The first day known is one with use, or it would not be known.
        amounts=[draw(st.integers(1, 500)), *draw(st.lists(amounts, min_size=6, max_size=60))],
        used_today=draw(st.integers(-20, 400)),
        grants=[draw(a_grant(number, now, starts_at)) for number in range(count)],
        period_starts_at=starts_at,
        active=draw(st.booleans()),
        term_ends_at=draw(st.none() | ends),
        threshold=draw(st.none() | st.integers(0, 5000)),
        batch=draw(st.just(0) | st.integers(0, 9000)),
    )


def days_of(world: oracle.World) -> list[Day]:
    first = world.today - timedelta(days=len(world.amounts))
    days = [
        day(first + timedelta(days=number), Credits(amount)) for number, amount in enumerate(world.amounts)
    ]
    return [*days, day(world.today, Credits(world.used_today), complete=False)]


def grants_of(world: oracle.World) -> Grants:
    items = tuple(
        Grant(
            id=grant.id,
            description=grant.id,
            bucket=grant.bucket,
            origin=grant.origin,
            granted_at=grant.starts_at,
            effective_at=grant.starts_at,
            expires_at=grant.expires_at,
            status=grant.status,
            original=Credits(grant.original),
            used=Credits(grant.original - grant.held),
            expired_amount=Credits.ZERO,
            voided_amount=Credits.ZERO,
            remaining=Credits(grant.held),
        )
        for grant in world.grants
    )
    return Grants(as_of=world.now, revision=1, items=items)


def summary_of(world: oracle.World) -> Summary:
    summary = make_summary(
        as_of=world.now,
        zone=str(world.zone),
        starts_at=world.period_starts_at,
        ends_at=world.period_ends_at,
        status="active" if world.active else "canceled",
        term_ends_at=world.term_ends_at,
        threshold=None if world.threshold is None else 1,
    )
    recharge = summary.auto_recharge
    if recharge is None or world.threshold is None:
        return summary
    # A threshold of nothing would mean that none was chosen.
    return replace(summary, auto_recharge=replace(recharge, threshold=Credits(world.threshold or 1)))


def ahead(world: oracle.World, what_if: WhatIf | None = None, *, batch: int | None = None) -> Runway:
    return runway(
        summary_of(world),
        grants_of(world),
        days_of(world),
        what_if=what_if or WhatIf(),
        batch=Credits(world.batch if batch is None else batch),
    )


@settings(max_examples=examples(60), deadline=None)
@given(worlds())
def test_it_equals_a_walk_day_by_day(world: oracle.World) -> None:
    if world.threshold == 0:
        world.threshold = 1
    week, slow, fast = oracle.week_and_spread(world.amounts)
    usual, at_slow, at_fast = (oracle.walk(world, factor, week) for factor in (Fraction(1), slow, fast))
    found = ahead(world)

    assert found.pace is not None
    assert (found.pace.slow, found.pace.fast) == (slow, fast)
    assert found.included_out == usual.included_out
    assert found.purchased_from == usual.purchased_from
    assert (found.runs_out, found.earliest, found.latest) == (
        usual.runs_out,
        at_fast.runs_out,
        at_slow.runs_out,
    )
    assert found.recharge_on == usual.recharge_on
    balances = [
        (int(u), int(f), int(s))
        for u, f, s in zip(usual.balances, at_fast.balances, at_slow.balances, strict=True)
    ]
    assert [(p.usual.micro, p.fast.micro, p.slow.micro) for p in found.balances] == balances
    lapses = {
        lapse.grant_id: (lapse.least.micro, lapse.usual.micro, lapse.most.micro) for lapse in found.lapses
    }
    assert lapses == {
        grant.id: (int(at_fast.lapsed[grant.id]), int(usual.lapsed[grant.id]), int(at_slow.lapsed[grant.id]))
        for grant in world.grants
        if at_slow.lapsed.get(grant.id)
    }
    if found.locked is not None:
        assert found.locked.micro == int(usual.locked)


def later(day: date | None) -> date:
    """A day that never comes is later than any."""
    return day or FAR


@settings(max_examples=examples(50), deadline=None)
@given(worlds())
def test_a_faster_pace_never_lasts_longer_and_never_lets_more_lapse(world: oracle.World) -> None:
    found = ahead(world)
    assert later(found.earliest) <= later(found.runs_out) <= later(found.latest)
    for lapse in found.lapses:
        assert lapse.least <= lapse.usual <= lapse.most
    for point in found.balances:
        assert point.fast <= point.usual <= point.slow


@settings(max_examples=examples(50), deadline=None)
@given(worlds(), st.integers(1, 20_000), st.none() | st.integers(1, 9000))
def test_a_top_up_never_brings_the_day_forward(world: oracle.World, amount: int, hours: int | None) -> None:
    expires_at = None if hours is None else world.now + timedelta(hours=hours)
    more = ahead(world, WhatIf(top_ups=(TopUp(amount=Credits(amount), expires_at=expires_at),)))
    assert later(more.runs_out) >= later(ahead(world).runs_out)


@settings(max_examples=examples(50), deadline=None)
@given(worlds(), st.fractions(0, 1, max_denominator=100))
def test_a_cut_never_brings_the_day_forward(world: oracle.World, part: Fraction) -> None:
    less = ahead(world, WhatIf(cuts=(Cut(part=part),)))
    more = ahead(world)
    assert later(less.runs_out) >= later(more.runs_out)
    assert later(less.purchased_from) >= later(more.purchased_from)


@settings(max_examples=examples(50), deadline=None)
@given(worlds(), st.integers(0, 20_000))
def test_a_batch_never_puts_the_day_off(world: oracle.World, batch: int) -> None:
    assert later(ahead(world, batch=batch).runs_out) <= later(ahead(world, batch=0).runs_out)


def walked(world: oracle.World, pool: Pool, horizon: Horizon) -> Walk:
    found = pace(days_of(world), horizon.today)
    assert found is not None
    return walk(pool, Demand(horizon, found, Fraction(1), world.used_today), batch=world.batch)


def horizon_of(world: oracle.World) -> Horizon:
    return Horizon(world.now, Calendar(str(world.zone)))


@settings(max_examples=examples(50), deadline=None)
@given(worlds(), st.integers(0, 9000))
def test_every_credit_is_used_lapsed_locked_left_or_to_come(world: oracle.World, bought: int) -> None:
    horizon = horizon_of(world)
    pool = known(pool_of(summary_of(world), grants_of(world), horizon))
    if bought:
        pool = topped_up(pool, [TopUp(amount=Credits(bought))])
    found = walked(world, pool, horizon)
    granted = sum((holding.held for holding in pool.holdings), 0)
    lapsed = sum(found.lapsed.values(), Fraction(0))
    assert granted == found.used + lapsed + found.left + found.locked + found.to_come


@settings(max_examples=examples(60), deadline=None)
@given(worlds(), st.lists(st.integers(1, 366 * 24 * 3600), max_size=4))
def test_splitting_a_day_changes_nothing(world: oracle.World, cuts: list[int]) -> None:
    """A grant that holds nothing cuts the time where it begins and where it expires, and that is all."""
    horizon = horizon_of(world)
    pool = known(pool_of(summary_of(world), grants_of(world), horizon))
    whole = walked(world, pool, horizon)
    nothing = topped_up(
        pool, [TopUp(amount=Credits.ZERO, expires_at=world.now + timedelta(seconds=n)) for n in cuts]
    )
    split = walked(world, nothing, horizon)
    added = {terms_id: Fraction(0) for terms_id in split.lapsed if terms_id.startswith("top-up-")}
    assert replace(split, lapsed=whole.lapsed) == whole
    assert split.lapsed == {**whole.lapsed, **added}


@pytest.mark.parametrize("zone", ZONES)
def test_the_use_of_a_day_comes_out_even_wherever_it_is_cut(zone: str) -> None:
    horizon = Horizon(datetime(2026, 10, 30, 13, 7, 11, 123_457, tzinfo=UTC), Calendar(zone))
    found = pace(
        [day(horizon.today - timedelta(days=n), Credits(100 + n)) for n in range(1, 31)], horizon.today
    )
    assert found is not None
    demand = Demand(horizon, found, Fraction(7, 3), 0)
    for number, (start, end) in enumerate(zip(horizon.instants, horizon.instants[1:], strict=False)):
        middle = start + (end - start) / 2
        half = Fraction((middle - start) // timedelta.resolution, (end - start) // timedelta.resolution)
        use = found.week[horizon.dates[number].weekday()] * Fraction(7, 3)
        assert Fraction(demand.by(middle) - demand.by(start), demand.scale) == use * half
        assert Fraction(demand.by(end) - demand.by(start), demand.scale) == use


@settings(max_examples=examples(30), deadline=None)
@given(worlds(), st.integers(1, 10**9), st.fractions(0, 1, max_denominator=97))
def test_the_instant_of_an_amount_is_the_first_microsecond_with_it(
    world: oracle.World, first: int, part: Fraction
) -> None:
    horizon = horizon_of(world)
    demand = Demand(horizon, known(pace(days_of(world), horizon.today)), part + 1, world.used_today)
    amount = first % max(demand.by(horizon.ends_at), 1) + 1
    if demand.by(horizon.ends_at) < amount:
        return
    reached = demand.instant_reaching(amount)
    assert demand.by(reached) >= amount
    assert demand.by(reached - timedelta.resolution) < amount


def test_a_day_that_a_zone_skips_uses_nothing() -> None:
    # Samoa had no Dec 30, 2011.
    horizon = Horizon(datetime(2011, 12, 29, 12, tzinfo=UTC), Calendar("Pacific/Apia"), days=4)
    days = [day(horizon.today - timedelta(days=number), Credits(100)) for number in range(1, 8)]
    demand = Demand(horizon, known(pace(days, horizon.today)), Fraction(1), 0)
    assert horizon.lengths[1] == 0
    assert demand.by(horizon.ends_at) == 300 * demand.scale
