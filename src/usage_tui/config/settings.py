"""What a user may set: a file, the environment, and flags, as one frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from usage_tui.config.commands import COMMANDS, keys_of
from usage_tui.config.profiles import Profile, read_profile
from usage_tui.named_tuple import NamedTuple
from usage_tui.text.clean import clean
from usage_tui.toml_file import Table, parse_toml, read_toml

_MATCH_KEY = re.compile(r"([a-z]+\+)*[A-Za-z0-9_]+", re.ASCII).fullmatch


class AlertSettings(NamedTuple):
    """How the screen tells what is new beside its banner.

    Attributes:
        bell: Whether the terminal rings.
        notify: By which escape sequence the terminal shows a notification: ``off``, ``osc9`` or ``osc777``.
    """

    bell: bool = False
    notify: str = "off"


NOTIFY = ("off", "osc9", "osc777")


class Settings(NamedTuple):
    """How the program looks and behaves.

    Attributes:
        theme: The name of a theme; None for our dark one. A theme that is chosen while the program runs
            is remembered, and from then on goes before the one in the file.
        keys: Keys by command id, in Textual's names, several separated by commas.
        mouse: Whether the mouse is listened to.
        ascii: Whether only ASCII symbols are drawn.
        stock_display: Whether Textual paints the screen, cells that did not change among them.
        redacted: Whether names are hidden from the first screen on.
        restricted: Whether every way out of the dashboard is closed: to a browser, to the disk, to a shell.
        refresh_seconds: Seconds between two looks at where the data come from; 0 for none but those
            asked for.
        alerts: How the screen tells what is new.
        profile: The name of the profile to open where nothing else is asked for; None if there is none.
        profiles: All profiles by name, in the order of the file.
    """

    theme: str | None = None
    keys: Mapping[str, str] = MappingProxyType({})
    mouse: bool = True
    ascii: bool = False
    stock_display: bool = False
    redacted: bool = False
    restricted: bool = False
    refresh_seconds: int = 0
    alerts: AlertSettings = AlertSettings()
    profile: str | None = None
    profiles: Mapping[str, Profile] = MappingProxyType({})


def read_settings(path: Path) -> Settings:
    """The settings in a TOML file; the defaults without one.

    Raises:
        InvalidToml: The file can't be read, or has a key or value that means nothing. The message names the
            file and what to change.
    """
    return _settings(read_toml(path, str(path), missing_ok=True), path)


def parse_settings(text: str, path: Path) -> Settings:
    """The settings in the text of a TOML file.

    Args:
        text: What the file holds.
        path: The file, for messages and for the paths in it.

    Raises:
        InvalidToml: As with `read_settings`.
    """
    return _settings(parse_toml(text, str(path)), path)


def _settings(values: Mapping[str, Any], path: Path) -> Settings:
    root = Table(values, str(path))
    theme, mouse, profile = root.text("theme"), root.flag("mouse"), root.text("profile")
    keys, alerts, profiles = root.table("keys"), root.table("alerts"), root.mapping("profiles") or {}
    root.finish()
    read = {name: read_profile(name, table, path) for name, table in profiles.items()}
    if profile is not None and profile not in read:
        known = f"the profiles are {', '.join(read)}" if read else "usage-tui login URL writes one"
        root.refuse("profile", f"unknown profile {clean(profile)!r}; {known}")
    return Settings(
        theme=theme,
        keys=_keys(keys) if keys is not None else {},
        mouse=mouse is not False,
        alerts=_alerts(alerts) if alerts is not None else AlertSettings(),
        profile=profile,
        profiles=read,
    )


def _alerts(table: Table) -> AlertSettings:
    bell, notify = table.flag("bell"), table.text("notify")
    if notify is not None and notify not in NOTIFY:
        table.refuse("notify", f"must be one of {', '.join(NOTIFY)}")
    table.finish()
    return AlertSettings(bell is True, notify or "off")


def _keys(table: Table) -> dict[str, str]:
    chosen = {}
    for command in COMMANDS:
        keys = table.text(command)
        if keys is None:
            continue
        names = [key.strip() for key in keys.split(",")]
        if not all(map(_MATCH_KEY, names)):
            table.refuse(command, 'must be a key such as "f5", "ctrl+r" or "question_mark"')
        chosen[command] = ",".join(names)
    table.finish()
    _refuse_clashes(table, chosen)
    return chosen


def _refuse_clashes(table: Table, chosen: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for command in COMMANDS:
        for key in keys_of(command, chosen):
            other = taken.setdefault(key, command)
            if other != command:
                table.refuse("", f"{other} and {command} cannot both be {key!r}")
