"""A walk through pages ends, whatever the source answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from usage_tui.clients import walk as module
from usage_tui.clients.base import InvalidReply
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.walk import walk
from usage_tui.models import Event, EventPage, EventQuery, SortKey

QUERY = EventQuery()


class Pages:
    """Answers with one page after the other, the last one for ever."""

    def __init__(self, *pages: EventPage) -> None:
        self._pages = iter(pages)
        self._last = pages[-1]
        self.asked = 0

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        self.asked += 1
        self._last = next(self._pages, self._last)
        return self._last

    def select(self, organization: str) -> None: ...

    async def aclose(self) -> None: ...


async def example() -> EventPage:
    return await open_demo().events(QUERY, limit=4)


def page(example: EventPage, *events: Event, cursor: str | None = "older") -> EventPage:
    return replace(example, items=events, page=replace(example.page, size=len(events), next=cursor))


async def seen(first: EventPage, pages: Pages) -> list[str]:
    return [event.id async for one in walk(pages, first, QUERY, 2) for event in one.items]


async def test_every_page_is_walked_once() -> None:
    one = await example()
    a, b, c, d = one.items
    pages = Pages(page(one, c, d, cursor=None))
    assert await seen(page(one, a, b), pages) == [a.id, b.id, c.id, d.id]
    assert pages.asked == 1


async def test_a_cursor_that_leads_to_itself_ends_the_walk() -> None:
    one = await example()
    a, b, c, _ = one.items
    earlier: Iterator[Event] = (
        replace(c, id=f"e{number}", occurred_at=c.occurred_at - timedelta(number)) for number in range(1, 9)
    )
    pages = Pages(*(page(one, event) for event in earlier))
    with pytest.raises(InvalidReply, match="lead back"):
        await seen(page(one, a, b), pages)
    assert pages.asked == 1


async def test_pages_that_stay_empty_end_the_walk() -> None:
    one = await example()
    pages = Pages(page(one, cursor="c1"), page(one, cursor="c2"))
    with pytest.raises(InvalidReply, match="no events"):
        await seen(page(one, *one.items[:2]), pages)
    assert pages.asked == 1


@pytest.mark.parametrize("order", [(0, 1, 1), (0, 1, 0), (1, 0), (0, 2, 1)])
async def test_events_that_come_again_or_out_of_order_end_the_walk(order: tuple[int, ...]) -> None:
    one = await example()
    first, *others = (one.items[number] for number in order)
    pages = Pages(*(page(one, event, cursor=f"c{number}") for number, event in enumerate(others)))
    with pytest.raises(InvalidReply, match="second time, or not newest first"):
        await seen(page(one, first), pages)


async def test_other_events_of_the_same_instant_are_no_fault() -> None:
    one = await example()
    event = one.items[0]
    twin = replace(event, id="twin")
    assert await seen(page(one, event), Pages(page(one, twin, cursor=None))) == [event.id, "twin"]


async def test_events_of_one_instant_without_end_end_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_AT_ONCE", 5)
    one = await example()
    first = one.items[0]
    pages = Pages(*(page(one, replace(first, id=f"twin {n}"), cursor=f"c{n}") for n in range(9)))
    with pytest.raises(InvalidReply, match="More than 5 events have the same time"):
        await seen(page(one, first), pages)
    assert pages.asked == 5


async def searched(first: EventPage, pages: Pages, query: EventQuery) -> list[str]:
    return [event.id async for one in walk(pages, first, query, 2) for event in one.items]


async def test_a_search_may_have_pages_without_events() -> None:
    one = await example()
    a, b, *_ = one.items
    pages = Pages(page(one, cursor="2"), page(one, cursor="3"), page(one, b, cursor=None))
    assert await searched(page(one, a, cursor="1"), pages, EventQuery(text="x")) == [a.id, b.id]


async def test_a_search_that_finds_nothing_for_ever_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_EMPTY", 3)
    one = await example()
    pages = Pages(*(page(one, cursor=str(number)) for number in range(9)))
    with pytest.raises(InvalidReply, match="no events"):
        await searched(page(one, cursor="x"), pages, EventQuery(text="x"))
    assert pages.asked == 3


@pytest.mark.parametrize("ascending", [False, True])
async def test_a_walk_by_amount_stays_in_order(ascending: bool) -> None:
    query = EventQuery(sort=SortKey.CREDITS, ascending=ascending)
    one = await open_demo().events(query, limit=4)
    a, b, c, d = one.items
    assert await searched(page(one, a, b), Pages(page(one, c, d, cursor=None)), query) == [
        a.id,
        b.id,
        c.id,
        d.id,
    ]
    with pytest.raises(InvalidReply, match="not in order"):
        await searched(page(one, c, d), Pages(page(one, a, b, cursor=None)), query)
