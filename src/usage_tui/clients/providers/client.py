"""The client of every vendor: looks at an account and its days, and answers with every reply of one look."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from usage_tui.clients.base import (
    ClientError,
    InvalidReply,
    NotOffered,
    RateLimited,
    ServiceFailed,
    Slice,
    Unauthenticated,
    Unreachable,
    Withheld,
)
from usage_tui.clients.offset_pages import page_of, rows_of
from usage_tui.clients.past import no_period
from usage_tui.clients.providers.base import Account, EventApi, Selecting, VendorApi
from usage_tui.clients.providers.days import KnownDay, KnownDays
from usage_tui.clients.providers.event_log import EventLog
from usage_tui.clients.providers.journal import Journal, journal_identity
from usage_tui.clients.providers.people import EventPeople
from usage_tui.clients.providers.statement import Statement, billing_period, make_statement
from usage_tui.clients.providers.typed_in import read_typed_in, with_typed_in
from usage_tui.clients.providers.values import InvalidValue
from usage_tui.clients.registry import ClientConfig, Vendor
from usage_tui.clients.totals import totals_of
from usage_tui.clients.transport.calls import CallsLeft
from usage_tui.ledger.days import Calendar
from usage_tui.models import (
    Allowances,
    BillingPeriods,
    DailyUsage,
    Event,
    EventPage,
    EventQuery,
    Grants,
    InvalidCredits,
    Me,
    Notice,
    Part,
    Ranking,
    SourceDays,
    Summary,
)
from usage_tui.text import dates

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
        self._api = api
        self._provider = api.provider
        self.seller = api.provider.title
        self._vendor = api.provider.vendor or Vendor()
        self._clock = config.clock
        self._calendar = Calendar(api.provider.time_zone or "UTC")
        self._looking = asyncio.Lock()
        self._selected: str | None = None
        self._account: Account | None = None
        self._days = self._no_days()
        self._typed = read_typed_in(config.options)
        self._journal = _journal(api, config)
        self._statement: Statement | None = None
        self._failure: ClientError | None = None
        self._found: tuple[Sequence[Event], EventQuery, Sequence[Event]] | None = None
        self._people = EventPeople(api, self._calendar)
        self._log = EventLog(api) if isinstance(api, EventApi) else None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.origin!r})"

    @property
    def origin(self) -> str:
        """The host, and the port unless it is the default one."""
        return self._api.service.origin

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """The replies that the vendor never gives, and that were not typed in."""
        said = {**self._provider.not_offered}
        if self._typed.grants:
            said.pop(Slice.GRANTS, None)
        if self._log is None:
            said[Slice.PEOPLE] = self._people.reason
        return said

    @property
    def service_time(self) -> datetime | None:
        """What the vendor's clock said with its last answer; None if it did not say."""
        return self._api.service.service_time

    @property
    def calls_left(self) -> CallsLeft | None:
        """How much the vendor said may still be asked; None if it did not say."""
        return self._api.service.calls_left

    @property
    def delay(self) -> str:
        """How old the data of the vendor are, in words."""
        return self._vendor.delay

    @property
    def journal(self) -> Journal | None:
        """Where its days are kept; None if they are not."""
        return self._journal

    async def me(self) -> Me:
        """Who the viewer is, where the vendor tells it."""
        await self._looked()
        if self._account is None or self._account.me is None:
            reason = self._provider.not_offered.get(Slice.ME)
            raise NotOffered(reason or f"{self._provider.title} doesn't report who the viewer is.")
        return self._account.me

    async def summary(self) -> Summary:
        """Balance, period and progress, as far as the vendor tells them."""
        return (await self._looked()).summary

    async def sources(self, period_id: str | None = None) -> Ranking:
        """A month's sources, highest first; those of the current period without an id."""
        statement = await self._looked()
        if _is_current(statement, period_id):
            return _given(statement.sources)
        return await _given(statement.past).ranking(period_id or "")

    async def daily(self, period_id: str | None = None) -> DailyUsage:
        """A month's days; those of the current period, as far as the vendor knows them, without an id."""
        statement = await self._looked()
        if _is_current(statement, period_id):
            return _given(statement.daily)
        return await _given(statement.past).daily(period_id or "")

    async def periods(self) -> BillingPeriods:
        """The current period and every earlier month of which each day is known, newest first."""
        return await _given((await self._looked()).past).periods()

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another, as far as they are known."""
        return await _given((await self._looked()).past).days(first, last)

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another, as far as they are known."""
        return await _given((await self._looked()).past).source_days(first, last)

    async def people(self, period_id: str | None = None) -> Ranking:
        """Who used what in a month, where the vendor tells single events."""
        statement = await self._looked()
        summary, period = statement.summary, statement.summary.period
        if not _is_current(statement, period_id):
            found = (await self.periods()).find(period_id or "")
            period = found.period if found is not None else no_period(period_id or "")
        rollup = await self._people.rollup(summary, period, await self.daily(period_id))
        return rollup.ranking(as_of=summary.as_of, revision=summary.revision)

    async def people_days(self, first: date, last: date) -> SourceDays:
        """Every person on the days from one to another, where the vendor tells single events."""
        summary, daily = (await self._looked()).summary, await self.days(first, last)
        span = self._calendar.span(daily.range.start_date, daily.range.end_date, summary.as_of)
        rollup = await self._people.rollup(summary, span, daily)
        return rollup.source_days(as_of=summary.as_of, revision=summary.revision)

    async def grants(self) -> Grants:
        """All grants, where the vendor tells them."""
        return _given((await self._looked()).grants)

    async def allowances(self) -> Allowances:
        """Every meter with its lines, where the vendor tells them."""
        return _given((await self._looked()).allowances)

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of single events, or of daily totals where the vendor tells no events."""
        statement = await self._looked()
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
        if isinstance(self._api, Selecting):
            self._api.select(organization)
        self._selected = organization
        self._statement = self._failure = self._account = None
        self._days = self._no_days()
        if self._log is not None:
            self._log.forget()

    async def refresh(self) -> bool:
        """Look at the vendor again; False if nothing has changed, or where it is too early to look."""
        async with self._looking:
            before = self._statement
            if before is not None and self._is_too_early(before):
                return False
            self._failure = None
            await self._look()
            is_same = before is not None and self._statement is not None and before.is_same(self._statement)
            if is_same:
                self._statement = before
            elif self._log is not None:
                self._log.forget()
            return not is_same

    async def check(self) -> None:
        """Nothing: only the vendor could compare every event."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.service.aclose()

    def _no_days(self) -> KnownDays:
        return KnownDays(self._calendar, self._vendor.settles)

    def _is_too_early(self, statement: Statement) -> bool:
        looked_at = datetime.fromtimestamp(statement.summary.revision, UTC)
        age = (self._clock() - looked_at).total_seconds()
        return not statement.has_failed and 0 <= age < self._provider.shortest_refresh

    async def _looked(self) -> Statement:
        """The last look, or the first one now."""
        async with self._looking:
            while self._statement is None:
                if self._failure is not None:
                    raise self._failure.with_traceback(None)
                await self._look()
            return self._statement

    async def _look(self) -> None:
        """Look at the account and its days.

        Raises:
            ClientError: The vendor does not tell anything.
        """
        selected = self._selected
        try:
            statement = await self._statement_now()
        except Unauthenticated as error:
            self._failure, self._statement = error, None
            if self._journal is not None:
                await asyncio.to_thread(self._journal.refuse)
            raise
        except ClientError as error:
            self._failure = error
            kept = await self._kept_statement(error) if self._statement is None else None
            if kept is None:
                raise
            statement = kept
        if selected == self._selected:  # unless another one was selected meanwhile
            self._statement = statement

    async def _statement_now(self) -> Statement:
        now = self._clock()
        if self._journal is not None:
            self._journal.fault = ""  # what was wrong at the last look may be over
        try:
            account = await self._asked(self._api.account())
        except Withheld as error:
            raise Unauthenticated(error.message, advice=error.advice) from None
        if self._account is None or (account.id, account.scope) != (self._account.id, self._account.scope):
            self._days = self._no_days()
            if self._journal is not None:
                kept = await asyncio.to_thread(self._journal.load, account)
                self._days.take_over(kept.days, kept.unit)
                account = kept.completed(self._api, account)
        self._account = account
        days: KnownDays | ClientError = self._days
        try:
            await self._fetch_days(account, now)
        except Unauthenticated:
            raise
        except (Withheld, NotOffered) as error:
            if _tells_nothing(account):
                raise Unauthenticated(error.message, advice=error.advice) from None
            days = NotOffered(error.message, advice=error.advice)
        except ClientError as error:
            if _tells_nothing(account):
                raise
            days = error
        return await self._made(account, days, now)

    async def _made(
        self, account: Account, days: KnownDays | ClientError, now: datetime, *notices: Notice
    ) -> Statement:
        if self._journal is not None and self._journal.fault:
            notices = (*notices, Notice(code="journal", text=self._journal.fault))

        def made() -> Statement:
            known = (
                account if isinstance(days, ClientError) else with_typed_in(self._typed, account, days, now)
            )
            return make_statement(self._provider, known, days, now, notices)

        # Months of many models take a second to round, and may add up to more than an amount can be.
        return await self._asked(asyncio.to_thread(made))

    async def _kept_statement(self, error: ClientError) -> Statement | None:
        """What an earlier run kept, as of its time; None if the journal has nothing for this key."""
        if self._journal is None or not isinstance(error, (Unreachable, ServiceFailed, RateLimited)):
            return None
        kept = await asyncio.to_thread(self._journal.find)
        if kept is None or kept.account is None:
            return None
        self._days = self._no_days()
        self._days.take_over(kept.days, kept.unit)
        if self._days.as_of is None:
            return None
        self._account = kept.account
        since = dates.moment(self._days.as_of, self._calendar.time_zone)
        text = f"{error.message} Showing data from {since}."
        return await self._made(kept.account, self._days, self._days.as_of, Notice(code="kept", text=text))

    async def _fetch_days(self, account: Account, now: datetime) -> None:
        """Ask for the days that may have changed, and for earlier ones that are not known yet."""
        starts_at, _ = billing_period(account, now)
        today = self._calendar.date_of(now)
        start = self._calendar.date_of(starts_at)
        first = min(start, today - self._vendor.reaches)
        days, new = self._days, dict[date, KnownDay]()
        for begin, end in [*days.wanted(first, start, today, self._vendor.days_at_once)]:
            try:
                told = await self._asked(self._api.days(begin, end))
                new |= days.put(begin, end, told, now, told.currency or self._provider.unit)
            except Unauthenticated:
                raise
            except ClientError:
                if end >= start:
                    raise
                break  # earlier days have time until the next look
        if self._journal is not None:
            await asyncio.to_thread(self._journal.save, account, new, days.unit)
        missing = days.unknown(start, min(today, days.newest or today))
        if missing:
            raise InvalidReply(
                f"{self._provider.title} doesn't report the days since {missing[0]:%b} {missing[0].day}."
            )

    async def _asked(self, answer: Awaitable[Reply]) -> Reply:
        """What is made of the vendor's replies. That one is invalid may be found out only later."""
        try:
            return await answer
        except (InvalidValue, InvalidCredits) as error:
            raise InvalidReply.of(self.origin, error) from error

    def _matching(self, events: Sequence[Event], query: EventQuery) -> Sequence[Event]:
        if self._found is None or self._found[0] is not events or self._found[1] != query:
            self._found = events, query, query.select(events)
        return self._found[2]


def _journal(api: VendorApi, config: ClientConfig) -> Journal | None:
    """Where the days of the account are kept; None if they are not."""
    if config.journal_folder is None or config.token is None:
        return None
    return Journal(config.journal_folder, journal_identity(api.provider, config), config.token.digest)


def _is_current(statement: Statement, period_id: str | None) -> bool:
    period = statement.summary.period
    return period_id is None or (period is not None and period.id == period_id)


def _given(reply: Reply | ClientError) -> Reply:
    if isinstance(reply, ClientError):
        raise reply.with_traceback(None)
    return reply


def _tells_nothing(account: Account) -> bool:
    told = account.balance, account.included, account.pool, account.grants, account.meters
    return all(part is None for part in told)
