"""JSON objects of which nothing may be lost: a name that appears twice could be two amounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from usage_tui.text.clean import clean

T = TypeVar("T")
_NAME_SHOWN = 40


class RepeatedName(ValueError):
    """A name appears twice in an object. The message says which one."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{clean(name)[:_NAME_SHOWN]!r} appears twice in an object")


def unambiguous(members: Sequence[tuple[str, T]]) -> dict[str, T]:
    """The members of an object, as `json` passes them to its ``object_pairs_hook``.

    Raises:
        RepeatedName: Two of them have the same name.
    """
    read = dict(members)
    if len(read) < len(members):
        names = [name for name, _ in members]
        raise RepeatedName(next(name for name in read if names.count(name) > 1))
    return read
