"""A recording to share: names are replaced, and numbers stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from usage_tui.clients.recording.header import Header, Missing
from usage_tui.ledger.people import ACTOR, NOT_ATTRIBUTED
from usage_tui.models import (
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

_PERSON = "Person {}"
_PSEUDONYMS: Mapping[type, Mapping[str, str]] = {
    User: {"id": "person_{}", "name": "Person {}"},
    Membership: {"id": "organization_{}", "name": "Organization {}"},
    Organization: {"id": "organization_{}", "name": "Organization {}"},
    SourceUsage: {"source_id": "source_{}", "label": "Source {}"},
    SourceSeries: {"source_id": "source_{}", "label": "Source {}"},
    TopSource: {"source_id": "source_{}", "label": "Source {}"},
    Event: {"source_id": "source_{}", "label": "Source {}", "actor": _PERSON},
    Grant: {"description": "Grant {}"},
    MeterLine: {"label": "Part {}"},
}
"""Every field that holds a name. Fields with the same pseudonym share their names."""

_LEFT_OUT: Mapping[type, Mapping[str, object]] = {
    Summary: {"links": None, "notices": (), "access_notice": None, "not_offered": {}},
    Missing: {"not_offered": ""},
}
"""Fields with addresses and sentences, which may contain any name, and what replaces them."""

_OF_THE_PRODUCT = ("Agent chat", "Browser sessions")
"""Labels that name no one."""


class Redaction:
    """Replaces the names of people, organizations, grants, parts of meters, and tools and all other sources.

    The same name has the same pseudonym wherever it stands. Links and the service's own sentences go.
    Amounts, times, categories, plans, and the ids of events and grants stay.
    """

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {("Source {}", label): label for label in _OF_THE_PRODUCT}
        self._given[_PERSON, NOT_ATTRIBUTED] = NOT_ATTRIBUTED
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
            return tuple(map(self.value, value))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        inner = {field.name: self.value(getattr(value, field.name)) for field in fields(value)}
        left_out = _LEFT_OUT.get(type(value), {})
        return replace(value, **{**inner, **self._replaced(value), **left_out})

    def _replaced(self, value: object) -> dict[str, Any]:
        patterns = _PSEUDONYMS.get(type(value), {})
        if getattr(value, "kind", None) == ACTOR:
            patterns = dict.fromkeys(patterns, _PERSON)
        return {name: self._pseudonym(pattern, getattr(value, name)) for name, pattern in patterns.items()}

    def _pseudonym(self, pattern: str, name: str | None) -> str | None:
        """The pseudonym of a name; what is no name at all stays."""
        if not name:
            return name
        if (pattern, name) not in self._given:
            self._counts[pattern] += 1
            self._given[pattern, name] = pattern.format(self._counts[pattern])
        return self._given[pattern, name]
