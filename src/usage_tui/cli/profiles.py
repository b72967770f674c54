"""`usage-tui profiles`: the sources that have a name."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cli.ending import DONE
from usage_tui.cli.opening import read_settings
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import Parser
from usage_tui.config import paths
from usage_tui.config.profiles import Profile
from usage_tui.text.clean import clean

_TITLES = ("profile", "provider", "address", "organization", "token")


def run(words: Sequence[str]) -> int:
    """List the profiles of the settings file, and where each takes its token from."""
    Parser("usage-tui profiles", description=run.__doc__).parse_args(words)
    settings = read_settings()
    if not settings.profiles:
        print_line(f"{paths.config_file()} has no profiles; usage-tui login URL writes one")
        return DONE
    rows = [_TITLES, *(_row(profile, settings.profile) for profile in settings.profiles.values())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print_line("  ".join(cells).rstrip())
    return DONE


def _row(profile: Profile, opened: str | None) -> tuple[str, ...]:
    has_organizations = profile.provider.setting("organization") is not None
    return (
        f"{profile.name} (opened by default)" if profile.name == opened else str(profile.name),
        profile.provider.name,
        clean(profile.url) or "-",
        clean(profile.organization or ("the token's first" if has_organizations else "-")),
        clean(str(profile.token or "-")),
    )
