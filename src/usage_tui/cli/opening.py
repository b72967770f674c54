"""Which data source is opened, as the command line and the settings say: a service, a recording or a demo."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from usage_tui.cli import table_options
from usage_tui.cli.client_options import TOKEN_VARIABLE, refuse_empty_names
from usage_tui.cli.ending import Misuse
from usage_tui.clients.registry import DEMO, RECORDING, Provider, UnknownProvider, find_provider
from usage_tui.named_tuple import NamedTuple
from usage_tui.text.clean import clean

if TYPE_CHECKING:
    from usage_tui.clients.base import ClientError, UsageClient
    from usage_tui.clients.registry import ClientConfig
    from usage_tui.clients.transport.retries import RetryPolicy
    from usage_tui.clients.transport.token import BearerToken
    from usage_tui.config.profiles import Profile
    from usage_tui.config.settings import Settings

_CHANGES = {
    "organization": "--organization",
    "refresh_seconds": "--refresh",
    "ca_file": "--ca-file",
    "allow_plain_http": "--allow-plain-http",
}
"""The options that change a profile, each under the name of the setting that it replaces."""


class ReadyProfile(NamedTuple):
    """A profile that can be opened: its token is known."""

    profile: Profile
    config: ClientConfig

    @property
    def cache_key(self) -> str | None:
        """Tells its cache from that of any other data source; None if it is not cached."""
        return self.profile.provider.cache_key(self.profile.name, self.config)

    @property
    def alerts_key(self) -> str:
        """Identifies the data source and what its viewer may see, cached or not."""
        return self.profile.alerts_key(self.cache_key)

    def open(self) -> OpenProfile:
        """Open it. Nothing is sent yet.

        Raises:
            Misuse: It can't be opened.
        """
        import asyncio

        from usage_tui.clients.base import ClientError

        try:
            client = asyncio.run(self.profile.provider.open(self.config))
        except ClientError as error:
            raise _misuse(self.profile, error) from None
        return OpenProfile(self.profile, client, self.cache_key, self.alerts_key, self.config.token)


class OpenProfile(NamedTuple):
    """A profile that was opened; nothing was sent yet.

    Attributes:
        client: Where the data come from.
        cache_key: Tells its cache from that of any other data source; None if it is not cached.
        alerts_key: Identifies the data source and what its viewer may see, cached or not.
        token: Signs its requests; None for a data source without one.
    """

    profile: Profile
    client: UsageClient
    cache_key: str | None
    alerts_key: str = ""
    token: BearerToken | None = None


def read_settings() -> Settings:
    """What the user has set.

    Raises:
        Misuse: The settings file can't be used.
    """
    from usage_tui.config import paths, settings
    from usage_tui.toml_file import InvalidToml

    try:
        return settings.read_settings(paths.config_file())
    except InvalidToml as error:
        raise Misuse(str(error)) from None


def chosen_profile(options: argparse.Namespace, settings: Settings) -> Profile:
    """The data source to open, changed as the options say; the demo where nothing is named.

    Raises:
        Misuse: The profile does not exist, or an option does not apply to it.
    """
    from usage_tui.config.profiles import Profile

    return named_profile(options, settings) or _changed(Profile(name=None, provider=DEMO), options)


def named_profile(options: argparse.Namespace, settings: Settings) -> Profile | None:
    """The data source that the options or the settings name, changed as the options say; None if none do.

    Raises:
        Misuse: The profile does not exist, or an option does not apply to it.
    """
    profile = _named(options, settings)
    return None if profile is None else _changed(profile, options)


def _changed(profile: Profile, options: argparse.Namespace) -> Profile:
    given = {name: value for name in _CHANGES if (value := getattr(options, name, None)) is not None}
    if "ca_file" in given:
        given["ca_file"] = Path(given["ca_file"])
    provider = profile.provider
    for name in given:
        if not provider.is_remote:
            raise Misuse(f"{_CHANGES[name]} goes with a service: --profile or --url")
        if provider.setting(name) is None:
            raise Misuse(f"{_CHANGES[name]} does not apply to {provider.title}")
    return profile._replace(**given)


def _named(options: argparse.Namespace, settings: Settings) -> Profile | None:
    from usage_tui.config.profiles import Profile, TokenVariable

    if options.url is not None:
        return Profile(name=None, url=options.url, token=TokenVariable(TOKEN_VARIABLE))
    if options.profile is not None:
        return profile_named(options.profile, settings)
    if getattr(options, "file", None):
        return Profile(name=None, provider=RECORDING, options={"file": Path(options.file)})
    if scenario := getattr(options, "demo", None):
        return Profile(
            name=None, provider=DEMO, options={"scenario": scenario} if scenario is not True else {}
        )
    return settings.profiles[settings.profile] if settings.profile is not None else None


def profile_named(name: str, settings: Settings) -> Profile:
    """A profile of the settings, or a provider without one.

    Raises:
        Misuse: Neither a profile nor a provider has this name, or the provider needs more than that.
    """
    return settings.profiles.get(name) or _profile_of_kind(name, settings)


def _profile_of_kind(name: str, settings: Settings) -> Profile:
    """A provider without a profile: with the default address and the usual variable of its token.

    Raises:
        Misuse: The provider does not exist, or it needs more than that.
    """
    from usage_tui.config.profiles import Profile, TokenVariable

    try:
        provider = find_provider(name)
    except UnknownProvider as error:
        raise Misuse(str(error)) from None
    if provider is None:
        known = f"the profiles are {', '.join(settings.profiles)}" if settings.profiles else "there are none"
        raise Misuse(f"unknown profile {name!r}; {known}; usage-tui login URL -p NAME writes one")
    url = default_url(provider)
    needed = missing_settings(provider, url)
    if needed:
        instead = f"set {provider.url_variable}, or " if provider.url_variable else ""
        raise Misuse(
            f'{provider.title} needs {", ".join(needed)}: {instead}write a profile with provider = "{name}"'
        )
    token = TokenVariable(provider.key.variable) if provider.key is not None else None
    return Profile(name=None, provider=provider, url=url, token=token)


def default_url(provider: Provider) -> str:
    """The address of a provider without a profile: its own, or that of the usual variable.

    Raises:
        Misuse: The variable holds something else.
    """
    from usage_tui.config.profiles import URL_RULE, is_service_address

    url = provider.url or os.environ.get(provider.url_variable, "") if provider.url_variable else provider.url
    if url and not is_service_address(url):
        # What is there instead may hold a password: it is not repeated.
        raise Misuse(f"{provider.url_variable} {URL_RULE}")
    return url


def missing_settings(provider: Provider, url: str) -> list[str]:
    """What a provider needs beside an address and a token, and the address where it is empty."""
    required = [setting.name for setting in provider.settings if setting.required]
    return [name for name in required if name != "url" or not url]


def client_config(
    profile: Profile, *, retries: RetryPolicy | None = None, keeps_days: bool = False
) -> ClientConfig:
    """What the profile's provider needs to open it, with the token from where the profile says.

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

        token = read_token(profile.token, profile.provider.key.words if profile.provider.key else "")
    config = profile.client_config(token, retries=retries)
    from usage_tui.config import paths

    return config._replace(journal_folder=paths.days_folder()) if keeps_days else config


