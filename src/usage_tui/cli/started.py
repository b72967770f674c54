"""The words of the command line that name the source."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from usage_tui.cli.table_options import are_given, choices_of
from usage_tui.config.profiles import Profile
from usage_tui.config.started import Started


def started(options: argparse.Namespace, profile: Profile, *, is_named: bool) -> Started:
    """How the program was started.

    Args:
        options: Those of `client_options`, and of tables.
        profile: The source that they name.
        is_named: Whether they or the settings name it; otherwise the demo is shown.
    """
    provider = profile.provider
    file = Path(options.file) if options.file else None
    # What came through a pipe has been read, and no other command can read it again.
    gone = file is not None and not file.is_file()
    words = (*_source(options, is_named=is_named), *_connection(options), *_table_words(options))
    return Started(
        source=None if gone else words,
        organization=options.organization,
        has_organizations=provider.has_organizations,
        title=provider.title,
        file=file or _path(profile.options.get("file")),
    )


def _path(value: object) -> Path | None:
    return value if isinstance(value, Path) else None


def _source(options: argparse.Namespace, *, is_named: bool) -> tuple[str, ...]:
    """The source itself."""
    if options.file:
        return (options.file,)
    if options.demo:
        return ("--demo",) if options.demo is True else ("--demo", options.demo)
    if options.profile is not None:
        return ("-p", options.profile)
    if options.url is not None:
        return ("--url", options.url)
    return () if is_named else ("--demo",)


def _connection(options: argparse.Namespace) -> Iterator[str]:
    if options.ca_file is not None:
        yield from ("--ca-file", options.ca_file)
    if options.allow_plain_http:
        yield "--allow-plain-http"


def _table_words(options: argparse.Namespace) -> Iterator[str]:
    if not are_given(options):
        return  # without importing what reads tables
    choices = choices_of(options)
    if choices.format is not None:
        yield from ("--as", choices.format)
    for field, column in choices.columns.items():
        yield from ("--map", f"{field}={column}")
    if choices.time_zone is not None:
        yield from ("--time-zone", choices.time_zone.key)
    for column, values in choices.only.items():
        for value in values:
            yield from ("--only", f"{column}={value}")
    if options.skip_bad_lines:
        yield "--skip-bad-lines"
