"""A recording to share: names are replaced, and numbers stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, TypeAlias

from usage_tui.clients.recording.header import Header, Missing
from usage_tui.ledger.people import ACTOR, NOT_ATTRIBUTED
from usage_tui.models import (
    Credits,
    Event,
    Grant,
    Membership,
    MeterLine,
    Organization,
    SourceSeries,
    SourceUsage,
    Summary,
    TopSource,
    User,
)

SOURCE, SOURCE_ID, PERSON = "Source {}", "source_{}", "Person {}"
ORGANIZATION, ORGANIZATION_ID = "Organization {}", "organization_{}"
OF_SOURCE: Mapping[str, str] = {"source_id": SOURCE_ID, "label": SOURCE}
"""Pseudonyms, numbered in the order in which their names come."""

Pseudonyms: TypeAlias = Mapping[type, Mapping[str, str]]
LeftOut: TypeAlias = Mapping[type, Mapping[str, object]]

PSEUDONYMS: Pseudonyms = {
    User: {"id": "person_{}", "name": PERSON},
    Membership: {"id": ORGANIZATION_ID, "name": ORGANIZATION},
    Organization: {"id": ORGANIZATION_ID, "name": ORGANIZATION},
    SourceUsage: OF_SOURCE,
    SourceSeries: OF_SOURCE,
    TopSource: OF_SOURCE,
    Event: {**OF_SOURCE, "actor": PERSON},
    Grant: {"description": "Grant {}"},
    MeterLine: {"label": "Part {}"},
}
"""Every field that holds a name. Fields with the same pseudonym share their names."""

LEFT_OUT: LeftOut = {
    Summary: {"links": None, "notices": (), "access_notice": None, "not_offered": {}},
    Missing: {"not_offered": ""},
}
"""Fields with addresses and sentences, which may contain any name, and what replaces them."""

_NONE: Mapping[type, Any] = MappingProxyType({})
_OF_THE_PRODUCT = ("Agent chat", "Browser sessions")
"""Labels that name no one."""


class Redaction:
    """Replaces the names of people, organizations, grants, parts of meters, and tools and all other sources.

    The same name has the same pseudonym wherever it stands. Links and the service's own sentences go.
    Amounts, times, categories, plans, and the ids of single events and grants stay.

    Args:
        pseudonyms: The fields of more types that hold names.
        left_out: The fields of more types that hold sentences.
    """

    def __init__(self, pseudonyms: Pseudonyms = _NONE, left_out: LeftOut = _NONE) -> None:
        self._pseudonyms = {**PSEUDONYMS, **pseudonyms}
        self._left_out = {**LEFT_OUT, **left_out}
        kept = [*((SOURCE, label) for label in _OF_THE_PRODUCT), (PERSON, NOT_ATTRIBUTED)]
        self._given = {(pattern, name): name for pattern, name in kept}
        self._names = {(pattern, name.casefold()): name for pattern, name in kept}
        self._counts: Counter[str] = Counter()

    def header(self, header: Header) -> Header:
        """The header without names."""
        return Header(*map(self.value, header[:-1]))  # a name of a file may name anyone

    def event(self, event: Event) -> Event:
        """The event without names."""
        return replace(event, **self._replaced(event))

    def value(self, value: Any) -> Any:
        """Any value of a reply without names."""
        if isinstance(value, tuple):
            items = map(self.value, value)
            return value._make(items) if hasattr(value, "_make") else tuple(items)
        if not is_dataclass(value) or isinstance(value, (type, Credits)):
            return value
        inner = {field.name: self.value(getattr(value, field.name)) for field in fields(value)}
        left_out = self._left_out.get(type(value), {})
        return replace(value, **{**inner, **self._replaced(value), **left_out})

    def pseudonym(self, pattern: str, name: str) -> str:
        """The pseudonym of a name; what is no name at all stays."""
        if not name:
            return name
        if (pattern, name) not in self._given:
            self._counts[pattern] += 1
            given = pattern.format(self._counts[pattern])
            self._given[pattern, name], self._names[pattern, given.casefold()] = given, name
        return self._given[pattern, name]

    def known(self, pattern: str, name: str) -> str | None:
        """The pseudonym of a name in upper or lower case; None if it has none yet."""
        wanted = name.casefold()
        given = self._given.items()
        return next((one for (kind, of), one in given if kind == pattern and of.casefold() == wanted), None)

    def name(self, pattern: str, pseudonym: str) -> str | None:
        """The name that a pseudonym, in upper or lower case, stands for; None if it is not a pseudonym."""
        return self._names.get((pattern, pseudonym.casefold()))

    def _replaced(self, value: object) -> dict[str, Any]:
        patterns = self._pseudonyms.get(type(value), {})
        if getattr(value, "kind", None) == ACTOR:
            patterns = dict.fromkeys(patterns, PERSON)
        held = {name: getattr(value, name) for name in patterns}
        replaced = {
            name: self.pseudonym(patterns[name], text) for name, text in held.items() if text is not None
        }
        if isinstance(value, Event) and value.ends_at is not None and value.source_id:
            # A total has an id that was made of its day and its source.
            replaced["id"] = value.id.replace(value.source_id, replaced["source_id"])
        return replaced
