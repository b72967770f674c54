"""Exact amounts, counted in integer millionths of the organization's unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from usage_tui.text.amounts import MICRO

PATTERN = r"^(?!-0(\.0+)?$)-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,6})?$"
"""An amount on the wire: a decimal string with at most 6 places, and no ``-0``."""

_MATCH = re.compile(PATTERN, re.ASCII).fullmatch
_MATCH_FINER = re.compile(r"-?\d+\.\d{7,}", re.ASCII).fullmatch
_MATCH_LARGER = re.compile(r"-?[1-9]\d{13,}(?:\.\d{1,6})?", re.ASCII).fullmatch
_LIMIT = 2**63


class InvalidCredits(ValueError):
    """The text is not an amount, or the amount does not fit 64 bits."""


@dataclass(frozen=True, slots=True, order=True)
class Credits:
    """An exact amount, in the organization's unit: credits, or a currency. It never passes through a float.

    Attributes:
        micro: The amount in millionths of the unit, a signed 64-bit integer.
    """

    micro: int = 0

    ZERO: ClassVar[Credits]

    def __post_init__(self) -> None:
        if not -_LIMIT <= self.micro < _LIMIT:
            raise InvalidCredits("the amount is too large: the limit is 9,223,372,036,854.775807")

    @classmethod
    def parse(cls, text: str) -> Credits:
        """Read a decimal string such as ``"10009.75"``.

        Raises:
            InvalidCredits: It is not a plain decimal number, has more than 6 places, or is too large.
        """
        if _MATCH_FINER(text):
            raise InvalidCredits(f"{text[:40]!r} has more than 6 decimals; round it to 6 first")
        if _MATCH_LARGER(text):
            raise InvalidCredits(f"{text[:40]!r} is too large: the limit is 9,223,372,036,854.775807")
        if not _MATCH(text):
            raise InvalidCredits(f"invalid amount {text[:40]!r}: use a number with at most 6 decimal places")
        whole, _, fraction = text.removeprefix("-").partition(".")
        micro = int(whole) * MICRO + int(fraction.ljust(6, "0"))
        return cls(-micro if text.startswith("-") else micro)

    @classmethod
    def total(cls, amounts: Iterable[Credits]) -> Credits:
        """The exact sum of the amounts; zero for none."""
        return cls(sum(amount.micro for amount in amounts))

    def __str__(self) -> str:
        """The canonical decimal string: no trailing zeros, no ``-0``."""
        whole, fraction = divmod(abs(self.micro), MICRO)
        sign = "-" if self.micro < 0 else ""
        return f"{sign}{whole}.{fraction:06d}".rstrip("0") if fraction else f"{sign}{whole}"

    def __add__(self, other: Credits) -> Credits:
        return Credits(self.micro + other.micro)

    def __sub__(self, other: Credits) -> Credits:
        return Credits(self.micro - other.micro)

    def __neg__(self) -> Credits:
        return Credits(-self.micro)

    def __bool__(self) -> bool:
        return self.micro != 0


Credits.ZERO = Credits(0)
