"""Ranges of amounts: ``>5``, ``>=5``, ``<5``, ``<=5``, ``5..10``, ``5``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from usage_tui.filtering.mistakes import InvalidTerm
from usage_tui.models import Credits, InvalidCredits

_STEP = Credits(1)
_MATCH = re.compile(r"(>=|<=|>|<)?(.*)").fullmatch
_BETWEEN = ".."
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def read_amounts(text: str) -> tuple[Credits | None, Credits | None]:
    """The smallest and the largest amount of a range, both included; None for no bound.

    Raises:
        InvalidTerm: It is not a range.
    """
    if _BETWEEN in text:
        least, most = map(_amount, text.split(_BETWEEN, 1))
        if most < least:
            raise InvalidTerm(f"{least} is more than {most}")
        return least, most
    sign, number = found.groups() if (found := _MATCH(text)) else ("", text)
    amount = _amount(number)
    try:
        match sign:
            case ">":
                return amount + _STEP, None
            case ">=":
                return amount, None
            case "<":
                return None, amount - _STEP
            case "<=":
                return None, amount
    except InvalidCredits:
        raise InvalidTerm(f'"{number}" is too large') from None
    return amount, amount


def _amount(text: str) -> Credits:
    try:
        return Credits.parse(text)
    except InvalidCredits as error:
        is_number = re.fullmatch(r"-?(0|[1-9]\d*)\.?\d*", text, re.ASCII)
        what = "has more than 6 decimals" if is_number and "decimals" in str(error) else "is not an amount"
        raise InvalidTerm(f'"{text}" {what}') from None


def write_amounts(least: Credits | None, most: Credits | None) -> Iterator[str]:
    """The term for a range of amounts, if there is one; the shorter of ``>5`` and ``>=5.000001``."""
    if least is not None and most is not None:
        yield f"credits:{least}" if least == most else f"credits:{least}{_BETWEEN}{most}"
    elif least is not None:
        forms = [f">={least}"]
        if least.micro > _SMALLEST:
            forms.append(f">{least - _STEP}")
        yield f"credits:{min(forms, key=len)}"
    elif most is not None:
        forms = [f"<={most}"]
        if most.micro < _LARGEST:
            forms.append(f"<{most + _STEP}")
        yield f"credits:{min(forms, key=len)}"
