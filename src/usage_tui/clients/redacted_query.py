"""Queries with pseudonyms in place of names, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from usage_tui.clients.base import CannotFilter
from usage_tui.clients.recording.redaction import PERSON, SOURCE, SOURCE_ID, Redaction
from usage_tui.models import Choice, EventQuery, Name

T = TypeVar("T")

_TEXT = "Text {}"
"""Stands for what was typed before names were hidden, if it is not a whole name."""


def redacted_query(query: EventQuery, redaction: Redaction) -> EventQuery:
    """The query with a pseudonym for every name, from which `as_meant` makes the query again."""

    def source(name: Name) -> Name:
        return _hidden(name, redaction, SOURCE, SOURCE_ID)

    def text(word: str) -> str:
        return redaction.pseudonym(_TEXT, word)

    return replace(
        query,
        source_ids=_each(query.source_ids, lambda one: redaction.pseudonym(SOURCE_ID, one)),
        sources=_each(query.sources, source),
        actors=_each(query.actors, lambda name: _hidden(name, redaction, PERSON)),
        words=tuple(map(text, query.words)),
        without_words=tuple(map(text, query.without_words)),
    )


def as_meant(query: EventQuery, redaction: Redaction) -> EventQuery:
    """The query with the name that each pseudonym stands for.

    Raises:
        CannotFilter: It contains a name that is not a pseudonym.
    """

    def source_id(one: str) -> str:
        return redaction.name(SOURCE_ID, one) or _refused(one)

    def word(text: str) -> str:
        patterns = (_TEXT, SOURCE, PERSON, SOURCE_ID)
        found = (redaction.name(pattern, text) for pattern in patterns)
        return next((name for name in found if name is not None), None) or _refused(text)

    return replace(
        query,
        source_ids=_each(query.source_ids, source_id),
        sources=_each(query.sources, lambda name: _meant(name, redaction, SOURCE, SOURCE_ID)),
        actors=_each(query.actors, lambda name: _meant(name, redaction, PERSON)),
        words=tuple(map(word, query.words)),
        without_words=tuple(map(word, query.without_words)),
    )


def _each(choice: Choice[T], change: Callable[[T], T]) -> Choice[T]:
    return Choice(tuple(map(change, choice.any_of)), tuple(map(change, choice.none_of)))


def _hidden(name: Name, redaction: Redaction, *patterns: str) -> Name:
    """A whole name by its pseudonym, if it has one; any other text by a pseudonym of its own."""
    found = (redaction.known(pattern, name.text) for pattern in patterns if name.whole)
    given = next((one for one in found if one is not None), None)
    return replace(name, text=given if given is not None else redaction.pseudonym(_TEXT, name.text))


def _meant(name: Name, redaction: Redaction, *patterns: str) -> Name:
    """What a pseudonym stands for: a whole name, for pseudonyms have no parts."""
    text = redaction.name(_TEXT, name.text)
    if text is not None:
        return replace(name, text=text)
    found = (redaction.name(pattern, name.text) for pattern in patterns)
    whole = next((one for one in found if one is not None), None) or _refused(name.text)
    return Name(whole, whole=True)


def _refused(text: str) -> str:
    raise CannotFilter(
        f"Names are hidden, and {text} is not one of the names shown.",
        advice='Filter by a name as it is shown, such as source:="Source 1", or show names.',
    )
