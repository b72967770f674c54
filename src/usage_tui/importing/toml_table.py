"""A table of the description of an organization: amounts, times and text that is shown."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from usage_tui.importing.times import instant
from usage_tui.models import Credits, InvalidCredits, clean
from usage_tui.toml_file import Table

_LIMIT = 10**15
_PLACES = 12


class TomlTable(Table):
    """One table. See `Table`."""

    def text(self, key: str) -> str | None:
        """A string, without control characters."""
        value = super().text(key)
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
        """A moment in UTC. A date is its midnight, and a time without a zone is in this one."""
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
