"""Typesetting: spans of text with a tone, set into lines of an exact width in cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from rich.cells import cell_len as _cell_len
from rich.cells import chop_cells

from usage_tui.cards.typeset.glyphs import UNICODE, Glyphs
from usage_tui.named_tuple import NamedTuple

Tone = Literal[
    "text",
    "muted",
    "disabled",
    "strong",
    "title",
    "focus",
    "key",
    "tab",
    "rule",
    "included",
    "purchased",
    "warning",
    "warning-strong",
    "error",
    "error-strong",
    "success",
    "chip",
    "chip-strong",
    "link",
]
"""What a piece of text means; the styles say how that looks."""


class Span(NamedTuple):
    """A piece of text in one tone."""

    text: str
    tone: Tone = "text"
    command: str = ""
    """The command that a click on it runs."""
    choice: str = ""
    """What a click on it chooses, such as an alternative of its card."""


Line = tuple[Span, ...]

EMPTY: Line = ()


class Area(NamedTuple):
    """Where a card is drawn.

    Attributes:
        width: Cells.
        height: Rows; a card that needs fewer leaves the rest blank.
        focused: Whether the keyboard acts on the card.
        glyphs: The symbols that the terminal can show.
        keys: Keys that the user has set, by command.
        interactive: Whether there are keys at all; plain text has none.
    """

    width: int
    height: int = 0
    focused: bool = False
    glyphs: Glyphs = UNICODE
    keys: Mapping[str, str] = {}
    interactive: bool = True


def cell_len(text: str) -> int:
    """How many cells the text takes on a terminal."""
    return len(text) if text.isascii() else _cell_len(text)


def line(*parts: Span | str) -> Line:
    """Spans and plain strings as one line, without empty pieces."""
    spans = [Span(part) if isinstance(part, str) else part for part in parts]
    return tuple([span for span in spans if span.text])


def width(spans: Iterable[Span]) -> int:
    """The cells that the spans take."""
    return sum([cell_len(span.text) for span in spans])


def cut(text: str, cells: int, glyphs: Glyphs = UNICODE) -> str:
    """The text in at most `cells` cells; what is cut ends with a sign that it was."""
    if cell_len(text) <= cells:
        return text
    if cells <= 0:
        return ""
    kept = chop_cells(text, cells - 1)[0] if cells > 1 else ""
    return kept.rstrip() + glyphs.cut


def fit(text: str, cells: int, glyphs: Glyphs = UNICODE) -> str:
    """The text cut or filled up to exactly so many cells, left-aligned."""
    shown = cut(text, cells, glyphs)
    return shown + " " * (cells - cell_len(shown))


def right(text: str, cells: int) -> str:
    """The text right-aligned in so many cells; never cut, because numbers are never cut."""
    return " " * (cells - cell_len(text)) + text


def cut_line(spans: Line, cells: int, glyphs: Glyphs = UNICODE) -> Line:
    """The line in at most `cells` cells."""
    if width(spans) <= cells:
        return spans
    kept: list[Span] = []
    room = cells
    for span in spans:
        if cell_len(span.text) >= room:
            # More follows even where this span just fits: the blank makes it too long by a cell.
            kept.append(span._replace(text=cut(f"{span.text} ", room, glyphs)))
            break
        kept.append(span)
        room -= cell_len(span.text)
    return line(*kept)


def spread(start: Line, end: Line, cells: int, glyphs: Glyphs = UNICODE) -> Line:
    """One line of so many cells, `start` at the left and `end` at the right edge.

    `start` gives way. `end` must fit; it is never cut, because numbers stand there.
    """
    start = cut_line(start, max(0, cells - width(end) - bool(end)), glyphs)
    gap = cells - width(start) - width(end)
    return line(*start, " " * gap, *end)


def indent(spans: Line, cells: int) -> Line:
    """The line moved to the right."""
    return line(" " * cells, *spans)


def wrap(text: str, cells: int, taken: int = 0) -> list[str]:
    """The words of the text in lines of at most so many cells; a longer word is broken.

    Args:
        text: The words.
        cells: The width of a line; at least 2, or a wide character would fit in none.
        taken: Cells of the first line that are not free.
    """
    lines: list[str] = []
    current, room = "", cells - taken
    for word in text.split():
        for piece in chop_cells(word, max(2, cells)):
            candidate = f"{current} {piece}" if current else piece
            if cell_len(candidate) <= room:
                current = candidate
            else:
                lines.append(current)
                current, room = piece, cells
    return [*lines, current] if current else lines


def labeled(label: str, text: str, cells: int, area: Area) -> list[Line]:
    """A text behind its label, in as many lines as it needs.

    Args:
        label: Empty below a line whose label is meant for both.
        text: The text.
        cells: The room of all labels.
        area: Where.
    """
    rows = wrap(text, area.width - cells) or [""]
    return [
        line(Span(f"{'' if number else label:<{cells}}", "muted"), row) for number, row in enumerate(rows)
    ]


def plain(lines: Sequence[Line]) -> str:
    """The lines as text without tones, one a row, without trailing blanks."""
    return "\n".join("".join(span.text for span in spans).rstrip() for spans in lines)


def retoned(spans: Line, tone: Tone) -> Line:
    """The line in a single tone."""
    return tuple(span._replace(tone=tone) for span in spans)
