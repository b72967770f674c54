"""A filter's text split into terms, and texts written as values."""

from __future__ import annotations

import re

from usage_tui.named_tuple import NamedTuple
from usage_tui.text.clean import clean

_MATCH_KEY = re.compile(r"[A-Za-z][A-Za-z_-]*(?=:)", re.ASCII).match
_QUOTE, _ESCAPE, _WHOLE, _NOT = '"', "\\", "=", "-"


class Term(NamedTuple):
    """A part of a filter between spaces.

    Attributes:
        start: Where it begins, in characters of the filter.
        end: Where it ends; exclusive.
        excludes: Whether it begins with ``-``.
        key: In lower case; empty for a word.
        whole: Whether the value was written after ``=``.
        value: Without quotes, and cleaned.
        rest: What follows a closing quote, which should be nothing.
        closed: Whether the value's quote is closed.
    """

    start: int
    end: int
    excludes: bool
    key: str
    whole: bool
    value: str
    rest: str
    closed: bool


def split_terms(text: str) -> list[Term]:
    """The terms of a filter, however wrong they are."""
    terms, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        terms.append(_term(text, at))
        at = terms[-1].end
    return terms


def _term(text: str, start: int) -> Term:
    at = start
    excludes = text[at] == _NOT and not _ends(text, at + 1)
    at += excludes
    key = found[0] if (found := _MATCH_KEY(text, at)) else ""
    at += len(key) + 1 if key else 0
    whole = bool(key) and text[at : at + 1] == _WHOLE
    at += whole
    if text[at : at + 1] == _QUOTE:
        value, at, closed = _quoted(text, at + 1)
        end = _end(text, at)
        rest = text[at:end]
    else:
        end, closed, rest = _end(text, at), True, ""
        value = text[at:end]
    return Term(start, end, excludes, key.lower(), whole, clean(value), clean(rest), closed)


def _quoted(text: str, at: int) -> tuple[str, int, bool]:
    """The text up to the closing quote, where it ends, and whether there is one."""
    value = list[str]()
    while at < len(text):
        if text[at] == _QUOTE:
            return "".join(value), at + 1, True
        if text[at] == _ESCAPE and text[at + 1 : at + 2] in (_QUOTE, _ESCAPE):
            at += 1
        value.append(text[at])
        at += 1
    return "".join(value), at, False


def _ends(text: str, at: int) -> bool:
    return at >= len(text) or text[at].isspace()


def _end(text: str, at: int) -> int:
    while not _ends(text, at):
        at += 1
    return at


def write_term(key: str, value: str, *, excludes: bool = False, whole: bool = False) -> str:
    """A term that `split_terms` reads as this key and value; a word if the key is empty."""
    is_plain = value and not any(character.isspace() or character in '"\\' for character in value)
    if key:
        is_plain = is_plain and not value.startswith(_WHOLE)
    else:
        is_plain = is_plain and ":" not in value and not value.startswith(_NOT)
    if not is_plain:
        escaped = value.replace(_ESCAPE, _ESCAPE * 2).replace(_QUOTE, _ESCAPE + _QUOTE)
        value = f"{_QUOTE}{escaped}{_QUOTE}"
    return f"{_NOT * excludes}{key}{':' if key else ''}{_WHOLE * whole}{value}"
