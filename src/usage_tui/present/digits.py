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
    """The number in three rows of equal width. Digits take 3 cells and one of tracking."""
    rows = ["", "", ""]
    for character in number:
        tracking = "" if character in ",." else " "
        for row, strokes in enumerate(_DIGITS[character]):
            rows[row] += strokes + tracking
    cells = len(rows[0].rstrip()) if number[-1:] in (",", ".") else len(rows[0]) - 1
    first, second, third = (row[:cells] for row in rows)
    return first, second, third
