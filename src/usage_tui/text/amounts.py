"""Exact amounts as text, in the unit of their data: ``3,759.50`` credits, ``$12.34``, ``12.34 CHF``.

A unit is a code: ``credit``, the three letters of a currency such as ``USD``, any other word, or nothing
while it is unknown. Nothing is converted, and no amount passes through a float.

Money is rounded for a column, half up, and exact where one amount is told in full. All other amounts are
exact everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from usage_tui.text.words import plural, spoken

CREDIT = "credit"
"""The code of credits."""

MICRO = 1_000_000
"""Millionths of a unit in one."""

_SCALE = 6
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_MONEY_PLACES = (2, 4, 6)
_is_currency = re.compile("[A-Z]{3}", re.ASCII).fullmatch
_NOUNS = {"gigabyte": "GB"}


class Amount(Protocol):
    """An exact amount."""

    @property
    def micro(self) -> int:
        """Millionths of the unit."""


def is_money(unit: str) -> bool:
    """Whether the unit is a currency."""
    return _is_currency(unit) is not None


def symbol(unit: str) -> str:
    """What stands before a number of the unit: ``$``; empty for most units."""
    return _SYMBOLS.get(unit, "")


def places(amounts: Iterable[Amount], unit: str) -> int:
    """The decimals of a column: all that are needed, none or 2 to 6.

    Money has 2; or 4 or 6, where otherwise an amount that is not zero would read ``0.00``.
    """
    if not is_money(unit):
        return exact_places(amounts, unit)
    smallest = min((abs(amount.micro) for amount in amounts if amount.micro), default=MICRO)
    return next((many for many in _MONEY_PLACES if _rounded(smallest, many)), _SCALE)


def exact_places(amounts: Iterable[Amount], unit: str) -> int:
    """The decimals that leave out no digit of any amount: none or 2 to 6, and for money at least 2."""
    needed = 0
    for amount in amounts:
        needed = max(needed, len(f"{abs(amount.micro) % MICRO:06d}".rstrip("0")))
    return max(2, needed) if needed or is_money(unit) else 0


def amount_text(amount: Amount, unit: str, decimals: int | None = None) -> str:
    """An amount such as ``3,759.50``, ``-$12.34`` or ``12.34 CHF``.

    Args:
        amount: The exact amount.
        unit: The code of its unit. Only money shows it here.
        decimals: Those of its column, to which it is rounded half up; all that it needs where None.
    """
    decimals = exact_places((amount,), unit) if decimals is None else decimals
    steps = _rounded(abs(amount.micro), decimals)
    whole, fraction = divmod(steps, 10**decimals)
    sign = "-" if amount.micro < 0 and steps else ""
    digits = f"{whole:,}.{fraction:0{decimals}d}" if decimals else f"{whole:,}"
    if not is_money(unit):
        return f"{sign}{digits}"
    return f"{sign}{symbol(unit)}{digits}" if symbol(unit) else f"{sign}{digits} {unit}"


def copied_text(amount: Amount, unit: str, decimals: int) -> str:
    """An amount of a column to be copied: with the column's decimals, and never rounded."""
    return amount_text(amount, unit, max(decimals, exact_places((amount,), unit)))


def spoken_amount(amount: Amount, unit: str) -> str:
    """An exact amount with its unit: ``5,000 credits``, ``1 credit``, ``$12.34``."""
    text = amount_text(amount, unit)
    noun = noun_after(amount, unit)
    return f"{text} {noun}" if noun else text


def noun_after(amount: Amount, unit: str) -> str:
    """The word that follows an amount: ``credits``; empty for money, whose text has its unit already."""
    if is_money(unit) or not unit:
        return ""
    return unit_noun(Decimal(amount.micro) / MICRO, unit) if unit == CREDIT else unit


def heading(unit: str) -> str:
    """The head of a column of amounts: ``Credits``, ``Cost`` for money, ``Amount`` while it is unknown."""
    if unit == CREDIT:
        return "Credits"
    return "Cost" if is_money(unit) else spoken(unit) or "Amount"


def quantity_text(number: Decimal, unit: str) -> str:
    """A number in a unit of its own, as given: ``41.2 GB``, ``1 hour``, ``2,000 credits``, ``$12.50``."""
    text = number_in_unit(number, unit)
    return text if is_money(unit) else f"{text} {unit_noun(number, unit)}"


def number_in_unit(number: Decimal, unit: str) -> str:
    """The same without the noun behind it: ``41.2``, ``2,000``, ``$12.50``."""
    text = decimal_text(abs(number))
    sign = "-" if number < 0 else ""
    if not is_money(unit):
        return f"{sign}{text}"
    whole, _, fraction = text.partition(".")
    text = f"{whole}.{fraction:0<2}"
    return f"{sign}{symbol(unit)}{text}" if symbol(unit) else f"{sign}{text} {unit}"


def unit_noun(number: Decimal, unit: str) -> str:
    """The noun of a unit after a number: ``credits``, ``hour``, ``GB``; empty for money."""
    if is_money(unit):
        return ""
    return _NOUNS.get(unit) or plural(number, unit.replace("_", " "))


def decimal_text(number: Decimal) -> str:
    """A plain number as given: ``41.2``, ``2,000``."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(micro: int, decimals: int) -> int:
    """A positive amount in steps of its last decimal, rounded half up."""
    step: int = 10 ** (_SCALE - decimals)
    return (2 * micro + step) // (2 * step)
