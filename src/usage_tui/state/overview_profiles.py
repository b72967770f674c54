"""The sources that are looked at side by side: how each is opened, and what is kept of it on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from usage_tui.clients.base import Unauthenticated
from usage_tui.config import paths
from usage_tui.config.profiles import Profile, TokenCommand, TokenFile, TokenSource
from usage_tui.config.started import Started
from usage_tui.named_tuple import NamedTuple

if TYPE_CHECKING:  # what only another data source needs is not imported before one is looked at
    from usage_tui.clients.base import EventPages, UsageClient
    from usage_tui.clients.registry import ClientConfig
    from usage_tui.clients.transport.token import BearerToken
    from usage_tui.state.cache import Cache
    from usage_tui.state.digest import StatusAnswer
    from usage_tui.state.reported_alerts import ReportedAlerts

_LARGEST_DIGEST = 2**16
"""Bytes."""


class Opened(NamedTuple):
    """A data source that the program can switch to.

    Attributes:
        client: Where the data come from.
        pages: Where the pages of the history come from; closes the client.
        cache: What is kept of it for the next start; None if nothing is.
        organization: The id of the organization to show; the first one where it is None.
        refresh_seconds: Seconds between two looks; 0 for none.
        reported: Remembers which alerts were dismissed.
        started: The words of a command that opens it.
    """

    client: UsageClient
    pages: EventPages
    cache: Cache | None = None
    organization: str | None = None
    refresh_seconds: int = 0
    reported: ReportedAlerts | None = None
    started: Started = Started()


class Tokens:
    """The tokens that were read. A variable is emptied when it is read, and a command may ask its user.

    Args:
        runs_commands: Whether a command may be run for a token.
    """

    def __init__(self, *, runs_commands: bool) -> None:
        self._runs_commands = runs_commands
        self._read: dict[TokenSource, BearerToken] = {}

    def keep(self, source: TokenSource, token: BearerToken) -> None:
        """Remember a token that was read before."""
        self._read[source] = token

    async def read(self, source: TokenSource, words: str) -> BearerToken:
        """The token; the program goes on while a command prints it.

        Raises:
            ClientError: There is none, or it must not be read.
        """
        from usage_tui.config.secrets import read_token

        if isinstance(source, TokenFile):
            return read_token(source, words)
        if source not in self._read:
            if not isinstance(source, TokenCommand):
                self._read[source] = read_token(source, words)
            elif self._runs_commands:
                self._read[source] = await _in_background(lambda: read_token(source, words))
            else:
                raise Unauthenticated(
                    "With --restricted no token_command is run.",
                    advice="Use token_file or token_variable in the profile.",
                )
        return self._read[source]


class OverviewProfile:
    """A profile, or the data source on the command line.

    Args:
        profile: What is opened.
        tokens: Where its token comes from.
        keeps: Whether its data may be kept on disk, and read from there.
        remembers: Whether dismissed alerts may be.
        started: How the program was started with it; None for a profile of the settings.
        refresh_seconds: Seconds between two looks at it; None for those of the profile.
    """

    def __init__(
        self,
        profile: Profile,
        tokens: Tokens,
        *,
        keeps: bool,
        remembers: bool = True,
        started: Started | None = None,
        refresh_seconds: int | None = None,
    ) -> None:
        self.profile = profile
        self._tokens = tokens
        self._keeps = keeps
        self._remembers = remembers
        self._started = started or _as_profile(profile)
        seconds = profile.seconds_between_looks if refresh_seconds is None else refresh_seconds
        self._refresh_seconds = seconds

    @property
    def name(self) -> str:
        """What it is called: its profile, the scenario of a demo, a file or an address."""
        options = self.profile.options
        scenario = options.get("scenario")
        named = self.profile.name or (f"demo {scenario}" if scenario else "")
        return named or str(options.get("name") or options.get("file") or "") or self._place

    @property
    def _place(self) -> str:
        return self.profile.url.partition("://")[2] or self.profile.provider.title

    async def kept(self) -> StatusAnswer | None:
        """The digest of an earlier run; None if there is none, or if it is damaged.

        Raises:
            ClientError: There is no token, which tells whose digest it is.
        """
        from usage_tui import wire
        from usage_tui.state.digest import SCHEMA, StatusAnswer

        key = self.profile.provider.cache_key(self.profile.name, await self._config())
        folder = paths.cache_folder()
        if key is None or not self._keeps or paths.cache_refusal(folder):
            return None
        try:
            with paths.digest_of(folder / paths.cache_name(key)).open("rb") as file:
                digest = wire.parse(StatusAnswer, file.read(_LARGEST_DIGEST))
        except (OSError, wire.InvalidShape):
            return None
        return digest if digest.schema == SCHEMA else None

    async def client(self, organization: str | None) -> UsageClient:
        """A client of its own for an organization; for the first one where it is None.

        Raises:
            ClientError: It cannot be opened.
        """
        client = await self.profile.provider.open(await self._config())
        if organization is not None:
            client.select(organization)
        return client

    async def open(self, organization: str | None) -> Opened:
        """Open it as the program's source.

        Raises:
            ClientError: It cannot be opened.
        """
        from usage_tui.state.cache import Cache
        from usage_tui.state.reported_alerts import ReportedAlerts

        client = await self.client(None)
        pages = self.profile.provider.pages(client)
        key = self.profile.provider.cache_key(self.profile.name, await self._config())
        cache = None
        if key is not None and self._keeps:
            cache = Cache(paths.cache_folder(), key, self.profile.organization)
        reported = ReportedAlerts(
            paths.alerts_file(self.profile.alerts_key(key)) if self._remembers else None
        )
        started = self._started
        if organization is not None and (
            started.has_organizations or not await _is_first(client, organization)
        ):
            started = started.shown_now(organization)
        return Opened(client, pages, cache, organization, self._refresh_seconds, reported, started)

    async def _config(self) -> ClientConfig:
        token, source = None, self.profile.token
        if source is not None:
            key = self.profile.provider.key
            token = await self._tokens.read(source, key.words if key else "")
        config = self.profile.client_config(token)
        return config._replace(journal_folder=paths.days_folder()) if self._keeps else config


def overview_profiles(
    current: Profile,
    token: BearerToken | None,
    started: Started,
    profiles: Iterable[Profile],
    *,
    keeps: bool,
    restricted: bool,
    refresh_seconds: int,
) -> list[OverviewProfile]:
    """The data source that is open first, then every other profile of the settings.

    Args:
        current: The data source that is open.
        token: Its token, read already.
        started: How the program was started with it.
        profiles: Those of the settings.
        keeps: Whether data may be kept on disk.
        restricted: Whether no command may be run.
        refresh_seconds: Seconds between two looks at the current source.
    """
    tokens = Tokens(runs_commands=not restricted)
    if current.token is not None and token is not None:
        tokens.keep(current.token, token)
    make = partial(OverviewProfile, tokens=tokens, keeps=keeps, remembers=not restricted)
    others = (profile for profile in profiles if profile.name != current.name)
    return [make(current, refresh_seconds=refresh_seconds, started=started), *map(make, others)]


async def _is_first(client: UsageClient, organization: str) -> bool:
    """Whether a data source on this machine opens an organization by itself."""
    me = await client.me()
    return organization in [one.id for one in me.organizations[:1]]


def _as_profile(profile: Profile) -> Started:
    """How the program would be started with a profile of the settings."""
    file = profile.options.get("file")
    return Started(
        source=("-p", profile.name) if profile.name else None,
        has_organizations=profile.provider.has_organizations,
        title=profile.provider.title,
        file=file if isinstance(file, Path) else None,
    )


async def _in_background(read: Callable[[], BearerToken]) -> BearerToken:
    """Read in a thread that the end of the program does not wait for: a command may take seconds."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[BearerToken] = loop.create_future()

    def tell(token: BearerToken | None, error: Exception | None) -> None:
        if found.done():
            return
        if token is not None:
            found.set_result(token)
        elif error is not None:
            found.set_exception(error)

    def run() -> None:
        token, failed = None, None
        try:
            token = read()
        except Exception as error:  # noqa: BLE001 - it is raised where the token is waited for
            failed = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, token, failed)

    Thread(target=run, name="usage-tui-token", daemon=True).start()
    return await found
