"""The files on this computer: settings, profile, cache."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from usage_tui.clients.check_results import CheckResult, fail, ok, warn
from usage_tui.config import paths
from usage_tui.config.profiles import Profile, TokenCommand
from usage_tui.config.settings import Settings
from usage_tui.files import writable_by_others
from usage_tui.text.words import count_noun


def check_settings(path: Path, settings: Settings) -> Iterator[CheckResult]:
    """The settings file, which was read."""
    if not path.exists():
        yield ok("settings", f"no settings file; using the defaults ({path}).")
        return
    yield ok("settings", f"{path}, with {count_noun(len(settings.profiles), 'profile')}.")
    commands = any(isinstance(one.token, TokenCommand) for one in settings.profiles.values())
    if commands and (open_to_others := writable_by_others(path)):
        yield fail(
            "settings",
            f"other users can write {open_to_others}, so no token_command is run.",
            f"Run chmod go-w {open_to_others}.",
        )


def check_profile(profile: Profile | None) -> CheckResult:
    """Which data source is checked."""
    if profile is None:
        return warn("profile", "none, so no data source is checked.", "usage-tui login URL writes one.")
    name = profile.name or "none"
    return ok("profile", f"{name}; the token comes from {profile.token}." if profile.token else f"{name}.")


def check_cache(folder: Path) -> CheckResult:
    """Whether data can be cached for the next start, where nobody else can read them."""
    if reason := paths.cache_refusal(folder):
        return warn("cache", reason, "")
    place = next(one for one in (folder, *folder.parents) if one.exists())
    if not os.access(place, os.W_OK | os.X_OK):
        text = f"{place} is not writable, so every start waits for the service."
        return warn("cache", text, f"Run chmod u+w {place}, or set XDG_CACHE_HOME.")
    if place == folder and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return warn("cache", f"other users can read {folder}.", f"Run chmod 700 {folder}.")
    return ok("cache", f"{folder}.")
