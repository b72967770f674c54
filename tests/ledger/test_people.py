"""Who used what: every amount belongs to a person or to the rest, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.cards.states import event
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.people import NOT_ATTRIBUTED, PeopleRollup
from usage_tui.models import Credits, Event, Ranking

USES = st.lists(
    st.tuples(st.sampled_from(["maria", "sam", "lin", "", None]), st.integers(-(10**9), 10**12)), max_size=30
)


def ranked(events: list[Event], limit: int | None = None) -> Ranking:
    at = event().occurred_at
    calendar = Calendar("UTC")
    span = calendar.span(calendar.date_of(at), calendar.date_of(at), at)
    assert span is not None
    rollup = PeopleRollup(span, calendar)
    for one in events:
        rollup.add(one)
    return rollup.ranking(as_of=at, revision=1, limit=limit)


@given(USES, st.sampled_from([None, 1, 2]))
def test_people_and_the_rest_add_up_to_the_total(
    uses: list[tuple[str | None, int]], limit: int | None
) -> None:
    found = ranked([replace(event(), actor=actor, credits=Credits(amount)) for actor, amount in uses], limit)
    *people, rest = found.items
    other = found.other.credits if found.other else Credits.ZERO
    assert found.total.micro == sum(amount for _, amount in uses)
    assert Credits.total([*(one.credits for one in found.items), other]) == found.total
    assert (rest.label, rest.source_id) == (NOT_ATTRIBUTED, "")
    assert rest.credits.micro == sum(amount for actor, amount in uses if not actor)
    assert [one.rank for one in found.items] == [*range(1, len(people) + 2)]
    amounts = [one.credits for one in people]
    assert amounts == sorted(amounts, reverse=True)


def test_what_is_given_back_belongs_to_whoever_gave_it_back() -> None:
    back = event(actor="maria", credits=Credits.parse("-50.125"))
    found = ranked([event(actor="maria"), back, event(actor="sam"), event(actor=None)])
    assert [(one.label, str(one.credits), one.count) for one in found.items] == [
        ("sam", "50.125", 1),
        ("maria", "0", 2),
        (NOT_ATTRIBUTED, "50.125", 1),
    ]
