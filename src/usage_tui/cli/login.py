"""`usage-tui login`: a profile from a token and an address or a provider."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from typing import NamedTuple

from usage_tui.cli import loop
from usage_tui.cli.client_options import add_connection_arguments
from usage_tui.cli.ending import DONE, Failure, Misuse
from usage_tui.cli.opening import default_url, missing_settings, read_settings
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import Parser
from usage_tui.clients.base import ClientError, NotOffered, Slice, UsageClient
from usage_tui.clients.keys import Key
from usage_tui.clients.offers import Extent, Offer, account_offers, reasons
from usage_tui.clients.registry import (
    USAGE_API,
    ClientConfig,
    Provider,
    UnknownProvider,
    require_provider,
)
from usage_tui.clients.transport.token import BearerToken
from usage_tui.config import paths
from usage_tui.config.profiles import (
    PROFILE_NAME_RULE,
    URL_RULE,
    Profile,
    TokenFile,
    is_profile_name,
    is_service_address,
)
from usage_tui.config.secrets import write_token
from usage_tui.config.settings import Settings
from usage_tui.config.writer import add_profile
from usage_tui.models import Me, Membership, Summary
from usage_tui.text.clean import clean
from usage_tui.text.secrets import masked
from usage_tui.toml_file import InvalidToml


class _Target(NamedTuple):
    """What to log in to.

    Attributes:
        provider: Where the data will come from.
        key: The token or key that it needs.
        url: Its address.
        by_name: Whether the provider was named, and not an address.
    """

    provider: Provider
    key: Key
    url: str
    by_name: bool


class _Seen(NamedTuple):
    """What the source says about the token.

    Attributes:
        me: Who the viewer is; None if it does not say.
        summary: The overview; None of a Usage API, whose organization is chosen first.
        offers: What the token sees of every card, and what not.
    """

    me: Me | None
    summary: Summary | None = None
    offers: Sequence[Offer] = ()


def run(words: Sequence[str]) -> int:
    """Check a token with its service, save it in a private file, and add a profile that uses it."""
    options = _parser().parse_args(words)
    target = _target(options)
    settings = read_settings()
    name = options.profile or (target.provider.name if target.by_name else None)
    if name is not None:
        # Before the token is asked for: what can't be saved need not be typed.
        _refuse_unless_free(_profile(name, target, options, options.organization), settings)
    try:
        token = _ask_for_token(target)
        seen = loop.run(_look(options, target, token))
    except ClientError as error:
        raise Failure(error.full_text) from None
    membership = _chosen(seen.me, target.provider, options.organization)
    organization = membership.id if membership else options.organization
    organization = organization if target.provider.setting("organization") else None
    name = name or (membership.id if membership else target.provider.name)
    profile = _profile(name, target, options, organization)
    _refuse_unless_free(profile, settings)
    opened_by_default = _save(profile, token, settings)
    _tell(seen, membership)
    print_line(f"Open it with: usage-tui{'' if opened_by_default else f' -p {name}'}")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = Parser("usage-tui login", description=run.__doc__)
    parser.add_argument(
        "target", metavar="NAME|URL", help="a provider, or a Usage API such as https://usage.example.com"
    )
    parser.add_argument(
        "-p",
        "--profile",
        metavar="NAME",
        help="the profile's name (default: the provider's, or the organization's id)",
    )
    parser.add_argument("--url", help="the address of the provider, if it is not the default one")
    add_connection_arguments(parser)
    return parser


def _target(options: argparse.Namespace) -> _Target:
    """The provider and the address.

    Raises:
        Misuse: The provider does not exist, or its address is missing or cannot be used.
    """
    by_name = is_profile_name(options.target) is not None
    try:
        provider = require_provider(options.target) if by_name else USAGE_API
    except UnknownProvider as error:
        raise Misuse(f"{error}, or the address of a Usage API such as https://usage.example.com") from None
    url = (options.url or default_url(provider)) if by_name else options.target
    if provider.key is None:
        raise Misuse(f"{provider.name} needs no login: usage-tui -p {provider.name}")
    if not url:
        raise Misuse(f"{provider.title} needs an address: usage-tui login {provider.name} --url URL")
    if not is_service_address(url):
        raise Misuse(f"the address {URL_RULE}")
    for option, setting in (("--organization", "organization"), ("--ca-file", "ca_file")):
        if getattr(options, setting) is not None and provider.setting(setting) is None:
            raise Misuse(f"{option} does not apply to {provider.title}")
    if needed := [name for name in missing_settings(provider, url) if not getattr(options, name, None)]:
        raise Misuse(
            f'{provider.title} needs {", ".join(needed)}: write a profile with provider = "{provider.name}"'
        )
    return _Target(provider, provider.key, url, by_name)


def _profile(name: str, target: _Target, options: argparse.Namespace, organization: str | None) -> Profile:
    return Profile(
        name=name,
        provider=target.provider,
        url=target.url,
        token=TokenFile(paths.token_file(name)),
        organization=organization,
        ca_file=options.ca_file and options.ca_file.absolute(),
        allow_plain_http=options.allow_plain_http is True,
    )


def _refuse_unless_free(profile: Profile, settings: Settings) -> None:
    """A profile of that name stays as it is, unless it is the very same and gets a new token.

    Raises:
        Misuse: The name is taken, or is not a name.
    """
    name = str(profile.name)
    if not is_profile_name(name):
        raise Misuse(f"{PROFILE_NAME_RULE}, not {name!r}: choose one with -p NAME")
    if masked(name) != name:
        raise Misuse("what is given for the profile's name looks like a token: choose a name with -p NAME")
    existing = settings.profiles.get(name)
    if existing is None:
        return
    organization = profile.organization or existing.organization
    for fact, there, wanted in (
        ("is for the provider", existing.provider.name, profile.provider.name),
        ("is for", existing.url, profile.url),
        ("is for the organization", existing.organization or organization, organization),
        ("takes its token from", str(existing.token), str(profile.token)),
    ):
        if there != wanted:
            raise Misuse(f"the profile {name} {fact} {there}: choose another name with -p NAME, or remove it")


def _ask_for_token(target: _Target) -> BearerToken:
    """From the terminal without showing it, or the first line of what is piped in.

    Raises:
        ClientError: It can't be a token, or is one of another kind. It was not sent anywhere.
        Misuse: There is none.
    """
    token = _typed_token(target)
    if looks := target.key.mistaken(token):
        raise ClientError(f"This looks like {looks}.", advice=target.key.needed(target.provider.title))
    return token


def _typed_token(target: _Target) -> BearerToken:
    if not sys.stdin.isatty():
        return BearerToken(sys.stdin.readline().strip())
    if target.by_name:
        print_line(target.key.needed(target.provider.title))
    try:
        return BearerToken(getpass.getpass("Token (not shown): ").strip())
    except EOFError:
        raise Misuse("no token was given") from None


async def _look(options: argparse.Namespace, target: _Target, token: BearerToken) -> _Seen:
    """Ask the source whose token it is."""
    client = await target.provider.open(
        ClientConfig(
            url=target.url,
            token=token,
            organization=options.organization,
            ca_file=options.ca_file,
            allow_plain_http=options.allow_plain_http is True,
            journal_folder=paths.days_folder(),
        )
    )
    try:
        me = await _viewer(client)
        if target.provider is USAGE_API:
            return _Seen(me)
        summary = await client.summary()
        return _Seen(me, summary, await account_offers(client, summary))
    finally:
        await client.aclose()


async def _viewer(client: UsageClient) -> Me | None:
    """Whose token it is; None if the source does not say."""
    if Slice.ME in client.not_offered:
        return None
    try:
        return await client.me()
    except NotOffered:
        return None


def _chosen(me: Me | None, provider: Provider, wanted: str | None) -> Membership | None:
    """The organization to open: the one asked for, the only one, or the one that the user picks.

    Raises:
        Misuse: There are several, and nobody to ask.
    """
    if me is None or not me.organizations:
        return None
    known = {one.id: one for one in me.organizations}
    if wanted is None and (len(known) == 1 or provider.setting("organization") is None):
        return me.organizations[0]
    if wanted is None and not sys.stdin.isatty():
        raise Misuse(f"the token sees {', '.join(known)}: choose one with --organization")
    while wanted not in known:
        for one in me.organizations:
            print_line(clean(f"  {one.id}  {one.name}, {one.role}"))
        try:
            wanted = input("Organization: ").strip()
        except EOFError:
            raise Misuse("no organization was chosen") from None
    return known[wanted]


def _save(profile: Profile, token: BearerToken, settings: Settings) -> bool:
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
            print_line(f"Renewed the token of the profile {name} in {path}.")
            return settings.profile == name
        opened_by_default = add_profile(config, profile)
    except OSError as error:
        raise Failure(f"{error.filename or config.parent}: cannot be written: {error.strerror}") from None
    except InvalidToml as error:
        path.unlink()
        raise Misuse(str(error)) from None
    print_line(f"Wrote the profile {name} to {config}, and its token to {path}.")
    return opened_by_default


def _tell(seen: _Seen, membership: Membership | None) -> None:
    """Say what the token sees, and what not."""
    if seen.me is not None and membership is not None:
        role = f"{seen.me.user.name}, {membership.role}"
        print_line(clean(f"The token reads {membership.name} as {role}."))
    if seen.summary is None:
        return
    shown = [one.title for one in seen.offers if one.extent is not Extent.NONE]
    account = f"Account: {seen.summary.org.name}. It shows: {', '.join(shown) or 'nothing yet'}."
    print_line(clean(account))
    for reason in reasons(seen.offers):
        print_line(clean(f"Not shown: {reason}"))
