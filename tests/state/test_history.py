"""Walking through the history: which turns there are, and how many events lie before the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage_tui.clients.demo.client import DemoClient, open_demo
from usage_tui.models import Credits, Event, EventPage, EventQuery, Page
from usage_tui.state.history import Turn, cursor, first_row, possible

AT = datetime(2026, 11, 22, tzinfo=UTC)


def event(number: int) -> Event:
    return Event(
        id=f"evt_{number}",
        occurred_at=AT - timedelta(minutes=number),
        kind="agent_chat",
        source_id="chat",
        label="Agent chat",
        activity="message",
        quantity=1,
        credits=Credits(1),
    )


def page(first: int, rows: int, *, of: int, total_known: bool = True) -> EventPage:
    end = first + rows
    return EventPage(
        as_of=AT,
        revision=1,
        items=tuple(event(number) for number in range(first, end)),
        page=Page(
            size=rows,
            here=f"here {first}",
            next=f"next {end}" if end < of else None,
            prev=f"prev {first}" if first else None,
            last="last" if total_known else None,
            total=of if total_known else None,
        ),
    )


FIRST, MIDDLE, LAST = page(0, 10, of=30), page(10, 10, of=30), page(20, 10, of=30)


@pytest.mark.parametrize(
    ("shown", "turns"),
    [
        (None, set()),
        (page(0, 3, of=3), set()),
        (FIRST, {Turn.NEXT, Turn.LAST}),
        (MIDDLE, set(Turn) - {Turn.SAME}),
        (LAST, {Turn.PREVIOUS, Turn.FIRST}),
        (page(10, 10, of=30, total_known=False), set(Turn) - {Turn.SAME, Turn.LAST}),
    ],
)
def test_a_turn_is_possible_where_it_leads_to_another_page(shown: EventPage | None, turns: set[Turn]) -> None:
    assert {turn for turn in Turn if possible(turn, shown)} == turns


@pytest.mark.parametrize(
    ("turn", "asked"),
    [
        (Turn.FIRST, None),
        (Turn.PREVIOUS, "prev 10"),
        (Turn.SAME, "here 10"),
        (Turn.NEXT, "next 20"),
        (Turn.LAST, "last"),
    ],
)
def test_every_turn_has_its_cursor(turn: Turn, asked: str | None) -> None:
    assert cursor(turn, MIDDLE) == asked
    assert cursor(turn, None) is None


def test_the_last_page_starts_at_an_unknown_row_where_the_length_is_unknown() -> None:
    last = page(20, 10, of=30, total_known=False)
    assert first_row(Turn.LAST, 0, FIRST, last) is None
    assert first_row(Turn.PREVIOUS, None, last, page(10, 10, of=30, total_known=False)) is None
    assert first_row(Turn.PREVIOUS, None, MIDDLE, FIRST) == 0


@cache
def client() -> DemoClient:
    return open_demo("acme")


LIMITS = st.integers(1, 200)


@settings(max_examples=30)
@given(first=LIMITS, steps=st.lists(st.tuples(st.sampled_from(Turn), LIMITS), max_size=12))
async def test_the_first_row_is_right_on_any_walk_and_after_any_resize(
    first: int, steps: list[tuple[Turn, int]]
) -> None:
    everything = (await client().events(EventQuery(), limit=10**6)).items
    shown = await client().events(EventQuery(), limit=first)
    row = first_row(Turn.FIRST, None, None, shown)
    for turn, limit in steps:
        if not possible(turn, shown):
            continue
        new = await client().events(EventQuery(), cursor=cursor(turn, shown), limit=limit)
        row = first_row(turn, row, shown, new)
        shown = new
        assert row is not None
        assert shown.items == everything[row : row + len(shown.items)]
