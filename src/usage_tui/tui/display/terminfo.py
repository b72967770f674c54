"""What the terminal's terminfo entry says."""

from __future__ import annotations


def erases_in_color() -> bool:
    """Whether the terminal fills erased cells with the current background; False if unknown."""
    try:
        import curses

        # Standard error is where Textual writes. The terminal itself is not asked, only its name looked up.
        curses.setupterm(fd=2)
    except (ImportError, curses.error):
        return False
    return curses.tigetflag("bce") == 1
