"""Which source is opened, as the command line and the settings say: a service, a recording or a demo."""

from __future__ import annotations

import argparse
import asyncio
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from usage_tui.cli.parser import Misuse
from usage_tui.clients.registry import DEMO, RECORDING, USAGE_API, SourceKind, UnknownKind, find_kind
from usage_tui.config import paths
from usage_tui.config.profiles import URL_RULE, Profile, TokenVariable, is_service_address

if TYPE_CHECKING:
    from usage_tui.clients.base import EventPages, UsageClient
    from usage_tui.clients.registry import SourceConfig
    from usage_tui.clients.transport.retries import RetryPolicy
    from usage_tui.config.settings import Settings

TOKEN_VARIABLE = USAGE_API.key.variable if USAGE_API.key else ""
"""The environment variable with the token for an address on the command line."""
_CHANGES = {
    "organization": "--organization",
    "refresh_seconds": "--refresh",
    "ca_file": "--ca-file",
    "allow_plain_http": "--allow-plain-http",
}
"""The options that change a profile, each under the name of the setting that it replaces."""


class OpenSource(NamedTuple):
    """A source that was opened; nothing was sent yet.

    Attributes:
        client: Where the data come from.
        cache_key: Tells its cache from that of any other source; None where it is not cached.
    """

    profile: Profile
    client: UsageClient
    cache_key: str | None

    def pages(self) -> EventPages:
        """Where the pages of the history come from: those of a service are far away."""
        if not self.profile.kind.reads_ahead:
            return self.client
        from usage_tui.clients.read_ahead import ReadAhead

        return ReadAhead(self.client)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how a source is named."""
    data = parser.add_mutually_exclusive_group()
    data.add_argument("file", nargs="?", metavar="FILE.jsonl", help="a recording, also .gz")
    data.add_argument(
        "--demo", nargs="?", const=True, metavar="SCENARIO", help="demo data (? lists the scenarios)"
    )
    add_service_arguments(parser, data)


def add_service_arguments(parser: argparse.ArgumentParser, data: argparse._MutuallyExclusiveGroup) -> None:
    """Declare how a service is named, among other sources, and how it is reached."""
    data.add_argument(
        "-p", "--profile", metavar="NAME", help="a profile of the settings, or a provider without one"
    )
    data.add_argument("--url", help=f"a Usage API by its address; its token is read from {TOKEN_VARIABLE}")
    add_connection_arguments(parser)


def add_connection_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how a service is reached, and for which organization."""
    parser.add_argument("--organization", metavar="ID", help="which one, if the token sees several")
    parser.add_argument(
        "--ca-file", type=Path, metavar="FILE.pem", help="trust the service by these certificates"
    )
    parser.add_argument(
        "--allow-plain-http",
        action="store_const",
        const=True,
        help="send the token unencrypted to another machine",
    )


def read_settings() -> Settings:
    """What the user has set.

    Raises:
        Misuse: The settings file can't be used.
    """
    from usage_tui.config import settings
    from usage_tui.toml_file import InvalidToml

    try:
        return settings.read_settings(paths.config_file())
    except InvalidToml as error:
        raise Misuse(str(error)) from None


def chosen_profile(options: argparse.Namespace, settings: Settings) -> Profile:
    """The source to open, changed as the options say; the demo where nothing is named.

    Raises:
        Misuse: There is no such profile, or an option does not apply to it.
    """
    return named_profile(options, settings) or _changed(Profile(name=None, kind=DEMO), options)


def named_profile(options: argparse.Namespace, settings: Settings) -> Profile | None:
    """The source that the options or the settings name, changed as the options say; None where none do.

    Raises:
        Misuse: There is no such profile, or an option does not apply to it.
    """
    profile = _named(options, settings)
    return None if profile is None else _changed(profile, options)


def _changed(profile: Profile, options: argparse.Namespace) -> Profile:
    given = {name: value for name in _CHANGES if (value := getattr(options, name, None)) is not None}
    kind = profile.kind
    for name in given:
        if not kind.is_remote:
            raise Misuse(f"{_CHANGES[name]} goes with a service: --profile or --url")
        if kind.setting(name) is None:
            raise Misuse(f"{_CHANGES[name]} does not apply to {kind.title}")
    return replace(profile, **given)


