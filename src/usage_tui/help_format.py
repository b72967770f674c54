"""How the help of every command is set: prose to the width of the terminal, examples as they are."""

from __future__ import annotations

import argparse
import os
from itertools import groupby

_WIDTH = 80
"""Cells where there is no terminal."""


class HelpFormatter(argparse.HelpFormatter):
    """Fills paragraphs; indented lines stay as they were written."""

    def __init__(self, prog: str) -> None:
        # argparse makes a formatter for every argument, and would import all of shutil for the width.
        super().__init__(prog, width=_columns() - 2)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        import textwrap

        blocks = groupby(text.rstrip().splitlines(), key=lambda line: bool(line) and not line.startswith(" "))
        return "\n".join(
            textwrap.fill(" ".join(lines), width, break_on_hyphens=False) if prose else "\n".join(lines)
            for prose, lines in blocks
        )


def _columns() -> int:
    """How wide the terminal is, as `shutil.get_terminal_size` finds it."""
    chosen = os.environ.get("COLUMNS", "")
    if chosen.isdecimal() and chosen.isascii() and int(chosen[:4]):
        return int(chosen[:4])
    try:
        return os.get_terminal_size(1).columns or _WIDTH
    except OSError:
        return _WIDTH
