"""Where the data come from: a service, a recording or a demo, as the command line and the settings say."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from usage_tui.cli.parser import Misuse
from usage_tui.config import paths
from usage_tui.config.profiles import TOKEN_VARIABLE, Profile, TokenVariable

if TYPE_CHECKING:
    from usage_tui.clients.base import UsageClient
    from usage_tui.config.settings import Settings

_CHANGES = {
    "organization": "--organization",
    "refresh_seconds": "--refresh",
    "ca_file": "--ca-file",
    "allow_plain_http": "--allow-plain-http",
}
"""The options that change a profile, each under the name that the profile has for it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell a parser how data are named."""
    data = parser.add_mutually_exclusive_group()
    data.add_argument("file", nargs="?", metavar="FILE.jsonl", help="a recording, also .gz")
    data.add_argument(
        "--demo", nargs="?", const=True, metavar="SCENARIO", help="demo data (? lists the scenarios)"
    )
    add_service_arguments(parser, data)


def add_service_arguments(parser: argparse.ArgumentParser, data: argparse._MutuallyExclusiveGroup) -> None:
    """Tell a parser how a service is named, among other data, and how it is reached."""
    data.add_argument("-p", "--profile", metavar="NAME", help="a service by its name in the settings")
    data.add_argument("--url", help=f"a service by its address; its token is read from {TOKEN_VARIABLE}")
    add_connection_arguments(parser)


def add_connection_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell a parser how a service is reached, and for which organization."""
    parser.add_argument("--organization", metavar="ID", help="which one, where a token sees several")
    parser.add_argument(
        "--ca-file", type=Path, metavar="FILE.pem", help="trust the service by these certificates"
    )
    parser.add_argument(
        "--allow-plain-http",
        action="store_const",
        const=True,
        help="send the token to another machine unencrypted",
    )


def read_settings() -> Settings:
    """What the user has set.

    Raises:
        Misuse: The settings file can't be followed.
    """
    from usage_tui.config import settings

    try:
        return settings.read_settings(paths.config_file())
    except settings.InvalidSettings as error:
        raise Misuse(str(error)) from None


def chosen_profile(options: argparse.Namespace, settings: Settings) -> Profile | None:
    """The service to open, changed as the options say; None where other data are meant.

    Raises:
        Misuse: There is no such profile, or an option means nothing without a service.
    """
    given = {name: value for name in _CHANGES if (value := getattr(options, name, None)) is not None}
    profile = _named(options, settings)
    if profile is not None:
        return replace(profile, **given)
    for name in given:
        raise Misuse(f"{_CHANGES[name]} goes with a service: --profile or --url")
    return None


def _named(options: argparse.Namespace, settings: Settings) -> Profile | None:
    if options.url is not None:
        return Profile(name=None, url=options.url, token=TokenVariable(TOKEN_VARIABLE))
    if options.profile is not None:
        return _profile(options.profile, settings)
    if settings.profile is not None and not any(getattr(options, data, None) for data in ("file", "demo")):
        return settings.profiles[settings.profile]
    return None


def _profile(name: str, settings: Settings) -> Profile:
    if name not in settings.profiles:
        known = f"there are {', '.join(settings.profiles)}" if settings.profiles else "there are none"
        raise Misuse(f"there is no profile {name!r}; {known}; usage-tui login URL -p NAME writes one")
    return settings.profiles[name]


def open_data(options: argparse.Namespace, profile: Profile | None) -> UsageClient:
    """Open what the options name, which is the profile where there is one.

    Raises:
        Misuse: It can't be opened.
    """
    if profile is not None:
        return _open_service(profile)
    if options.file:
        return _open_recording(Path(options.file))
    return _open_demo(options.demo if isinstance(options.demo, str) else None)


def _open_service(profile: Profile) -> UsageClient:
    """Take the token from where it lies. Nothing is sent yet.

    Raises:
        Misuse: There is no token, or the address can't be used.
    """
    from usage_tui.clients.base import ClientError
    from usage_tui.config.secrets import open_service

    try:
        return open_service(profile)
    except ClientError as error:
        place = f"{paths.config_file()}: profiles.{profile.name}: " if profile.name else ""
        raise Misuse(f"{place}{error.full_text}") from None


def _open_recording(path: Path) -> UsageClient:
    import asyncio

    from usage_tui.clients.base import ClientError
    from usage_tui.clients.recording.client import RecordingClient

    try:
        return asyncio.run(RecordingClient.open(path))
    except ClientError as error:
        raise Misuse(error.full_text) from None


def _open_demo(name: str | None) -> UsageClient:
    """The demo of that name, the usual one without."""
    from usage_tui.clients.demo.client import SCENARIOS, open_demo

    if name is None:
        return open_demo()
    if name not in SCENARIOS:
        raise Misuse(f"there is no demo {name!r}; there are {', '.join(SCENARIOS)}")
    return open_demo(name)
