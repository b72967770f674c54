"""The locations of the program's files; no other module knows them."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from usage_tui.files import why_unsafe

_NAME = "usage-tui"
_DIGITS = 16
"""Of the digests in the names of files."""
TONES = "tokens.tcss"
FIRST_STYLES = (TONES, "screens.tcss", "dashboard.tcss")
PAGES, MODALS = "pages.tcss", "modals.tcss"
"""The style sheets that the first screen does without: those of other pages, and of dialogs."""


def styles(*names: str) -> list[str | PurePath]:
    """Style sheets; without names all of them, in the order in which they are applied.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    place = installed_folder("styles")
    return [place / name for name in names or (*FIRST_STYLES, PAGES, MODALS)]


def installed_folder(name: str) -> Path:
    """A folder of files that are no code: ``styles``, ``completions``, ``man``.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    package = Path(__file__).parents[1]
    # A wheel has it inside the package; a checkout has it at its top.
    places = (package / name, package.parents[1] / name)
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"no {name} at {places[0]} or {places[1]}; reinstall usage-tui")


def config_file() -> Path:
    """The settings file."""
    return _base("XDG_CONFIG_HOME", ".config") / "config.toml"


def token_file(profile: str) -> Path:
    """The token of a profile, written by a login."""
    return config_file().parent / "tokens" / profile


def state_file() -> Path:
    """What the program remembers between runs."""
    return _base("XDG_STATE_HOME", ".local/state") / "state.toml"


def alerts_file(key: str) -> Path:
    """Which alerts were told about a source.

    Args:
        key: Identifies the data source and what its viewer may see.
    """
    return state_file().with_name(f"alerts-{cache_name(key).partition('.')[0]}.json")


def days_folder() -> Path:
    """The days that vendors told, one file for each account."""
    return _base("XDG_STATE_HOME", ".local/state") / "days"


def cache_folder() -> Path:
    """The cache; it may be deleted at any time."""
    return _base("XDG_CACHE_HOME", ".cache")


def cache_name(key: str) -> str:
    """The name of a file in the cache.

    Args:
        key: Identifies the data source and what its viewer may see; see `Provider.cache_key`.
    """
    owner, _, access = key.partition("\n")
    return f"{_digest(owner)}{_digest(access)}.jsonl"


def is_cache_name(name: str) -> bool:
    """Whether it is such a name."""
    stem, _, ending = name.partition(".")
    return ending == "jsonl" and len(stem) == 2 * _DIGITS and not stem.strip("0123456789abcdef")


def files_of(owner: str) -> list[Path]:
    """Every file that is cached or remembered of one profile or source, whoever the viewer was.

    Args:
        owner: See `Provider.cache_owner`.

    Raises:
        OSError: A folder cannot be read.
    """
    prefix = _digest(owner)
    cached = cache_folder().glob(f"{prefix}*.json*")
    return sorted([*cached, *state_file().parent.glob(f"alerts-{prefix}*.json")])


def _digest(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:_DIGITS]


def frames_of(cache: Path) -> list[Path]:
    """The screens that the next start may show first, from the data of one file of the cache."""
    return sorted(cache.parent.glob(f"{cache.stem}.*.frame.json"))


def digest_of(cache: Path) -> Path:
    """The few numbers beside a file of the cache, for status lines."""
    return cache.with_suffix(".status.json")


def cache_refusal(folder: Path) -> str:
    """Why a folder may not hold the cache, one sentence with what to do; empty if it may.

    Another user who can change a file there would decide what the next start shows, or where it writes.

    Args:
        folder: Where; it need not exist.
    """
    try:
        reason = why_unsafe(folder, "XDG_CACHE_HOME")
    except OSError:
        return ""  # then nothing can be written, either
    return f"No cache is used: {reason}" if reason else ""


def _base(variable: str, fallback: str) -> Path:
    """A folder of the XDG base directory specification; a relative path is ignored."""
    chosen = os.environ.get(variable, "")
    root = Path(chosen) if Path(chosen).is_absolute() else _home() / fallback
    return root / _NAME


def _home() -> Path:
    """The home folder; for a user without one, a path where nothing can exist."""
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.devnull)
