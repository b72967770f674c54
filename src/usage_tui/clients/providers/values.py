"""The values of a vendor's reply, exact to the last digit, each refused with its place in the reply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import NoReturn

from usage_tui.clients.base import InvalidReply
from usage_tui.ledger.progress import fraction
from usage_tui.ledger.rounding import round_micro
from usage_tui.models import BUDGET, Balance, Credits, IncludedProgress
from usage_tui.text.amounts import MICRO
from usage_tui.text.clean import clean_bounded

_FINEST = -400
"""The last decimal place that is read; the smallest number of any vendor's language has 324."""
_LARGEST = 13
"""Digits before the point, at most."""
_MOST = Decimal(2**63 // MICRO)
"""The millionths of a larger amount do not fit 64 bits."""
_EXACT = Context(prec=2 * (_LARGEST - _FINEST))
"""Loses no digit of a sum."""
_MATCH_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,400})?([eE][+-]?\d{1,3})?", re.ASCII).fullmatch
_MATCH_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).match
_NAME_SHOWN = 40


class InvalidValue(ValueError):
    """A value is of another type than it must be. The message is one line: the place and the fault."""


def add(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal(0)
    for amount in amounts:
        total = _EXACT.add(total, amount)
    return total


def subtract(whole: Decimal, part: Decimal) -> Decimal:
    """The exact difference."""
    return _EXACT.subtract(whole, part)


def from_cents(amount: Decimal) -> Decimal:
    """The hundredth, exactly."""
    return amount.scaleb(-2, _EXACT)


def one_currency(title: str, codes: Iterable[str]) -> str:
    """The only currency of some amounts, by its code; empty if there is none.

    Args:
        title: The vendor's, for the message.
        codes: What the vendor says with each amount, as `Value.currency` reads it.

    Raises:
        InvalidReply: There are several, which have no sum.
    """
    different = set(codes)
    if len(different) > 1:
        raise InvalidReply(f"{title}'s costs are in several currencies: {', '.join(sorted(different))}.")
    return "".join(different)


def to_credits(amount: Decimal) -> Credits:
    """The amount in whole millionths, rounded once, half to even."""
    return Credits(round_micro(amount))


def prepaid(left: Decimal) -> Balance:
    """A balance of which nothing more is known; what was used beyond it is no negative balance."""
    amount = to_credits(left)
    if amount < Credits.ZERO:
        return Balance(total=Credits.ZERO, overage=-amount)
    return Balance(total=amount)


def budget(limit: Decimal, left: Decimal, resets_at: datetime | None = None) -> IncludedProgress:
    """How far a limit is used that the vendor sets, with a reset of its own."""
    granted, remaining = to_credits(limit), to_credits(left)
    used = granted - remaining
    return IncludedProgress(
        kind=BUDGET,
        granted=granted,
        used=used,
        remaining=remaining,
        used_fraction=fraction(Decimal(used.micro), Decimal(granted.micro)),
        resets_at=resets_at,
    )


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a reply, which each method reads as one type.

    All raise `InvalidValue` where it is of another type; the message says where it stands.

    Attributes:
        raw: As the JSON has it; numbers with a point are `Decimal`.
        place: Where it stands in the reply.
    """

    raw: object
    place: str = ""

    @classmethod
    def read(cls, body: bytes) -> Value:
        """The whole reply."""
        from usage_tui import wire  # pydantic takes a while, and a profile of another source waits for it

        return cls(wire.parse_exactly(body))

    def __getitem__(self, name: str) -> Value:
        """A member of an object."""
        found = self.find(name)
        if found is None:
            Value(None, self._of(name)).refuse("is missing")
        return found

    def find(self, name: str) -> Value | None:
        """A member of an object; None if it is missing or null."""
        if not isinstance(self.raw, dict):
            self.refuse("must be an object")
        value = self.raw.get(name)
        return None if value is None else Value(value, self._of(name))

    def each(self) -> Iterator[Value]:
        """The elements of a list."""
        if not isinstance(self.raw, list):
            self.refuse("must be a list")
        return (Value(value, f"{self.place}[{number}]") for number, value in enumerate(self.raw))

    def members(self) -> Iterator[tuple[str, Value]]:
        """The members of an object, by name."""
        if not isinstance(self.raw, dict):
            self.refuse("must be an object")
        return ((_clean(self, name), Value(value, self._of(name))) for name, value in self.raw.items())

    def text(self) -> str:
        """A text without control characters."""
        if not isinstance(self.raw, str):
            self.refuse("must be text")
        return _clean(self, self.raw)

    def word(self, name: str) -> str:
        """The text of a member of an object; empty if it is missing or null."""
        found = self.find(name)
        return found.text() if found is not None else ""

    def currency(self) -> str:
        """The code of a currency, in capitals."""
        code = self.text().strip().upper()
        if not code:
            self.refuse("must be the code of a currency, but is empty")
        return code

    def moment(self, name: str) -> datetime | None:
        """The time that a member of an object says; None if it is missing or null."""
        found = self.find(name)
        return found.instant() if found is not None else None

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.raw, bool):
            self.refuse("must be true or false")
        return self.raw

    def cursor(self, more: str, following: str) -> str | None:
        """The cursor of the next page, as two members of an object say: whether there is one, and which."""
        if not self[more].flag():
            return None
        found = self.word(following)
        if not found:  # what is here is not all
            Value(None, self._of(following)).refuse(f"is missing, but {more} is true")
        return found

    def amount(self) -> Decimal:
        """An exact number, also one in quotes."""
        raw = self.raw
        if isinstance(raw, str) and _MATCH_NUMBER(raw):
            raw = Decimal(raw)
        if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)):
            self.refuse("must be an amount")
        number = Decimal(raw)
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < _FINEST or not -_MOST < number < _MOST:
            self.refuse("is too large or too fine an amount")
        return number if number else Decimal(0)

    def count(self) -> int:
        """A whole number from 0, also one in quotes."""
        number = self.amount()
        if number < 0 or number != number.to_integral_value():
            self.refuse("must be a whole number from 0")
        return int(number)

    def day(self) -> date:
        """A civil date, or the one in UTC of a time."""
        if not isinstance(self.raw, str):
            return self.instant().date()
        text = self.text()
        try:
            return date.fromisoformat(text) if len(text) == len("2026-11-01") else self.instant().date()
        except ValueError:
            self.refuse("must be a date")

    def instant(self) -> datetime:
        """A time in UTC: a text, which is of UTC where it has no offset, or seconds since 1970."""
        try:
            if isinstance(self.raw, str):
                read = datetime.fromisoformat(self.raw) if _MATCH_DAY(self.raw) else None
            else:
                read = datetime.fromtimestamp(0, UTC) + timedelta(seconds=self.count())
        except (ValueError, OverflowError):
            read = None
        if read is None:
            self.refuse("must be a time")
        return _in_utc(self, read)

    def milliseconds(self) -> datetime:
        """A time in UTC, as milliseconds since 1970."""
        try:
            return _in_utc(self, datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.count()))
        except OverflowError:
            self.refuse("must be a time")

    def refuse(self, reason: str) -> NoReturn:
        """Refuse the reply because of this value."""
        raise InvalidValue(f"at {self.place or 'the top'}: {reason}")

    def _of(self, name: str) -> str:
        shown = clean_bounded(name[:_NAME_SHOWN])
        return f"{self.place}.{shown}" if self.place else shown


def _clean(value: Value, text: str) -> str:
    try:
        return clean_bounded(text)
    except ValueError as error:
        value.refuse(str(error))


def _in_utc(value: Value, at: datetime) -> datetime:
    read = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    if not 1 < read.year < 9999:  # no time zone leads beyond these years
        value.refuse("must be a time")
    return read.astimezone(UTC)
