"""`usage-tui doctor`: what keeps the dashboard from its data, and what to do about it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from usage_tui.cli import client_options, loop, opening, table_options
from usage_tui.cli.doctor.report import report
from usage_tui.cli.doctor.setup import check_cache, check_profile, check_settings
from usage_tui.cli.doctor.terminal import Terminal, check_terminal
from usage_tui.cli.ending import DONE, FAILED, Failure
from usage_tui.cli.parser import Parser
from usage_tui.clients.check_results import CheckResult, Mark, fail
from usage_tui.config import paths
from usage_tui.config.settings import Settings, read_settings
from usage_tui.config.terminal import has_screen, speaks_unicode
from usage_tui.toml_file import InvalidToml

if TYPE_CHECKING:
    from usage_tui.config.profiles import Profile


def run(words: Sequence[str]) -> int:
    """Check settings, data source and terminal, a line for each check. It fails if the dashboard would."""
    options = _parser().parse_args(words)
    results, settings = _settings()
    if options.terminal:
        results = []
    elif settings is not None:
        profile = opening.named_profile(options, settings)
        results += [check_profile(profile), check_cache(paths.cache_folder())]
        if profile is not None:
            results += _open_and_check(profile, options)
    results += check_terminal(_terminal(), settings or Settings())
    sys.stdout.write(report(results, ascii_only=not speaks_unicode(sys.stdout.encoding)))
    return FAILED if any(one.mark is Mark.FAIL for one in results) else DONE


def _parser() -> argparse.ArgumentParser:
    parser = Parser("usage-tui doctor", description=run.__doc__)
    client_options.add_service_arguments(parser, parser.add_mutually_exclusive_group())
    table_options.recognize(parser)
    parser.add_argument("--terminal", action="store_true", help="check only the terminal")
    return parser


def _settings() -> tuple[list[CheckResult], Settings | None]:
    """What there is to say about the settings; and the settings, if they can be used."""
    path = paths.config_file()
    try:
        settings = read_settings(path)
    except InvalidToml as error:
        return [
            fail("settings", f"{error}.", "Correct it first: no data source is checked before that.")
        ], None
    return [*check_settings(path, settings), *_theme(settings)], settings


def _theme(settings: Settings) -> list[CheckResult]:
    from usage_tui.tui.themes import NAMES

    if settings.theme is None or settings.theme in NAMES:
        return []
    return [fail("theme", f"unknown theme {settings.theme}.", f"The themes are {', '.join(NAMES)}.")]


def _open_and_check(profile: Profile, options: argparse.Namespace) -> list[CheckResult]:
    from usage_tui.cli.doctor.profile import check_profile

    async def checked(profile: Profile) -> list[CheckResult]:
        return [result async for result in check_profile(profile)]

    try:
        return loop.run(checked(opening.with_recording(profile, options)))
    except Failure as error:
        return [fail("table", f"{error}", "")]


def _terminal() -> Terminal:
    from usage_tui.tui.display.app import CellDiffApp

    sends_cells = CellDiffApp().traffic is not None
    size = shutil.get_terminal_size()
    return Terminal(os.environ, has_screen(), sends_cells, sys.stdout.encoding, size.columns, size.lines)
