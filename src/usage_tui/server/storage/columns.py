"""Types of columns that both databases keep alike, SQLite in strict tables too."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Text
from sqlalchemy.ext.compiler import compiles


class Int64(BigInteger):
    """A signed 64-bit integer."""


class Flag(Boolean):
    """True or false."""


@compiles(Int64, "sqlite")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
@compiles(Flag, "sqlite")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _integer(_type: object, _compiler: object, **_options: Any) -> str:
    return "INTEGER"


class ByteOrderedText(Text):
    """Text that is compared byte by byte, whatever the language of the database."""


@compiles(ByteOrderedText, "postgresql")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _byte_ordered(_type: object, _compiler: object, **_options: Any) -> str:
    return 'TEXT COLLATE "C"'