def open_client(profile: Profile, *, keeps_days: bool = True) -> OpenProfile:
    """Take the token from where the profile says, and open its source. Nothing is sent yet.

    Args:
        profile: The source.
        keeps_days: Whether what a vendor tells of the days is kept on disk.

    Raises:
        Misuse: It can't be opened.
    """
    return make_ready(profile, keeps_days=keeps_days).open()


def make_ready(profile: Profile, *, keeps_days: bool = True) -> ReadyProfile:
    """Take the token from where the profile says. What opens its data source is not imported yet.

    Args:
        profile: The source.
        keeps_days: Whether what a vendor tells of the days is kept on disk.

    Raises:
        Misuse: There is no token.
    """
    from usage_tui.clients.base import ClientError

    try:
        return ReadyProfile(profile, client_config(profile, keeps_days=keeps_days))
    except ClientError as error:
        raise _misuse(profile, error) from None


def ready_profile(options: argparse.Namespace) -> ReadyProfile:
    """The data source that the options or the settings name; never the demo unless it is named.

    Raises:
        Misuse: None is named, or it can't be opened.
        Failure: It is a table that cannot be read.
    """
    refuse_empty_names(options)
    profile = named_profile(options, read_settings())
    if profile is None:
        raise Misuse(
            "no data source is named, and the settings have no default profile: run usage-tui login URL, "
            "or name one with FILE, -p, --url or --demo"
        )
    return make_ready(with_recording(profile, options))


def with_recording(profile: Profile, options: argparse.Namespace) -> Profile:
    """The profile, with the recording that its file was made into where that is a table.

    Raises:
        Misuse: The options do not go with the file.
        Failure: The table cannot be read.
    """
    path = profile.options.get("file")
    if path is None:
        table_options.refuse(options)
        return profile
    from usage_tui.cli import converted

    if not converted.is_table(path):
        table_options.refuse(options)
        return profile
    if getattr(options, "watch", False):
        raise Misuse("--watch follows a recording; usage-tui import makes one from a table")
    name = "stdin" if str(path) == converted.STDIN else clean(path.name)
    made = converted.converted(path, options)
    return profile._replace(options={**profile.options, "file": made, "name": name})


def _misuse(profile: Profile, error: ClientError) -> Misuse:
    from usage_tui.config import paths

    place = f"{paths.config_file()}: profiles.{profile.name}: " if profile.name else ""
    return Misuse(f"{place}{error.full_text}")
