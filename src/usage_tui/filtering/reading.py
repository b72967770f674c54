"""A filter's text read into a query, or every mistake in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from usage_tui.filtering.amounts import read_amounts
from usage_tui.filtering.days import read_days
from usage_tui.filtering.known import Known
from usage_tui.filtering.mistakes import InvalidFilter, InvalidTerm, Mistake
from usage_tui.filtering.terms import Term, split_terms
from usage_tui.ledger.ranking import CATEGORIES, category_of
from usage_tui.models import Choice, Credits, EventQuery, Name, clean
from usage_tui.text.words import spoken

WORD = ""
SOURCE, SOURCE_ID, KIND, TYPE, ACTOR = "source", "source_id", "kind", "type", "actor"
ON, FROM, TO, CREDITS = "on", "from", "to", "credits"
DATED = ON, FROM, TO
KEYS = SOURCE, SOURCE_ID, KIND, TYPE, ACTOR, *DATED, CREDITS
_HEADS = {"who": ACTOR, "person": ACTOR, "category": KIND, "when": ON, "day": ON, "cost": CREDITS}
"""The key of what the heads of columns, and the line of a filter, call otherwise."""

LONGEST = 1000
"""Characters of a filter."""
LONGEST_VALUE = 200
"""Characters of one value, as a service takes them."""

MOST_VALUES = 50
"""Terms of one key, as a service takes them."""

T = TypeVar("T")


def read_filter(text: str, known: Known) -> EventQuery:
    """The query that a filter means. An empty text means every event.

    Args:
        text: The filter.
        known: What its words mean.

    Raises:
        InvalidFilter: There are mistakes in it.
    """
    if len(text) > LONGEST:
        raise InvalidFilter([Mistake(LONGEST, len(text), f"the filter is longer than {LONGEST} characters")])
    reader = _Reader(known)
    mistakes = []
    for term in split_terms(text):
        try:
            reader.read(term)
        except InvalidTerm as error:
            said = clean(text[term.start : term.end]).rstrip(":")
            mistakes.append(Mistake(term.start, term.end, f"{said}: {error}"))
    if mistakes:
        raise InvalidFilter(mistakes)
    return reader.query()


class _Reader:
    """The terms that were read so far."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._terms: dict[str, list[Term]] = {}
        self._starts_at: datetime | None = None
        self._ends_at: datetime | None = None
        self._least: Credits | None = None
        self._most: Credits | None = None

    def read(self, term: Term) -> None:
        """Add a term.

        Raises:
            InvalidTerm: It means nothing.
        """
        _check(term)
        if len(self._terms.get(term.key, ())) == MOST_VALUES:
            raise InvalidTerm(f"there are more than {MOST_VALUES} {term.key or 'word'} terms")
        ranges = (*DATED, CREDITS)
        if term.key in ranges:
            if term.excludes:
                hint = "such as credits:<=5" if term.key == CREDITS else "with from: and to:"
                raise InvalidTerm(f"a range cannot be excluded; say what is wanted, {hint}")
            if term.key in self._terms:
                hint = "such as credits:5..10" if term.key == CREDITS else "with from: and to:"
                raise InvalidTerm(f"{term.key} is given twice; write one range, {hint}")
            if term.key == CREDITS:
                self._least, self._most = read_amounts(term.value)
            else:
                self._read_days(term)
        self._terms.setdefault(term.key, []).append(term)

    def _read_days(self, term: Term) -> None:
        span = read_days(term.value, self._known)
        is_instant = span.starts_at == span.ends_at
        if term.key == ON and is_instant:
            raise InvalidTerm(f'"{term.value}" is not a day')
        starts_at, ends_at = self._starts_at, self._ends_at
        if term.key != TO:
            starts_at = max(starts_at or span.starts_at, span.starts_at)
        if term.key != FROM:
            ends_at = min(ends_at or span.ends_at, span.ends_at)
        if starts_at is not None and ends_at is not None and ends_at <= starts_at:
            raise InvalidTerm("no time is left between these days")
        self._starts_at, self._ends_at = starts_at, ends_at

    def query(self) -> EventQuery:
        """What all terms mean together."""
        words = self._terms.get(WORD, [])
        return EventQuery(
            kinds=_choice((term.excludes, self._kind(term)) for term in self._terms.get(KIND, [])),
            source_ids=self._values(SOURCE_ID),
            sources=self._names(SOURCE),
            actors=self._names(ACTOR),
            activities=_choice((term.excludes, self._activity(term)) for term in self._terms.get(TYPE, [])),
            starts_at=self._starts_at,
            ends_at=self._ends_at,
            least=self._least,
            most=self._most,
            words=_unique(term.value for term in words if not term.excludes),
            without_words=_unique(term.value for term in words if term.excludes),
        )

    def _values(self, key: str) -> Choice[str]:
        return _choice((term.excludes, term.value) for term in self._terms.get(key, []))

    def _names(self, key: str) -> Choice[Name]:
        return _choice((term.excludes, Name(term.value, term.whole)) for term in self._terms.get(key, []))

    def _kind(self, term: Term) -> str:
        """The code of a category, which may be written as people call it, unless after ``=``."""
        return term.value if term.whole else kind_of(term.value, self._known)

    def _activity(self, term: Term) -> str:
        if term.whole:
            return term.value
        wanted = term.value.casefold()
        return next((one for one in self._known.activities if one.casefold() == wanted), term.value)


def kind_of(text: str, known: Known) -> str:
    """The code of a category by its code or its label, in any case; the text itself if none is known."""
    wanted = text.casefold()
    for kind in (*known.kinds, *CATEGORIES):
        if wanted in (kind.casefold(), category_of(kind).label.casefold(), spoken(kind).casefold()):
            return kind
    return text


def _check(term: Term) -> None:
    """Refuse what no key could mean.

    Raises:
        InvalidTerm: It is not a term.
    """
    if term.key and term.key not in KEYS:
        from difflib import get_close_matches

        near = [_HEADS[term.key]] if term.key in _HEADS else get_close_matches(term.key, KEYS, n=1)
        help_ = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(KEYS)}"
        raise InvalidTerm(f'unknown key "{term.key}"; {help_}')
    if not term.closed:
        raise InvalidTerm('the closing " is missing')
    if term.rest:
        raise InvalidTerm('a space is missing after the closing "')
    if not term.value:
        raise InvalidTerm("a value is missing")
    if len(term.value) > LONGEST_VALUE:
        raise InvalidTerm(f"the value is longer than {LONGEST_VALUE} characters")


def _choice(values: Iterable[tuple[bool, T]]) -> Choice[T]:
    pairs: Sequence[tuple[bool, T]] = [*values]
    wanted, unwanted = (
        _unique(value for excludes, value in pairs if excludes is side) for side in (False, True)
    )
    return Choice(wanted, unwanted)


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
