"""Rows of text as entries that the ledger can book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from usage_tui.importing.faults import BadLine
from usage_tui.importing.rows import Row
from usage_tui.importing.times import parse_instant
from usage_tui.ledger.ledger import Use
from usage_tui.ledger.ranking import ADJUSTMENT, category_of
from usage_tui.models import Credits, InvalidCredits, clean

DEFAULT_KIND = "other"
_INTEGER_LIMIT = 2**63
_EXACT_DIGITS = 28
"""As many digits as a `Decimal` computes with before it rounds."""


class Entry(NamedTuple):
    """What one line says.

    Attributes:
        use: What was used; of a reversal, only id, time, credits and actor count.
        reverses: The id of the use that it gives back.
    """

    line: int
    use: Use
    reverses: str | None

    @property
    def is_adjustment(self) -> bool:
        """Whether it gives back what its source has used, and names no event."""
        return self.use.credits < Credits.ZERO and self.reverses is None


def read_entries(rows: Iterable[Row | BadLine], zone: ZoneInfo) -> Iterator[Entry | BadLine]:
    """Read rows one by one; the second line with an id is a bad one.

    Only time and credits are required. Without an id, line 17 becomes ``line-17``; without a kind it is
    ``other``; without a source the kind is the source, and a source without a name is called by its id;
    the activity is what the kind counts, and the quantity is 1.

    Args:
        rows: The table.
        zone: The zone of times that name none.
    """
    lines_by_id: dict[str, int] = {}
    for row in rows:
        if isinstance(row, BadLine):
            yield row
            continue
        try:
            entry = _entry(row, zone)
        except ValueError as error:
            yield BadLine(row.line, str(error))
            continue
        first = lines_by_id.setdefault(entry.use.id, row.line)
        yield entry if first == row.line else BadLine(row.line, f"id: already used in line {first}")


def _entry(row: Row, zone: ZoneInfo) -> Entry:
    (
        event_id,
        occurred_at,
        kind,
        source_id,
        label,
        activity,
        quantity,
        credits_text,
        actor,
        parent_id,
        reverses,
    ) = row.values
    kind = _word("kind", kind) or DEFAULT_KIND
    category = category_of(kind)
    label = _word("label", label)
    source_id = _word("source_id", source_id) or label or kind
    reverses = _text("reverses", reverses)
    amount = _credits(credits_text)
    is_adjustment = amount < Credits.ZERO and reverses is None
    use = Use(
        id=_text("id", event_id) or f"line-{row.line}",
        occurred_at=_occurred_at(occurred_at, zone),
        kind=kind,
        source_id=source_id,
        label=label or (category.label if source_id == kind else source_id),
        activity=_word("activity", activity) or (ADJUSTMENT if is_adjustment else category.count_unit),
        credits=amount,
        quantity=0 if is_adjustment else _quantity(quantity),
        actor=_word("actor", actor),
        parent_id=_text("parent_id", parent_id),
    )
    if use.credits >= Credits.ZERO and reverses is not None:
        raise ValueError("credits: must be negative, because it reverses an event")
    return Entry(row.line, use, reverses)


def _text(field: str, value: str | None) -> str | None:
    """The text made harmless; None if there is none."""
    if value is None:
        return None
    value = value.strip()
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{field}: not UTF-8") from None
    return clean(value) or None


# Kinds, sources and people come again and again: one text of each is kept.
_word = lru_cache(maxsize=2**14)(_text)


def _occurred_at(value: str | None, zone: ZoneInfo) -> datetime:
    text = _needed("occurred_at", value)
    try:
        return parse_instant(text, zone)
    except ValueError as error:
        raise ValueError(f"occurred_at: {error}") from None


def _credits(value: str | None) -> Credits:
    text = _needed("credits", value)
    try:
        return Credits.parse(text)
    except InvalidCredits as error:
        exact = _scientific(text)
        if exact is None:
            raise ValueError(f"credits: {error}") from None
        return exact


def _scientific(text: str) -> Credits | None:
    """An exact amount in another form that programs write: ``1e-05``, ``+2``, ``.5``, ``0.50000000``."""
    if len(text) > _EXACT_DIGITS or not text.isascii():
        return None
    try:
        amount = Decimal(text)
        micro = amount.scaleb(6) if abs(amount) < _INTEGER_LIMIT else Decimal("NaN")
        return Credits(int(micro)) if micro == micro.to_integral_value() else None
    except (InvalidOperation, InvalidCredits):
        return None


def _quantity(value: str | None) -> int:
    text = (value or "").strip() or "1"
    if not (text.isascii() and text.isdecimal() and int(text) < _INTEGER_LIMIT):
        raise ValueError(f"quantity: must be a whole number, not {text[:40]!r}")
    return int(text)


def _needed(field: str, value: str | None) -> str:
    text = (value or "").strip()
    if not text:
        raise ValueError(f"{field}: is missing")
    return text
