"""Frozen dataclasses with slots and keyword arguments, which cost a start next to nothing.

For each dataclass the standard library writes the source of six methods and compiles it, for half a
millisecond, and the dashboard needs a hundred classes for its first frame. Here the methods are closures over
the fields. Everything else is the standard library's: `fields`, `replace` and type checkers know the classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Like ``dataclass(frozen=True, slots=True, kw_only=True)``, without ``__post_init__``.

    A class may have an ``__init__`` of its own.
    """
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(cls)
    names = [part.name for part in fields(made)]
    values = attrgetter(*names)

    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if type(self) is type(other) else NotImplemented

    def represent(self: object) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    if "__init__" not in vars(cls):
        made.__init__ = _initializer(made)
    made.__eq__ = equal
    made.__hash__ = lambda self: hash(values(self))
    made.__repr__ = represent
    made.__setattr__ = made.__delattr__ = _refuse_change
    return made  # type: ignore[no-any-return]  # the class that was given, with slots


def _initializer(made: Any) -> Callable[..., None]:
    parts = fields(made)
    setters = {part.name: getattr(made, part.name).__set__ for part in parts}
    defaults = {part.name: part.default for part in parts if part.default is not MISSING}
    factories = {part.name: part.default_factory for part in parts if part.default_factory is not MISSING}

    def initialize(self: object, /, **given: object) -> None:
        values = {**defaults, **given}
        for name, make in factories.items():
            if name not in given:
                values[name] = make()
        if values.keys() != setters.keys():
            odd = ", ".join(sorted(values.keys() ^ setters.keys()))
            raise TypeError(f"{made.__qualname__}: missing or unknown: {odd}")
        for name, value in values.items():
            setters[name](self, value)

    return initialize


def _refuse_change(self: object, name: str, *_: object) -> NoReturn:
    raise FrozenInstanceError(f"{type(self).__qualname__}.{name} cannot be changed")
