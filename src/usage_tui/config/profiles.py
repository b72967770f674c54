"""A profile: a service of the user's, under a name, with where its token comes from but never the token."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from usage_tui.models import clean

TOKEN_VARIABLE = "USAGE_TUI_TOKEN"  # noqa: S105 - the name of the variable, not what it holds
"""The environment variable with the token for an address on the command line."""
REFRESH_SECONDS = 60
LONGEST_REFRESH = 24 * 60 * 60
is_profile_name = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII).fullmatch
"""Whether a text can name a profile: it also names a file, in folders that may not tell A from a."""
is_service_address = re.compile(r"https?://[^/?#@\s]+(/[^?#@\s]*)?").fullmatch
"""Whether a text can be the address of a service, and holds no secret."""
PROFILE_NAME_RULE = "a profile's name consists of small letters, digits, - and _"

T = TypeVar("T")
_WORDS: Mapping[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    list: "a list of texts",
}


class InvalidProfile(ValueError):
    """A profile that can't be followed. The message is one line that names the key and what to do."""


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A token that a command prints.

    Attributes:
        words: The program and its arguments; no shell reads them.
        config: The file that names the command. Whoever may write it decides what is run.
    """

    words: tuple[str, ...]
    config: Path

    def __str__(self) -> str:
        return f"command {self.words[0]}"


@dataclass(frozen=True, slots=True)
class TokenVariable:
    """A token in an environment variable.

    Attributes:
        name: The variable's name.
    """

    name: str

    def __str__(self) -> str:
        return f"variable {self.name}"


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A token in a file that only its owner can read.

    Attributes:
        path: The file.
    """

    path: Path

    def __str__(self) -> str:
        return f"file {self.path}"


TokenSource = TokenCommand | TokenVariable | TokenFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How to reach a service, and as whom.

    Attributes:
        name: The profile's name; None for an address on the command line.
        url: Where the service is.
        token: Where the token comes from.
        organization: The id of the organization to open; the token's first one where it is None.
        refresh_seconds: Seconds between two looks at the service; 0 for none but those asked for.
        ca_file: The certificates, in PEM, of those whom to trust in place of the usual ones.
        allow_plain_http: Whether the token may be sent unencrypted to another machine.
    """

    name: str | None
    url: str
    token: TokenSource
    organization: str | None = None
    refresh_seconds: int = REFRESH_SECONDS
    ca_file: Path | None = None
    allow_plain_http: bool = False


def read_profile(name: str, table: object, config: Path) -> Profile:
    """The profile in a table of the settings file.

    Args:
        name: The profile's name.
        table: What the file has under it.
        config: The settings file; paths in the table start at its folder.

    Raises:
        InvalidProfile: The table has a key or value that means nothing, or lacks one.
    """
    place = f"profiles.{clean(name)}"
    if not is_profile_name(name):
        raise InvalidProfile(f"{place}: {PROFILE_NAME_RULE}")
    if not isinstance(table, dict):
        raise InvalidProfile(f"{place}: must be a table: [profiles.{name}]")
    try:
        return _profile(name, table, config)
    except InvalidProfile as error:
        raise InvalidProfile(f"{place}: {error}") from None


def _profile(name: str, table: Mapping[str, Any], config: Path) -> Profile:
    known = (*_TOKEN_READERS, "url", "organization", "refresh_seconds", "ca_file", "allow_plain_http")
    for key in table:
        if key not in known:
            raise InvalidProfile(f"unknown setting {clean(key)!r}; there are {', '.join(sorted(known))}")
    url = _typed(table, "url", str)
    if not url:
        raise InvalidProfile('url: is missing; it looks like url = "https://usage.example.com"')
    if not is_service_address(url):
        # What is there instead may hold a password: it is not repeated.
        raise InvalidProfile("url: must be https:// with host, port and path, and nothing else")
    ca_file = _typed(table, "ca_file", str)
    return Profile(
        name=name,
        url=url,
        token=_token(table, config),
        organization=_typed(table, "organization", str) or None,
        refresh_seconds=_refresh_seconds(table),
        ca_file=_path(ca_file, config) if ca_file else None,
        allow_plain_http=_typed(table, "allow_plain_http", bool) is True,
    )


def _refresh_seconds(table: Mapping[str, Any]) -> int:
    seconds = _typed(table, "refresh_seconds", int)
    if seconds is None:
        return REFRESH_SECONDS
    if not 0 <= seconds <= LONGEST_REFRESH:
        raise InvalidProfile(f"refresh_seconds: must lie between 0 (off) and {LONGEST_REFRESH}")
    return seconds


def _token(table: Mapping[str, Any], config: Path) -> TokenSource:
    given = [key for key in _TOKEN_READERS if key in table]
    if len(given) != 1:
        found = " and ".join(given) if given else "none"
        raise InvalidProfile(f"{found}: give exactly one of {', '.join(_TOKEN_READERS)}")
    return _TOKEN_READERS[given[0]](table, config)


def _token_command(table: Mapping[str, Any], config: Path) -> TokenCommand:
    words: Sequence[object] = _typed(table, "token_command", list) or []
    texts = tuple(word for word in words if isinstance(word, str) and "\0" not in word)
    if not texts or not texts[0] or len(texts) != len(words):
        raise InvalidProfile('token_command: must be a list of texts such as ["pass", "show", "usage"]')
    return TokenCommand(texts, config)


def _token_variable(table: Mapping[str, Any], config: Path) -> TokenVariable:
    name = _typed(table, "token_variable", str) or ""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name, re.ASCII):
        # What is there instead may well be the token itself: it is not repeated.
        raise InvalidProfile("token_variable: must be the name of an environment variable")
    return TokenVariable(name)


def _token_file(table: Mapping[str, Any], config: Path) -> TokenFile:
    path = _typed(table, "token_file", str)
    if not path:
        raise InvalidProfile("token_file: must be the path of a file")
    return TokenFile(_path(path, config))


_TOKEN_READERS: Mapping[str, Callable[[Mapping[str, Any], Path], TokenSource]] = {
    "token_command": _token_command,
    "token_variable": _token_variable,
    "token_file": _token_file,
}


def _path(text: str, config: Path) -> Path:
    if "\0" in text:
        raise InvalidProfile(f"{clean(text)}: no path holds such a character")
    try:
        return config.parent / Path(text).expanduser()
    except RuntimeError:
        raise InvalidProfile(
            f"{clean(text)}: there is no such user's folder; write the path in full"
        ) from None


def _typed(table: Mapping[str, Any], key: str, wanted: type[T]) -> T | None:
    value = table.get(key)
    if value is not None and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        raise InvalidProfile(f"{key}: must be {_WORDS[wanted]}")
    return value
