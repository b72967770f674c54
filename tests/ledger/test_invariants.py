"""What holds of any history of grants, uses, reversals, voids and locks."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.known import known
from tests.ledger.histories import (
    GRACE,
    START,
    Act,
    Booked,
    acts,
    grants,
    hours,
    play,
    terms,
    use,
)
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.journal import replay
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.spending import Terms
from usage_tui.models import Credits, Grant


@given(grants, acts)
def test_every_grant_adds_up_and_nothing_in_it_is_negative(terms: tuple[Terms, ...], acts: list[Act]) -> None:
    for grant in play(terms, acts).ledger.grants():
        parts = [grant.used, grant.expired_amount, grant.voided_amount, grant.remaining]
        assert Credits.total(parts) == grant.original
        assert min(parts) >= Credits.ZERO


@given(grants, acts)
def test_the_balance_is_what_usable_grants_hold(terms: tuple[Terms, ...], acts: list[Act]) -> None:
    ledger = play(terms, acts).ledger
    active = [grant for grant in ledger.grants() if grant.status == "active"]
    balance = ledger.balance()
    assert balance.total == Credits.total(grant.remaining for grant in active)
    assert balance.total == known(balance.included) + known(balance.purchased) >= Credits.ZERO
    assert balance.purchased == Credits.total(g.remaining for g in active if g.bucket == "purchased")


@given(grants, acts)
def test_the_journal_alone_rebuilds_every_total(terms: tuple[Terms, ...], acts: list[Act]) -> None:
    played = play(terms, acts)
    rebuilt, overage = replay(played.journal)
    assert Credits(overage) == played.ledger.balance().overage
    for grant in played.ledger.grants():
        totals = rebuilt[grant.id]
        assert (totals.original, totals.used) == (grant.original.micro, grant.used.micro)
        assert (totals.expired, totals.voided) == (grant.expired_amount.micro, grant.voided_amount.micro)
        assert totals.remaining == grant.remaining.micro


@given(grants, acts)
def test_events_add_up_to_what_grants_paid_and_what_none_covered(
    terms: tuple[Terms, ...], acts: list[Act]
) -> None:
    played = play(terms, acts)
    for event in played.events:
        paid = Credits.total(part.credits for part in event.allocations)
        assert event.credits == paid + event.uncovered
    used = Credits.total(grant.used for grant in played.ledger.grants())
    uncovered = Credits.total(event.uncovered for event in played.events)
    assert Credits.total(event.credits for event in played.events) == used + uncovered
    assert uncovered == known(played.ledger.balance().overage)
    assert uncovered >= Credits.ZERO or played.adjustments


@given(grants, acts)
def test_no_grant_pays_for_what_happened_outside_its_life(terms: tuple[Terms, ...], acts: list[Act]) -> None:
    played = play(terms, acts)
    by_id = {grant.id: grant for grant in terms}
    for step in played.booked:
        for part in step.event.allocations:
            grant = by_id[part.grant_id]
            assert grant.effective_at <= step.event.occurred_at
            assert grant.expires_at is None or step.event.occurred_at < grant.expires_at


@given(grants, acts)
def test_no_better_grant_was_skipped(terms: tuple[Terms, ...], acts: list[Act]) -> None:
    for step in play(terms, acts).booked:
        paid = {part.grant_id: part.credits for part in step.event.allocations}
        able = {grant.id: grant for grant in step.grants if could_pay(grant, step)}
        assert set(paid) <= set(able)
        for grant_id, amount in paid.items():
            assert Credits.ZERO < amount <= held(able[grant_id])
        emptied = {grant_id for grant_id, grant in able.items() if paid.get(grant_id) == held(grant)}
        for grant_id in paid:
            better = {other.id for other in able.values() if goes_first(other, able[grant_id])}
            assert better <= emptied
        if step.event.uncovered:
            assert set(able) == emptied


def goes_first(one: Grant, other: Grant) -> bool:
    """The order of spending in its own words: whether `one` is to be used up before `other`."""
    if one.bucket != other.bucket:
        return one.bucket == "included"
    if one.expires_at != other.expires_at:
        if one.expires_at is None or other.expires_at is None:
            return other.expires_at is None
        return one.expires_at < other.expires_at
    if one.effective_at != other.effective_at:
        return one.effective_at < other.effective_at
    return one.id < other.id


def could_pay(grant: Grant, step: Booked) -> bool:
    """Whether the grant was live at the event's time, is still whole or in its grace, and holds something."""
    occurred_at = step.event.occurred_at
    if grant.status == "voided" or grant.id in step.locked or occurred_at < grant.effective_at:
        return False
    if grant.expires_at is not None:
        if occurred_at >= grant.expires_at:
            return False
        if step.arrived_at >= grant.expires_at + GRACE:
            return False
    return held(grant) > Credits.ZERO


def held(grant: Grant) -> Credits:
    """What the grant can give to an event of its lifetime: what is left, or has just lapsed."""
    return grant.remaining + grant.expired_amount


@given(grants, acts)
def test_a_reversal_returns_exactly_what_the_event_took(terms: tuple[Terms, ...], acts: list[Act]) -> None:
    played = play(terms, acts)
    originals = {step.event.id: step.event for step in played.booked}
    reversed_ids = [reversal.reverses for reversal in played.reversals]
    assert len(reversed_ids) == len(set(reversed_ids))
    for reversal in played.reversals:
        assert reversal.reverses is not None
        original = originals[reversal.reverses]
        assert reversal.credits == -original.credits
        if played.adjustments:  # which may have given a part of it back already
            continue
        assert reversal.uncovered == -original.uncovered
        assert {part.grant_id: -part.credits for part in reversal.allocations} == {
            part.grant_id: part.credits for part in original.allocations
        }


amounts = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 23)), max_size=20)


@given(amounts, st.lists(st.integers(1, 60), max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter_where_all_grants_are_eligible(
    uses: list[tuple[int, int]], originals: list[int], shuffler: random.Random
) -> None:
    arrivals = [
        use(number, micro, hours(hour), source=f"tool_{number % 3}")
        for number, (micro, hour) in enumerate(uses)
    ]
    shuffled = arrivals.copy()
    shuffler.shuffle(shuffled)
    assert _outcome(arrivals, originals) == _outcome(shuffled, originals)


def _outcome(arrivals: list[Use], originals: list[int]) -> object:
    calendar = Calendar("America/New_York")
    period = calendar.period("p", START, hours(720), hours(24))
    ledger, rollup = Ledger(), PeriodRollup(period, calendar)
    for number, micro in enumerate(originals):
        ledger.grant(
            terms(f"gr_{number}", ["included", "purchased"][number % 2], micro, START, hours(500 - number))
        )
    ledger.advance(hours(24))
    for arrival in arrivals:
        rollup.add(ledger.use(arrival))
    return (
        ledger.grants(),
        ledger.balance(),
        rollup.ranking(as_of=ledger.now, revision=1),
        rollup.daily(as_of=ledger.now, revision=1),
        rollup.usage(),
    )
