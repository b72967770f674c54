"""What a term under the cursor may become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from usage_tui.filtering.days import day_words
from usage_tui.filtering.known import Known
from usage_tui.filtering.reading import ACTOR, CREDITS, DATED, KEYS, KIND, SOURCE, SOURCE_ID, TYPE
from usage_tui.filtering.terms import Term, split_terms, write_term
from usage_tui.ledger.ranking import category_of
from usage_tui.named_tuple import NamedTuple

_KEY_HINTS = {
    "source": "part of a name, =whole name",
    "source_id": "exact id",
    "kind": "category",
    "type": "what was done",
    "actor": "part of a name, =whole name",
    "on": "day",
    "from": "first day",
    "to": "last day",
    "credits": ">5, <=5, 5..10",
}
_AMOUNTS = ((">0", "spent"), ("<0", "given back"), (">=", "at least"), ("<=", "at most"))


class Candidate(NamedTuple):
    """A text to put in place of the term.

    Attributes:
        text: The whole term; a key ends with ``:``.
        hint: What it means; may be empty.
    """

    text: str
    hint: str


class Completion(NamedTuple):
    """What can stand in a place of a filter.

    Attributes:
        start: Where the term begins that a candidate replaces, in characters of the filter.
        end: Where it ends; exclusive.
        candidates: The best first.
    """

    start: int
    end: int
    candidates: tuple[Candidate, ...]


def complete(text: str, cursor: int, known: Known) -> Completion:
    """What the term under the cursor may become. Without a term there, a new one begins.

    Args:
        text: The filter.
        cursor: Where the cursor is, in characters.
        known: The names to choose from.
    """
    term = next((one for one in split_terms(text) if one.start <= cursor <= one.end), None)
    start, end = (term.start, term.end) if term else (cursor, cursor)
    return Completion(start, end, tuple(_candidates(text[start:cursor], known)))


def _candidates(typed: str, known: Known) -> Iterator[Candidate]:
    """What a term may become of which so much is before the cursor."""
    if typed in ("", "-"):
        return _keys("", excludes=bool(typed))
    (term,) = split_terms(typed)
    return _values(term, known) if term.key else _keys(term.value, excludes=term.excludes)


def _keys(typed: str, *, excludes: bool) -> Iterator[Candidate]:
    for key in KEYS:
        if key.startswith(typed.lower()) and not (excludes and key in (*DATED, CREDITS)):
            yield Candidate(f"{'-' * excludes}{key}:", _KEY_HINTS[key])


def _values(term: Term, known: Known) -> Iterator[Candidate]:
    """Values of the key that begin with what was typed, then those that contain it."""
    wanted, choices = term.value.casefold(), [*_choices(term.key, known)]
    names = [f"{value}\n{hint}".casefold() for value, hint in choices]
    begins = [name.startswith(wanted) or f"\n{wanted}" in name for name in names]
    order = [at for at in range(len(names)) if begins[at]]
    order += [at for at in range(len(names)) if not begins[at] and wanted in names[at]]
    for at in order:
        value, hint = choices[at]
        whole = term.key in (SOURCE, ACTOR)
        yield Candidate(write_term(term.key, value, excludes=term.excludes, whole=whole), hint)


def _choices(key: str, known: Known) -> Iterable[tuple[str, str]]:
    """Every known value of a key, and what it means."""
    if key == SOURCE:
        return dict.fromkeys((label, "") for _, label in known.sources)
    if key == SOURCE_ID:
        return known.sources
    if key == KIND:
        return [(kind, category_of(kind).label) for kind in known.kinds]
    if key == TYPE:
        return [(activity, "") for activity in known.activities]
    if key == ACTOR:
        return [(actor, "") for actor in known.actors]
    if key in DATED:
        return day_words(known)
    return _AMOUNTS if key == CREDITS else ()
