"""The walk over the billing periods: where it is to end, while what it leads to may still be loading."""

from __future__ import annotations

from usage_tui.clients.base import ClientError, UsageClient
from usage_tui.state.loading import Store, load_period
from usage_tui.state.periods import failure, is_known, is_up_to_date, look_at, neighbor


class LookingBack:
    """Leads Usage to earlier billing periods. What is shown stays until something is known of another one."""

    def __init__(self) -> None:
        self._goal: str | None = None
        self._under_way = False

    def step(self, store: Store, *, back: bool) -> bool:
        """Go on by one period, from the one that the walk is to end at.

        Args:
            store: Shows the period at once if it is known.
            back: To the one before, not to the one after.

        Returns:
            Whether there is such a period; then the caller should call `load`.
        """
        here = self._goal if self._under_way else store.state.looked_at
        goal = neighbor(store.state, here, back=back)
        if goal is None:
            return False
        self.go_to(store, goal)
        return True

    def go_to(self, store: Store, goal: str) -> None:
        """Go to a period; then the caller should call `load`.

        Args:
            store: Shows the period at once if it is known.
            goal: Its id.
        """
        self._goal, self._under_way = goal, not is_known(store.state, goal)
        if not self._under_way:
            store.state = look_at(store.state, goal)

    def stop(self, store: Store) -> None:
        """Lead back to the current period."""
        self._goal, self._under_way = None, False
        store.state = look_at(store.state, None)

    @property
    def goal(self) -> str | None:
        """The id of the period that is waited for; None while there is none."""
        return self._goal if self._under_way else None

    async def load(self, store: Store, client: UsageClient) -> ClientError | None:
        """Load the period that was gone to, unless it is known as of now; then show it.

        Returns:
            Why it is not shown; None where it is, or where something else was asked for meanwhile.
        """
        goal = self._goal if self._under_way else store.state.looked_at
        if goal is None or is_up_to_date(store.state, goal):
            return None
        await load_period(store, client, goal)
        if goal != self._goal or not self._under_way:
            return None
        self._under_way = False
        if is_known(store.state, goal):
            store.state = look_at(store.state, goal)
            return None
        return failure(store.state, goal)
