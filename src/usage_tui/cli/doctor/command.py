"""`usage-tui doctor`: what stands between the dashboard and its data, and what to do about it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from usage_tui.cli import loop, opening
from usage_tui.cli.doctor.findings import Finding, Mark, fail, report
from usage_tui.cli.doctor.setup import check_cache, check_profile, check_settings
from usage_tui.cli.doctor.terminal import Terminal, check_terminal
from usage_tui.cli.parser import FAILED, Parser
from usage_tui.config import paths
from usage_tui.config.settings import InvalidSettings, Settings, has_screen, read_settings, speaks_unicode

if TYPE_CHECKING:
    from usage_tui.config.profiles import Profile


def run(words: Sequence[str]) -> int:
    """Check settings, service and terminal, a line for each finding. It fails where the dashboard would."""
    options = _parser().parse_args(words)
    findings, settings = _settings()
    if options.terminal:
        findings = []
    elif settings is not None:
        profile = opening.chosen_profile(options, settings)
        findings += [check_profile(profile), check_cache(paths.cache_folder())]
        if profile is not None:
            findings += loop.run(_service(profile))
    findings += check_terminal(_terminal(), settings or Settings())
    sys.stdout.write(report(findings, ascii_only=not speaks_unicode(sys.stdout.encoding)))
    return FAILED if any(one.mark is Mark.FAIL for one in findings) else 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser("usage-tui doctor", description=run.__doc__)
    opening.add_service_arguments(parser, parser.add_mutually_exclusive_group())
    parser.add_argument("--terminal", action="store_true", help="check the terminal alone")
    return parser


def _settings() -> tuple[list[Finding], Settings | None]:
    """What is to be said of the settings, and they themselves where they can be followed."""
    path = paths.config_file()
    try:
        settings = read_settings(path)
    except InvalidSettings as error:
        return [fail("settings", f"{error}.", "Nothing of a service is looked at before that.")], None
    return [*check_settings(path, settings), *_theme(settings)], settings


def _theme(settings: Settings) -> list[Finding]:
    from usage_tui.tui.themes import NAMES

    if settings.theme is None or settings.theme in NAMES:
        return []
    return [fail("theme", f"there is none called {settings.theme}.", f"There are {', '.join(NAMES)}.")]


async def _service(profile: Profile) -> list[Finding]:
    from usage_tui.cli.doctor.service import check_service

    return [finding async for finding in check_service(profile)]


def _terminal() -> Terminal:
    from usage_tui.tui.display import CellDiffApp

    sends_cells = CellDiffApp().traffic is not None
    size = shutil.get_terminal_size()
    return Terminal(os.environ, has_screen(), sends_cells, sys.stdout.encoding, size.columns, size.lines)
