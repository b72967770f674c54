"""Pages that are there before they are asked for: which ones, how many, and when they are forgotten."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from usage_tui.clients.base import ClientError, NotFound, Unauthenticated, Unreachable, Withheld
from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.clients.read_ahead import ReadAhead
from usage_tui.models import EventPage, EventQuery

ANY = EventQuery()
CHAT = EventQuery(kind="agent_chat")


class Distant(DemoClient):
    """Acme, whose answers are on their way until they are let through.

    Attributes:
        asked: The cursors asked for, in order; None for the first page.
        cancelled: Those that nobody waited for any more.
        failure: What is answered in the place of a page.
        newer: How many events have come since the first page.
        most: How many of a page's events it finds; None for all.
    """

    def __init__(self) -> None:
        super().__init__(acme())
        self.asked: list[str | None] = []
        self.cancelled: list[str | None] = []
        self.failure: ClientError | None = None
        self.newer = 0
        self.most: int | None = None
        self.closed = False
        self.open = asyncio.Event()
        self.open.set()

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        self.asked.append(cursor)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(cursor)
            raise
        if self.failure is not None:
            raise self.failure
        page = await super().events(query, cursor=cursor, limit=limit)
        return replace(page, items=page.items[: self.most], newer=self.newer)

    async def aclose(self) -> None:
        self.closed = True


class Reader:
    """Somebody who turns the pages."""

    def __init__(self, limit: int = 10) -> None:
        self.client = Distant()
        self.pages = ReadAhead(self.client)
        self.limit = limit

    async def turn(self, cursor: str | None = None, query: EventQuery = ANY) -> EventPage:
        page = await self.pages.events(query, cursor=cursor, limit=self.limit)
        await idle()
        return page


async def idle() -> None:
    """Let everything that can go on do so."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_next_page_is_fetched_while_one_is_looked_at_and_then_comes_from_memory() -> None:
    reader = Reader()
    first = await reader.turn()
    assert reader.client.asked == [None, first.page.next]
    reader.client.open.clear()  # nothing comes through any more
    second = await reader.turn(first.page.next)
    expected = await DemoClient(acme()).events(ANY, cursor=first.page.next, limit=10)
    assert second == expected


async def test_previous_comes_from_memory_back_to_the_first_page_and_forth_again() -> None:
    reader = Reader()
    walked = [await reader.turn()]
    for _ in range(5):
        walked.append(await reader.turn(walked[-1].page.next))
    asked = list(reader.client.asked)
    page = walked[-1]
    for earlier in walked[-2::-1]:
        page = await reader.turn(page.page.prev)
        assert page == earlier
    for later in walked[1:]:
        page = await reader.turn(page.page.next)
        assert page == later
    # The way back stopped the page after the last one only if it was still on its way: it had come.
    assert reader.client.asked == asked


async def test_a_page_on_its_way_is_awaited_and_not_asked_for_twice() -> None:
    reader = Reader()
    first = await reader.turn()
    second = await reader.turn(first.page.next)
    reader.client.open.clear()
    await reader.turn(second.page.next)
    asked = list(reader.client.asked)
    turning = asyncio.create_task(reader.turn(reader.client.asked[-1]))
    await idle()
    assert not turning.done()
    reader.client.open.set()
    page = await turning
    assert page.items[0] == acme().events[30]
    assert reader.client.asked == [*asked, page.page.next]


async def test_who_moves_on_before_it_has_come_leaves_the_page_on_its_way() -> None:
    reader = Reader()
    reader.client.open.clear()
    reader.client.open.set()
    first = await reader.turn()
    second = await reader.turn(first.page.next)
    reader.client.open.clear()
    third = await reader.turn(second.page.next)
    impatient = asyncio.create_task(reader.turn(third.page.next))
    await idle()
    impatient.cancel()
    with suppress(asyncio.CancelledError):
        await impatient
    reader.client.open.set()
    assert (await reader.turn(third.page.next)).items[0] == acme().events[30]
    assert reader.client.asked.count(third.page.next) == 1


@pytest.mark.parametrize("elsewhere", ["the first page", "another filter", "another size"])
async def test_who_goes_elsewhere_stops_what_was_on_its_way(elsewhere: str) -> None:
    reader = Reader()
    first = await reader.turn()
    reader.client.open.clear()
    second = await reader.turn(first.page.next)
    on_its_way = second.page.next
    if elsewhere == "another size":
        reader.limit = 20
    query = CHAT if elsewhere == "another filter" else ANY
    going = asyncio.create_task(reader.turn(second.page.here if reader.limit == 20 else None, query))
    await idle()
    assert reader.client.cancelled == [on_its_way]
    reader.client.open.set()
    await going


