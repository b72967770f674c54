"""A query's conditions decide event by event, and its order is the same everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from usage_tui.models import Choice, Credits, Event, EventQuery, Name, SortKey, Totals

AT = datetime(2026, 11, 12, 9, tzinfo=UTC)
EVENT = Event(
    id="e1",
    occurred_at=AT,
    kind="ai_tool",
    source_id="tool_contract",
    label="Contract review",
    activity="run",
    credits=Credits.parse("5"),
    actor="maria@acme.example",
)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "query",
    [
        EventQuery(),
        EventQuery(kind="ai_tool", source_id="tool_contract", text="CONTRACT"),
        EventQuery(kinds=Choice(("workflow", "ai_tool"))),
        EventQuery(kinds=Choice(none_of=("workflow",))),
        EventQuery(sources=Choice((Name("review"),))),
        EventQuery(sources=Choice((Name("tool_"),))),
        EventQuery(sources=Choice((Name("contract REVIEW", whole=True),))),
        EventQuery(sources=Choice((Name("digest"), Name("tool_contract", whole=True)))),
        EventQuery(actors=Choice((Name("Maria"),), (Name("tom"),))),
        EventQuery(activities=Choice(("run",), ("reversal",))),
        EventQuery(starts_at=AT, ends_at=AT + HOUR),
        EventQuery(least=Credits.parse("5"), most=Credits.parse("5")),
        EventQuery(words=("contract", "maria"), without_words=("tom",)),
    ],
)
def test_an_event_matches(query: EventQuery) -> None:
    assert query.matches(EVENT)


@pytest.mark.parametrize(
    "query",
    [
        EventQuery(kind="workflow"),
        EventQuery(kind="ai_tool", source_id="TOOL_CONTRACT"),
        EventQuery(kinds=Choice(("ai_tool",), ("ai_tool",))),
        EventQuery(sources=Choice((Name("maria"),))),
        EventQuery(sources=Choice((Name("Contract", whole=True),))),
        EventQuery(sources=Choice(none_of=(Name("contract"),))),
        EventQuery(actors=Choice((Name("contract"),))),
        EventQuery(activities=Choice(none_of=("run",))),
        EventQuery(starts_at=AT + HOUR),
        EventQuery(ends_at=AT),
        EventQuery(least=Credits.parse("5.000001")),
        EventQuery(most=Credits.parse("4.999999")),
        EventQuery(words=("contract", "tom")),
        EventQuery(without_words=("maria",)),
    ],
)
def test_an_event_does_not_match(query: EventQuery) -> None:
    assert not query.matches(EVENT)


def test_an_event_of_nobody_has_no_name() -> None:
    nobody = replace(EVENT, actor=None)
    assert not EventQuery(actors=Choice((Name("maria"),))).matches(nobody)
    assert EventQuery(actors=Choice(none_of=(Name("maria"),))).matches(nobody)


def test_a_query_of_one_value_says_it_in_short() -> None:
    query = EventQuery(kind="ai_tool", source_id="tool_contract", text="maria")
    assert (query.kind, query.source_id, query.text) == ("ai_tool", "tool_contract", "maria")
    assert replace(query, kinds=Choice()) == EventQuery(source_id="tool_contract", text="maria")
    several = EventQuery(kinds=Choice(("a", "b")), source_ids=Choice(none_of=("x",)), words=("a", "b"))
    assert (several.kind, several.source_id, several.text) == (None, None, None)


def test_a_sorted_query_has_the_same_conditions() -> None:
    query = EventQuery(kind="ai_tool", sort=SortKey.CREDITS, ascending=True)
    assert query.conditions == EventQuery(kind="ai_tool")
    assert EventQuery(sort=SortKey.CREDITS).conditions == EventQuery()


def test_equal_amounts_are_in_order_of_time() -> None:
    amounts = ("1", "3", "1", "-2")
    newest_first = [
        replace(EVENT, id=f"e{number}", occurred_at=AT - number * HOUR, credits=Credits.parse(amount))
        for number, amount in enumerate(amounts)
    ]

    def order(**sorting: object) -> str:
        return "".join(event.id[1] for event in EventQuery(**sorting).select(newest_first))  # type: ignore[arg-type]

    assert order() == "0123"
    assert order(ascending=True) == "3210"
    assert order(sort=SortKey.CREDITS) == "1023"
    assert order(sort=SortKey.CREDITS, ascending=True) == "3201"


def test_totals_are_exact() -> None:
    events = [replace(EVENT, credits=Credits.parse(amount)) for amount in ("0.1", "0.2", "-0.3", "5")]
    assert Totals.of(events) == Totals(events=4, credits=Credits.parse("5"))
    assert Totals.of([]) == Totals(events=0, credits=Credits.ZERO)
