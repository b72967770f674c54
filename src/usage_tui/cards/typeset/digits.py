"""Large digits of heavy box-drawing lines, three rows high."""

from __future__ import annotations

_DIGITS = {
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
    ",": (" ", " ", ","),
    ".": (" ", " ", "."),
}

HEIGHT = 3


def large(number: str) -> tuple[str, str, str]:
    """A number as three rows of equal width; a digit takes 3 cells, a point 1.

    What follows a number, such as the code of a currency, stands in the last row in its usual size.
    """
    rows = ["", "", ""]
    for character in number:
        drawn = _DIGITS.get(character, (" ", " ", character))
        tracking = " " if character in _DIGITS and character not in ",." else ""
        for row, strokes in enumerate(drawn):
            rows[row] += strokes + tracking
    last = number[-1:] in _DIGITS
    first, second, third = (row[:-1] if last else row for row in rows)
    return first, second, third
