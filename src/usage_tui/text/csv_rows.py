"""Rows as CSV: RFC 4180 in UTF-8, lines that end in a line feed. No text is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@")
_BLANKS = ("\t", "\r")


def csv_rows(rows: Iterable[Sequence[str]]) -> str:
    """The rows, quoted where they need it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def disarmed(text: str | None) -> str:
    """A text that a spreadsheet shows and does not compute; empty if there is none. Amounts are not texts."""
    if not text:
        return ""
    is_formula = text.startswith(_BLANKS) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if is_formula else text
