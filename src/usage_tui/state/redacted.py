"""The state as screens show it while names are hidden: pseudonyms, and no sentences of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, ClassVar, TypeVar, cast

from usage_tui.clients.base import NOT_OFFERED, ClientError, UsageClient
from usage_tui.clients.recording.redaction import (
    OF_SOURCE,
    ORGANIZATION,
    ORGANIZATION_ID,
    LeftOut,
    Pseudonyms,
    Redaction,
)
from usage_tui.clients.redacted import RedactedClient, redacted_error
from usage_tui.clients.redacted_query import as_meant, redacted_query
from usage_tui.insight.compare import SourceChange
from usage_tui.models import NO_BILLING_ACCESS, EventQuery
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import ME, RECENT, SOURCES, SUMMARY, AnyReply
from usage_tui.state.usage import PeriodReplies, UsageState

T = TypeVar("T")

PSEUDONYMS: Pseudonyms = {SourceChange: OF_SOURCE}
"""The fields of a state that hold names, beside those of replies."""

_REASONS = {Status.WITHHELD: NO_BILLING_ACCESS, Status.NOT_OFFERED: NOT_OFFERED}


class Redacted:
    """Hides names. A name has one pseudonym, from the first screen to the last."""

    NAMED_FIRST: ClassVar[Sequence[AnyReply[object]]] = (ME, SUMMARY, SOURCES, RECENT)
    """Replies whose names have the first numbers, so that every command calls the same name the same."""

    def __init__(self) -> None:
        from usage_tui.state.digest import StatusAnswer
        from usage_tui.state.overview import Row

        rows: Pseudonyms = {Row: {"source": "Profile {}", "name": ORGANIZATION}}
        left_out: LeftOut = {Row: {"reason": ""}, StatusAnswer: {"origin": ""}}
        self._redaction = Redaction({**PSEUDONYMS, **rows}, left_out)
        self._made: dict[int, tuple[object, Any]] = {}
        self._before: dict[int, tuple[object, Any]] = {}

    def state(self, state: UsageState, origin: str) -> UsageState:
        """A state without names. What has not changed since the last one is the same object.

        Args:
            state: What is known.
            origin: What the data are said to come from.
        """
        self._before, self._made = self._made, {}
        shown = {field.name: self._field(getattr(state, field.name)) for field in fields(state)}
        return replace(state, **{**shown, "origin": origin, "redacted": True})

    def value(self, value: T) -> T:
        """Any value without names."""
        return cast(T, self._redaction.value(value))

    def error(self, error: ClientError) -> ClientError:
        """The same failure in words without names."""
        return redacted_error(error)

    def client(self, client: UsageClient, origin: str) -> UsageClient:
        """A client without names; its pseudonyms are those of the states."""
        return RedactedClient(client, self._redaction, origin)

    def meant(self, query: EventQuery) -> EventQuery:
        """The query that is meant by one with pseudonyms.

        Raises:
            CannotFilter: It contains a name that is not a pseudonym.
        """
        return as_meant(query, self._redaction)

    def organization(self, shown: str) -> str:
        """The id that is meant by the pseudonym of one."""
        return self._redaction.name(ORGANIZATION_ID, shown) or shown

    def _field(self, value: Any) -> Any:
        match value:
            case Remote():
                return self._remote(value)
            case PeriodReplies():
                return PeriodReplies(sources=self._remote(value.sources), daily=self._remote(value.daily))
            case EventQuery():
                return redacted_query(value, self._redaction)
            case ClientError():
                return redacted_error(value)
            case Mapping():
                return {key: self._field(one) for key, one in value.items()}
            case _:
                return self._once(value)

    def _remote(self, remote: Remote[T]) -> Remote[T]:
        error = redacted_error(remote.error) if remote.error is not None else None
        reason = _REASONS.get(remote.status, "") if remote.reason else ""
        return replace(remote, value=self._once(remote.value), error=error, reason=reason)

    def _once(self, value: T) -> T:
        """The value without names, made once for each object: equal objects would be drawn again."""
        known = self._before.get(id(value))
        made = known if known is not None and known[0] is value else (value, self._redaction.value(value))
        self._made[id(value)] = made
        return cast(T, made[1])
