"""The client of every vendor: every reply of the last look at an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from usage_tui.clients.base import ClientError, InvalidReply, NotOffered, Slice
from usage_tui.clients.offset_pages import page_of, rows_of
from usage_tui.clients.past import no_period
from usage_tui.clients.providers.base import EventApi, VendorApi
from usage_tui.clients.providers.event_log import EventLog
from usage_tui.clients.providers.journal import Journal
from usage_tui.clients.providers.looks import Looks
from usage_tui.clients.providers.people import EventPeople
from usage_tui.clients.providers.statement import Statement
from usage_tui.clients.registry import ClientConfig
from usage_tui.clients.totals import totals_of
from usage_tui.clients.transport.calls import CallsLeft
from usage_tui.models import (
    Allowances,
    BillingPeriods,
    DailyUsage,
    Event,
    EventPage,
    EventQuery,
    Grants,
    Me,
    Part,
    Ranking,
    SourceDays,
    Summary,
)

Reply = TypeVar("Reply")


class AccountClient:
    """A vendor's account as a `UsageClient`. All replies are of one look, which `refresh` takes again.

    A look that failed is not repeated before the next `refresh`: a key that was refused is sent once.
    """

    def __init__(self, api: VendorApi, config: ClientConfig) -> None:
        """Prepare it; nothing is sent before the first reply is asked for.

        Args:
            api: The vendor.
            config: How it was opened.

        Raises:
            ClientError: What was typed in means nothing.
        """
        self._looks = Looks(api, config)
        self._provider = api.provider
        self.seller = api.provider.title
        self._found: tuple[Sequence[Event], EventQuery, Sequence[Event]] | None = None
        self._people = EventPeople(api, self._looks.calendar)
        self._log = EventLog(api) if isinstance(api, EventApi) else None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.origin!r})"

    @property
    def origin(self) -> str:
        """The host, and the port unless it is the default one."""
        return self._looks.api.service.origin

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """The replies that the vendor never gives, and that were not typed in."""
        said = {**self._provider.not_offered}
        if self._looks.typed.grants:
            said.pop(Slice.GRANTS, None)
        if self._log is None:
            said[Slice.PEOPLE] = self._people.reason
        return said

    @property
    def service_time(self) -> datetime | None:
        """What the vendor's clock said with its last answer; None if it did not say."""
        return self._looks.api.service.service_time

    @property
    def calls_left(self) -> CallsLeft | None:
        """How much the vendor said may still be asked; None if it did not say."""
        return self._looks.api.service.calls_left

    @property
    def delay(self) -> str:
        """How old the data of the vendor are, in words."""
        return self._looks.vendor.delay

    @property
    def journal(self) -> Journal | None:
        """Where its days are kept; None if they are not."""
        return self._looks.journal

    async def me(self) -> Me:
        """Who the viewer is, where the vendor tells it."""
        await self._looks.last()
        account = self._looks.account
        if account is None or account.me is None:
            reason = self._provider.not_offered.get(Slice.ME)
            raise NotOffered(reason or f"{self._provider.title} doesn't report who the viewer is.")
        return account.me

    async def summary(self) -> Summary:
        """Balance, period and progress, as far as the vendor tells them."""
        return (await self._looks.last()).summary

    async def sources(self, period_id: str | None = None) -> Ranking:
        """A month's sources, highest first; those of the current period without an id."""
        statement = await self._looks.last()
        if _is_current(statement, period_id):
            return _given(statement.sources)
        return await _given(statement.past).ranking(period_id or "")

    async def daily(self, period_id: str | None = None) -> DailyUsage:
        """A month's days; those of the current period, as far as the vendor knows them, without an id."""
        statement = await self._looks.last()
        if _is_current(statement, period_id):
            return _given(statement.daily)
        return await _given(statement.past).daily(period_id or "")

    async def periods(self) -> BillingPeriods:
        """The current period and every earlier month of which each day is known, newest first."""
        return await _given((await self._looks.last()).past).periods()

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another, as far as they are known."""
        return await _given((await self._looks.last()).past).days(first, last)

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another, as far as they are known."""
        return await _given((await self._looks.last()).past).source_days(first, last)

    async def people(self, period_id: str | None = None) -> Ranking:
        """Who used what in a month, where the vendor tells single events."""
        statement = await self._looks.last()
        summary, period = statement.summary, statement.summary.period
        if not _is_current(statement, period_id):
            found = (await self.periods()).find(period_id or "")
            period = found.period if found is not None else no_period(period_id or "")
        rollup = await self._people.rollup(summary, period, await self.daily(period_id))
        return rollup.ranking(as_of=summary.as_of, revision=summary.revision)

    async def people_days(self, first: date, last: date) -> SourceDays:
        """Every person on the days from one to another, where the vendor tells single events."""
        summary, daily = (await self._looks.last()).summary, await self.days(first, last)
        span = self._looks.calendar.span(daily.range.start_date, daily.range.end_date, summary.as_of)
        rollup = await self._people.rollup(summary, span, daily)
        return rollup.source_days(as_of=summary.as_of, revision=summary.revision)

    async def grants(self) -> Grants:
        """All grants, where the vendor tells them."""
        return _given((await self._looks.last()).grants)

    async def allowances(self) -> Allowances:
        """Every meter with its lines, where the vendor tells them."""
        return _given((await self._looks.last()).allowances)

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of single events, or of daily totals where the vendor tells no events."""
        statement = await self._looks.last()
        if isinstance(statement.events, InvalidReply):
            _given(statement.events)  # such as pages without end, which single events would have too
        if self._log is not None and Part.EVENTS not in statement.summary.not_offered:
            items, page, totals = await self._log.page(query, cursor, limit)
        else:
            matching = self._matching(_given(statement.events), query)
            rows = rows_of(cursor, len(matching), limit)
            items, page = tuple(matching[rows.start : rows.stop]), page_of(rows, len(matching))
            totals = totals_of(query, cursor, matching)
        summary = statement.summary
        return EventPage(
            as_of=summary.as_of, revision=summary.revision, items=items, page=page, totals=totals
        )

    def select(self, organization: str) -> None:
        """From now on, ask for another of the organizations that the account tells."""
        self._looks.select(organization)
        if self._log is not None:
            self._log.forget()

    async def refresh(self) -> bool:
        """Look at the vendor again; False if nothing has changed, or where it is too early to look."""
        is_new = await self._looks.again()
        if is_new and self._log is not None:
            self._log.forget()
        return is_new

    async def check(self) -> None:
        """Nothing: only the vendor could compare every event."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._looks.api.service.aclose()

    def _matching(self, events: Sequence[Event], query: EventQuery) -> Sequence[Event]:
        if self._found is None or self._found[0] is not events or self._found[1] != query:
            self._found = events, query, query.select(events)
        return self._found[2]


def _is_current(statement: Statement, period_id: str | None) -> bool:
    period = statement.summary.period
    return period_id is None or (period is not None and period.id == period_id)


def _given(reply: Reply | ClientError) -> Reply:
    if isinstance(reply, ClientError):
        raise reply.with_traceback(None)
    return reply
