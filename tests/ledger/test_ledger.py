"""The rules of the ledger one by one, with numbers that can be followed by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.ledger.histories import GRACE, START, hours, terms, use
from usage_tui.ledger.booked_grant import NothingLeft
from usage_tui.ledger.journal import Entry
from usage_tui.ledger.ledger import AlreadyReversed, Ledger
from usage_tui.ledger.spending import Terms
from usage_tui.models import Credits, Event, Grant

ONE = 1_000_000


def credits_of(event: Event) -> dict[str, str]:
    return {part.grant_id: str(part.credits) for part in event.allocations}


def grant_of(ledger: Ledger, grant_id: str) -> Grant:
    return next(grant for grant in ledger.grants() if grant.id == grant_id)


def test_included_pays_before_purchased_however_soon_that_expires() -> None:
    ledger = Ledger()
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, hours(2)))
    ledger.grant(terms("plan", "included", 5 * ONE, START, hours(700)))
    assert credits_of(ledger.use(use(1, 3 * ONE, hours(1)))) == {"plan": "3"}


def test_the_grant_that_expires_soonest_pays_first_and_one_without_expiry_last() -> None:
    ledger = Ledger()
    ledger.grant(terms("a_never", "purchased", ONE, START, None))
    ledger.grant(terms("b_later", "purchased", ONE, START, hours(20)))
    ledger.grant(terms("c_soon", "purchased", ONE, START, hours(10)))
    event = ledger.use(use(1, 3 * ONE, hours(1)))
    assert [part.grant_id for part in event.allocations] == ["c_soon", "b_later", "a_never"]


def test_of_two_that_expire_together_the_one_that_began_first_pays_then_the_lower_id() -> None:
    ledger = Ledger()
    ledger.grant(terms("a", "purchased", ONE, hours(1), hours(9)))
    ledger.grant(terms("c", "purchased", ONE, hours(0), hours(9)))
    ledger.grant(terms("b", "purchased", ONE, hours(0), hours(9)))
    event = ledger.use(use(1, 3 * ONE, hours(2)))
    assert [part.grant_id for part in event.allocations] == ["b", "c", "a"]


def test_an_event_that_empties_a_grant_takes_the_rest_from_the_next() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 56_300, START, hours(700)))
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, hours(700)))
    event = ledger.use(use(16419, 305_200, hours(1)))
    assert credits_of(event) == {"plan": "0.0563", "bought": "0.2489"}
    assert not event.uncovered


def test_what_no_grant_covers_is_overage_and_a_later_grant_does_not_pay_it() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", ONE, START, hours(700)))
    event = ledger.use(use(1, 4 * ONE, hours(1)))
    assert (credits_of(event), str(event.uncovered)) == ({"plan": "1"}, "3")
    ledger.grant(terms("bought", "purchased", 10 * ONE, hours(2), None))
    ledger.advance(hours(3))
    balance = ledger.balance()
    assert (str(balance.total), str(balance.overage)) == ("10", "3")


@pytest.mark.parametrize(
    ("hour", "payer"), [(0, "uncovered"), (1, "plan"), (4, "plan"), (5, "uncovered"), (6, "uncovered")]
)
def test_a_grant_pays_from_its_first_instant_up_to_but_not_at_its_expiry(hour: int, payer: str) -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 5 * ONE, hours(1), hours(5)))
    event = ledger.use(use(1, ONE, hours(hour)))
    assert credits_of(event) == ({"plan": "1"} if payer == "plan" else {})


def test_what_is_left_at_its_expiry_lapses() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 5 * ONE, START, hours(10)))
    ledger.use(use(1, 2 * ONE, hours(1)))
    ledger.advance(hours(10))
    grant = grant_of(ledger, "plan")
    assert (grant.status, str(grant.used), str(grant.expired_amount)) == ("expired", "2", "3")
    assert ledger.balance().total == Credits.ZERO


def test_a_late_event_draws_on_what_lapsed_within_the_grace() -> None:
    journal: list[Entry] = []
    ledger = Ledger(journal.append)
    ledger.grant(terms("plan", "included", 5 * ONE, START, hours(10)))
    ledger.grant(terms("next", "included", 5 * ONE, hours(10), hours(200)))
    event = ledger.use(use(1, 2 * ONE, hours(9)), arrived_at=hours(10) + GRACE - timedelta.resolution)
    assert credits_of(event) == {"plan": "2"}
    assert event.late
    assert [entry.kind for entry in journal[2:]] == ["expired", "expiry_released", "used"]
    grant = grant_of(ledger, "plan")
    assert (str(grant.used), str(grant.expired_amount)) == ("2", "3")


def test_what_lapsed_longer_ago_stays_lapsed_and_the_event_is_booked_all_the_same() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 5 * ONE, START, hours(10)))
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, None))
    event = ledger.use(use(1, 7 * ONE, hours(9)), arrived_at=hours(10) + GRACE)
    assert credits_of(event) == {"bought": "5"}
    assert str(event.uncovered) == "2"
    assert event.late


def test_an_event_that_no_lapsed_grant_missed_is_not_late() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 5 * ONE, START, hours(10)))
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, None))
    assert not ledger.use(use(1, ONE, hours(9))).late
    assert not ledger.use(use(2, ONE, hours(11))).late
    assert not ledger.use(use(3, ONE, hours(10)), arrived_at=hours(20)).late
    ledger.grant(terms("short", "included", ONE, hours(12), hours(14)))
    assert not ledger.use(use(4, ONE, hours(11)), arrived_at=hours(20)).late


def test_an_event_out_of_order_arrives_now() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 5 * ONE, START, hours(10)))
    ledger.use(use(1, ONE, hours(9)))
    assert credits_of(ledger.use(use(2, ONE, hours(3)))) == {"plan": "1"}
    assert (ledger.now, ledger.last_event_at) == (hours(9), hours(9))


def test_a_reversal_returns_each_part_to_the_grant_that_paid_it() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 2 * ONE, START, hours(700)))
    ledger.grant(terms("bought", "purchased", 2 * ONE, START, None))
    event = ledger.use(use(1, 5 * ONE, hours(1)))
    reversal = ledger.reverse(event, reversal_id="back", at=hours(2), actor="maria")
    assert (str(reversal.credits), reversal.activity, reversal.quantity) == ("-5", "reversal", 0)
    assert (reversal.reverses, reversal.occurred_at, reversal.actor) == (event.id, hours(2), "maria")
    assert credits_of(reversal) == {"plan": "-2", "bought": "-2"}
    assert str(reversal.uncovered) == "-1"
    balance = ledger.balance()
    assert (str(balance.total), balance.overage) == ("4", Credits.ZERO)


def test_what_returns_to_an_emptied_grant_can_be_spent_again() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 2 * ONE, START, None))
    event = ledger.use(use(1, 2 * ONE, hours(1)))
    ledger.reverse(event, reversal_id="back", at=hours(2))
    assert credits_of(ledger.use(use(2, ONE, hours(3)))) == {"plan": "1"}


def test_what_returns_to_a_lapsed_grant_lapses_at_once() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 5 * ONE, START, hours(10)))
    event = ledger.use(use(1, 2 * ONE, hours(1)))
    ledger.reverse(event, reversal_id="back", at=hours(11))
    grant = grant_of(ledger, "plan")
    assert (str(grant.used), str(grant.expired_amount), str(grant.remaining)) == ("0", "5", "0")


def test_what_returns_to_a_voided_grant_is_voided_at_once() -> None:
    ledger = Ledger()
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, None))
    event = ledger.use(use(1, 2 * ONE, hours(1)))
    ledger.void("bought", at=hours(2))
    ledger.reverse(event, reversal_id="back", at=hours(3))
    grant = grant_of(ledger, "bought")
    assert (grant.status, str(grant.voided_amount), str(grant.remaining)) == ("voided", "5", "0")


def test_an_event_is_reversed_once_and_a_reversal_never() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 5 * ONE, START, None))
    event = ledger.use(use(1, ONE, hours(1)))
    reversal = ledger.reverse(event, reversal_id="back", at=hours(2))
    with pytest.raises(AlreadyReversed, match="evt_001"):
        ledger.reverse(event, reversal_id="again", at=hours(3))
    with pytest.raises(ValueError, match="a reversal cannot be reversed"):
        ledger.reverse(reversal, reversal_id="forth", at=hours(3))
    assert str(ledger.balance().total) == "5"


def test_a_void_takes_what_is_left_and_a_repeat_changes_nothing() -> None:
    ledger = Ledger()
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, None))
    ledger.use(use(1, 2 * ONE, hours(1)))
    ledger.void("bought", at=hours(2))
    voided = ledger.grants()
    ledger.void("bought", at=hours(3))
    assert ledger.grants() == voided
    assert (voided[0].status, str(voided[0].used), str(voided[0].voided_amount)) == ("voided", "2", "3")
    assert credits_of(ledger.use(use(2, ONE, hours(4)))) == {}


def test_a_grant_with_nothing_left_cannot_be_voided() -> None:
    ledger = Ledger()
    ledger.grant(terms("spent", "purchased", ONE, START, None))
    ledger.grant(terms("lapsed", "included", ONE, hours(2), hours(3)))
    ledger.use(use(1, ONE, hours(1)))
    for grant_id in ("spent", "lapsed"):
        with pytest.raises(NothingLeft, match=grant_id):
            ledger.void(grant_id, at=hours(5))
    assert [grant.status for grant in ledger.grants()] == ["expired", "used"]


def test_a_locked_grant_keeps_its_credits_and_pays_nothing_until_it_is_unlocked() -> None:
    ledger = Ledger()
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, hours(100)))
    ledger.lock("bought", at=hours(1))
    balance = ledger.balance()
    assert (str(balance.total), str(balance.locked), balance.next_expiry) == ("0", "5", None)
    assert grant_of(ledger, "bought").status == "locked"
    assert credits_of(ledger.use(use(1, ONE, hours(2)))) == {}
    ledger.unlock("bought", at=hours(3))
    assert credits_of(ledger.use(use(2, ONE, hours(4)))) == {"bought": "1"}


def test_locking_again_changes_nothing() -> None:
    journal: list[Entry] = []
    ledger = Ledger(journal.append)
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, hours(100)))
    ledger.lock("bought", at=hours(1))
    ledger.lock("bought", at=hours(2))
    ledger.unlock("bought", at=hours(3))
    assert [(entry.kind, entry.at) for entry in journal[1:]] == [("locked", hours(1)), ("unlocked", hours(3))]


def test_a_locked_grant_lapses_at_its_expiry() -> None:
    ledger = Ledger()
    ledger.grant(terms("bought", "purchased", 5 * ONE, START, hours(10)))
    ledger.lock("bought", at=hours(1))
    ledger.advance(hours(10))
    ledger.unlock("bought", at=hours(11))
    assert grant_of(ledger, "bought").status == "expired"
    assert ledger.balance().locked == Credits.ZERO


def test_included_credits_are_never_locked() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", ONE, START, None))
    with pytest.raises(ValueError, match="only purchased grants"):
        ledger.lock("plan", at=hours(1))


def test_grants_come_in_spend_order_then_the_rest_newest_first() -> None:
    ledger = Ledger()
    ledger.grant(terms("bought", "purchased", 5 * ONE, hours(2), None))
    ledger.grant(terms("plan", "included", 5 * ONE, hours(3), hours(300)))
    ledger.grant(terms("spent", "included", ONE, hours(0), hours(300)))
    ledger.grant(terms("lapsed", "included", ONE, hours(1), hours(4)))
    ledger.grant(terms("coming", "included", ONE, hours(300), hours(400)))
    ledger.grant(terms("set_aside", "purchased", ONE, hours(2), None))
    ledger.use(use(1, ONE, hours(0)))
    ledger.lock("set_aside", at=hours(5))
    assert [(grant.id, grant.status) for grant in ledger.grants()] == [
        ("plan", "active"),
        ("bought", "active"),
        ("coming", "scheduled"),
        ("set_aside", "locked"),
        ("lapsed", "expired"),
        ("spent", "used"),
    ]


def test_next_expiry_is_of_the_usable_grant_that_ends_soonest() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", 5 * ONE, START, hours(300)))
    ledger.grant(terms("bought", "purchased", 2 * ONE, START, hours(100)))
    ledger.grant(terms("never", "purchased", ONE, START, None))
    ledger.advance(hours(1))
    expiry = ledger.balance().next_expiry
    assert expiry is not None
    assert (expiry.grant_id, expiry.at, str(expiry.amount)) == ("bought", hours(100), "2")


def test_nothing_expires_where_no_usable_grant_does() -> None:
    ledger = Ledger()
    ledger.grant(terms("never", "purchased", ONE, START, None))
    ledger.advance(hours(1))
    assert ledger.balance().next_expiry is None


def test_a_grant_that_is_added_after_its_expiry_has_lapsed() -> None:
    ledger = Ledger()
    ledger.advance(hours(50))
    ledger.grant(terms("plan", "included", ONE, START, hours(10)))
    assert grant_of(ledger, "plan").status == "expired"


def test_time_does_not_move_backward() -> None:
    ledger = Ledger()
    ledger.advance(hours(2))
    with pytest.raises(ValueError, match="the ledger stands at 2026-11-01T06:00:00"):
        ledger.advance(hours(1))


@pytest.mark.parametrize(
    ("grant", "complaint"),
    [
        (terms("plan", "included", ONE, START, None), "the id is taken"),
        (terms("other", "included", 0, START, None), "more than 0"),
        (terms("other", "included", ONE, START, START), "expire before it begins"),
    ],
)
def test_terms_that_make_no_sense_are_refused(grant: Terms, complaint: str) -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", ONE, START, None))
    with pytest.raises(ValueError, match=complaint):
        ledger.grant(grant)


def test_only_a_reversal_gives_credits_back() -> None:
    with pytest.raises(ValueError, match="evt_001: a negative amount"):
        Ledger().use(use(1, -1, START))


def test_an_event_without_cost_is_booked_without_a_payer() -> None:
    ledger = Ledger()
    ledger.grant(terms("plan", "included", ONE, START, None))
    event = ledger.use(use(1, 0, hours(1)))
    assert (event.allocations, event.uncovered) == ((), Credits.ZERO)
