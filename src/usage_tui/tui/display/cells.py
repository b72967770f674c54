"""From strips of styled segments to cells."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment

from usage_tui.tui.display.looks import Look, look_of

Cells = tuple[list[str], list[Look]]
"""The text of each cell and its look. The right half of a wide character has no text of its own."""

_all_narrow = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u2800-\u28ff]*"
).fullmatch
_WIDE = ("ぁ", "ゖ"), ("゛", "ヿ"), ("㐀", "䶿"), ("一", "鿿"), ("가", "힣"), ("！", "｠")
"""Kana, ideographs, Hangul and full-width forms, each from the first character to the last."""
_flags_and_characters = re.compile("[\U0001f1e6-\U0001f1ff]{2}|.", re.DOTALL).findall
_VARIATION = "\ufe0f"
"""It makes the character before it an emoji, and some terminals then make that wide."""


def read_cells(strips: Iterable[Iterable[Segment]], color_system: ColorSystem) -> Cells:
    """The cells of strips that stand side by side, on a terminal with these colors."""
    texts: list[str] = []
    looks: list[Look] = []
    for strip in strips:
        for text, style, control in strip:
            if control:
                continue
            look = look_of(style, color_system)
            if _all_narrow(text):
                texts.extend(text)
            else:
                _extend_by_graphemes(texts, text)
            if look.blank in (None, look) or " " not in text:
                looks.extend([look] * (len(texts) - len(looks)))
            else:
                looks.extend([look.blank if one == " " else look for one in texts[len(looks) :]])
    return texts, looks


def _extend_by_graphemes(texts: list[str], text: str) -> None:
    """Put every character into its cell, and those without a width of their own to the one before."""
    for one in _flags_and_characters(text):
        head = len(texts) - 1
        while head > 0 and not texts[head]:
            head -= 1
        before = texts[head] if texts else ""
        # Only with what it follows is known whether it joins that, as a part of an emoji does.
        grown = cell_len(before + one) - cell_len(before)
        if before and (one == _VARIATION or not grown):
            texts[head] += one
            texts.extend([""] * grown)
        elif grown:
            texts.extend([one, *[""] * (grown - 1)])


def is_agreed(text: str) -> bool:
    """Whether all terminals give this text the same width.

    They differ about emoji, about characters that combine, and about what is newer than they are.
    """
    return _all_narrow(text) is not None or all(
        _all_narrow(one) or any(first <= one <= last for first, last in _WIDE) for one in text
    )
