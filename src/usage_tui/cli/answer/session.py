"""A data source that is asked within a time limit, with what is cached of it behind."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from usage_tui.cli import loop, opening
from usage_tui.cli.ending import Failure, NoAnswer, Refusal, Withholding
from usage_tui.cli.opening import OpenProfile, ReadyProfile
from usage_tui.cli.output import print_error, print_note
from usage_tui.clients.base import (
    SLICE_NAMES,
    ClientError,
    RateLimited,
    ServiceFailed,
    Unreachable,
    UsageClient,
    Withheld,
    seller_of,
)
from usage_tui.clients.registry import DEMO
from usage_tui.config import paths
from usage_tui.models import Summary
from usage_tui.state.access import allowed
from usage_tui.state.loading import PlainStore, load_all, load_past
from usage_tui.state.reducers import timed_out
from usage_tui.state.remote import Status
from usage_tui.state.replies import OF_ACCESS, REPLIES, SUMMARY, AnyReply
from usage_tui.state.usage import UsageState
from usage_tui.tables.head import OLD, About
from usage_tui.text import dates

if TYPE_CHECKING:  # a command waits for neither of these where names are shown and nothing is cached
    from usage_tui.state.cache import Cache
    from usage_tui.state.redacted import Redacted

T = TypeVar("T")

_NO_ANSWER = (Unreachable, RateLimited, ServiceFailed)


def now() -> datetime:
    """The present."""
    return datetime.now(UTC)


class Session:
    """One command's look at a data source.

    With ``--redact`` names are pseudonyms both ways: in all that is known, and in what is asked for.

    Attributes:
        state: What is known.
        client: Where it comes from.
        fetched_at: When it was told: now, when the cache was written, or when a recording was made.
    """

    def __init__(self, opened: OpenProfile, cache: Cache | None, options: argparse.Namespace) -> None:
        """Ask nobody yet."""
        self._opened = opened.client
        self.client: UsageClient = opened.client
        self._store = PlainStore.of(opened.client)
        self._store.state = replace(self._store.state, exact=True)
        self._provider = opened.profile.provider
        self._shown = self._store.state, self._store.state
        self._hiding: Redacted | None = None
        if options.redact:
            from usage_tui.state.redacted import Redacted

            self._hiding = Redacted()
            self.client = self._hiding.client(opened.client, self._provider.title)
        self._cache = cache
        self._max_age = timedelta(seconds=options.max_age)
        self._offline: bool = options.offline and self._provider.is_remote
        self._timeout: float = options.timeout
        self._begin = now()
        self.fetched_at = self._begin

    @property
    def state(self) -> UsageState:
        """What is known."""
        known = self._store.state
        if self._hiding is None:
            return known
        if self._shown[0] is not known:
            self._shown = known, self._hiding.state(known, self._provider.title)
        return self._shown[1]

    @property
    def origin(self) -> str:
        """Where the data come from, as an answer names it."""
        return self.client.origin

    @property
    def provider(self) -> str:
        """Who provides what is used: a vendor by its name, anything else by where the data come from."""
        return seller_of(self.client)

    @property
    def age(self) -> timedelta:
        """How old the data are."""
        return max(now() - self.fetched_at, timedelta())

    @property
    def stale(self) -> bool:
        """Whether the data are old."""
        return self.age > OLD

    @property
    def seconds_left(self) -> float:
        """How long the command may still take."""
        return max(self._timeout - (now() - self._begin).total_seconds(), 0)

    @property
    def summary(self) -> Summary:
        """How the organization stands.

        Raises:
            Refusal: It is not known.
        """
        return self.value(SUMMARY)

    @property
    def about(self) -> About:
        """What an answer is about.

        Raises:
            Refusal: The organization is not known.
        """
        return About(self.summary, self.origin, self.fetched_at, self.stale)

    async def load(self, wanted: Collection[AnyReply[object]]) -> None:
        """Learn what is wanted: from the cache if all of it is there and new enough, else by asking.

        Raises:
            NoAnswer: Nothing may be asked, and nothing is cached.
        """
        if self._hiding is not None:
            wanted = {*wanted, *self._hiding.NAMED_FIRST}
        if self._cache is not None:
            await self._cache.fill(self._store)
            await self._cache.fill_past(self._store)
        written_at = self._cache.written_at if self._cache else None
        if written_at is not None:
            self.fetched_at = written_at
        if self._offline and written_at is None:
            raise NoAnswer(f"nothing of {self.origin} is cached; try again without --offline")
        is_old = written_at is None or now() - written_at > self._max_age
        if not self._offline and (is_old or any(map(self._lacks, wanted))):
            await self._ask(wanted)

    async def renew(self, reply: AnyReply[object]) -> None:
        """Ask for a reply that only the cache has told, unless nothing may be asked or nobody answers."""
        known = reply.of(self.state)
        if known.cached and known.error is None and not self._offline:
            await self._ask({reply})

    def _lacks(self, reply: AnyReply[object]) -> bool:
        """Whether a reply that may be seen is not there, as of the past in a cache without it."""
        return reply.of(self.state).value is None and allowed(self.state, reply)

    async def _ask(self, wanted: Collection[AnyReply[object]]) -> None:
        try:
            await asyncio.wait_for(self._load(wanted), self.seconds_left)
        except TimeoutError:
            late = Unreachable(f"{self.origin} took too long to answer.", advice="Try again later.")
            self._store.state = timed_out(self._store.state, late)
        if self._cache is not None:
            self._cache.follow(self._store.state)
        asked = [reply.of(self.state) for reply in REPLIES if reply in wanted or reply in OF_ACCESS]
        if any(remote.stale for remote in asked):
            error = next((remote.error for remote in asked if remote.error is not None), None)
            self._tell_old(error)
        elif self._provider is DEMO or self._provider.is_remote:
            self.fetched_at = now()
        elif self.state.summary.value is not None:
            self.fetched_at = self.state.summary.value.as_of

    async def _load(self, wanted: Collection[AnyReply[object]]) -> None:
        await load_all(self._store, self._opened, wanted)
        await load_past(self._store, self._opened, wanted)

    def _tell_old(self, error: ClientError | None) -> None:
        at = dates.moment(self.fetched_at, self.state.time_zone)
        print_error(f"showing data from {at}. {error.full_text if error else ''}".rstrip())

    def value(self, reply: AnyReply[T]) -> T:
        """The value of a reply.

        Raises:
            Refusal: There is none.
        """
        remote = reply.of(self.state)
        if remote.value is not None:
            return remote.value
        what = SLICE_NAMES[reply.slice]
        match remote.status:
            case Status.WITHHELD:
                raise Withholding(f"{what}: {remote.reason}")
            case Status.NOT_OFFERED:
                raise Failure(f"{what}: {remote.reason}")
            case _ if self._offline:
                raise NoAnswer(f"{what}: not cached; try again without --offline")
            case _:
                if reply.slice is not SUMMARY.slice and remote.error is None:
                    self.require(SUMMARY)  # without which nothing else is asked for
                raise refusal(remote.error or Unreachable(f"{self.origin} did not answer."))

    async def ask(self, request: Callable[[], Awaitable[T]]) -> T:
        """One more reply, which is not part of the state, in the time that is left.

        Raises:
            NoAnswer: It takes too long, or nothing may be asked.
            ClientError: There is no answer.
        """
        if self._offline:
            raise NoAnswer("this is not cached; try again without --offline")
        try:
            return await asyncio.wait_for(request(), self.seconds_left)
        except TimeoutError:
            raise NoAnswer(f"{self.origin} took too long; try a larger --timeout") from None

    def require(self, reply: AnyReply[object]) -> None:
        """Go on only if a reply has a value.

        Raises:
            Refusal: It has none.
        """
        self.value(reply)

    async def aclose(self) -> None:
        """Let go of the data source, and wait for the disk."""
        await self.client.aclose()
        if self._cache is not None:
            await self._cache.aclose()


def refusal(error: ClientError) -> Refusal:
    """How a command ends when its data source could not answer."""
    if isinstance(error, Withheld):
        return Withholding(error.full_text)
    if isinstance(error, _NO_ANSWER):
        return NoAnswer(error.full_text)
    return Failure(error.full_text)


def answered(
    options: argparse.Namespace, work: Callable[[Session], Awaitable[T]], ready: ReadyProfile | None = None
) -> T:
    """What a command learns from the data source that the options name.

    Args:
        options: Those of `answer_parser`.
        work: Asks the session.
        ready: The data source, if it was looked up already.

    Raises:
        Refusal: The data source can't be opened, or the command failed.
    """
    opened = (ready or opening.ready_profile(options)).open()
    is_table = "name" in opened.profile.options  # not a recording, which was announced when it was made
    if is_table and not options.redact and (read_as := getattr(opened.client, "read_as", "")):
        print_note(read_as)
    cache = None
    if opened.cache_key is not None:
        from usage_tui.state.cache import Cache

        cache = Cache(paths.cache_folder(), opened.cache_key, opened.profile.organization)
    session = Session(opened, cache, options)

    async def worked() -> T:
        try:
            return await work(session)
        finally:
            await session.aclose()

    try:
        return loop.run(worked())
    except ClientError as error:
        raise refusal(error) from None
