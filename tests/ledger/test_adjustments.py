"""Adjustments: who gets back what, against a plain model that looks at the events alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.known import known
from tests.ledger.histories import START, Act, acts, grants, hours, play, terms, use
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.journal import replay
from usage_tui.ledger.ledger import Ledger
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.spending import Terms
from usage_tui.models import Credits, Event


def paid(event: Event) -> list[tuple[str | None, int]]:
    """Who paid for an event, in that order; None for what no grant paid."""
    parts: list[tuple[str | None, int]] = [(one.grant_id, one.credits.micro) for one in event.allocations]
    return [*parts, (None, event.uncovered.micro)]


def expected(earlier: list[Event], adjustment: Event) -> dict[str | None, int]:
    """What an adjustment gives back to whom, by the rule in plain words.

    Of the source's events before it: the payer of the newest use gets back all that the source has had from
    it and not given back yet; then the payer before that; what is left is nobody's.
    """
    of_source = [event for event in earlier if event.source_id == adjustment.source_id]
    left = -adjustment.credits.micro
    shares: dict[str | None, int] = {}
    for event in reversed(of_source):
        for payer, amount in reversed(paid(event)):
            if amount <= 0 or payer in shares:
                continue
            net = sum(part for one in of_source for other, part in paid(one) if other == payer)
            shares[payer] = max(0, min(left, net))
            left -= shares[payer]
    shares[None] = shares.get(None, 0) + left
    return {payer: share for payer, share in shares.items() if share}


@given(grants, acts)
def test_an_adjustment_goes_back_to_who_paid_last(terms: tuple[Terms, ...], acts: list[Act]) -> None:
    played = play(terms, acts)
    for index, event in enumerate(played.all):
        if event.credits < Credits.ZERO and event.reverses is None:
            assert {payer: -part for payer, part in paid(event) if part} == expected(
                played.all[:index], event
            )
            assert event.quantity == 0


@given(grants, acts)
def test_no_adjustment_is_refused_or_cut(terms: tuple[Terms, ...], acts: list[Act]) -> None:
    played = play(terms, acts)
    meant = [-act.micro for act in acts if act.what == "adjust"]
    assert [event.credits.micro for event in played.adjustments] == meant
    rebuilt, overage = replay(played.journal)
    assert Credits(overage) == played.ledger.balance().overage
    assert all(totals.used >= 0 and totals.remaining >= 0 for totals in rebuilt.values())


moves = st.lists(st.tuples(st.integers(-60, 90), st.integers(0, 2)), max_size=20)


@given(moves, st.lists(st.integers(1, 60), max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_no_total(
    moves: list[tuple[int, int]], originals: list[int], shuffler: random.Random
) -> None:
    """Where all grants are eligible: what is left less the overage, and every sum of use."""
    numbered = list(enumerate(moves))
    shuffled = numbered.copy()
    shuffler.shuffle(shuffled)
    assert _totals(numbered, originals) == _totals(shuffled, originals)


def _totals(moves: list[tuple[int, tuple[int, int]]], originals: list[int]) -> object:
    calendar = Calendar("America/New_York")
    ledger, rollup = Ledger(), PeriodRollup(calendar.period("p", START, hours(720), hours(24)), calendar)
    for number, micro in enumerate(originals):
        ledger.grant(terms(f"gr_{number}", "purchased", micro, START, None))
    for number, (micro, source) in moves:
        one = use(number, micro, hours(number), source=f"tool_{source}")
        rollup.add(ledger.adjust(one, arrived_at=hours(24)))
    balance = ledger.balance()
    return (
        balance.total - known(balance.overage),
        rollup.usage().total,
        rollup.daily(as_of=hours(24), revision=1),
        {(row.source_id, row.credits) for row in rollup.ranking(as_of=hours(24), revision=1).items},
    )


def book_with(*amounts: int) -> Ledger:
    """Grants g0, g1, … that are spent in this order."""
    ledger = Ledger()
    for number, micro in enumerate(amounts):
        ledger.grant(terms(f"g{number}", "purchased", micro, START, hours(500 + number)))
    return ledger


def given_back(event: Event) -> tuple[dict[str, int], int]:
    return {part.grant_id: part.credits.micro for part in event.allocations}, event.uncovered.micro


def test_a_refund_undoes_the_last_use_of_its_own_source_first() -> None:
    ledger = book_with(10, 10)
    ledger.use(use(1, 6, hours(1), source="review"))
    ledger.use(use(2, 8, hours(2), source="digest"))  # 4 of g0, 4 of g1
    ledger.use(use(3, 5, hours(3), source="review"))  # of g1
    refund = ledger.adjust(use(4, -8, hours(4), source="review"))
    assert given_back(refund) == ({"g1": -5, "g0": -3}, 0)
    assert {grant.id: grant.used.micro for grant in ledger.grants()} == {"g0": 7, "g1": 4}


def test_what_no_grant_paid_is_taken_off_the_overage_and_the_rest_is_shown() -> None:
    ledger = book_with(10)
    ledger.use(use(1, 13, hours(1)))
    assert given_back(ledger.adjust(use(2, -5, hours(2)))) == ({"g0": -2}, -3)
    assert given_back(ledger.adjust(use(3, -20, hours(3)))) == ({"g0": -8}, -12)
    balance = ledger.balance()
    assert (balance.total.micro, known(balance.overage).micro) == (10, -12)


def test_a_refund_of_a_source_that_used_nothing_goes_to_no_grant() -> None:
    ledger = book_with(10)
    ledger.use(use(1, 5, hours(1), source="review"))
    assert given_back(ledger.adjust(use(2, -5, hours(2), source="other"))) == ({}, -5)
    assert given_back(ledger.adjust(use(3, -5, hours(2), kind="workflow", source="review"))) == ({}, -5)


def test_what_returns_to_a_grant_that_has_lapsed_lapses_at_once() -> None:
    ledger = book_with(10)
    ledger.use(use(1, 5, hours(1)))
    ledger.adjust(use(2, -3, hours(600)))
    (grant,) = ledger.grants()
    assert (grant.used.micro, grant.expired_amount.micro, grant.remaining.micro) == (2, 8, 0)


def test_a_reversal_gives_no_grant_back_what_an_adjustment_did() -> None:
    ledger = book_with(10)
    event = ledger.use(use(1, 10, hours(1)))
    ledger.adjust(use(2, -4, hours(2)))
    reversal = ledger.reverse(event, reversal_id="back", at=hours(3))
    assert (reversal.credits.micro, given_back(reversal)) == (-10, ({"g0": -6}, -4))
    assert ledger.balance().total.micro == 10


def test_a_reversal_after_an_adjustment_returns_what_is_left_to_the_other_grants() -> None:
    ledger = book_with(5, 20)
    ledger.use(use(1, 5, hours(1)))
    event = ledger.use(use(2, 5, hours(2)))
    ledger.adjust(use(3, -5, hours(3)))  # all of g1
    assert given_back(ledger.reverse(event, reversal_id="back", at=hours(4))) == ({"g0": -5}, 0)


def test_an_adjustment_above_zero_is_paid_as_any_use_and_counts_as_none() -> None:
    event = book_with(10).adjust(use(1, 4, hours(1)))
    assert given_back(event) == ({"g0": 4}, 0)
    assert event.quantity == 0


def test_an_adjustment_cannot_be_reversed() -> None:
    ledger = book_with(10)
    ledger.use(use(1, 5, hours(1)))
    refund = ledger.adjust(use(2, -3, hours(2)))
    with pytest.raises(ValueError, match="an adjustment cannot be reversed"):
        ledger.reverse(refund, reversal_id="back", at=hours(3))


def test_an_adjustment_does_not_rename_its_source() -> None:
    calendar = Calendar("UTC")
    rollup = PeriodRollup(calendar.period("p", START, hours(720), hours(24)), calendar)
    ledger = book_with(10)
    rollup.add(ledger.use(use(1, 5, hours(1), source="review")))
    refund = use(2, -3, hours(2), source="review")._replace(label="Refund of invoice 7")
    rollup.add(ledger.adjust(refund))
    (row,) = rollup.ranking(as_of=hours(24), revision=1).items
    assert (row.label, row.credits.micro, row.count) == ("Review", 2, 1)
