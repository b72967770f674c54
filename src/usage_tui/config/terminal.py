"""What the environment says about the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def wants_no_color(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the user asked for no color, as no-color.org defines it: set, and not empty."""
    return bool(environ.get("NO_COLOR"))


def has_screen(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the program runs in a terminal that can be drawn on."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    on_terminal = all(stream is not None and stream.isatty() for stream in streams)
    return on_terminal and environ.get("TERM", "dumb") not in ("dumb", "")


def speaks_unicode(encoding: str | None) -> bool:
    """Whether an output of this encoding can show more than ASCII."""
    return (encoding or "").lower().replace("-", "") == "utf8"


def over_ssh(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the viewer sits at another computer."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
