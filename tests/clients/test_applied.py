"""A service that ignores a condition is noticed, and refused in one sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests import replies
from tests.clients.transport.service import Service, client_of
from usage_tui.clients.base import CannotFilter
from usage_tui.models import Choice, Credits, EventQuery, Name, SortKey

FIVE = Credits.parse("5")
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (EventQuery(least=FIVE), "cannot filter by amount."),
        (EventQuery(most=FIVE), "cannot filter by amount."),
        (EventQuery(actors=Choice((Name("maria", whole=True),))), "cannot filter by actor."),
        (EventQuery(sources=Choice(none_of=(Name("x"),))), "cannot filter by the name of the source."),
        (EventQuery(activities=Choice(("run",))), "cannot filter by type."),
        (EventQuery(kinds=Choice(("a", "b"))), "cannot filter by 2 categories."),
        (EventQuery(source_ids=Choice(none_of=("a",))), "cannot leave out sources."),
        (EventQuery(words=("a", "b")), "cannot filter by 2 words."),
        (EventQuery(without_words=("a",)), "cannot leave out words."),
        (EventQuery(sort=SortKey.CREDITS), "cannot sort events."),
        (EventQuery(ascending=True), "cannot sort events."),
    ],
)
async def test_an_older_service_is_not_taken_for_one_that_filters(query: EventQuery, message: str) -> None:
    client = client_of(Service())
    with pytest.raises(CannotFilter) as caught:
        await client.events(query, limit=10)
    assert caught.value.message == f"{client.origin} {message}"


@pytest.mark.parametrize(
    "query",
    [EventQuery(), EventQuery(kind="a", source_id="b", text="c", starts_at=AT, ends_at=AT)],
)
async def test_what_every_service_knows_needs_no_confirmation(query: EventQuery) -> None:
    await client_of(Service()).events(query, limit=10)


async def test_parameters_are_repeated_and_confirmed() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        asked: list[tuple[str, Any]] = request.url.params.multi_items()
        assert asked == [
            ("limit", "10"),
            ("kind", "a"),
            ("kind", "b"),
            ("not_source", "x"),
            ("actor_name", "maria"),
            ("min_credits", "5"),
            ("q", "one"),
            ("q", "two"),
            ("sort", "credits"),
            ("order", "asc"),
        ]
        return httpx.Response(200, json={**replies.EVENTS, "applied": sorted({name for name, _ in asked})})

    query = EventQuery(
        kinds=Choice(("a", "b")),
        sources=Choice(none_of=(Name("x"),)),
        actors=Choice((Name("maria", whole=True),)),
        least=FIVE,
        words=("one", "two"),
        sort=SortKey.CREDITS,
        ascending=True,
    )
    assert (await client_of(answer).events(query, limit=10)).items
