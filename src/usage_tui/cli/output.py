"""How every command speaks: results go to stdout, all else to stderr, one line each."""

from __future__ import annotations

import sys


def print_line(text: str) -> None:
    """Print a line of the result, with ``?`` for what the terminal's encoding lacks."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(f"{text.encode(encoding, 'replace').decode(encoding)}\n")


def print_note(text: str) -> None:
    """Print a line about the result on stderr, without control characters."""
    from usage_tui.text.clean import clean

    sys.stderr.write(f"{clean(text)}\n")


def print_error(text: str) -> None:
    """Print a line about what went wrong, without control characters and without tokens."""
    from usage_tui.text.clean import clean
    from usage_tui.text.secrets import masked

    sys.stderr.write(f"usage-tui: {masked(clean(text))}\n")
