"""`usage-tui profiles`: the services that have a name."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from usage_tui.cli.opening import read_settings
from usage_tui.cli.parser import Parser
from usage_tui.config import paths
from usage_tui.config.profiles import Profile
from usage_tui.models import clean

_TITLES = ("profile", "service", "organization", "token")


def run(words: Sequence[str]) -> int:
    """List the profiles of the settings file, and where each takes its token from."""
    Parser("usage-tui profiles", description=run.__doc__).parse_args(words)
    settings = read_settings()
    if not settings.profiles:
        sys.stdout.write(f"{paths.config_file()} has no profiles; usage-tui login URL writes one\n")
        return 0
    rows = [_TITLES, *(_row(profile, settings.profile) for profile in settings.profiles.values())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    return 0


def _row(profile: Profile, usual: str | None) -> tuple[str, ...]:
    name = f"{profile.name} (opened by default)" if profile.name == usual else str(profile.name)
    return (
        name,
        clean(profile.url),
        clean(profile.organization or "the token's first"),
        clean(str(profile.token)),
    )
