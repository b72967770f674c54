"""What the dashboard starts with, beside its source and the settings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from usage_tui.cli import opening
from usage_tui.cli.opening import OpenProfile
from usage_tui.cli.started import started
from usage_tui.config import paths
from usage_tui.config.profiles import Profile
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.overview_profiles import OverviewProfile, overview_profiles

if TYPE_CHECKING:
    from usage_tui.state.cache import Cache

_HINT = "Demo data. Open yours: usage-tui FILE.jsonl, or see --help"


class Beginning(NamedTuple):
    """What the dashboard starts with.

    Attributes:
        hint: One quiet line below the header.
        cache: Where the data are kept for the next start; None if they are not.
        started: How the program was started.
        sources: What can be opened, the source that is open first.
    """

    hint: str
    cache: Cache | None
    started: Started
    sources: Sequence[OverviewProfile]


def beginning_of(
    opened: OpenProfile, options: argparse.Namespace, settings: Settings, named: Profile, *, keeps: bool
) -> Beginning:
    """What the dashboard starts with, as the command line says.

    Args:
        opened: The source.
        options: The command line.
        settings: How the app looks and behaves.
        named: The source that the options name.
        keeps: Whether data are kept on disk for the next start.
    """
    is_named = opening.named_profile(options, settings) is not None
    how = started(options, named, is_named=is_named)
    key = opened.cache_key if keeps else None
    cache = cache_of(key, opened.profile.organization) if key is not None else None
    hint = "" if is_named or options.restricted else _HINT
    return Beginning(
        hint=cache.refusal if cache and cache.refusal and not options.redact else hint,
        cache=cache,
        started=how,
        sources=overview_profiles(
            opened.profile,
            opened.token,
            how,
            settings.profiles.values(),
            keeps=keeps,
            restricted=options.restricted,
            refresh_seconds=settings.refresh_seconds,
        ),
    )


def cache_of(key: str, organization: str | None) -> Cache:
    """Where the data of a source are kept.

    Args:
        key: See `OpenProfile.cache_key`.
        organization: The id of the one to begin with; None for the first.
    """
    from usage_tui.state.cache import Cache

    return Cache(paths.cache_folder(), key, organization)