@pytest.mark.parametrize("same", ["the first page", "the page on the screen"])
async def test_the_first_page_and_the_one_on_the_screen_are_always_asked_for_anew(same: str) -> None:
    reader = Reader()
    page = await reader.turn()
    page = await reader.turn(page.page.next)
    cursor = None if same == "the first page" else page.page.here
    for _ in range(3):
        asked = len(reader.client.asked)
        await reader.turn(cursor)
        assert reader.client.asked[asked:][:1] == [cursor]


async def test_what_was_seen_before_a_page_was_asked_for_anew_is_not_shown_again() -> None:
    reader = Reader()
    first = await reader.turn()
    second = await reader.turn(first.page.next)
    second = await reader.turn(second.page.here)
    asked = len(reader.client.asked)
    await reader.turn(second.page.prev)
    assert second.page.prev in reader.client.asked[asked:]


async def test_a_page_that_was_not_full_is_not_taken_for_the_one_before() -> None:
    """Where a search found few, the way back may find others."""
    reader = Reader()
    reader.client.most = 4
    first = await reader.turn()
    second = await reader.turn(first.page.next)
    reader.client.most = None
    await reader.turn(second.page.prev)
    assert second.page.prev in reader.client.asked


async def test_a_page_of_another_size_is_no_neighbor() -> None:
    reader = Reader()
    first = await reader.turn()
    second = await reader.turn(first.page.next)
    reader.limit = 7
    page = await reader.turn(second.page.prev)
    assert len(page.items) == 7


async def test_a_failure_ahead_is_silent_and_told_when_the_page_is_asked_for() -> None:
    reader = Reader()
    first = await reader.turn()
    second = await reader.turn(first.page.next)
    reader.client.failure = Unreachable("The line is cut.")
    third = await reader.turn(second.page.next)
    with pytest.raises(Unreachable, match="The line is cut"):
        await reader.turn(third.page.next)
    assert await reader.turn(third.page.prev) == second  # what is there stays
    reader.client.failure = None
    third = await reader.turn(second.page.next)
    assert (await reader.turn(third.page.next)).items[0] == acme().events[30]


@pytest.mark.parametrize("error", [Withheld("No."), Unauthenticated("No."), NotFound("No.")])
async def test_with_the_right_to_look_the_memory_is_lost(error: ClientError) -> None:
    reader = Reader()
    first = await reader.turn()
    second = await reader.turn(first.page.next)
    reader.client.failure = error
    third = await reader.turn(second.page.next)  # the refusal comes for the page after it
    for cursor in (third.page.prev, third.page.next, None):
        with pytest.raises(type(error)):
            await reader.turn(cursor)


async def test_how_many_are_newer_is_told_by_the_latest_answer() -> None:
    reader = Reader()
    first = await reader.turn()
    second = await reader.turn(first.page.next)
    assert second.newer == 0
    reader.client.newer = 12
    third = await reader.turn(second.page.next)
    assert third.newer == 0  # it was fetched before they came
    assert (await reader.turn(third.page.prev)).newer == 12


async def test_the_memory_is_bounded_however_far_one_walks() -> None:
    reader = Reader(limit=3)
    page = await reader.turn()
    back = 0
    for _ in range(100):
        page = await reader.turn(page.page.next)
    asked = len(reader.client.asked)
    while len(reader.client.asked) == asked:
        page = await reader.turn(page.page.prev)
        back += 1
    assert 4 <= back <= 16
    assert len(reader.pages._kept) <= 16


async def test_at_the_end_nothing_is_fetched_ahead() -> None:
    reader = Reader(limit=400)
    page = await reader.turn()
    last = await reader.turn(page.page.next)
    assert last.page.next is None
    assert reader.client.asked == [None, page.page.next]


async def test_closing_gives_up_what_is_on_its_way_and_closes_the_client() -> None:
    reader = Reader()
    first = await reader.turn()
    reader.client.open.clear()
    second = await reader.turn(first.page.next)
    await reader.pages.aclose()
    await idle()
    assert reader.client.cancelled == [second.page.next]
    assert reader.client.closed
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_another_organization_has_other_pages() -> None:
    reader = Reader()
    first = await reader.turn()
    reader.client.open.clear()
    late = asyncio.create_task(reader.turn())
    await idle()
    reader.pages.select("acme")  # the demo's only one, with the very same cursors
    reader.client.open.set()
    await late
    assert reader.client.asked == [None, first.page.next, None]
    await reader.turn(first.page.next)
    assert reader.client.asked[3] == first.page.next
