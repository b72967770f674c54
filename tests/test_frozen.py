"""Classes made by `frozen` behave like the standard library's frozen dataclasses with slots."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any

import pytest

from usage_tui.frozen import frozen


@frozen
class Point:
    """Somewhere."""

    x: int
    y: int = 0
    names: list[str] = field(default_factory=list)


@frozen
class Place(Point):
    """A point with a name."""

    name: str


def test_fields_are_given_by_name_and_the_others_take_their_defaults() -> None:
    assert (Point(x=1).x, Point(x=1).y, Point(x=1).names) == (1, 0, [])
    assert Point(x=1).names is not Point(x=1).names
    made: Any = Point
    for wrong in ({}, {"x": 1, "z": 2}):
        with pytest.raises(TypeError, match=r"Point: missing or unknown: [xz]"):
            made(**wrong)
    with pytest.raises(TypeError):
        made(1)


def test_a_subclass_has_the_fields_of_its_base_as_well() -> None:
    place = Place(x=1, name="Acme")
    assert [one.name for one in fields(Place)] == ["x", "y", "names", "name"]
    assert replace(place, y=2) == Place(x=1, y=2, name="Acme")


def test_instances_are_equal_if_their_class_and_values_are() -> None:
    assert Point(x=1) == Point(x=1, y=0)
    assert Point(x=1) != Point(x=2)
    assert Point(x=1).__eq__((1, 0, [])) is NotImplemented
    assert Place(x=1, name="") != Point(x=1)


def test_instances_of_hashable_values_can_be_keys() -> None:
    @frozen
    class Key:
        """A class with one field."""

        name: str

    assert {Key(name="a"): 1}[Key(name="a")] == 1


def test_nothing_can_be_changed_or_added() -> None:
    point: Any = Point(x=1)
    for name in ("x", "other"):
        with pytest.raises(FrozenInstanceError, match=f"Point.{name} cannot be changed"):
            setattr(point, name, 2)
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert not hasattr(point, "__dict__")


def test_an_instance_is_shown_with_its_values() -> None:
    assert repr(Point(x=1, names=["a"])) == "Point(x=1, y=0, names=['a'])"


def test_a_class_may_be_made_from_something_else() -> None:
    @frozen
    class Span:
        """From one number to another."""

        first: int
        last: int

        def __init__(self, *, first: int = 0, last: int | None = None) -> None:
            object.__setattr__(self, "first", first)
            object.__setattr__(self, "last", first if last is None else last)

    assert Span(first=2) == Span(first=2, last=2) == replace(Span(first=1, last=2), first=2)
