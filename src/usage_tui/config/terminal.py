"""What the environment says about the terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, MutableMapping

MOST_CELLS = 1000
"""Columns or rows that are painted; no screen has more."""
MOST_COPIED = 64 * 1024
"""Bytes of a text that terminals take for their clipboard; some drop a longer one without a word."""
_is_size = re.compile(r"[0-9]{1,9}", re.ASCII).fullmatch


def wants_no_color(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the user asked for no color, as no-color.org defines it: set, and not empty."""
    return bool(environ.get("NO_COLOR"))


def has_screen() -> bool:
    """Whether the program runs in a terminal that can be drawn on."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    on_terminal = all(stream is not None and stream.isatty() for stream in streams)
    return on_terminal and os.environ.get("TERM", "dumb") not in ("dumb", "")


def speaks_unicode(encoding: str | None) -> bool:
    """Whether an output of this encoding can show more than ASCII."""
    return (encoding or "").lower().replace("-", "") == "utf8"


def over_ssh(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the viewer sits at another computer."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def bound_size(environ: MutableMapping[str, str] = os.environ) -> None:
    """Keep the screen to a size that can be painted at once, whatever environment and terminal say.

    Textual takes ``COLUMNS`` and ``LINES`` for the size, before what the terminal says.
    """
    for name in ("COLUMNS", "LINES"):
        value = environ.get(name, "1")
        if not _is_size(value) or not 0 < int(value) <= MOST_CELLS:
            del environ[name]
    for name, cells in zip(("COLUMNS", "LINES"), shutil.get_terminal_size(), strict=True):
        if cells > MOST_CELLS:
            environ[name] = str(MOST_CELLS)
