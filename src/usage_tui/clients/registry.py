"""The providers of data: how each is opened, what it offers, how to log in, what is checked and cached.

A `Provider` is plain data. The client that speaks to it is imported when it is opened.

Other packages add providers through the entry point group ``usage_tui.providers``: the entry has the name of
its `Provider`. They are looked for only when a name is not one of ours.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from usage_tui.clients.keys import Key as Key  # for those who declare a provider
from usage_tui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from usage_tui.clients.base import EventPages, Slice, UsageClient
    from usage_tui.clients.check_results import CheckResult
    from usage_tui.clients.transport.retries import RetryPolicy
    from usage_tui.clients.transport.service import Carrier, Reach
    from usage_tui.clients.transport.token import BearerToken
    from usage_tui.models import Part

ENTRY_POINTS = "usage_tui.providers"


class UnknownProvider(ValueError):
    """There is no provider of this name, or it cannot be loaded. The message is one line."""


class Setting(NamedTuple):
    """A setting that a profile of the provider may have.

    Attributes:
        name: Its key in the settings file.
        type: ``str``, ``bool``, ``int``, `Path`, ``list`` or ``dict``. Only ``list`` and ``dict`` are
            checked no further here: the opener checks what is in them.
        required: Whether a profile must have it.
        example: What it looks like in TOML, for the message that it is missing.
        most: The largest value of an ``int``.
        help: What it is for, in a few words, for the reference.
    """

    name: str
    type: type
    required: bool = False
    example: str = ""
    most: int = 10**9
    help: str = ""


LONGEST_REFRESH = 24 * 60 * 60
URL = Setting(
    "url", str, required=True, example='"https://usage.example.com"', help="the address of the service"
)
ORGANIZATION = Setting("organization", str, help="the id of the organization; the token's first by default")
CA_FILE = Setting("ca_file", Path, help="certificates to trust in place of the default ones, in PEM")
ALLOW_PLAIN_HTTP = Setting("allow_plain_http", bool, help="send the token unencrypted to another machine")
REFRESH_SECONDS = Setting(
    "refresh_seconds",
    int,
    most=LONGEST_REFRESH,
    help="seconds between two looks at the data source; 0 looks only when asked",
)
PLAN = Setting("plan", dict, help='what the plan includes, typed in: included = "500"')
GRANTS = Setting(
    "grants", list, help="grants that the vendor doesn't report, typed in: [[profiles.NAME.grants]]"
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ClientConfig(NamedTuple):
    """What a client is opened with.

    Attributes:
        url: Its address; empty for a provider without one.
        token: Signs the requests; None for a provider without a key.
        organization: The id of the organization to open; the token's first one where it is None.
        ca_file: The certificates, in PEM, to trust in place of the default ones.
        allow_plain_http: Whether the token may be sent unencrypted to another machine.
        options: The settings that only this provider knows.
        retries: When a request that failed is sent again; None for the default policy.
        transport: Carries the requests in place of the network.
        journal_folder: Where the days of a vendor's account are kept; None to keep none.
        clock: The time.
    """

    url: str = ""
    token: BearerToken | None = None
    organization: str | None = None
    ca_file: Path | None = None
    allow_plain_http: bool = False
    options: Mapping[str, Any] = MappingProxyType({})
    retries: RetryPolicy | None = None
    transport: Carrier | None = None
    journal_folder: Path | None = None
    clock: Callable[[], datetime] = _utc_now

    @property
    def reach(self) -> Reach:
        """How its service is reached, as `Service` takes it."""
        return {
            "allow_plain_http": self.allow_plain_http,
            "ca_file": self.ca_file,
            "retries": self.retries,
            "transport": self.transport,
        }

    def signed(self) -> BearerToken:
        """The token.

        Raises:
            Unauthenticated: There is none.
        """
        if self.token is None:
            from usage_tui.clients.base import Unauthenticated

            raise Unauthenticated("There is no token.", advice="Log in, or set one in the profile.")
        return self.token


Opener: TypeAlias = "Callable[[ClientConfig], Awaitable[UsageClient]]"
Checker: TypeAlias = "Callable[[UsageClient], AsyncIterator[CheckResult]]"


class Vendor(NamedTuple):
    """What the account of a vendor tells, for the client that all vendors share.

    Attributes:
        not_offered: Why a part of the overview is missing, or why the history has daily totals, a sentence
            each. An account may tell less than its vendor does.
        depends: The parts and replies that only some plans, accounts or keys get.
        count_unit: The singular noun of what is counted, such as ``request``.
        settles: How long after its end a day may still change.
        reaches: How far back the vendor tells days.
        days_at_once: Days asked for at one look at most, the newest first; never fewer than a period has.
        delay: How old the data are, in words.
    """

    not_offered: Mapping[Part, str] = MappingProxyType({})
    depends: tuple[Part | Slice, ...] = ()
    count_unit: str = "request"
    settles: timedelta = timedelta(days=3)
    reaches: timedelta = timedelta(days=365)
    days_at_once: int = 366
    delay: str = ""


class Provider(NamedTuple):
    """Where data come from. A named tuple, because a dataclass takes a millisecond more at every start.

    Attributes:
        name: What it is called in ``provider = "..."`` and after ``usage-tui login``.
        title: What people call it.
        opener: ``module:function`` of an `Opener`. It sends nothing yet.
        checker: ``module:function`` of a `Checker`: what doctor finds out by asking an open source; empty
            for what it finds out of any source, or of any vendor's account.
        settings: The settings that a profile may have, beside those of its token.
        key: The token or key that it needs; None if it needs none.
        url: The default address; empty if every user has another one, or if there is none.
        url_variable: The environment variable that usually holds an address of the user's own.
        unit: The code of its unit, such as ``USD``; empty if each source says so itself.
        time_zone: The time zone of its days; empty if each source says so itself.
        not_offered: Why it never has a slice, a sentence each.
        refresh_seconds: How often it is looked at, unless the profile says otherwise; 0 for never.
        shortest_refresh: The least number of seconds between two looks.
        is_cached: Whether what it tells is kept on the disk for the next start.
        reads_ahead: Whether pages of events are fetched before they are asked for.
        vendor: What the account of a vendor tells; None for any other source.
    """

    name: str
    title: str
    opener: str
    checker: str = ""
    settings: tuple[Setting, ...] = ()
    key: Key | None = None
    url: str = ""
    url_variable: str = ""
    unit: str = ""
    time_zone: str = ""
    not_offered: Mapping[Slice, str] = MappingProxyType({})
    refresh_seconds: int = 60
    shortest_refresh: int = 0
    is_cached: bool = True
    reads_ahead: bool = True
    vendor: Vendor | None = None

    @property
    def is_remote(self) -> bool:
        """Whether it is a service with an address, asked over the network."""
        return self.setting("url") is not None

    @property
    def has_organizations(self) -> bool:
        """Whether a command can name one of several organizations."""
        return self.is_remote and self.setting("organization") is not None

    def setting(self, name: str) -> Setting | None:
        """The setting of that name; None if the provider does not know it."""
        return next((setting for setting in self.settings if setting.name == name), None)

    async def open(self, config: ClientConfig) -> UsageClient:
        """Import what speaks to it, and open it. Nothing is sent yet.

        Raises:
            ClientError: The configuration cannot be used.
        """
        opener: Opener = _imported(self.opener)
        return await opener(config)

    def check(self, client: UsageClient) -> AsyncIterator[CheckResult]:
        """What there is to say about an open source. It raises `ClientError` where that ends.

        Args:
            client: What `open` gave.
        """
        checker: Checker = _imported(self.checker or (_ACCOUNT_CHECKER if self.vendor else _CHECKER))
        return checker(client)

    def pages(self, client: UsageClient) -> EventPages:
        """Where the pages of its history come from; they close the client."""
        if not self.reads_ahead:
            return client
        from usage_tui.clients.read_ahead import ReadAhead

        return ReadAhead(client)

    def cache_key(self, profile: str | None, config: ClientConfig) -> str | None:
        """What tells the cache of one source from that of another; None if it is not cached.

        Its first line is `cache_owner`. The token is a part of the second: what one viewer may see, another
        perhaps may not.

        Args:
            profile: The profile's name; None if there is none.
            config: How the source is opened.
        """
        if not self.is_cached:
            return None
        import json

        token = config.token.digest if config.token is not None else ""
        options = {name: str(value) for name, value in config.options.items()}
        facts = [self.name, config.url, config.organization, options, token]
        return f"{self.cache_owner(profile, config.url)}\n{json.dumps(facts)}"

    def cache_owner(self, profile: str | None, url: str) -> str:
        """What all caches of a profile have in common, or of a source without one."""
        return f"profile {profile}" if profile is not None else f"{self.name} {url}"


_CHECKER = "usage_tui.clients.checks:check_client"
_ACCOUNT_CHECKER = "usage_tui.clients.providers.checks:check_account"
_NETWORK = (URL, ORGANIZATION, CA_FILE, ALLOW_PLAIN_HTTP, REFRESH_SECONDS)
VENDOR_SETTINGS = (
    URL._replace(required=False),
    CA_FILE,
    ALLOW_PLAIN_HTTP,
    REFRESH_SECONDS,
    PLAN,
    GRANTS,
)
"""The settings of every vendor with a usual address."""

USAGE_API = Provider(
    name="usage-api",
    title="Usage API",
    opener="usage_tui.clients.usage_api:open_client",
    checker="usage_tui.clients.checks:check_service",
    settings=_NETWORK,
    key=Key(variable="USAGE_TUI_TOKEN", words="a token of the service", prefixes=("uat_",)),
)
RECORDING = Provider(
    name="recording",
    title="recording",
    opener="usage_tui.clients.recording.client:open_client",
    checker="usage_tui.clients.checks:check_data",
    settings=(Setting("file", Path, required=True, example='"usage.jsonl"', help="the recording"),),
    refresh_seconds=0,
    is_cached=False,
    reads_ahead=False,
)
DEMO = Provider(
    name="demo",
    title="demo",
    opener="usage_tui.clients.demo.client:open_client",
    checker="usage_tui.clients.checks:check_data",
    settings=(Setting("scenario", str, help="one of `usage-tui --demo '?'`"),),
    refresh_seconds=0,
    is_cached=False,
    reads_ahead=False,
)
_BUILT_IN = {provider.name: provider for provider in (USAGE_API, RECORDING, DEMO)}
_VENDORS = {
    name: f"usage_tui.clients.providers.{name}:PROVIDER"
    for name in ("github", "openrouter", "anthropic", "openai", "litellm", "v0")
}
"""Where each vendor is declared; that module is imported when the vendor is named."""


def find_provider(name: str) -> Provider | None:
    """The provider of that name, ours or another package's; None if there is none.

    Raises:
        UnknownProvider: Another package's cannot be loaded.
    """
    found = _BUILT_IN.get(name)
    if found is not None:
        return found
    if name in _VENDORS:
        provider: Provider = _imported(_VENDORS[name])
        return provider
    entry = _entry_points().get(name)
    return None if entry is None else _loaded(entry)


def require_provider(name: str) -> Provider:
    """The provider of that name.

    Raises:
        UnknownProvider: There is none, or it cannot be loaded.
    """
    provider = find_provider(name)
    if provider is None:
        from difflib import get_close_matches

        names = provider_names()
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the providers are {', '.join(names)}"
        raise UnknownProvider(f"unknown provider {name[:40]!r}; {hint}")
    return provider


def provider_names() -> list[str]:
    """The names of all providers, ours first."""
    return list(dict.fromkeys((*_BUILT_IN, *_VENDORS, *sorted(_entry_points()))))


def vendor_names() -> list[str]:
    """The names of the vendors whose accounts are shown."""
    return list(_VENDORS)


def _entry_points() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}


def _loaded(entry: EntryPoint) -> Provider:
    """The provider of another package.

    Raises:
        UnknownProvider: It cannot be loaded, or is something else.
    """
    try:
        provider = entry.load()
    except (ImportError, AttributeError) as error:
        raise UnknownProvider(
            f"the provider {entry.name} cannot be loaded from {entry.value}: {error}"
        ) from None
    if not isinstance(provider, Provider) or provider.name != entry.name:
        raise UnknownProvider(
            f"the provider {entry.name} cannot be loaded: {entry.value} is not a Provider of that name"
        )
    return provider


def _imported(path: str) -> Any:
    """What a ``module:name`` leads to."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
