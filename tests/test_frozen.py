"""`frozen` makes what the standard library's `dataclass(frozen=True, slots=True, kw_only=True)` makes."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.frozen import frozen

T = TypeVar("T")
standard = dataclass(frozen=True, slots=True, kw_only=True)
both = pytest.mark.parametrize("made_by", [frozen, standard], ids=["frozen", "standard"])
"""What holds for one must hold for the other."""

Values = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b"])},
    optional={"amount": st.integers(0, 1), "tags": st.sampled_from([{}, {"x": 1}])},
)


def made(decorator: Callable[[type[T]], type[T]]) -> Any:
    class Fact:
        amount: int = 7
        name: str
        tags: dict[str, int] = field(default_factory=dict)

        @property
        def spoken(self) -> str:
            """A method of its own."""
            return f"{self.amount} {self.name}"

    return decorator(Fact)  # type: ignore[arg-type]


@both
@given(Values, Values)
def test_facts_are_equal_if_all_their_fields_are(
    made_by: Any, one: dict[str, object], other: dict[str, object]
) -> None:
    fact = made(made_by)
    defaults = {"amount": 7, "tags": {}}

    assert (fact(**one) == fact(**other)) is (defaults | one == defaults | other)


@both
def test_a_fact_equals_nothing_of_another_class(made_by: Any) -> None:
    assert made(made_by)(name="a") != made(made_by)(name="a")
    assert made(made_by)(name="a") != "a"


@both
def test_each_fact_has_its_own_default(made_by: Any) -> None:
    fact = made(made_by)

    fact(name="a").tags["x"] = 1

    assert fact(name="a").tags == {}


@both
def test_equal_facts_have_one_hash(made_by: Any) -> None:
    fact = made(made_by)

    assert hash(fact(name="a", tags=None)) == hash(fact(name="a", tags=None, amount=7))
    with pytest.raises(TypeError, match="unhashable"):
        hash(fact(name="a"))


@both
def test_a_fact_is_written_as_it_is_made(made_by: Any) -> None:
    assert repr(made(made_by)(name="a")).endswith("Fact(amount=7, name='a', tags={})")


@both
def test_a_fact_cannot_be_changed(made_by: Any) -> None:
    fact = made(made_by)(name="a")

    with pytest.raises(FrozenInstanceError):
        fact.name = "b"
    with pytest.raises(FrozenInstanceError):
        del fact.name
    assert fact.name == "a"
    assert not hasattr(fact, "__dict__")


@both
@pytest.mark.parametrize(
    ("values", "named"),
    [({}, "name"), ({"name": "a", "size": 1}, "size"), ({"size": 1}, "name")],
)
def test_a_missing_and_an_unknown_field_are_named(
    made_by: Any, values: dict[str, object], named: str
) -> None:
    with pytest.raises(TypeError, match=named if made_by is frozen else "argument"):
        made(made_by)(**values)


@both
def test_fields_take_no_place(made_by: Any) -> None:
    with pytest.raises(TypeError):
        made(made_by)("a")


@both
def test_it_is_a_dataclass_to_everyone(made_by: Any) -> None:
    fact = made(made_by)

    assert is_dataclass(made(made_by))
    assert [part.name for part in fields(fact)] == ["amount", "name", "tags"]
    assert replace(fact(name="a"), name="b") == fact(name="b")
    assert fact(name="a").spoken == "7 a"


@both
def test_a_subclass_has_the_fields_of_both(made_by: Any) -> None:
    base: Any = made_by(type("Base", (), {"__annotations__": {"name": str}}))
    derived: Any = made_by(type("Derived", (base,), {"__annotations__": {"size": int}, "size": 1}))

    assert repr(derived(name="a")).endswith("Derived(name='a', size=1)")
    assert derived(name="a") != base(name="a")
    assert replace(derived(name="a"), size=2) == derived(name="a", size=2)
