"""`usage-tui login`: a profile from an address and a token."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

from usage_tui.cli import loop
from usage_tui.cli.opening import add_connection_arguments, read_settings
from usage_tui.cli.parser import Failure, Misuse, Parser
from usage_tui.clients.base import ClientError
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.config import paths
from usage_tui.config.profiles import (
    PROFILE_NAME_RULE,
    Profile,
    TokenFile,
    is_profile_name,
    is_service_address,
)
from usage_tui.config.secrets import write_token
from usage_tui.config.settings import InvalidSettings, Settings
from usage_tui.config.writer import add_profile
from usage_tui.models import Me, Membership


def run(words: Sequence[str]) -> int:
    """Check a token with its service, and keep it in a file of its own, with a profile that opens it."""
    options = _parser().parse_args(words)
    if not is_service_address(options.url):
        raise Misuse("the address must be https:// with host, port and path, and nothing else")
    settings = read_settings()
    if options.profile is not None:
        # Before the token is asked for: what can't be kept need not be typed.
        _refuse_unless_free(options.profile, options.url, options.organization, settings)
    try:
        token = _ask_for_token()
        me = loop.run(_who(options, token))
    except ClientError as error:
        raise Failure(error.full_text) from None
    membership = _chosen(me, options.organization)
    name = options.profile or membership.id
    _refuse_unless_free(name, options.url, membership.id, settings)
    profile = Profile(
        name=name,
        url=options.url,
        token=TokenFile(paths.token_file(name)),
        organization=membership.id,
        ca_file=options.ca_file and options.ca_file.absolute(),
        allow_plain_http=options.allow_plain_http is True,
    )
    opened_by_default = _keep(profile, token, settings)
    sys.stdout.write(f"It reads {membership.name} as {me.user.name}, {membership.role}.\n")
    sys.stdout.write(f"Open it with: usage-tui{'' if opened_by_default else f' -p {name}'}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser("usage-tui login", description=run.__doc__)
    parser.add_argument("url", metavar="URL", help="the service, such as https://usage.example.com")
    parser.add_argument(
        "-p", "--profile", metavar="NAME", help="the profile's name; the organization's id by default"
    )
    add_connection_arguments(parser)
    return parser


def _refuse_unless_free(name: str, url: str, organization: str | None, settings: Settings) -> None:
    """A profile of that name is left alone, unless it is the very same and wants a new token.

    Raises:
        Misuse: The name is taken, or is none.
    """
    if not is_profile_name(name):
        raise Misuse(f"{PROFILE_NAME_RULE}, not {name!r}: give it one with -p NAME")
    existing = settings.profiles.get(name)
    if existing is None:
        return
    for fact, there, wanted in (
        ("is for", existing.url, url),
        (
            "is for the organization",
            existing.organization or organization,
            organization or existing.organization,
        ),
        ("takes its token from", str(existing.token), str(TokenFile(paths.token_file(name)))),
    ):
        if there != wanted:
            raise Misuse(f"the profile {name} {fact} {there}: choose another name with -p NAME, or remove it")


def _ask_for_token() -> BearerToken:
    """From the terminal without showing it, or the first line of what is piped in.

    Raises:
        ClientError: It can be no token.
        Misuse: There is none.
    """
    if not sys.stdin.isatty():
        return BearerToken(sys.stdin.readline().strip())
    try:
        return BearerToken(getpass.getpass("Token (not shown): ").strip())
    except EOFError:
        raise Misuse("no token was given") from None


async def _who(options: argparse.Namespace, token: BearerToken) -> Me:
    """Whom the service takes the token for."""
    client = UsageApiClient(
        options.url,
        token,
        options.organization,
        allow_plain_http=options.allow_plain_http is True,
        ca_file=options.ca_file,
    )
    try:
        return await client.me()
    finally:
        await client.aclose()


def _chosen(me: Me, wanted: str | None) -> Membership:
    """The organization to open: the one asked for, the only one, or the one that the user picks.

    Raises:
        Misuse: There are several, and nobody to ask.
    """
    known = {one.id: one for one in me.organizations}
    if wanted is None and len(known) == 1:
        return me.organizations[0]
    if wanted is None and not sys.stdin.isatty():
        raise Misuse(f"the token sees {', '.join(known)}: choose one with --organization")
    while wanted not in known:
        sys.stdout.writelines(f"  {one.id}  {one.name}, {one.role}\n" for one in me.organizations)
        try:
            wanted = input("Organization: ").strip()
        except EOFError:
            raise Misuse("no organization was chosen") from None
    return known[wanted]


def _keep(profile: Profile, token: BearerToken, settings: Settings) -> bool:
    """Write the token, then the profile that needs it, and say so.

    Returns:
        Whether it is the profile that is opened by default.

    Raises:
        Failure: The folder of the settings cannot be written.
        Misuse: The settings file cannot be added to.
    """
    name, config = str(profile.name), paths.config_file()
    path = paths.token_file(name)
    try:
        write_token(path, token)
        if name in settings.profiles:
            sys.stdout.write(f"Renewed the token of the profile {name} in {path}.\n")
            return settings.profile == name
        opened_by_default = add_profile(config, profile)
    except OSError as error:
        raise Failure(f"{error.filename or config.parent}: cannot be written: {error.strerror}") from None
    except InvalidSettings as error:
        path.unlink()
        raise Misuse(str(error)) from None
    sys.stdout.write(f"Wrote the profile {name} to {config}, and its token to {path}.\n")
    return opened_by_default
