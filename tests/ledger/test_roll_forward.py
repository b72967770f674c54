"""A balance carried forward through any history, from any moment of it."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.known import known
from tests.ledger.histories import START, Act, Played, acts, grants, held_at, hours, play, terms, use
from usage_tui.ledger.journal import Entry
from usage_tui.ledger.ledger import Ledger
from usage_tui.ledger.roll_forward import MovesTally, roll_forwards
from usage_tui.ledger.spending import Terms
from usage_tui.models import Credits, RollForward

PARTS = "opening", "granted", "used", "lapsed", "voided", "restored"


def carried_through(played: Played, *starts: datetime) -> tuple[RollForward, ...]:
    """Through the periods that begin at these moments, oldest first; the newest comes first."""
    tally = MovesTally.of_periods(starts)
    for entry in played.journal:
        tally.add(entry)
    return roll_forwards(starts, played.ledger.booked_grants, tally.moves, played.ledger.now)


def carried(played: Played, starts_at: datetime) -> RollForward:
    found = carried_through(played, starts_at)
    return found[0] if found else RollForward(**dict.fromkeys(PARTS, Credits.ZERO))


def begun(played: Played, grant: Terms) -> bool:
    """Whether a grant is held by now, or at least set aside."""
    locked = {grant.terms.id for grant in played.ledger.booked_grants if grant.locked}
    return grant.effective_at <= played.ledger.now or grant.id in locked


@given(grants, acts, st.integers(0, 400))
def test_what_was_held_and_what_moved_give_what_is_held_now(
    terms: tuple[Terms, ...], acts: list[Act], hour: int
) -> None:
    played = play(terms, acts)
    starts_at = min(hours(hour), played.ledger.now)
    found, balance = carried(played, starts_at), played.ledger.balance()
    assert found.closing == balance.total + known(balance.locked)
    assert min(getattr(found, name) for name in PARTS) >= Credits.ZERO


@given(grants, acts, st.integers(0, 400))
def test_the_opening_balance_is_what_grants_held_then(
    terms: tuple[Terms, ...], acts: list[Act], hour: int
) -> None:
    played = play(terms, acts)
    starts_at = min(hours(hour), played.ledger.now)
    if any(grant.locked for grant in played.ledger.booked_grants):
        return  # those of a locked grant that has not begun are told as held
    expected = sum(held_at(played.journal, grant, starts_at) for grant in terms if begun(played, grant))
    assert carried(played, starts_at).opening == Credits(expected)


@given(grants, acts, st.lists(st.integers(0, 400), min_size=1, max_size=5, unique=True))
def test_periods_in_a_row_are_carried_one_into_the_other(
    terms: tuple[Terms, ...], acts: list[Act], begun_at: list[int]
) -> None:
    """Each ends with what the next begins with; two of them tell together what one as long as both tells."""
    played = play(terms, acts)
    starts = sorted({min(hours(hour), played.ledger.now) for hour in begun_at})
    found_in_all = carried_through(played, *starts)
    if not found_in_all:
        return
    *former, current = reversed(found_in_all)
    assert current == carried(played, starts[-1])
    for number, found in enumerate(former):
        longer, shorter = (carried(played, start) for start in starts[number : number + 2])
        assert found.opening == longer.opening
        assert found.closing == shorter.opening
        for name in PARTS[1:]:
            assert getattr(found, name) + getattr(shorter, name) == getattr(longer, name)


def test_each_move_is_told_by_its_name() -> None:
    journal: list[Entry] = []
    ledger = Ledger(journal.append)
    for grant in (
        terms("old", "purchased", 100, START, None),
        terms("plan", "included", 50, hours(24), hours(48)),
        terms("gift", "purchased", 10, hours(30), None),
        terms("later", "purchased", 7, hours(999), None),
    ):
        ledger.grant(grant)
    ledger.use(use(1, 30, hours(2)))
    paid = ledger.use(use(2, 20, hours(25)))
    ledger.reverse(paid, reversal_id="back", at=hours(26))
    ledger.use(use(3, 5, hours(27)))
    ledger.void("gift", at=hours(31))
    ledger.advance(hours(60))
    tally = MovesTally.of_periods([hours(24)])
    for entry in journal:
        tally.add(entry)
    (found,) = roll_forwards([hours(24)], ledger.booked_grants, tally.moves, ledger.now)
    assert found == RollForward(
        opening=Credits(70),
        granted=Credits(60),
        used=Credits(25),
        lapsed=Credits(45),
        voided=Credits(10),
        restored=Credits(20),
    )
    assert found.closing == ledger.balance().total == Credits(70)


def test_what_an_expired_grant_gets_back_lapses_when_it_comes_back() -> None:
    played = play((terms("plan", "included", 50, START, hours(10)),), [])
    paid = played.ledger.use(use(1, 20, hours(2)))
    played.ledger.advance(hours(30))
    played.ledger.reverse(paid, reversal_id="back", at=hours(40))
    found = carried(played, hours(24))
    assert (found.opening, found.restored, found.lapsed) == (Credits(0), Credits(20), Credits(20))
    assert carried(played, hours(5)).opening == Credits(30)
    assert carried(played, hours(5)).lapsed == Credits(50)


def test_what_comes_late_did_not_lapse() -> None:
    played = play((terms("plan", "included", 50, START, hours(10)),), [])
    played.ledger.advance(hours(30))
    played.ledger.use(use(1, 20, hours(2)), arrived_at=hours(40))
    found = carried(played, hours(24))
    assert (found.opening, found.used, found.lapsed, found.closing) == (Credits(0),) * 4
    found = carried(played, START)
    assert (found.granted, found.used, found.lapsed) == (Credits(50), Credits(20), Credits(30))


def test_what_comes_late_changes_what_later_periods_began_with() -> None:
    played = play((terms("buy", "purchased", 50, START, None),), [])
    played.ledger.use(use(1, 5, hours(30)))
    current, former = carried_through(played, START, hours(24))
    assert (former.used, current.opening, current.closing) == (Credits(0), Credits(50), Credits(45))
    played.ledger.use(use(2, 20, hours(2)), arrived_at=hours(40))
    current, former = carried_through(played, START, hours(24))
    assert (former.used, current.opening, current.closing) == (Credits(20), Credits(30), Credits(25))


def test_where_nothing_was_granted_no_balance_is_carried() -> None:
    assert carried_through(play((), []), START) == ()
