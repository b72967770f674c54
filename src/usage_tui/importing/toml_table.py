"""A TOML table that is read key by key, every fault with the name of the key."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from usage_tui.importing.faults import ImportFailed
from usage_tui.importing.times import instant
from usage_tui.models import Credits, InvalidCredits, clean

T = TypeVar("T")

_LIMIT = 10**15
_PLACES = 12


class TomlTable:
    """One table. Every method but `missing` and `finish` returns None if the key is absent.

    Each raises `ImportFailed` if the value is of the wrong kind.
    """

    def __init__(self, values: dict[str, Any], place: str) -> None:
        """Begin to read.

        Args:
            values: What the parser made of the table, with `Decimal` for its decimal numbers.
            place: How messages name the table, such as ``org.toml, [period]``.
        """
        self._values = values
        self._place = place
        self._asked: list[str] = []

    def text(self, key: str) -> str | None:
        """A string, made harmless."""
        value = self._typed(key, str, "must be text in quotes")
        return None if value is None else clean(value)

    def choice(self, key: str, words: tuple[str, ...]) -> str | None:
        """One of these words."""
        value = self.text(key)
        if value is not None and value not in words:
            self.refuse(key, f"must be {', '.join(words[:-1])} or {words[-1]}")
        return value

    def link(self, key: str) -> str | None:
        """An https address."""
        value = self.text(key)
        if value is not None and not value.startswith("https://"):
            self.refuse(key, "must begin with https://")
        return value

    def flag(self, key: str) -> bool | None:
        """A boolean."""
        return self._typed(key, bool, "must be true or false")

    def decimal(self, key: str) -> Decimal | None:
        """An exact number of zero or more, in quotes or not."""
        value = self._take(key)
        if value is None:
            return None
        try:
            number = None if isinstance(value, bool) else Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            number = None
        if number is None or not number.is_finite() or not 0 <= number < _LIMIT:
            self.refuse(key, "must be a number of 0 or more")
        if number != round(number, _PLACES):
            self.refuse(key, f"has more than {_PLACES} decimal places")
        return number

    def credits(self, key: str) -> Credits | None:
        """An exact amount of zero or more, in quotes or not."""
        number = self.decimal(key)
        try:
            return None if number is None else Credits.parse(f"{number:f}")
        except InvalidCredits as error:
            self.refuse(key, str(error))

    def instant(self, key: str, zone: ZoneInfo) -> datetime | None:
        """A moment in UTC. A date is its midnight, and a time without a zone is meant in this one."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time.min)
        if not isinstance(value, datetime):
            self.refuse(key, "must be a date or time without quotes, such as 2026-12-01")
        try:
            return instant(value, zone)
        except ValueError as error:
            self.refuse(key, str(error))

    def table(self, key: str) -> TomlTable | None:
        """A table in this one."""
        value = self._typed(key, dict, f"must be a table: [{key}]")
        return None if value is None else TomlTable(value, f"{self._place}, [{key}]")

    def tables(self, key: str) -> list[TomlTable]:
        """The tables of an array; none where the key is absent."""
        values = self._take(key)
        if values is None:
            return []
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.refuse(key, f"must be tables: [[{key}]]")
        return [
            TomlTable(value, f"{self._place}, [[{key}]] {number}")
            for number, value in enumerate(values, start=1)
        ]

    def missing(self, key: str) -> NoReturn:
        """Refuse the table because it lacks a key that it needs."""
        self.refuse(key, "is missing")

    def refuse(self, key: str, reason: str) -> NoReturn:
        """Refuse the table because of one of its keys."""
        raise ImportFailed(f"{self._place}, {key}: {reason}.")

    def finish(self) -> None:
        """Refuse the table if it has a key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, n=1)
                hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(self._asked)}."
                raise ImportFailed(f"{self._place}: unknown key {clean(key)[:40]!r}; {hint}")

    def _take(self, key: str) -> Any:
        self._asked.append(key)
        return self._values.get(key)

    def _typed(self, key: str, wanted: type[T], reason: str) -> T | None:
        value = self._take(key)
        if value is not None and not isinstance(value, wanted):
            self.refuse(key, reason)
        return value
