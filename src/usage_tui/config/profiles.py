"""Profiles: sources with a name, and where their tokens come from, but never the tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from usage_tui.clients.registry import (
    USAGE_API,
    ClientConfig,
    Provider,
    Setting,
    UnknownProvider,
    require_provider,
)
from usage_tui.named_tuple import NamedTuple
from usage_tui.text.clean import clean
from usage_tui.toml_file import Table

if TYPE_CHECKING:
    from usage_tui.clients.transport.retries import RetryPolicy
    from usage_tui.clients.transport.token import BearerToken

is_profile_name = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII).fullmatch
"""Whether a text can name a profile. It also names a file, on disks that may not tell A from a."""
is_service_address = re.compile(r"https?://[^/?#@\s]+(/[^?#@\s]*)?").fullmatch
"""Whether a text can be the address of a service, without a secret in it."""
PROFILE_NAME_RULE = "a profile's name consists of small letters, digits, - and _"
URL_RULE = "must be https:// with host, port and path, and nothing else"


class TokenCommand(NamedTuple):
    """A token that a command prints.

    Attributes:
        words: The program and its arguments; no shell reads them.
        config: The file that names the command. Whoever may write it decides what is run.
    """

    words: tuple[str, ...]
    config: Path

    def __str__(self) -> str:
        return f"command {self.words[0]}"


class TokenVariable(NamedTuple):
    """A token in an environment variable.

    Attributes:
        name: The variable's name.
    """

    name: str

    def __str__(self) -> str:
        return f"variable {self.name}"


class TokenFile(NamedTuple):
    """A token in a file that only its owner can read.

    Attributes:
        path: The file.
    """

    path: Path

    def __str__(self) -> str:
        return f"file {self.path}"


TokenSource = TokenCommand | TokenVariable | TokenFile


class Profile(NamedTuple):
    """One source to open, and as whom. A status line has no time for dataclasses.

    Attributes:
        name: The profile's name; None for a source on the command line.
        provider: Where its data come from.
        url: Where the service is; empty for a provider without an address.
        token: Where the token comes from; None for a provider without one.
        organization: The id of the organization to open; the token's first one where it is None.
        refresh_seconds: Seconds between two looks; 0 for only when asked, None for the default.
        ca_file: The certificates, in PEM, to trust in place of the default ones.
        allow_plain_http: Whether the token may be sent unencrypted to another machine.
        options: The settings that only this provider knows.
    """

    name: str | None
    provider: Provider = USAGE_API
    url: str = ""
    token: TokenSource | None = None
    organization: str | None = None
    refresh_seconds: int | None = None
    ca_file: Path | None = None
    allow_plain_http: bool = False
    options: Mapping[str, Any] = MappingProxyType({})

    def alerts_key(self, cache_key: str | None) -> str:
        """Identifies the data source and what its viewer may see: the key of its cache, if it has one."""
        options = sorted((name, str(value)) for name, value in self.options.items())
        return cache_key or f"{self.name}\n{self.provider.name}\n{options}"

    @property
    def seconds_between_looks(self) -> int:
        """How often to look at the source; 0 for never. A provider may ask not to be looked at more often."""
        seconds = self.provider.refresh_seconds if self.refresh_seconds is None else self.refresh_seconds
        return max(seconds, self.provider.shortest_refresh) if seconds else 0

    def client_config(self, token: BearerToken | None, *, retries: RetryPolicy | None = None) -> ClientConfig:
        """What its provider needs to open it.

        Args:
            token: From where the profile says.
            retries: When a request that failed is sent again; None for the default policy.
        """
        return ClientConfig(
            url=self.url,
            token=token,
            organization=self.organization,
            ca_file=self.ca_file,
            allow_plain_http=self.allow_plain_http,
            options=self.options,
            retries=retries,
        )


def read_profile(name: str, values: object, config: Path) -> Profile:
    """The profile in a table of the settings file.

    Args:
        name: The profile's name.
        values: What the file has under it.
        config: The settings file; paths in the table start at its folder.

    Raises:
        InvalidToml: The table has a key or value that its provider does not know, or lacks one.
    """
    table = Table(values if isinstance(values, dict) else {}, str(config), f"profiles.{clean(name)}")
    if not is_profile_name(name):
        table.refuse("", PROFILE_NAME_RULE)
    if not isinstance(values, dict):
        table.refuse("", f"must be a table: [profiles.{name}]")
    provider = _provider(table)
    given = {setting.name: _value(table, setting, config) for setting in provider.settings}
    source = _token(table, config) if provider.key is not None else None
    table.finish()
    for setting in provider.settings:
        if setting.required and given[setting.name] in (None, ""):
            table.missing(setting.name, setting.example)
    if provider.key is not None and source is None:
        table.refuse("", f"needs one of {', '.join(_TOKEN_READERS)}")
    return Profile(
        name=name,
        provider=provider,
        url=given.pop("url", None) or provider.url,
        token=source,
        organization=given.pop("organization", None) or None,
        refresh_seconds=given.pop("refresh_seconds", None),
        ca_file=given.pop("ca_file", None),
        allow_plain_http=given.pop("allow_plain_http", None) is True,
        options={key: value for key, value in given.items() if value is not None},
    )


def _provider(table: Table) -> Provider:
    name = table.text("provider")
    if name is None:
        return USAGE_API
    try:
        return require_provider(name)
    except UnknownProvider as error:
        table.refuse("provider", str(error))


def _value(table: Table, setting: Setting, config: Path) -> Any:
    """The value of a setting, of the type that its provider declares; None if there is none."""
    key = setting.name
    if setting.type is Path:
        text = table.text(key)
        return _path(table, key, text, config) if text else None
    if setting.type is str:
        text = table.text(key)
        if key == "url" and text and not is_service_address(text):
            # What is there instead may hold a password: it is not repeated.
            table.refuse(key, URL_RULE)
        return text
    if setting.type is int:
        return table.integer(key, setting.most)
    readers = {bool: table.flag, list: table.values, dict: table.mapping}
    return readers[setting.type](key)


def _token(table: Table, config: Path) -> TokenSource | None:
    read = {key: reader(table, key, config) for key, reader in _TOKEN_READERS.items()}
    found = [key for key, source in read.items() if source is not None]
    if len(found) > 1:
        table.refuse("", f"has {' and '.join(found)}; keep only one of them")
    return read[found[0]] if found else None


def _token_command(table: Table, key: str, config: Path) -> TokenCommand | None:
    words: Sequence[object] | None = table.values(key)
    if words is None:
        return None
    texts = tuple(word for word in words if isinstance(word, str) and "\0" not in word)
    if not texts or not texts[0] or len(texts) != len(words):
        table.refuse(key, 'must be a list of texts such as ["pass", "show", "usage"]')
    return TokenCommand(texts, config)


def _token_variable(table: Table, key: str, config: Path) -> TokenVariable | None:
    name = table.text(key)
    if name is None:
        return None
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name, re.ASCII):
        # What is there instead may well be the token itself: it is not repeated.
        table.refuse(key, "must be the name of an environment variable")
    return TokenVariable(name)


def _token_file(table: Table, key: str, config: Path) -> TokenFile | None:
    path = table.text(key)
    if path is None:
        return None
    if not path:
        table.refuse(key, "must be the path of a file")
    return TokenFile(_path(table, key, path, config))


_TOKEN_READERS: Mapping[str, Callable[[Table, str, Path], TokenSource | None]] = {
    "token_command": _token_command,
    "token_variable": _token_variable,
    "token_file": _token_file,
}


def _path(table: Table, key: str, text: str, config: Path) -> Path:
    if "\0" in text:
        table.refuse(key, "must be the path of a file")
    try:
        return config.parent / Path(text).expanduser()
    except RuntimeError:
        table.refuse(key, f"{clean(text)}: no such user; write the path in full")
