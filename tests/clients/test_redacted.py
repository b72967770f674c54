"""A client without names: every method of the protocol goes through it, and every field with text is known."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.clients import demo
from usage_tui.clients.base import (
    CannotFilter,
    ClientError,
    EventPages,
    InvalidRecording,
    NotOffered,
    RateLimited,
    Unauthenticated,
    Unreachable,
    UsageClient,
    Withheld,
)
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.redacted import RedactedClient, redacted_error
from usage_tui.clients.redacted_query import as_meant, redacted_query
from usage_tui.clients.recording.redaction import LEFT_OUT, PSEUDONYMS, Redaction
from usage_tui.models import Choice, EventQuery, Name
from usage_tui.state.redacted import PSEUDONYMS as OF_STATES
from usage_tui.state.usage import UsageState

NAMELESS = {
    "Allocation": {"grant_id", "bucket"},
}
"""Fields of text that name nobody: codes, times, zones and ids of what is not a person or a tool."""


def methods(protocol: type) -> set[str]:
    return {name for base in protocol.__mro__ for name in vars(base) if not name.startswith("_")}


def test_every_method_of_a_client_is_its_own() -> None:
    """Nothing is passed on unseen: a new method fails here until it is covered."""
    own = methods(RedactedClient) | set(vars(RedactedClient(open_demo("acme"), Redaction(), "demo")))
    assert methods(UsageClient) - {"mro"} <= own


def text_fields(kind: Any, seen: set[Any]) -> Iterator[tuple[type, str]]:
    """Every field that can hold text, of all types that a value of this type can hold."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    for argument in (origin, *arguments):
        if argument is not None:
            yield from text_fields(argument, seen)
    if not (isinstance(kind, type) and is_dataclass(kind)) or kind in seen:
        return
    seen.add(kind)
    hints = typing.get_type_hints(kind, vars(inspect.getmodule(kind)))
    for field in fields(kind):
        if holds_text(hints[field.name]):
            yield kind, field.name
        yield from text_fields(hints[field.name], seen)


def holds_text(hint: Any) -> bool:
    return hint is str or any(holds_text(one) for one in typing.get_args(hint))


def test_every_field_with_text_is_replaced_left_out_or_known_to_name_nobody() -> None:
    """A new field with text fails here until somebody decides."""
    decided = {(kind, name) for known in (PSEUDONYMS, LEFT_OUT, OF_STATES) for kind in known for name in known[kind]}
    found = set(text_fields(UsageState, set()))
    left = {(kind.__name__, name) for kind, name in found - decided}
    assert left == {(kind, name) for kind, names in NAMELESS.items() for name in names}
