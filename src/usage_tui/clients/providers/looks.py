"""Looks at a vendor's account and its days, and keeps what the last look found."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, date, datetime
from typing import TypeVar

from usage_tui.clients.base import (
    ClientError,
    InvalidReply,
    NotOffered,
    RateLimited,
    ServiceFailed,
    Unauthenticated,
    Unreachable,
    Withheld,
)
from usage_tui.clients.providers.base import Account, Selecting, VendorApi
from usage_tui.clients.providers.days import KnownDay, KnownDays
from usage_tui.clients.providers.journal import Journal, journal_identity
from usage_tui.clients.providers.statement import Statement, billing_period, make_statement
from usage_tui.clients.providers.typed_in import read_typed_in, with_typed_in
from usage_tui.clients.providers.values import InvalidValue
from usage_tui.clients.registry import ClientConfig, Vendor
from usage_tui.ledger.days import Calendar
from usage_tui.models import InvalidCredits, Notice
from usage_tui.text import dates

T = TypeVar("T")


class Looks:
    """The looks at one account. What a look found stays until the next one; so does why it failed.

    Attributes:
        api: The vendor.
        vendor: What is declared of its accounts.
        calendar: Its days.
        typed: What was typed in, in place of what the vendor does not tell.
        journal: Where the days are kept; None if they are not.
        account: The account as of the last look; None before the first one.
    """

    def __init__(self, api: VendorApi, config: ClientConfig) -> None:
        """Prepare them; nothing is sent before the first one.

        Args:
            api: The vendor.
            config: How it was opened.

        Raises:
            ClientError: What was typed in means nothing.
        """
        self.api = api
        self.vendor = api.provider.vendor or Vendor()
        self.calendar = Calendar(api.provider.time_zone or "UTC")
        self.typed = read_typed_in(config.options)
        self.journal = _journal(api, config)
        self.account: Account | None = None
        self._clock = config.clock
        self._looking = asyncio.Lock()
        self._selected: str | None = None
        self._days = self._no_days()
        self._statement: Statement | None = None
        self._failure: ClientError | None = None

    async def last(self) -> Statement:
        """What the last look found; the first look is taken now."""
        async with self._looking:
            while self._statement is None:
                if self._failure is not None:
                    raise self._failure.with_traceback(None)
                await self._look()
            return self._statement

    async def again(self) -> bool:
        """Take another look; False if nothing has changed, or where it is too early for one."""
        async with self._looking:
            before = self._statement
            if before is not None and self._is_too_early(before):
                return False
            self._failure = None
            await self._look()
            is_same = before is not None and self._statement is not None and before.is_same(self._statement)
            if is_same:
                self._statement = before
            return not is_same

    def select(self, organization: str) -> None:
        """From now on, look at another of the organizations that the account tells."""
        if isinstance(self.api, Selecting):
            self.api.select(organization)
        self._selected = organization
        self._statement = self._failure = self.account = None
        self._days = self._no_days()

    def _no_days(self) -> KnownDays:
        return KnownDays(self.calendar, self.vendor.settles)

    def _is_too_early(self, statement: Statement) -> bool:
        looked_at = datetime.fromtimestamp(statement.summary.revision, UTC)
        age = (self._clock() - looked_at).total_seconds()
        return not statement.has_failed and 0 <= age < self.api.provider.shortest_refresh

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
            if self.journal is not None:
                await asyncio.to_thread(self.journal.refuse)
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
        if self.journal is not None:
            self.journal.fault = ""  # what was wrong at the last look may be over
        try:
            account = await self._asked(self.api.account())
        except Withheld as error:
            raise Unauthenticated(error.message, advice=error.advice) from None
        if self.account is None or (account.id, account.scope) != (self.account.id, self.account.scope):
            self._days = self._no_days()
            if self.journal is not None:
                kept = await asyncio.to_thread(self.journal.load, account)
                self._days.take_over(kept.days, kept.unit)
                account = kept.completed(self.api, account)
        self.account = account
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
        if self.journal is not None and self.journal.fault:
            notices = (*notices, Notice(code="journal", text=self.journal.fault))

        def made() -> Statement:
            known = (
                account if isinstance(days, ClientError) else with_typed_in(self.typed, account, days, now)
            )
            return make_statement(self.api.provider, known, days, now, notices)

        # Months of many models take a second to round, and may add up to more than an amount can be.
        return await self._asked(asyncio.to_thread(made))

    async def _kept_statement(self, error: ClientError) -> Statement | None:
        """What an earlier run kept, as of its time; None if the journal has nothing for this key."""
        if self.journal is None or not isinstance(error, (Unreachable, ServiceFailed, RateLimited)):
            return None
        kept = await asyncio.to_thread(self.journal.find)
        if kept is None or kept.account is None:
            return None
        self._days = self._no_days()
        self._days.take_over(kept.days, kept.unit)
        if self._days.as_of is None:
            return None
        self.account = kept.account
        since = dates.moment(self._days.as_of, self.calendar.time_zone)
        text = f"{error.message} Showing data from {since}."
        return await self._made(kept.account, self._days, self._days.as_of, Notice(code="kept", text=text))

    async def _fetch_days(self, account: Account, now: datetime) -> None:
        """Ask for the days that may have changed, and for earlier ones that are not known yet."""
        starts_at, _ = billing_period(account, now)
        today = self.calendar.date_of(now)
        start = self.calendar.date_of(starts_at)
        first = min(start, today - self.vendor.reaches)
        days, new = self._days, dict[date, KnownDay]()
        for begin, end in [*days.wanted(first, start, today, self.vendor.days_at_once)]:
            try:
                told = await self._asked(self.api.days(begin, end))
                new |= days.put(begin, end, told, now, told.currency or self.api.provider.unit)
            except Unauthenticated:
                raise
            except ClientError:
                if end >= start:
                    raise
                break  # earlier days have time until the next look
        if self.journal is not None:
            await asyncio.to_thread(self.journal.save, account, new, days.unit)
        missing = days.unknown(start, min(today, days.newest or today))
        if missing:
            raise InvalidReply(
                f"{self.api.provider.title} doesn't report the days since {missing[0]:%b} {missing[0].day}."
            )

    async def _asked(self, answer: Awaitable[T]) -> T:
        """What is made of the vendor's replies. That one is invalid may be found out only later."""
        try:
            return await answer
        except (InvalidValue, InvalidCredits) as error:
            raise InvalidReply.of(self.api.service.origin, error) from error


def _journal(api: VendorApi, config: ClientConfig) -> Journal | None:
    """Where the days of the account are kept; None if they are not."""
    if config.journal_folder is None or config.token is None:
        return None
    return Journal(config.journal_folder, journal_identity(api.provider, config), config.token.digest)


def _tells_nothing(account: Account) -> bool:
    told = account.balance, account.included, account.pool, account.grants, account.meters
    return all(part is None for part in told)
