"""Pages of events without a wait: the next one is fetched ahead, and those already seen are kept.

Over a network each page takes a round trip. So while one is on the screen, the next one is fetched in the
background, and the pages to either side that were seen before come from memory.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import NamedTuple

from usage_tui.clients.base import EventPages, NotFound, Unauthenticated, Withheld
from usage_tui.models import EventPage, EventQuery

_PLACES_KEPT = 16
"""Every page has two places: after the one before it, and before the one after it."""


class _Place(NamedTuple):
    """How a page is asked for."""

    query: EventQuery
    limit: int
    cursor: str | None
    organization: str | None


class _Fetching(NamedTuple):
    """A page on its way that nobody has asked for yet."""

    place: _Place
    task: asyncio.Task[EventPage]


class ReadAhead:
    """The pages of a client; Next and Previous mostly lead to one that is already there.

    Only these two are answered from memory. Any other page, such as the first one or the one on the screen,
    is asked for again, and paging continues from there.
    """

    def __init__(self, pages: EventPages) -> None:
        """Read ahead.

        Args:
            pages: Where pages come from; it is closed together with this.
        """
        self._pages = pages
        self._kept: dict[_Place, EventPage] = {}
        self._shown: tuple[_Place, EventPage] | None = None
        self._newer = 0
        self._organization: str | None = None
        self._fetching: _Fetching | None = None

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of events, newest first; the first page without a cursor.

        Raises:
            ClientError: The page is not in memory and could not be fetched.
        """
        place = _Place(query, limit, cursor, self._organization)
        turned = self._is_next_to_shown(place)
        page = self._kept.get(place) if turned else None
        if page is None:
            page = await self._awaited(place)
        if place.organization != self._organization:
            return page  # it is too late: another organization is shown
        if turned:
            self._keep(place, page)
            self._keep_the_way_back(place, page)
        else:
            self._kept.clear()
        # However long ago it was fetched, it is known by now how many events are newer.
        page = page if page.newer == self._newer else replace(page, newer=self._newer)
        self._shown = place, page
        self._fetch_next(place, page)
        return page

    def select(self, organization: str) -> None:
        """Another organization has other pages."""
        self._give_up()
        self._kept.clear()
        self._shown = None
        self._organization = organization
        self._pages.select(organization)

    async def aclose(self) -> None:
        """Cancel the request that is under way, and close the client."""
        self._give_up()
        await self._pages.aclose()

    def _is_next_to_shown(self, place: _Place) -> bool:
        if self._shown is None or place.cursor is None:
            return False
        shown_place, shown = self._shown
        beside = (shown.page.next, shown.page.prev)
        return place in [shown_place._replace(cursor=cursor) for cursor in beside]

    async def _awaited(self, place: _Place) -> EventPage:
        """The page that is asked for now; if it is being fetched already, it is not asked for again."""
        fetching = self._fetching
        if fetching is not None and fetching.place == place and not fetching.task.done():
            return await asyncio.shield(fetching.task)
        self._give_up()
        return await self._fetched(place)

    async def _fetched(self, place: _Place) -> EventPage:
        try:
            page = await self._pages.events(place.query, cursor=place.cursor, limit=place.limit)
        except (Withheld, Unauthenticated, NotFound):
            self._kept.clear()
            self._shown = None
            raise
        self._newer = page.newer
        return page

    def _fetch_next(self, place: _Place, page: EventPage) -> None:
        """Begin to fetch the page that Next leads to. An error shows when that page is asked for."""
        following = place._replace(cursor=page.page.next)
        if self._fetching is not None and self._fetching.place == following:
            return
        self._give_up()
        if following.cursor is not None and following not in self._kept:
            task = asyncio.create_task(self._fetch_ahead(following))
            task.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._fetching = _Fetching(following, task)

    async def _fetch_ahead(self, place: _Place) -> EventPage:
        page = await self._fetched(place)
        self._keep(place, page)
        return page

    def _give_up(self) -> None:
        if self._fetching is not None:
            self._fetching.task.cancel()
            self._fetching = None

    def _keep(self, place: _Place, page: EventPage) -> None:
        self._kept.pop(place, None)
        self._kept[place] = page
        if len(self._kept) > _PLACES_KEPT:
            del self._kept[next(iter(self._kept))]

    def _keep_the_way_back(self, place: _Place, page: EventPage) -> None:
        """Keep the page that was left under the cursor that leads back to it, if it had as many rows."""
        if self._shown is None:
            return
        _, left = self._shown
        back = page.page.prev if place.cursor == left.page.next else page.page.next
        if back is not None and len(left.items) == place.limit:
            self._keep(place._replace(cursor=back), left)
