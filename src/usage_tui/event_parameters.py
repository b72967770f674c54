"""How the Usage API writes a query of events as parameters of a request."""

from __future__ import annotations

from collections.abc import Iterator

from usage_tui import wire
from usage_tui.models import Choice, EventQuery, Name, SortKey

ASCENDING = "asc"

MOST_VALUES = 50
"""Values of one parameter."""


def write_parameters(query: EventQuery) -> dict[str, list[str]]:
    """The parameters of a query, each with its values; none for what has its default."""
    parameters: dict[str, list[str]] = {}
    for name, value in _pairs(query):
        parameters.setdefault(name, []).append(value)
    return parameters


def _pairs(query: EventQuery) -> Iterator[tuple[str, str]]:
    yield from _choice("kind", query.kinds)
    yield from _choice("source_id", query.source_ids)
    yield from _names("source", query.sources)
    yield from _names("actor", query.actors)
    yield from _choice("activity", query.activities)
    for name, at in (("from", query.starts_at), ("to", query.ends_at)):
        if at is not None:
            yield name, wire.write_instant(at)
    for name, amount in (("min_credits", query.least), ("max_credits", query.most)):
        if amount is not None:
            yield name, str(amount)
    yield from _choice("q", Choice(query.words, query.without_words))
    if query.sort is not SortKey.OCCURRED_AT:
        yield "sort", query.sort
    if query.ascending:
        yield "order", ASCENDING


def _choice(name: str, choice: Choice[str]) -> Iterator[tuple[str, str]]:
    for value in choice.any_of:
        yield name, value
    for value in choice.none_of:
        yield f"not_{name}", value


def _names(name: str, choice: Choice[Name]) -> Iterator[tuple[str, str]]:
    for prefix, values in (("", choice.any_of), ("not_", choice.none_of)):
        for value in values:
            yield f"{prefix}{name}{'_name' if value.whole else ''}", value.text
