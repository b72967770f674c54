"""Types of columns that both databases keep alike, SQLite in strict tables too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Boolean, Text
from sqlalchemy.ext.compiler import compiles

Render = TypeVar("Render", bound=Callable[..., str])


def rendered(element: type, dialect: str) -> Callable[[Render], Render]:
    """Let a function write an element of SQL for one kind of database."""
    # Some releases of SQLAlchemy give this function types, and some do not.
    decorate: Callable[[Render], Render] = compiles(element, dialect)  # type: ignore[no-untyped-call,unused-ignore]
    return decorate


class Int64(BigInteger):
    """A signed 64-bit integer."""


class Flag(Boolean):
    """True or false."""


@rendered(Int64, "sqlite")
@rendered(Flag, "sqlite")
def _integer(_type: object, _compiler: object, **_options: Any) -> str:
    return "INTEGER"


class ByteOrderedText(Text):
    """Text that is compared byte by byte, whatever the language of the database."""


@rendered(ByteOrderedText, "postgresql")
def _byte_ordered(_type: object, _compiler: object, **_options: Any) -> str:
    return 'TEXT COLLATE "C"'
