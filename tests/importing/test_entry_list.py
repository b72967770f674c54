"""Packed entries are the same entries, in a fraction of the memory."""

from __future__ import annotations

import tracemalloc
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from usage_tui.importing.amounts import exact
from usage_tui.importing.entry_list import Entry, EntryList, Words
from usage_tui.ledger.ledger import Use
from usage_tui.models import Credits

LARGEST = 2**63 - 1
moments = st.datetimes(timezones=st.just(UTC))
few_moments = st.integers(0, 3).map(lambda day: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day))
micros = st.integers(-LARGEST, LARGEST) | st.integers(-3, 3)
finer = (st.decimals("-5", "5", places=11) | st.decimals("-999999", "999999", places=30)).filter(
    lambda amount: isinstance(exact(amount), Decimal)
)
texts = st.sampled_from(["a", "b", "ü"])


@st.composite
def entries(draw: st.DrawFn, at: st.SearchStrategy[datetime] = moments, *, whole: bool = False) -> Entry:
    fine = None if whole else draw(st.none() | finer)
    paid = Credits.ZERO if fine is not None else Credits(draw(micros))
    use = Use(
        draw(st.text(min_size=1, max_size=3)),
        draw(at),
        draw(texts),
        draw(texts),
        draw(texts),
        draw(texts),
        paid,
        draw(st.integers(0, LARGEST)),
        draw(st.none() | texts),
        draw(st.none() | texts),
    )
    return Entry(
        draw(st.integers(1, 2**40)),
        use,
        draw(st.none() | texts),
        fine,
        draw(st.none() | moments),
        draw(st.booleans()),
        draw(texts),
    )


def digits(entry: Entry) -> tuple[Entry, str]:
    """An entry with what its amount is written as, for 0.10 equals 0.1."""
    return entry, str(entry.exact)


@given(st.lists(entries()), st.randoms())
def test_what_is_packed_is_the_same_when_it_is_looked_at(given_: list[Entry], random: Random) -> None:
    packed = EntryList(given_)
    assert len(packed) == len(given_)
    assert list(map(digits, packed)) == list(map(digits, given_))
    assert [packed[index] for index in range(-len(given_), len(given_))] == given_ * 2
    assert [packed.amount(index) for index in range(len(given_))] == [entry.amount for entry in given_]
    assert packed.is_fine == any(entry.exact is not None for entry in given_)
    assert packed.reversed_ids == {entry.reverses for entry in given_ if entry.reverses is not None}
    again = EntryList()
    for row in reversed([*packed.newest_first()]):
        again.add(*row)
    assert list(again) == given_
    order = random.sample(range(len(given_)), len(given_) // 2)
    assert list(packed.select(order)) == [given_[index] for index in order]
    assert list(packed[1:3]) == given_[1:3]


@given(st.lists(entries(), min_size=1), entries(), st.integers(-LARGEST, LARGEST), st.data())
def test_an_entry_and_an_amount_can_be_replaced(
    given_: list[Entry], other: Entry, micro: int, data: st.DataObject
) -> None:
    packed = EntryList(given_)
    index = data.draw(st.integers(0, len(given_) - 1))
    packed.put(index, other)
    expected = [*given_[:index], other, *given_[index + 1 :]]
    assert list(packed) == expected
    packed.put_micro(index, micro)
    assert packed[index] == other._replace(use=other.use._replace(credits=Credits(micro)), exact=None)


@given(st.lists(entries(few_moments)))
def test_they_are_put_in_order_of_time_then_of_id_with_what_gives_back_last(given_: list[Entry]) -> None:
    expected = sorted(given_, key=lambda one: (one.use.occurred_at, one.amount < 0, one.use.id))
    assert list(EntryList(given_).in_order()) == expected


@given(st.lists(entries(few_moments, whole=True), max_size=30))
def test_sums_are_those_of_the_entries(given_: list[Entry]) -> None:
    packed = EntryList(given_).in_order()
    for day in range(4):
        starts_at = datetime(2026, 11, 1 + day, tzinfo=UTC)
        found: defaultdict[tuple[str, str], int] = defaultdict(int)
        events = 0
        for one in packed.sums(starts_at, starts_at + timedelta(days=1)):
            found[one.total.kind, one.total.source_id] += one.total.credits
            events += one.events
            assert one.labeled_at in (None, starts_at)
        expected: defaultdict[tuple[str, str], int] = defaultdict(int)
        there = [entry for entry in given_ if entry.use.occurred_at == starts_at]
        for entry in there:
            expected[entry.use.kind, entry.use.source_id] += entry.use.credits.micro
        assert (found, events) == (expected, len(there))


def test_what_only_gives_back_does_not_name_its_source() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    uses = [
        Use("a", at, "k", "s", "new name", "adjustment", Credits(-1), 0),
        Use("b", at, "k", "s", "name", "run", Credits(5)),
    ]
    packed = EntryList(Entry(1, use, None) for use in uses).in_order()
    named = {one.total.label: one.labeled_at for one in packed.sums(at, at + timedelta(days=1))}
    assert named == {"new name": None, "name": at}


def test_a_row_takes_few_bytes() -> None:
    count, at = 20_000, datetime(2026, 11, 1, tzinfo=UTC)
    words = Words("ai_tool", "tool_1", "Contract review", "run", "ana@acme.example", True, "costs.csv")
    tracemalloc.start()
    try:
        packed = EntryList()
        for number in range(count):
            event_id = f"row_{number:024}"
            packed.add(number, event_id, at + timedelta(seconds=number), None, words, number, 1, None, None)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / count < 170
