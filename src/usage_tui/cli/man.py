"""`usage-tui man`: the man page."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from usage_tui.cli.ending import DONE
from usage_tui.cli.parser import Parser
from usage_tui.config.paths import installed_folder


def run(words: Sequence[str]) -> int:
    """Print the man page, to be read with usage-tui man | man -l - where none is installed."""
    Parser("usage-tui man", description=run.__doc__).parse_args(words)
    sys.stdout.write((installed_folder("man") / "usage-tui.1").read_text(encoding="utf-8"))
    return DONE
