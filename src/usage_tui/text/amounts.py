"""Exact amounts as text, in the unit of their data: ``3,759.50`` credits, ``$12.34``, ``12.34 CHF``.

A unit is a code: ``credit``, the three letters of a currency such as ``USD``, any other short word, or empty
while it is unknown. Where a symbol cannot be drawn, `drawn_unit` puts the code behind the number. Nothing is
converted, and no amount passes through a float.

Money is rounded for a column, half up, and exact where one amount is told in full or where `drawn_unit` asks
for that. All other amounts are exact everywhere.
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
_LARGE = ((10**9, 10**9, "B"), (10**6, 10**6, "M"), (10**5, 10**3, "K"))
"""From which value on an axis counts in thousands and more, and the sign of that."""
_is_currency = re.compile("[A-Z]{3}", re.ASCII).fullmatch
_is_word = re.compile("[A-Za-z][A-Za-z0-9_ -]{0,15}", re.ASCII).fullmatch
_NOUNS = {"gigabyte": "GB"}


class Amount(Protocol):
    """An exact amount."""

    @property
    def micro(self) -> int:
        """Millionths of the unit."""


def is_money(unit: str) -> bool:
    """Whether the unit is a currency."""
    return _is_currency(unit) is not None


class _Drawn(str):
    """The code of a unit, for an output of its own.

    Attributes:
        bare: Whether its symbol cannot be drawn, so that the code stands behind the number.
        exact: Whether no column is rounded.
    """

    __slots__ = ("bare", "exact")
    bare: bool
    exact: bool


def drawn_unit(unit: str, *, ascii_only: bool, exact: bool = False) -> str:
    """The unit for an output that may be limited to ASCII, or that rounds no column.

    In ASCII, ``€12.34`` becomes ``12.34 EUR``.
    """
    bare = ascii_only and not symbol(unit).isascii()
    if not bare and not exact:
        return unit
    drawn = _Drawn(unit)
    drawn.bare = bare or (isinstance(unit, _Drawn) and unit.bare)
    drawn.exact = exact
    return drawn


def symbol(unit: str) -> str:
    """What stands before a number of the unit: ``$``; empty for most units."""
    return "" if isinstance(unit, _Drawn) and unit.bare else _SYMBOLS.get(unit, "")


def places(amounts: Iterable[Amount], unit: str) -> int:
    """The decimals of a column: all that are needed, none or 2 to 6.

    Money has 2; or 4 or 6, where otherwise an amount that is not zero would read ``0.00``. In an exact output
    it has all that it needs.
    """
    if not is_money(unit) or (isinstance(unit, _Drawn) and unit.exact):
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
    return _in_unit(_number(steps, decimals), unit, negative=amount.micro < 0 and steps > 0)


def copied_text(amount: Amount, unit: str, decimals: int) -> str:
    """An amount of a column to be copied: with the column's decimals, and never rounded."""
    return amount_text(amount, unit, max(decimals, exact_places((amount,), unit)))


def spoken_amount(amount: Amount, unit: str) -> str:
    """An exact amount with its unit: ``5,000 credits``, ``1 credit``, ``$12.34``."""
    text = amount_text(amount, unit)
    noun = noun_after(amount, unit)
    return f"{text} {noun}" if noun else text


def noun_after(amount: Amount, unit: str) -> str:
    """The word after an amount: ``credits``; empty for money, whose text has its unit, or a long code."""
    if is_money(unit) or not _is_word(unit):
        return ""
    return unit_noun(Decimal(amount.micro) / MICRO, unit) if unit == CREDIT else unit


def average_text(total: Amount, count: int, unit: str) -> str:
    """A part of a total, to 2 decimals, rounded half up; of money to more, where 2 would read as nothing."""
    steps, decimals = 0, 2
    for decimals in _MONEY_PLACES if is_money(unit) else (2,):
        step: int = 10 ** (_SCALE - decimals)
        steps = (2 * abs(total.micro) + step * count) // (2 * step * count) if count else 0
        if steps or not total.micro:
            break
    text = f"{_number(steps, decimals)}"
    return _in_unit(text, unit, negative=total.micro < 0 and steps > 0)


def estimated_text(amount: Amount, unit: str) -> str:
    """An expected amount, to 2 decimals at most: ``1,195.22``, ``600``."""
    if exact_places((amount,), unit) <= _MONEY_PLACES[0]:
        return amount_text(amount, unit)
    return average_text(amount, 1, unit)


def axis_text(micro: int, unit: str) -> str:
    """A short exact label of an axis value: ``1,500``, ``$200K``, ``1.5M``, ``0.50``; no code behind it."""
    for least, size, suffix in _LARGE:
        if micro >= least * MICRO:
            return f"{symbol(unit)}{Decimal(micro) / (size * MICRO):f}{suffix}"
    steps = len(f"{micro % MICRO:06d}".rstrip("0"))
    decimals = max(2, steps) if steps else 0
    return f"{symbol(unit)}{_number(_rounded(micro, decimals), decimals)}"


def heading(unit: str) -> str:
    """The head of a column: ``Credits``; ``Cost`` for money; ``Amount`` for an unknown unit or long code."""
    if unit == CREDIT:
        return "Credits"
    if is_money(unit):
        return "Cost"
    return spoken(unit) if _is_word(unit) else "Amount"


def number_in_unit(number: Decimal, unit: str) -> str:
    """A number in a unit of its own, as given, without a noun behind it: ``41.2``, ``2,000``, ``$12.50``."""
    text = decimal_text(abs(number))
    if is_money(unit):
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction:0<2}"
    return _in_unit(text, unit, negative=number < 0)


def unit_noun(number: Decimal, unit: str) -> str:
    """The noun of a unit after a number: ``credits``, ``hour``, ``GB``; empty for money."""
    if is_money(unit):
        return ""
    return _NOUNS.get(unit) or plural(number, unit.replace("_", " "))


def decimal_text(number: Decimal) -> str:
    """A plain number as given: ``41.2``, ``2,000``."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_unit(digits: str, unit: str, *, negative: bool) -> str:
    """The digits with their sign, and in front or behind what money has."""
    sign = "-" if negative else ""
    behind = f" {unit}" if is_money(unit) and not symbol(unit) else ""
    return f"{sign}{symbol(unit)}{digits}{behind}"


def _number(steps: int, decimals: int) -> str:
    """So many steps of the last decimal, as digits."""
    whole, fraction = divmod(steps, 10**decimals)
    return f"{whole:,}.{fraction:0{decimals}d}" if decimals else f"{whole:,}"


def _rounded(micro: int, decimals: int) -> int:
    """A positive amount in steps of its last decimal, rounded half up."""
    step: int = 10 ** (_SCALE - decimals)
    return (2 * micro + step) // (2 * step)
