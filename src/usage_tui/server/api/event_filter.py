"""The parameters that filter and sort events, read as a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from fastapi import Depends, Query

from usage_tui import wire
from usage_tui.event_parameters import ASCENDING, MOST_VALUES
from usage_tui.models import Choice, Credits, EventQuery, Name, SortKey, clean
from usage_tui.server.api.requests import checked

T = TypeVar("T")

_LONGEST = 200
_INSTANT: dict[str, Any] = {"format": "date-time"}
_AMOUNT: dict[str, Any] = {"pattern": r"^(?!-0(\.0+)?$)-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$"}
_NONE: list[str] = []

Texts = Annotated[list[Annotated[str, Query(max_length=_LONGEST)]], Query(max_length=MOST_VALUES)]
From = Annotated[str | None, Query(alias="from", max_length=_LONGEST, json_schema_extra=_INSTANT)]
To = Annotated[str | None, Query(max_length=_LONGEST, json_schema_extra=_INSTANT)]
Amount = Annotated[str | None, Query(max_length=_LONGEST, json_schema_extra=_AMOUNT)]

ReadQuery: TypeAlias = Callable[[], EventQuery]
"""Reads the query, or raises what is wrong with it."""


# Asynchronous, so that FastAPI does not run it in a thread.
async def _reader(
    from_: From = None,
    to: To = None,
    kind: Texts = _NONE,
    not_kind: Texts = _NONE,
    source_id: Texts = _NONE,
    not_source_id: Texts = _NONE,
    source: Texts = _NONE,
    source_name: Texts = _NONE,
    not_source: Texts = _NONE,
    not_source_name: Texts = _NONE,
    actor: Texts = _NONE,
    actor_name: Texts = _NONE,
    not_actor: Texts = _NONE,
    not_actor_name: Texts = _NONE,
    activity: Texts = _NONE,
    not_activity: Texts = _NONE,
    q: Texts = _NONE,
    not_q: Texts = _NONE,
    min_credits: Amount = None,
    max_credits: Amount = None,
    sort: Literal["occurred_at", "credits"] = "occurred_at",
    order: Literal["asc", "desc"] = "desc",
) -> ReadQuery:
    def read() -> EventQuery:
        return EventQuery(
            kinds=Choice(_texts(kind), _texts(not_kind)),
            source_ids=Choice(_texts(source_id), _texts(not_source_id)),
            sources=Choice(_names(source, source_name), _names(not_source, not_source_name)),
            actors=Choice(_names(actor, actor_name), _names(not_actor, not_actor_name)),
            activities=Choice(_texts(activity), _texts(not_activity)),
            starts_at=_optional("from", from_, wire.read_instant),
            ends_at=_optional("to", to, wire.read_instant),
            least=_optional("min_credits", min_credits, Credits.parse),
            most=_optional("max_credits", max_credits, Credits.parse),
            words=_texts(q),
            without_words=_texts(not_q),
            sort=SortKey(sort),
            ascending=order == ASCENDING,
        )

    return read


EventFilter = Annotated[ReadQuery, Depends(_reader)]
"""The query of a request, as a parameter of a route. It is read later, once access is checked."""


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    """Texts to compare with; what is kept was cleaned too. Empty ones are no condition."""
    return tuple(dict.fromkeys(filter(None, map(clean, values))))


def _names(parts: Sequence[str], whole: Sequence[str]) -> tuple[Name, ...]:
    return (*map(Name, _texts(parts)), *(Name(text, whole=True) for text in _texts(whole)))


def _optional(name: str, text: str | None, read: Callable[[str], T]) -> T | None:
    return None if text is None else checked(name, text, read)
