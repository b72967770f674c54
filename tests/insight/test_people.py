"""Who used what: every amount belongs to a person or to the rest, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.cards.states import event
from usage_tui.insight.people import NOT_ATTRIBUTED, People
from usage_tui.models import Credits

USES = st.lists(
    st.tuples(st.sampled_from(["maria", "sam", "", None]), st.integers(-(10**9), 10**12)), max_size=30
)


@given(USES, st.integers(-(10**9), 10**13))
def test_people_and_the_rest_add_up_to_the_total(uses: list[tuple[str | None, int]], total: int) -> None:
    people = People()
    people.add(replace(event(), actor=actor, credits=Credits(amount)) for actor, amount in uses)
    found = people.totals(total)
    assert sum(one.credits for one in found) == total
    assert [one.label for one in found].count(NOT_ATTRIBUTED) == 1
    assert found[-1].label == NOT_ATTRIBUTED
    amounts = [one.credits for one in found[:-1]]
    assert amounts == sorted(amounts, reverse=True)


def test_what_is_given_back_belongs_to_whoever_gave_it_back() -> None:
    people = People()
    people.add([event(actor="maria"), event(actor="maria", credits=Credits.parse("-50.125"))])
    people.add([event(actor="sam")])
    assert [(one.label, one.credits, one.quantity) for one in people.totals(60_000_000, 5)] == [
        ("sam", 50_125_000, 1),
        ("maria", 0, 2),
        (NOT_ATTRIBUTED, 9_875_000, 2),
    ]
