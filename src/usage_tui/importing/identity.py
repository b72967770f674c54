"""The ids of rows that have none: made from what they say, and from which of its equals each one is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING

from usage_tui.importing.amounts import EXACT

if TYPE_CHECKING:
    from usage_tui.importing.entry_list import EntryList, Words

_SIZE = 12
PREFIX = "row_"
"""What the id of a row begins with that has none of its own."""


class Identity:
    """Names the rows of one file.

    Two files that hold the same rows give them the same ids, in whatever order: the first of equal rows has
    the same id in each, and so has the second. A row that is the sum of a span is known by all but its
    amount, which a later export may show larger; of several for one span the smallest is the first.
    """

    def __init__(self, *, is_summed: bool) -> None:
        self._is_summed = is_summed
        self._counts: Counter[str] = Counter()

    def of(
        self,
        at: date | datetime,
        words: Words,
        amount: int | Decimal,
        quantity: int,
        told_apart: Sequence[str],
    ) -> str:
        """The id of a row; of a sum, that which its equals share until `name`.

        Args:
            at: When it was. A day is the same day, in whatever zone an organization counts its own.
            words: Its source and person.
            amount: What it cost.
            quantity: How much it counts as.
            told_apart: What else makes it another row. What is empty is left out, as a column is that
                an older export does not have.
        """
        parts = [at.isoformat(), words.kind, words.source_id, words.actor or "", *filter(None, told_apart)]
        if not self._is_summed:
            parts += [_digits(amount), str(quantity), words.activity]
        digest = blake2b("\x1f".join(parts).encode(errors="surrogateescape"), digest_size=_SIZE).hexdigest()
        event_id = f"{PREFIX}{digest}"
        return event_id if self._is_summed else self._numbered(event_id)

    def name(self, entries: EntryList) -> None:
        """Give the entries of a file the ids that they keep."""
        if not self._is_summed:
            return
        equals: defaultdict[str, list[int]] = defaultdict(list)
        for index, event_id in enumerate(entries.ids):
            if event_id.startswith(PREFIX):
                equals[event_id].append(index)
        for event_id, indexes in equals.items():
            if len(indexes) > 1:
                indexes.sort(key=entries.amount)
                for number, index in enumerate(indexes[1:], start=2):
                    entries.ids[index] = f"{event_id}-{number}"

    def _numbered(self, event_id: str) -> str:
        number = self._counts[event_id] = self._counts[event_id] + 1
        return event_id if number == 1 else f"{event_id}-{number}"


def _digits(amount: int | Decimal) -> str:
    return f"{amount}" if isinstance(amount, int) else f"{amount.normalize(EXACT)}"
