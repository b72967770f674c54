"""Turning pages faster than they come: what is asked for meanwhile goes on from the page that is to come."""

from __future__ import annotations

from usage_tui.clients.base import EventPages
from usage_tui.state.history import Turn
from usage_tui.state.loading import Store, load_page

MOST = 4
"""Turns that may be under way one after the other, so that the screen comes to rest soon after the keys."""

_STEPS = {Turn.PREVIOUS, Turn.SAME, Turn.NEXT}
"""The turns that depend on the page they begin at."""


class Turning:
    """The turns of the history's pages that have been asked for and not been made."""

    def __init__(self) -> None:
        self._turns: list[tuple[Turn, int]] = []

    @property
    def under_way(self) -> bool:
        """Whether another page than the one on the screen is on its way."""
        return bool(self._turns) and self._turns[0][0] is not Turn.SAME

    def ask(self, turn: Turn, limit: int) -> bool:
        """Ask for another page.

        Args:
            turn: Which page, seen from the last one that is on its way, or else from the one on the screen.
            limit: The rows that fit.

        Returns:
            Whether to `make` it now, in place of all that is under way; otherwise it follows that, or was
            one too many.
        """
        if not self.under_way or turn not in _STEPS:
            self._turns = [(turn, limit)]
            return True
        if turn is Turn.SAME or len(self._turns) < MOST:
            self._turns.append((turn, limit))
        return False

    def stop(self) -> None:
        """Leave it at the page that is on its way."""
        del self._turns[1:]

    async def make(self, store: Store, pages: EventPages) -> str:
        """Make one turn after the other, up to the first that does not lead where it should.

        Args:
            store: Where the pages go.
            pages: Where they come from.

        Returns:
            What is to be said of the last one beside the page that is shown then.
        """
        turns, note = self._turns, ""
        try:
            while turns and not note:
                note = await load_page(store, pages, *turns[0])
                del turns[0]
        finally:
            turns.clear()
        return note
