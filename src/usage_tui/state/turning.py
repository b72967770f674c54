"""Page turns that are queued while a page is still loading."""

from __future__ import annotations

from usage_tui.clients.base import EventPages
from usage_tui.state.history import Turn
from usage_tui.state.loading import Store, load_page

MOST = 4
"""How many turns can be queued, so that the screen settles soon after the last key press."""

_STEPS = {Turn.PREVIOUS, Turn.SAME, Turn.NEXT}
"""The turns that depend on the page they start from."""


class Turning:
    """The queue of page turns in the history."""

    def __init__(self) -> None:
        self._turns: list[tuple[Turn, int]] = []

    @property
    def under_way(self) -> bool:
        """Whether another page is loading."""
        return bool(self._turns) and self._turns[0][0] is not Turn.SAME

    def ask(self, turn: Turn, limit: int) -> bool:
        """Request another page.

        Args:
            turn: Which page, seen from the last one that is loading, or from the one on the screen.
            limit: The rows that fit.

        Returns:
            True if the caller should now call `make`, which replaces the queue. False if the turn was
            queued, or dropped because the queue is full.
        """
        if not self.under_way or turn not in _STEPS:
            self._turns = [(turn, limit)]
            return True
        if turn is Turn.SAME or len(self._turns) < MOST:
            self._turns.append((turn, limit))
        return False

    def stop(self) -> None:
        """Drop every queued turn."""
        del self._turns[1:]

    async def make(self, store: Store, pages: EventPages) -> str:
        """Make the queued turns one after the other, until one fails.

        Args:
            store: Where the pages go.
            pages: Where they come from.

        Returns:
            A note to show beside the last page; empty if there is none.
        """
        turns, note = self._turns, ""
        try:
            while turns and not note:
                note = await load_page(store, pages, *turns[0])
                del turns[0]
        finally:
            turns.clear()
        return note
