"""Large digits, three rows high: of heavy box-drawing lines, or of ASCII segments."""

from __future__ import annotations

from collections.abc import Mapping

Digits = Mapping[str, tuple[str, str, str]]
"""The three rows of each character that is drawn large."""

HEAVY: Digits = {
    "0": ("┏━┓", "┃ ┃", "┗━┛"),
    "1": ("╺┓ ", " ┃ ", "╺┻╸"),
    "2": ("╺━┓", "┏━┛", "┗━╸"),
    "3": ("╺━┓", " ━┫", "╺━┛"),
    "4": ("╻ ╻", "┗━┫", "  ╹"),
    "5": ("┏━╸", "┗━┓", "╺━┛"),
    "6": ("┏━╸", "┣━┓", "┗━┛"),
    "7": ("╺━┓", "  ┃", "  ╹"),
    "8": ("┏━┓", "┣━┫", "┗━┛"),
    "9": ("┏━┓", "┗━┫", "╺━┛"),
    "-": ("   ", "╺━╸", "   "),
    "$": ("┏╋╸", "┗╋┓", "╺╋┛"),
    "€": ("┏━╸", "╋━ ", "┗━╸"),
    "£": ("┏━╸", "╋━ ", "┻━╸"),
}

SEGMENTS: Digits = {
    "0": (" _ ", "| |", "|_|"),
    "1": ("   ", "  |", "  |"),
    "2": (" _ ", " _|", "|_ "),
    "3": (" _ ", " _|", " _|"),
    "4": ("   ", "|_|", "  |"),
    "5": (" _ ", "|_ ", " _|"),
    "6": (" _ ", "|_ ", "|_|"),
    "7": (" _ ", "  |", "  |"),
    "8": (" _ ", "|_|", "|_|"),
    "9": (" _ ", "|_|", " _|"),
    "-": ("   ", " _ ", "   "),
}

HEIGHT = 3


def large(number: str, digits: Digits) -> tuple[str, str, str]:
    """A number as three rows of equal width; a digit takes 3 cells.

    What has no large form, such as a comma, stands in the last row in its usual size.
    """
    rows = ["", "", ""]
    for character in number:
        tracking = " " if character in digits else ""
        for row, strokes in enumerate(digits.get(character, (" ", " ", character))):
            rows[row] += strokes + tracking
    last = number[-1:] in digits
    first, second, third = (row[:-1] if last else row for row in rows)
    return first, second, third
