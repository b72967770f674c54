"""All events of a time, for answers that add them up."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence

from usage_tui.cli.answer.session import Session
from usage_tui.cli.ending import NoAnswer
from usage_tui.cli.progress import Tally
from usage_tui.clients.walk import LARGEST_PAGE, walk
from usage_tui.models import Event, EventQuery
from usage_tui.state.access import allowed
from usage_tui.state.replies import EVENTS
from usage_tui.text.words import count_noun


class EventReader:
    """Reads every event that matches, in the time that the command has, and tells a terminal how many.

    Attributes:
        revision: The state of the organization that the events read last are of.
    """

    def __init__(self, session: Session) -> None:
        """Read nothing yet.

        Raises:
            Refusal: The viewer may not see events, or the source has none.
        """
        if not allowed(session.state, EVENTS):
            session.require(EVENTS)
        self.revision = 0
        self._session = session
        self._tally = Tally(sys.stderr)

    async def read(self, query: EventQuery) -> AsyncIterator[Sequence[Event]]:
        """Every event that matches, newest first, page by page.

        Raises:
            NoAnswer: It takes too long; the message says how far it came.
            ClientError: A page cannot be had.
        """
        session = self._session
        first = await session.ask(lambda: session.client.events(query, limit=LARGEST_PAGE))
        self.revision = first.revision
        pages = walk(session.client, first, query)
        while True:
            try:
                page = await asyncio.wait_for(anext(pages, None), session.seconds_left or None)
            except TimeoutError:
                self._tally.clear()
                read = count_noun(self._tally.rows, "event")
                raise NoAnswer(f"only {read} could be read in time; try a larger --timeout") from None
            if page is None:
                self._tally.clear()
                return
            self._tally.add(len(page.items), page.page.total)
            yield page.items
