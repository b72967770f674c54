"""Text from outside: made harmless once, where it enters the program."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LONGEST = 10_000
"""Characters of a text. To measure and lay out a much longer one takes minutes and hundreds of megabytes."""
_INVISIBLE = {"Cf"}
_HARMFUL = {"Cc", "Cs", "Zl", "Zp"}
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def clean(text: str) -> str:
    """The text without anything that could steer a terminal or disguise what is written.

    Control characters, lone surrogates and line separators become ``�``; invisible format
    characters (bidi overrides, zero-width joiners) and variation selectors, on whose width
    terminals disagree, are removed.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_harmless, text))


@lru_cache(maxsize=1024)  # texts are written in the same characters again and again
def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in _INVISIBLE or ord(character) in _VARIATION_SELECTORS:
        return ""
    return "�" if category in _HARMFUL else character


def clean_bounded(text: str) -> str:
    """A text without control characters, as `clean` gives it, if it is short enough to be laid out at once.

    Raises:
        ValueError: It has more than `LONGEST` characters.
    """
    if len(text) > LONGEST:
        raise ValueError(f"has more than {LONGEST:,} characters")
    return clean(text)
