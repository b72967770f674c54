"""A query written as the filter that means it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from usage_tui.filtering.amounts import write_amounts
from usage_tui.filtering.days import write_span
from usage_tui.filtering.known import Known
from usage_tui.filtering.reading import ACTOR, KIND, SOURCE, SOURCE_ID, TYPE, WORD, kind_of
from usage_tui.filtering.terms import write_term
from usage_tui.models import Choice, EventQuery, Name

T = TypeVar("T")
Written = tuple[str, bool]
"""A value, and whether it is written after ``=``."""


def write_filter(query: EventQuery, known: Known) -> str:
    """The filter that `read_filter` reads as the conditions of a query, now and later: its days are dates.

    The order of the query is not part of it. Conditions that no filter means, such as an empty text, are
    written as far as possible.
    """
    return " ".join(_terms(query, known))


def _terms(query: EventQuery, known: Known) -> Iterator[str]:
    yield from _choice(WORD, Choice(query.words, query.without_words), _plain)
    yield from _choice(SOURCE, query.sources, _name)
    yield from _choice(SOURCE_ID, query.source_ids, _plain)
    yield from _choice(KIND, query.kinds, lambda kind: (kind, kind_of(kind, known) != kind))
    yield from _choice(TYPE, query.activities, lambda one: (one, _is_another(one, known.activities)))
    yield from _choice(ACTOR, query.actors, _name)
    yield from write_span(known.calendar, query.starts_at, query.ends_at)
    yield from write_amounts(query.least, query.most)


def _choice(key: str, choice: Choice[T], written: Callable[[T], Written]) -> Iterator[str]:
    for excludes, values in ((False, choice.any_of), (True, choice.none_of)):
        for one in values:
            value, whole = written(one)
            yield write_term(key, value, excludes=excludes, whole=whole)


def _plain(value: str) -> Written:
    return value, False


def _name(name: Name) -> Written:
    return name.text, name.whole


def _is_another(value: str, known: tuple[str, ...]) -> bool:
    """Whether a known value in another case comes first, so that this one needs ``=``."""
    folded = value.casefold()
    return next((one for one in known if one.casefold() == folded), value) != value
