"""Column types that are the same in both databases, also in strict tables of SQLite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Boolean, Text
from sqlalchemy.ext.compiler import compiles

Render = TypeVar("Render", bound=Callable[..., str])


def rendered(element: type, dialect: str) -> Callable[[Render], Render]:
    """Make a function render a SQL element for one kind of database."""
    # Only some releases of SQLAlchemy have types for this function.
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
    """Text that is compared byte by byte, independent of the locale of the database."""


@rendered(ByteOrderedText, "postgresql")
def _byte_ordered(_type: object, _compiler: object, **_options: Any) -> str:
    return 'TEXT COLLATE "C"'
