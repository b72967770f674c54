"""A TOML file written by a person: read key by key, with every error in one line that names the key."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, Self, TypeVar

from usage_tui.text.clean import clean

T = TypeVar("T")
_KEY_SHOWN = 40


class InvalidToml(ValueError):
    """The file cannot be used. The message is one line: the file, the key, what is wrong or what to do."""


def read_toml(path: Path, name: str, *, missing_ok: bool = False) -> dict[str, Any]:
    """What is in a file.

    Args:
        path: The file.
        name: How messages call it.
        missing_ok: A file that does not exist is an empty one.

    Raises:
        InvalidToml: It cannot be read, or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        if missing_ok:
            return {}
        raise InvalidToml(f"{name}: cannot be read: {error.strerror}") from None
    except OSError as error:
        raise InvalidToml(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InvalidToml(f"{name}: is not UTF-8, at byte {error.start + 1}") from None
    return parse_toml(text, name)


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """What is in the text of a file; numbers with a point are `Decimal`.

    Raises:
        InvalidToml: It is not TOML.
    """
    import tomllib  # a start without settings does without it

    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InvalidToml(f"{name}: is not valid TOML: {clean(str(error))}") from None
    except (ValueError, ArithmeticError, RecursionError):  # what the parser itself does not catch
        raise InvalidToml(f"{name}: has a number that is too long, or is nested too deeply") from None


class Table:
    """One table. A method gives None if its key is missing, and refuses a value of another type.

    All raise `InvalidToml`. No message repeats a value that might be a secret.
    """

    def __init__(self, values: Mapping[str, Any], file: str, path: str = "") -> None:
        """Begin to read.

        Args:
            values: What the parser made of the table.
            file: How messages call the file.
            path: Where the table is in it, such as ``profiles.work``; empty for the whole file.
        """
        self._values = values
        self._file = file
        self._path = path
        self._asked: list[str] = []

    def text(self, key: str) -> str | None:
        """A string."""
        return self._typed(key, str, "must be text in quotes")

    def flag(self, key: str) -> bool | None:
        """A boolean."""
        return self._typed(key, bool, "must be true or false")

    def integer(self, key: str, most: int) -> int | None:
        """A whole number from 0."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            self.refuse(key, f"must be a whole number from 0 to {most}")
        return value

    def values(self, key: str) -> list[Any] | None:
        """A list of anything."""
        return self._typed(key, list, "must be a list")

    def mapping(self, key: str) -> dict[str, Any] | None:
        """A table as the parser made it."""
        return self._typed(key, dict, f"must be a table: [{clean(self.place(key))}]")

    def table(self, key: str) -> Self | None:
        """A table in this one."""
        value = self.mapping(key)
        return None if value is None else type(self)(value, self._file, self.place(key))

    def tables(self, key: str) -> list[Self]:
        """The tables of an array; none where the key is missing."""
        values = self._take(key)
        if values is None:
            return []
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.refuse(key, f"must be a list of tables: [[{self.place(key)}]]")
        return [
            type(self)(value, self._file, f"{self.place(key)}[{number}]")
            for number, value in enumerate(values, start=1)
        ]

    def missing(self, key: str, example: str = "") -> NoReturn:
        """Refuse the table because it lacks a key that it needs."""
        self.refuse(key, f"is missing; for example {key} = {example}" if example else "is missing")

    def refuse(self, key: str, reason: str) -> NoReturn:
        """Refuse the table because of one of its keys; of the table itself where the key is empty."""
        place = clean(self.place(key)) if key else clean(self._path)
        raise InvalidToml(f"{self._file}: {place}: {reason}")

    def place(self, key: str) -> str:
        """The key with the tables that it is in: ``profiles.work.url``."""
        return f"{self._path}.{key}" if self._path else key

    def finish(self) -> None:
        """Refuse a key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                from difflib import get_close_matches

                near = get_close_matches(key, self._asked, n=1)
                hint = (
                    f"did you mean {near[0]}?" if near else f"the keys are {', '.join(sorted(self._asked))}"
                )
                shown = clean(self.place(key[:_KEY_SHOWN]))
                raise InvalidToml(f"{self._file}: unknown key {shown}; {hint}")

    def _take(self, key: str) -> Any:
        self._asked.append(key)
        return self._values.get(key)

    def _typed(self, key: str, wanted: type[T], reason: str) -> T | None:
        value = self._take(key)
        if value is not None and not isinstance(value, wanted):
            self.refuse(key, reason)
        return value
