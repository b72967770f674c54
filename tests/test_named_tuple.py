"""Classes made by our `NamedTuple` are those of the standard library."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING

import pytest

from usage_tui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from datetime import date


class Point(NamedTuple):
    """Somewhere."""

    x: int
    y: int = 0
    on: date | None = None

    @property
    def far(self) -> bool:
        """Whether it is off the axes."""
        return self.x != 0 and self.y != 0

    @classmethod
    def at_start(cls) -> Point:
        """The origin."""
        return cls(0)

    def __bool__(self) -> bool:
        return self.far


def test_it_is_a_tuple_with_names_and_defaults() -> None:
    assert Point(1) == (1, 0, None) == Point(x=1, y=0)
    assert Point(1, 2)._replace(y=3)._asdict() == {"x": 1, "y": 3, "on": None}
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point(y=1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]


def test_it_has_the_methods_of_its_class() -> None:
    assert Point(1, 1).far
    assert Point(1, 1)
    assert not Point.at_start()


def test_it_is_called_what_its_class_is_called() -> None:
    assert repr(Point(1)) == "Point(x=1, y=0, on=None)"
    assert (Point.__qualname__, Point.__module__, Point.__doc__) == ("Point", __name__, "Somewhere.")


def test_its_annotations_are_known_where_they_are_asked_for() -> None:
    assert typing.get_type_hints(Point, localns={"date": str}) == {"x": int, "y": int, "on": str | None}
