"""What the terminal's own description says of it."""

from __future__ import annotations


def erases_in_color() -> bool:
    """Whether the terminal fills what it erases with the current background; not where nobody knows."""
    try:
        import curses

        # Standard error is where Textual writes. The terminal itself is not asked, only its name looked up.
        curses.setupterm(fd=2)
    except (ImportError, curses.error):
        return False
    return curses.tigetflag("bce") == 1
