"""`usage-tui completion`: the script with which a shell completes commands and options."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from usage_tui.cli.ending import DONE
from usage_tui.cli.parser import Parser
from usage_tui.config.paths import installed_folder

_FILES = {"bash": "usage-tui.bash", "zsh": "_usage-tui", "fish": "usage-tui.fish"}


def run(words: Sequence[str]) -> int:
    """Print the completion of a shell. It completes without starting the program."""
    parser = Parser("usage-tui completion", description=run.__doc__)
    parser.add_argument("shell", choices=tuple(_FILES), help="which shell")
    options = parser.parse_args(words)
    path = installed_folder("completions") / _FILES[options.shell]
    sys.stdout.write(path.read_text(encoding="utf-8"))
    return DONE
