"""Amounts as people and programs write them, decided by the whole column where one leaves doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Context, Decimal, localcontext
from typing import NamedTuple

from usage_tui.importing.faults import ImportFailed
from usage_tui.text.amounts import MICRO

_LIMIT = 2**63
_PLACES = 6
_LONGEST = 60
FINEST = -40
"""The smallest exponent of an amount."""
EXACT = Context(prec=200)
"""Computes with all the digits that there are."""

_match_plain = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?", re.ASCII).fullmatch
_SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP"}
_match_money = re.compile(
    r"""(?P<open>\()?\s*(?P<sign>[-+−]?)\s*
    (?P<before>US\$|[$€£]|[A-Z]{3}(?=[\s\d.,-]))?\s*(?P<inner>[-−]?)
    (?P<digits>\d[\d.,'’\u00a0\u202f\u2009\ ]*(?:[eE][+-]?\d{1,3})?|[.,]\d+)\s*
    (?P<behind>US\$|[$€£]|[A-Z]{3})?\s*(?P<close>\))?(?P<trail>[-−]?)""",
    re.ASCII | re.VERBOSE,
).fullmatch
_SPACES = "'’\u00a0\u202f\u2009 "
_drop_spaces = str.maketrans("", "", _SPACES)


class Odd(Exception):
    """An amount or a time is not plain: the whole column must be looked at first."""


class AmountStyle(NamedTuple):
    """How the amounts of a column are written.

    Attributes:
        decimal: What stands before the decimals.
        group: What stands between thousands, beside spaces and apostrophes.
    """

    decimal: str
    group: str


def plain_amount(text: str) -> int | Decimal:
    """An amount written as programs do: ``0.5``, ``-2``, ``1.25e-06``.

    Returns:
        Whole millionths; or, where it is finer, the amount with all its digits.

    Raises:
        Odd: It is written in another way.
        ValueError: It has more digits than amounts have.
    """
    match = _match_plain(text)
    if match is None:
        raise Odd
    sign, whole, decimals, exponent = match.groups()
    if not (whole or decimals):
        raise Odd
    if len(text) > _LONGEST or (decimals is not None and len(decimals) > -FINEST):
        raise ValueError(f"invalid amount {text[:40]!r}: it has too many digits")
    if exponent is not None:
        return exact(Decimal(text))
    if decimals is not None and len(decimals) > _PLACES:
        decimals = decimals.rstrip("0")
    micro = int(whole or "0") * MICRO
    if decimals:
        micro += int(decimals[:_PLACES].ljust(_PLACES, "0"))
    _bounded(micro)
    if decimals and len(decimals) > _PLACES:
        return Decimal(text)
    return -micro if sign == "-" else micro


def exact(amount: Decimal) -> int | Decimal:
    """Whole millionths; or, where it is finer, the amount with all its digits.

    Raises:
        ValueError: It is too large, or has more digits than amounts have.
    """
    if amount and not FINEST <= amount.adjusted() <= 20:
        raise ValueError(f"invalid amount {str(amount)[:40]!r}: it is too large or too small")
    with localcontext(EXACT):
        micro = amount.scaleb(6)
        whole = micro.to_integral_value()
    if micro == whole:
        return _bounded(int(whole))
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < FINEST:
        raise ValueError(f"invalid amount {str(amount)[:40]!r}: it has too many digits")
    _bounded(int(whole))
    return amount


def in_units(amount: int | Decimal) -> Decimal:
    """An amount that was read, in its unit."""
    return Decimal(amount).scaleb(-_PLACES, EXACT) if isinstance(amount, int) else amount


def _bounded(micro: int) -> int:
    if not -_LIMIT < micro < _LIMIT:
        raise ValueError("the amount is too large: the limit is 9,223,372,036,854.775807")
    return micro


def styled_amount(text: str, style: AmountStyle) -> int | Decimal:
    """An amount in the style of its column: ``$1,234.50``, ``1.234,50 EUR``, ``(1.50)``.

    Raises:
        ValueError: It is not an amount.
    """
    match = _match_money(text.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        raise ValueError(invalid_amount(text))
    digits = match["digits"].strip()
    whole, point, decimals = digits.partition(style.decimal)
    spaced = set(whole) & set(_SPACES)
    groups = (
        re.split(f"[{re.escape(style.group + ''.join(spaced))}]", whole) if style.group or spaced else [whole]
    )
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        raise ValueError(invalid_amount(text))
    plain = "".join(groups) + (f".{decimals}" if point else "")
    if _match_plain(plain) is None or len(plain) > _LONGEST:
        raise ValueError(invalid_amount(text))
    signs = [match["open"], match["sign"] in ("-", "−"), match["inner"], match["trail"]]
    if sum(map(bool, signs)) > 1:
        raise ValueError(invalid_amount(text))
    amount = plain_amount(plain)
    return -amount if any(signs) else amount


def invalid_amount(text: str) -> str:
    """What is wrong with a text that is not an amount."""
    return f"invalid amount {text[:40]!r}: use a number such as 1234.5"


def currency_of(text: str) -> str:
    """The code of the currency that stands beside an amount; empty if none does."""
    match = _match_money(text.strip())
    if match is None:
        return ""
    codes = {_SYMBOLS.get(code, code) for code in (match["before"], match["behind"]) if code}
    return " and ".join(sorted(codes))


def survey_amounts(texts: Iterable[str]) -> AmountStyle:
    """How all the amounts of a column are written.

    Raises:
        ImportFailed: They are not consistent, or could be read in two ways.
    """
    examples: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    for text in texts:
        match = _match_money(text.strip())
        if match is None:
            continue
        sign, in_doubt = _decimal_sign(match["digits"].strip().translate(_drop_spaces))
        if sign:
            (doubtful if in_doubt else examples).setdefault(sign, text.strip()[:40])
    if len(examples) > 1:
        raise ImportFailed(
            f"the amounts {examples['.']!r} and {examples[',']!r} are written in two ways; write all in one."
        )
    if not examples and "," in doubtful:
        example = doubtful[","]
        raise ImportFailed(
            f"the amount {example!r} could be thousands or have a decimal comma, and no other amount says "
            "which; write amounts with a decimal point."
        )
    sign = next(iter(examples), ".")
    return AmountStyle(sign, "," if sign == "." else ".")


def _decimal_sign(digits: str) -> tuple[str, bool]:
    """What must be the decimal sign of the column, and whether that is in doubt; empty if nothing says so."""
    if "e" in digits or "E" in digits:
        digits = re.split("[eE]", digits)[0]
        return (".", False) if "." in digits else (",", False) if "," in digits else ("", False)
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        last = max(digits.rfind("."), digits.rfind(","))
        return digits[last], False
    if points > 1:
        return ",", False
    if commas > 1:
        return ".", False
    if not points and not commas:
        return "", False
    sign = "." if points else ","
    whole, _, decimals = digits.partition(sign)
    in_doubt = len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return sign, in_doubt
