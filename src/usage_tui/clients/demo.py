"""Demo data: invented organizations, each in a state worth looking at, held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from usage_tui.clients.base import CursorExpired, Slice, Withheld
from usage_tui.ledger.statement import ACCESS_NOTICE
from usage_tui.models import (
    Allowances,
    DailyUsage,
    Event,
    EventPage,
    EventQuery,
    Grants,
    Me,
    Page,
    Ranking,
    Summary,
)

if TYPE_CHECKING:
    from usage_tui.clients.scenarios.stage import Scenario

DEFAULT_SCENARIO = "acme"

SCENARIOS: Mapping[str, str] = {
    "acme": "a team in the middle of its month",
}
"""Every demo by name, with what it shows."""


class DemoClient:
    """A `UsageClient` over a scenario. Its data never change."""

    origin = "demo"

    def __init__(self, scenario: Scenario) -> None:
        self._statement, self._events = scenario
        self._found: tuple[EventQuery, Sequence[Event]] = EventQuery(), self._events

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """The slices that this demo's source could never provide."""
        return {}

    async def me(self) -> Me:
        """Who the viewer is."""
        return self._statement.me

    async def summary(self) -> Summary:
        """Balance, period, progress and state."""
        return self._statement.summary

    async def sources(self) -> Ranking:
        """The current period's sources, highest first."""
        return self._statement.sources

    async def daily(self) -> DailyUsage:
        """The current period's days up to today."""
        return self._statement.daily

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of the events that match, newest first.

        Raises:
            CursorExpired: The cursor is none that this client gave.
            Withheld: The viewer has no billing access.
        """
        self._check_access()
        found = self._matching(query)
        limit = max(limit, 1)
        start = _first_row(cursor, limit, len(found))
        rows = found[start : start + limit]
        end = start + len(rows)
        summary = self._statement.summary
        return EventPage(
            as_of=summary.as_of,
            revision=summary.revision,
            items=tuple(rows),
            page=Page(
                size=len(rows),
                here=f"from-{start}",
                next=f"from-{end}" if end < len(found) else None,
                prev=f"before-{start}" if start else None,
                last="last",
                total=len(found),
            ),
        )

    async def grants(self) -> Grants:
        """All grants, in the order they are spent.

        Raises:
            Withheld: The viewer has no billing access.
        """
        self._check_access()
        return self._statement.grants

    async def allowances(self) -> Allowances:
        """Every meter with its lines."""
        return self._statement.allowances

    async def refresh(self) -> bool:
        """False: nothing ever changes here."""
        return False

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _matching(self, query: EventQuery) -> Sequence[Event]:
        if query != self._found[0]:
            self._found = query, [event for event in self._events if query.matches(event)]
        return self._found[1]

    def _check_access(self) -> None:
        if not self._statement.me.organizations[0].billing_access:
            raise Withheld(ACCESS_NOTICE)


def open_demo(name: str = DEFAULT_SCENARIO) -> DemoClient:
    """A client over the scenario of that name.

    Raises:
        KeyError: There is none; `SCENARIOS` lists all.
    """
    from usage_tui.clients.scenarios import acme

    return DemoClient(acme.scenario())


def _first_row(cursor: str | None, limit: int, total: int) -> int:
    """Where the page starts that a cursor leads to, with as many rows as `limit` says."""
    if cursor is None:
        return 0
    if cursor == "last":
        return max(total - 1, 0) // limit * limit
    direction, _, row = cursor.partition("-")
    if direction in ("from", "before") and row.isdecimal() and int(row) <= total:
        return int(row) if direction == "from" else max(int(row) - limit, 0)
    raise CursorExpired("This page is not one of the demo's.", advice="Start again at the first page.")
