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
    ",": (" ", " ", ","),
    ".": (" ", " ", "."),
}

HEIGHT = 3


def large(number: str) -> tuple[str, str, str]:
    """A number that ends with a digit, as three rows of equal width; a digit takes 3 cells, a point 1."""
    rows = ["", "", ""]
    for character in number:
        tracking = "" if character in ",." else " "
        for row, strokes in enumerate(_DIGITS[character]):
            rows[row] += strokes + tracking
    first, second, third = (row[:-1] for row in rows)
    return first, second, third
