"""A file that a person wrote: what is wrong with it is one line with the file and the key."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from usage_tui.toml_file import InvalidToml, Table, parse_toml, read_toml


def table(text: str) -> Table:
    return Table(parse_toml(text, "a.toml"), "a.toml")


def fault(read: Callable[[], object]) -> str:
    with pytest.raises(InvalidToml) as caught:
        read()
    return str(caught.value)


def test_values_are_read_by_their_type() -> None:
    read = table('a = "x"\nb = true\nc = 5\nd = [1, 2]\n[e]\nf = "y"\n[[g]]\n[[g]]\n')
    assert (read.text("a"), read.flag("b"), read.integer("c", 9), read.values("d")) == ("x", True, 5, [1, 2])
    inner = read.table("e")
    assert inner is not None
    assert inner.text("f") == "y"
    assert read.mapping("e") == {"f": "y"}
    assert len(read.tables("g")) == 2
    read.finish()


def test_what_is_missing_is_none() -> None:
    read = table("")
    assert [read.text("a"), read.flag("a"), read.integer("a", 9), read.values("a"), read.table("a")] == [
        None
    ] * 5
    assert read.tables("a") == []


def test_numbers_with_a_point_keep_their_digits() -> None:
    assert parse_toml("a = 0.10", "a.toml") == {"a": Decimal("0.10")}


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: table("a = 1").text("a"), "a.toml: a: must be text in quotes"),
        (lambda: table('a = "yes"').flag("a"), "a.toml: a: must be true or false"),
        (lambda: table("a = true").integer("a", 9), "a.toml: a: must be a whole number from 0 to 9"),
        (lambda: table("a = 10").integer("a", 9), "a.toml: a: must be a whole number from 0 to 9"),
        (lambda: table("a = 1").table("a"), "a.toml: a: must be a table: [a]"),
        (lambda: table("[a]").tables("a"), "a.toml: a: must be a list of tables: [[a]]"),
        (
            lambda: table("[[a]]\n[[a]]\nb = 1").tables("a")[1].text("b"),
            "a.toml: a[2].b: must be text in quotes",
        ),
        (lambda: table("").missing("a", "1"), "a.toml: a: is missing; for example a = 1"),
    ],
)
def test_a_fault_names_the_file_and_the_key(read: Callable[[], object], message: str) -> None:
    assert fault(read) == message


def test_a_key_that_nobody_asked_for_is_answered_with_the_one_that_was_meant() -> None:
    read = table('nmae = "x"\n')
    read.text("name")
    assert fault(read.finish) == "a.toml: unknown key nmae; did you mean name?"
    read = table('color = "x"\n')
    read.text("name")
    assert fault(read.finish) == "a.toml: unknown key color; the keys are name"


def test_keys_of_the_file_steer_no_terminal() -> None:
    assert fault(table('"\\u001b[2J" = 1').finish).isprintable()


def test_a_file_that_does_not_exist_may_count_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "gone.toml"
    assert read_toml(path, "gone.toml", missing_ok=True) == {}
    assert (
        fault(lambda: read_toml(path, "gone.toml")) == "gone.toml: cannot be read: No such file or directory"
    )
    (tmp_path / "file").write_text("")
    assert read_toml(tmp_path / "file" / "gone.toml", "gone.toml", missing_ok=True) == {}
