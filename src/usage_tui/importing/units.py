"""The unit of a column of amounts, which must be one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from usage_tui.importing.faults import ImportFailed
from usage_tui.text.clean import clean

_CREDIT = frozenset({"credit", "credits", "aicredits", "ai-credits", "ai credits", "ai_credits"})
_VALUES_SHOWN = 5
_is_currency = re.compile("[a-z]{3}", re.ASCII).fullmatch
_is_word = re.compile("[a-z][a-z_]{0,19}", re.ASCII).fullmatch


def unit_code(text: str) -> str:
    """The code of a unit as a file writes it: ``usd`` is ``USD``, ``ai-credits`` are ``credit``.

    Raises:
        ImportFailed: It counts tokens, which are not an amount, or is not a unit.
    """
    word = text.strip().lower()
    if word in _CREDIT:
        return "credit"
    if "token" in word:
        raise ImportFailed(f"counts {clean(word)[:40]}, which are not an amount; export the cost instead.")
    if _is_currency(word):
        return word.upper()
    code = word.replace("-", "_").replace(" ", "_").removesuffix("s")
    if not _is_word(code):
        raise ImportFailed(
            f"has amounts in {clean(text)[:40]!r}, which is not a unit; name another with --map unit=COLUMN."
        )
    return code


def same_unit(texts: Iterable[str], column: str) -> str:
    """The unit of all amounts of a table; empty if it says none.

    Args:
        texts: Every unit that its rows name.
        column: The column in which they do; empty if it stands with the amounts.

    Raises:
        ImportFailed: There are two.
    """
    units = {unit_code(text): text for text in texts}
    if len(units) > 1:
        names = [clean(text)[:40] for text in list(units.values())[:_VALUES_SHOWN]]
        more = " and others" if len(units) > _VALUES_SHOWN else ""
        choose = f"; choose one, such as --only {clean(column)}={names[0]}" if column else ""
        raise ImportFailed(f"has amounts in {', '.join(names)}{more}, which are never added up{choose}.")
    return next(iter(units), "")