def _named(options: argparse.Namespace, settings: Settings) -> Profile | None:
    if options.url is not None:
        return Profile(name=None, url=options.url, token=TokenVariable(TOKEN_VARIABLE))
    if options.profile is not None:
        return profile_named(options.profile, settings)
    if getattr(options, "file", None):
        return Profile(name=None, kind=RECORDING, options={"file": Path(options.file)})
    if scenario := getattr(options, "demo", None):
        return Profile(name=None, kind=DEMO, options={"scenario": scenario} if scenario is not True else {})
    return settings.profiles[settings.profile] if settings.profile is not None else None


def profile_named(name: str, settings: Settings) -> Profile:
    """A profile of the settings, or a provider without one.

    Raises:
        Misuse: There is no such profile, and no such kind either, or it needs more than that.
    """
    return settings.profiles.get(name) or _profile_of_kind(name, settings)


def _profile_of_kind(name: str, settings: Settings) -> Profile:
    """A source that is named by its kind: with the default address and the usual variable of its token.

    Raises:
        Misuse: There is no such kind, or it needs more than that.
    """
    try:
        kind = find_kind(name)
    except UnknownKind as error:
        raise Misuse(str(error)) from None
    if kind is None:
        known = f"the profiles are {', '.join(settings.profiles)}" if settings.profiles else "there are none"
        raise Misuse(f"unknown profile {name!r}; {known}; usage-tui login URL -p NAME writes one")
    url = default_url(kind)
    needed = missing_settings(kind, url)
    if needed:
        instead = f"set {kind.url_variable}, or " if kind.url_variable else ""
        raise Misuse(
            f'{kind.title} needs {", ".join(needed)}: {instead}write a profile with provider = "{name}"'
        )
    token = TokenVariable(kind.key.variable) if kind.key is not None else None
    return Profile(name=None, kind=kind, url=url, token=token)


def default_url(kind: SourceKind) -> str:
    """The address of a kind of source without a profile: its own, or that of the usual variable.

    Raises:
        Misuse: The variable holds something else.
    """
    url = kind.url or os.environ.get(kind.url_variable, "") if kind.url_variable else kind.url
    if url and not is_service_address(url):
        # What is there instead may hold a password: it is not repeated.
        raise Misuse(f"{kind.url_variable} {URL_RULE}")
    return url


def missing_settings(kind: SourceKind, url: str) -> list[str]:
    """The settings that a kind needs beside an address and a token; and the address, where it is empty."""
    required = [setting.name for setting in kind.settings if setting.required]
    return [name for name in required if name != "url" or not url]


def source_config(
    profile: Profile, *, retries: RetryPolicy | None = None, keeps_days: bool = False
) -> SourceConfig:
    """What the profile's kind needs to open it, with the token from where the profile says.

    Args:
        profile: The source.
        retries: When a request that failed is sent again; None for the default policy.
        keeps_days: Whether what a vendor tells of the days is kept on disk.

    Raises:
        ClientError: There is no token.
    """
    token = None
    if profile.token is not None:
        from usage_tui.config.secrets import read_token

        token = read_token(profile.token, profile.kind.key.words if profile.kind.key else "")
    config = profile.source(token, retries=retries)
    return config._replace(journal_folder=paths.days_folder()) if keeps_days else config


def open_source(profile: Profile, *, keeps_days: bool = True) -> OpenSource:
    """Take the token from where the profile says, and open its source. Nothing is sent yet.

    Args:
        profile: The source.
        keeps_days: Whether what a vendor tells of the days is kept on disk.

    Raises:
        Misuse: It can't be opened.
    """
    from usage_tui.clients.base import ClientError

    try:
        config = source_config(profile, keeps_days=keeps_days)
        client = asyncio.run(profile.kind.open(config))
    except ClientError as error:
        place = f"{paths.config_file()}: profiles.{profile.name}: " if profile.name else ""
        raise Misuse(f"{place}{error.full_text}") from None
    return OpenSource(profile, client, profile.kind.cache_key(profile.name, config))
