"""A client without names: every method of the protocol is covered, and every field with text is decided."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.clients.base import (
    CannotFilter,
    ClientError,
    InvalidRecording,
    InvalidReply,
    NotOffered,
    RateLimited,
    Unauthenticated,
    Unreachable,
    UsageClient,
    Withheld,
)
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.recording.redaction import LEFT_OUT, PERSON, PSEUDONYMS, SOURCE, Redaction
from usage_tui.clients.redacted import RedactedClient, redacted_error
from usage_tui.clients.redacted_query import as_meant, redacted_query
from usage_tui.models import Choice, EventQuery, Name
from usage_tui.state.redacted import PSEUDONYMS as OF_STATES
from usage_tui.state.usage import UsageState

NAMELESS = {
    "Allocation": {"bucket", "grant_id"},
    "DailyUsage": {"time_zone"},
    "Day": {"by_kind"},
    "Event": {"activity", "id", "kind", "parent_id", "reverses", "status"},
    "EventPage": {"applied"},
    "Expiry": {"grant_id"},
    "Grant": {"bucket", "id", "origin", "status"},
    "IncludedProgress": {"kind"},
    "Me": {"scopes"},
    "Membership": {"role", "time_zone"},
    "Meter": {"id", "label", "unit"},
    "Organization": {"time_zone"},
    "Page": {"here", "last", "next", "prev"},
    "Period": {"id"},
    "PeriodReference": {"id"},
    "SourceChange": {"kind"},
    "SourceDays": {"time_zone"},
    "SourceSeries": {"kind"},
    "SourceUsage": {"count_unit", "kind"},
    "Subscription": {"cadence", "plan", "status"},
    "Summary": {"entered", "state"},
    "Unit": {"code"},
}
"""Fields of text that name nobody: codes, times, zones, plans, and ids of what is no person and no tool."""

BY_HAND = {
    "EventQuery": {"activities", "kinds", "source_ids", "without_words", "words"},
    "Name": {"text"},
    "Remote": {"reason"},
    "UsageState": {"earlier", "looked_at", "origin"},
    "Links": {"auto_recharge", "buy_credits"},
    "Notice": {"code", "text"},
}
"""Fields that `Redacted` and `redacted_query` replace, or that are left out with what holds them."""


def methods(protocol: type) -> set[str]:
    return {name for base in protocol.__mro__ for name in vars(base) if not name.startswith("_")}


def test_every_method_of_a_client_is_its_own() -> None:
    """Nothing is passed on unseen: a new method fails here until it is covered."""
    own = methods(RedactedClient) | set(vars(RedactedClient(open_demo("acme"), Redaction(), "demo")))
    assert methods(UsageClient) - {"mro"} <= own


def text_fields(kind: Any, seen: set[Any]) -> Iterator[tuple[type, str]]:
    """Every field that can hold text, of all types that a value of this type can hold."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    for argument in (origin, *arguments):
        if argument is not None:
            yield from text_fields(argument, seen)
    if not (isinstance(kind, type) and is_dataclass(kind)) or kind in seen:
        return
    seen.add(kind)
    hints = typing.get_type_hints(kind, vars(inspect.getmodule(kind)))
    for field in fields(kind):
        if holds_text(hints[field.name]):
            yield kind, field.name
        yield from text_fields(hints[field.name], seen)


def holds_text(hint: Any) -> bool:
    return hint is str or any(holds_text(one) for one in typing.get_args(hint))


def test_every_field_with_text_is_replaced_left_out_or_known_to_name_nobody() -> None:
    """A new field with text fails here until somebody decides."""
    decided = {
        (kind, name) for known in (PSEUDONYMS, LEFT_OUT, OF_STATES) for kind in known for name in known[kind]
    }
    found = set(text_fields(UsageState, set()))
    left = {(kind.__name__, name) for kind, name in found - decided}
    assert left == {(kind, name) for kinds in (NAMELESS, BY_HAND) for kind in kinds for name in kinds[kind]}


async def test_replies_and_queries_go_through_the_same_names() -> None:
    redaction = Redaction()
    client = RedactedClient(open_demo("acme"), redaction, "demo")
    ranking, (summary, me) = await client.sources(), (await client.summary(), await client.me())
    assert (summary.org.name, me.organizations[0].name) == ("Organization 1", "Organization 1")
    assert [item.label for item in ranking.items[:3]] == ["Agent chat", "Source 1", "Source 2"]
    first = ranking.items[1]
    for query in (
        EventQuery(source_id=first.source_id),
        EventQuery(sources=Choice((Name("source 1", whole=True),))),
        EventQuery(text="Source 1"),
    ):
        page = await client.events(query, limit=200)
        assert {event.label for event in page.items} == {"Source 1"}
        assert sum(event.credits.micro for event in page.items) >= first.credits.micro
    with pytest.raises(CannotFilter, match="Contract"):
        await client.events(EventQuery(text="Contract"), limit=1)


@pytest.mark.parametrize(
    "kind", [Unreachable, Withheld, NotOffered, Unauthenticated, RateLimited, InvalidRecording]
)
async def test_a_failure_says_no_name(kind: type[ClientError]) -> None:
    told = redacted_error(kind("acme.example said: Maria.", advice="usage-tui login acme", retry_after=3))
    assert not {"acme", "Maria"} & set(re.findall(r"\w+", told.full_text))
    assert told.retry_after == 3
    assert isinstance(told, InvalidReply if kind is InvalidRecording else kind)


NAMES = st.builds(Name, st.sampled_from(["Ada", "ada", "bot", "Source 1", "Person 2"]), st.booleans())
QUERIES = st.builds(
    EventQuery,
    source_ids=st.builds(Choice, st.lists(st.sampled_from(["src_1", "source_2"]), max_size=2).map(tuple)),
    sources=st.builds(Choice, st.lists(NAMES, max_size=2).map(tuple), st.lists(NAMES, max_size=2).map(tuple)),
    actors=st.builds(Choice, st.lists(NAMES, max_size=2).map(tuple)),
    words=st.lists(st.sampled_from(["ada", "Source 1", "x y"]), max_size=2).map(tuple),
    without_words=st.lists(st.sampled_from(["ada", "bot"]), max_size=1).map(tuple),
)


@given(QUERIES)
def test_a_query_that_was_hidden_is_found_again(query: EventQuery) -> None:
    """Even where a real name reads like a pseudonym, and whatever was typed before names were hidden."""
    redaction = Redaction()
    for label in ("Source 1", "Ada", "Source 2"):
        redaction.pseudonym(SOURCE, label)
    redaction.pseudonym(PERSON, "Ada")
    hidden = redacted_query(query, redaction)
    again = as_meant(hidden, redaction)
    assert redacted_query(again, redaction) == hidden
    assert fold(again) == fold(query)
    assert "ada" not in repr(hidden).casefold()


def fold(query: EventQuery) -> EventQuery:
    """Names are the same in upper and lower case."""

    def folded(choice: Choice[Name]) -> Choice[Name]:
        fold_name = [
            [replace(name, text=name.text.casefold()) for name in names]
            for names in (choice.any_of, choice.none_of)
        ]
        return Choice(tuple(fold_name[0]), tuple(fold_name[1]))

    return replace(query, sources=folded(query.sources), actors=folded(query.actors))
