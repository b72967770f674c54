"""A query is written as the filter that means it, and read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.filtering.known import KNOWN, NOVEMBER
from tests.filtering.test_reading import PIECES
from usage_tui.filtering import InvalidFilter, read_filter, write_filter
from usage_tui.models import Choice, Credits, EventQuery, Name, clean

T = TypeVar("T")

FIRST = datetime(2010, 1, 1, tzinfo=UTC)
VALUES = st.text(min_size=1, max_size=12).map(clean).filter(bool) | st.sampled_from(
    ["a b", "=x", "-x", 'say "hi"', "back\\slash", "key:value", "AI Tools", "ai_tool", "REVERSAL", "\u00a0"]
)
NAMES = st.builds(Name, VALUES, st.booleans())
INSTANTS = st.integers(0, 10**15).map(lambda number: FIRST + timedelta(microseconds=number))
DAYS = st.integers(0, 10**4).map(lambda number: KNOWN.calendar.bounds(FIRST.date() + timedelta(number))[0])
AMOUNTS = st.integers(-(2**63), 2**63 - 1).map(Credits) | st.integers(-3, 3).map(Credits)


def choices(values: st.SearchStrategy[T]) -> st.SearchStrategy[Choice[T]]:
    few = st.lists(values, max_size=3, unique=True).map(tuple)
    return st.builds(Choice, few, few)


@st.composite
def queries(draw: st.DrawFn) -> EventQuery:
    starts_at, ends_at = draw(st.none() | INSTANTS | DAYS), draw(st.none() | INSTANTS | DAYS)
    if starts_at and ends_at and ends_at <= starts_at:
        ends_at = None
    bounds = draw(st.tuples(st.none() | AMOUNTS, st.none() | AMOUNTS))
    least, most = sorted(bounds) if None not in bounds else bounds  # type: ignore[type-var]
    words = st.lists(VALUES, max_size=3, unique=True).map(tuple)
    return EventQuery(
        kinds=draw(choices(VALUES)),
        source_ids=draw(choices(VALUES)),
        sources=draw(choices(NAMES)),
        actors=draw(choices(NAMES)),
        activities=draw(choices(VALUES)),
        starts_at=starts_at,
        ends_at=ends_at,
        least=least,
        most=most,
        words=draw(words),
        without_words=draw(words),
    )


@given(queries())
def test_what_is_written_is_read_back(query: EventQuery) -> None:
    text = write_filter(query, KNOWN)
    assert read_filter(text, KNOWN) == query


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_filter_that_was_typed_is_written_once_for_all(text: str) -> None:
    try:
        query = read_filter(text, KNOWN)
    except InvalidFilter:
        return
    written = write_filter(query, KNOWN)
    assert read_filter(written, KNOWN) == query
    assert write_filter(read_filter(written, KNOWN), KNOWN) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("credits:>5  source:contract", "source:contract credits:>5"),
        ("credits:>=5", "credits:>=5"),
        ("credits:<-0.5", "credits:<-0.5"),
        ("credits:<=10", "credits:<=10"),
        ("credits:5..5", "credits:5"),
        ("kind:workflows", "kind:workflow"),
        ("on:monday", "on:2026-11-16"),
        ("on:7d", "from:2026-11-16 to:2026-11-22"),
        ("on:last-period", "from:2026-10-01 to:2026-10-31"),
        ("from:7d", "from:2026-11-16"),
        ("to:2026-11-10T04:00:00Z", "to:2026-11-10T04:00:00Z"),
        ('-source:="Contract review" maria', 'maria -source:="Contract review"'),
    ],
)
def test_the_canonical_form(text: str, written: str) -> None:
    assert write_filter(read_filter(text, KNOWN), KNOWN) == written


def test_what_was_clicked_is_written_too() -> None:
    query = EventQuery(kind="ai_tool", source_id="tool_contract", starts_at=NOVEMBER.starts_at)
    assert write_filter(query, KNOWN) == "source_id:tool_contract kind:ai_tool from:2026-11-01"
    assert write_filter(replace(query, ascending=True), KNOWN) == write_filter(query, KNOWN)
