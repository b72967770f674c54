"""Demo data: invented organizations, each in a state worth looking at, held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from usage_tui.clients.base import CursorExpired, NotFound, NotOffered, Slice, Withheld
from usage_tui.clients.demo.scenarios.catalog import DEFAULT_SCENARIO, load
from usage_tui.clients.past import Past
from usage_tui.clients.totals import totals_of
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.people import PeopleRollup
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import (
    Allowances,
    BillingPeriods,
    DailyUsage,
    Event,
    EventPage,
    EventQuery,
    Grants,
    Me,
    Page,
    Period,
    Ranking,
    SourceDays,
    Summary,
)

if TYPE_CHECKING:
    from usage_tui.clients.demo.scenarios.stage import Scenario
    from usage_tui.clients.registry import ClientConfig

Reply = TypeVar("Reply")


class DemoClient:
    """A `UsageClient` over a scenario. Its data never change."""

    origin = "demo"

    def __init__(self, scenario: Scenario) -> None:
        self._organizations = {scenario.statement.summary.org.id: scenario, **scenario.elsewhere}
        self._open(scenario)

    def _open(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._found: tuple[EventQuery, Sequence[Event]] = EventQuery(), scenario.events
        self._failures = dict(scenario.failures)
        self._past = Past(scenario.statement.summary, scenario.former, self._add_up)
        self._people = Past(scenario.statement.summary, scenario.former, self._add_up, PeopleRollup)
        notice = scenario.statement.summary.access_notice
        if notice is not None:
            self._failures |= dict.fromkeys((Slice.EVENTS, Slice.GRANTS, Slice.PEOPLE), Withheld(notice))

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """The slices that this demo could never provide, each with the reason."""
        return self._scenario.not_offered

    async def me(self) -> Me:
        """Who the viewer is."""
        return await self._answer(Slice.ME, self._scenario.statement.me)

    async def summary(self) -> Summary:
        """Balance, period, progress and state."""
        return await self._answer(Slice.SUMMARY, self._scenario.statement.summary)

    async def sources(self, period_id: str | None = None) -> Ranking:
        """A billing period's sources, highest first; those of the current one without an id."""
        if self._is_current(period_id):
            return await self._answer(Slice.SOURCES, self._scenario.statement.sources)
        return await self._answer(Slice.PERIODS, await self._past.ranking(period_id or ""))

    async def daily(self, period_id: str | None = None) -> DailyUsage:
        """A billing period's days, none after today; those of the current one without an id."""
        if self._is_current(period_id):
            return await self._answer(Slice.DAILY, self._scenario.statement.daily)
        return await self._answer(Slice.PERIODS, await self._past.daily(period_id or ""))

    async def periods(self) -> BillingPeriods:
        """The billing periods, newest first."""
        events, zone = self._scenario.events, self._scenario.statement.summary.org.time_zone
        first = Calendar(zone).date_of(events[-1].occurred_at) if events else None
        told = await self._past.periods(first)
        return await self._answer(Slice.PERIODS, told.carrying(self._scenario.roll_forwards))

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another, both included, whatever the period; none after today."""
        return await self._answer(Slice.DAYS, await self._past.days(first, last))

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another."""
        return await self._answer(Slice.SOURCE_DAYS, await self._past.source_days(first, last))

    async def people(self, period_id: str | None = None) -> Ranking:
        """Who used what in a billing period; in the current one without an id."""
        return await self._answer(Slice.PEOPLE, await self._people.ranking(period_id))

    async def people_days(self, first: date, last: date) -> SourceDays:
        """Every person on the days from one to another."""
        return await self._answer(Slice.PEOPLE, await self._people.source_days(first, last))

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of the events that match, in the order of the query.

        Raises:
            CursorExpired: The cursor was not issued by this client.
        """
        return await self._answer(Slice.EVENTS, self._page(query, cursor, max(limit, 1)))

    async def grants(self) -> Grants:
        """All grants, in the order they are spent."""
        return await self._answer(Slice.GRANTS, self._scenario.statement.grants)

    async def allowances(self) -> Allowances:
        """Every meter with its lines."""
        return await self._answer(Slice.ALLOWANCES, self._scenario.statement.allowances)

    def select(self, organization: str) -> None:
        """Show another of the viewer's organizations."""
        self._open(self._organizations[organization])

    async def refresh(self) -> bool:
        """False, because nothing ever changes here; or the outage, from which nothing recovers."""
        outage = self._scenario.outage
        if outage is None:
            return False
        self._failures = dict.fromkeys(Slice, outage)
        raise outage.with_traceback(None)

    async def check(self) -> None:
        """Invented data agree with themselves."""

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _is_current(self, period_id: str | None) -> bool:
        period = self._scenario.statement.summary.period
        return period_id is None or (period is not None and period.id == period_id)

    async def _add_up(self, period: Period, rollup: PeriodRollup) -> None:
        for event in self._scenario.events:
            rollup.add(event)

    async def _answer(self, name: Slice, reply: Reply) -> Reply:
        if self._scenario.silent:
            await _forever()
        if name in self._scenario.not_offered:
            raise NotOffered(self._scenario.not_offered[name])
        if name in self._failures:
            # The same failure is raised many times; without this its traceback would grow each time.
            raise self._failures[name].with_traceback(None)
        return reply

    def _page(self, query: EventQuery, cursor: str | None, limit: int) -> EventPage:
        found = self._matching(query)
        start, end = _rows(cursor, limit, len(found))
        rows = found[start:end]
        summary = self._scenario.statement.summary
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
            totals=totals_of(query, cursor, found),
        )

    def _matching(self, query: EventQuery) -> Sequence[Event]:
        if query != self._found[0]:
            self._found = query, query.select(self._scenario.events)
        return self._found[1]


async def open_client(config: ClientConfig) -> DemoClient:
    """The demo that a configuration names, as the registry calls it.

    Raises:
        NotFound: The demo does not exist.
    """
    name = config.options.get("scenario") or DEFAULT_SCENARIO
    try:
        return open_demo(name)
    except ValueError as error:
        raise NotFound(str(error)) from None


def open_demo(name: str = DEFAULT_SCENARIO) -> DemoClient:
    """A client over the scenario of that name.

    Raises:
        ValueError: There is no scenario with that name; the message lists them.
    """
    return DemoClient(load(name))


def _rows(cursor: str | None, limit: int, total: int) -> tuple[int, int]:
    """Where the page that a cursor leads to starts and ends, with at most as many rows as `limit` says."""
    if cursor is None:
        return 0, min(limit, total)
    if cursor == "last":
        return max(total - 1, 0) // limit * limit, total
    direction, _, text = cursor.partition("-")
    if direction in ("from", "before") and text.isdecimal() and int(text) <= total:
        row = int(text)
        return (row, min(row + limit, total)) if direction == "from" else (max(row - limit, 0), row)
    raise CursorExpired("This cursor was not issued by the demo.", advice="Start again at the first page.")


async def _forever() -> None:
    import asyncio

    await asyncio.Event().wait()
