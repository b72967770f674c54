"""How the help of every command is set: prose to the width of the terminal, examples as they are."""

from __future__ import annotations

import argparse
import textwrap
from itertools import groupby


class HelpFormatter(argparse.HelpFormatter):
    """Fills paragraphs; indented lines stay as they were written."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        blocks = groupby(text.rstrip().splitlines(), key=lambda line: bool(line) and not line.startswith(" "))
        return "\n".join(
            textwrap.fill(" ".join(lines), width, break_on_hyphens=False) if prose else "\n".join(lines)
            for prose, lines in blocks
        )
