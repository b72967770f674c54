"""What a user may set: a file, the environment, and flags, as one frozen value."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from usage_tui.config.commands import COMMANDS, keys_of
from usage_tui.config.profiles import InvalidProfile, Profile, read_profile
from usage_tui.models import clean

_NAMES = ("theme", "mouse", "keys", "profile", "profiles")
_MATCH_KEY = re.compile(r"([a-z]+\+)*[A-Za-z0-9_]+", re.ASCII).fullmatch


class InvalidSettings(ValueError):
    """The settings file says something that can't be followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the program looks and behaves.

    Attributes:
        theme: The name of a theme; None for our dark one. A theme that is chosen while the program runs
            is remembered, and from then on goes before the one in the file.
        keys: Keys by command id, in Textual's names, several separated by commas.
        mouse: Whether the mouse is listened to.
        ascii: Whether only ASCII symbols are drawn.
        stock_display: Whether Textual paints the screen, cells that did not change among them.
        restricted: Whether every way out of the dashboard is closed: to a browser, to the disk, to a shell.
        refresh_seconds: Seconds between two looks at where the data come from; 0 for none but those
            asked for.
        profile: The name of the profile to open where nothing else is asked for; None for none.
        profiles: All profiles by name, in the order of the file.
    """

    theme: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    mouse: bool = True
    ascii: bool = False
    stock_display: bool = False
    restricted: bool = False
    refresh_seconds: int = 0
    profile: str | None = None
    profiles: Mapping[str, Profile] = field(default_factory=dict)


def read_settings(path: Path) -> Settings:
    """The settings in a TOML file; the usual ones where there is no file.

    Raises:
        InvalidSettings: The file can't be read, or has a key or value that means nothing. The message
            names the file and what to change.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except OSError as error:
        raise InvalidSettings(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InvalidSettings(f"{path}: not UTF-8, at byte {error.start + 1}") from None
    return parse_settings(text, path)


def parse_settings(text: str, path: Path) -> Settings:
    """The settings in the text of a TOML file.

    Args:
        text: What the file holds.
        path: The file, for messages and for the paths in it.

    Raises:
        InvalidSettings: As with `read_settings`.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings(f"{path}: {clean(str(error))}") from None
    except (ValueError, RecursionError):  # what the parser itself does not catch
        raise InvalidSettings(f"{path}: holds a number that is too long, or is nested too deeply") from None
    for name in table:
        if name not in _NAMES:
            raise InvalidSettings(f"{path}: unknown setting {clean(name)!r}; there are {', '.join(_NAMES)}")
    profiles = _profiles(path, _typed(path, table, "profiles", dict) or {})
    profile = _typed(path, table, "profile", str)
    if profile is not None and profile not in profiles:
        known = f"there are {', '.join(profiles)}" if profiles else "usage-tui login URL writes one"
        raise InvalidSettings(f"{path}: profile: unknown profile {clean(profile)!r}; {known}")
    return Settings(
        theme=_typed(path, table, "theme", str),
        keys=_keys(path, _typed(path, table, "keys", dict) or {}),
        mouse=_typed(path, table, "mouse", bool) is not False,
        profile=profile,
        profiles=profiles,
    )


def _typed(path: Path, table: Mapping[str, Any], name: str, wanted: type) -> Any:
    value = table.get(name)
    if value is not None and not isinstance(value, wanted):
        words = {str: "a text", dict: "a table", bool: "true or false"}
        raise InvalidSettings(f"{path}: {name} must be {words[wanted]}")
    return value


def _profiles(path: Path, table: Mapping[str, Any]) -> dict[str, Profile]:
    try:
        return {name: read_profile(name, values, path) for name, values in table.items()}
    except InvalidProfile as error:
        raise InvalidSettings(f"{path}: {error}") from None


def _keys(path: Path, table: Mapping[str, Any]) -> dict[str, str]:
    chosen = {}
    for command, keys in table.items():
        if command not in COMMANDS:
            known = ", ".join(COMMANDS)
            raise InvalidSettings(f"{path}: keys: unknown command {clean(command)!r}; there are {known}")
        names = [key.strip() for key in keys.split(",")] if isinstance(keys, str) else [""]
        if not all(map(_MATCH_KEY, names)):
            raise InvalidSettings(
                f'{path}: keys: {command} must be a key such as "f5", "ctrl+r" or "question_mark"'
            )
        chosen[command] = ",".join(names)
    _refuse_clashes(path, chosen)
    return chosen


def _refuse_clashes(path: Path, chosen: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for command in COMMANDS:
        for key in keys_of(command, chosen):
            other = taken.setdefault(key, command)
            if other != command:
                raise InvalidSettings(f"{path}: keys: {other} and {command} cannot both be {key!r}")


def remembered_theme(path: Path) -> str | None:
    """The theme chosen last; None where none was or what was remembered can't be read."""
    try:
        theme = tomllib.loads(path.read_text(encoding="utf-8")).get("theme")
    except (OSError, ValueError, RecursionError):
        return None
    return theme if isinstance(theme, str) else None


def remember_theme(path: Path, theme: str) -> None:
    """Keep the chosen theme for the next start; a folder that can't be written is no reason to stop."""
    text = f'theme = "{theme}"\n'
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError:
        return


def wants_no_color(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the user asked for no color, as no-color.org defines it: set, and not empty."""
    return bool(environ.get("NO_COLOR"))


def has_screen(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the program runs in a terminal that can be drawn on."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    on_terminal = all(stream is not None and stream.isatty() for stream in streams)
    return on_terminal and environ.get("TERM", "dumb") not in ("dumb", "")


def speaks_unicode(encoding: str | None) -> bool:
    """Whether an output of this encoding can show more than ASCII."""
    return (encoding or "").lower().replace("-", "") == "utf8"


def over_ssh(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the viewer sits at another computer."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
