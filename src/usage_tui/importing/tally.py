"""What was seen in the rows of a table, and whether its last one is their total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from usage_tui.importing.amounts import EXACT, in_units
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.text.amounts import MICRO

TOTALS = ("total", "totals", "sum", "grand total", "gesamt", "summe", "subtotal")
"""What stands in place of the time in a line of totals."""
_LEAST_UNNAMED, _LEAST_NAMED, _TELLING_DIGITS = 3, 4, 3
"""How many rows, and digits, make it unlikely that a last row is the sum of the others by chance."""
_CENTS, _FINEST = -2, -6
"""Between which decimals a stated total is taken to be rounded."""


class Tally:
    """What was seen in the rows of a table.

    Attributes:
        rows, nonzero: How many are use, and how many of them cost something.
        micro: The sum of their amounts, without the finer ones.
        finer: The sum of those that are finer than a millionth.
        units, currencies: The units that were read, in a column and beside amounts, each with how many rows
            have it.
        no_use: Rows that are not usage, by what they are: how many, and their sum.
        filtered: How many rows `Choices.only` left out.
        no_use_days: How many rows say that nothing was used.
        adjustments, adjusted: How many rows give something back, and their sum.
        until: The end of the newest day or moment that the table tells of.
        grants: How many rows are grants.
        totals: How many lines of totals were checked and left out.
    """

    def __init__(self) -> None:
        self.rows = self.nonzero = self.micro = self.filtered = self.no_use_days = self.adjustments = 0
        self.totals = self.grants = 0
        self.finer = self.adjusted = Decimal(0)
        self.units: Counter[str] = Counter()
        self.currencies: Counter[str] = Counter()
        self.no_use: dict[str, tuple[int, Decimal]] = {}
        self.until: datetime | None = None

    @property
    def total(self) -> Decimal:
        """The exact sum of the amounts."""
        return EXACT.add(EXACT.divide(Decimal(self.micro), Decimal(MICRO)), self.finer)

    def add(self, amount: int | Decimal) -> Decimal | None:
        """Count a row of use in; its amount, if it is finer than a millionth."""
        self.rows += 1
        if amount:
            self.nonzero += 1
        if isinstance(amount, int):
            self.micro += amount
            return None
        self.finer = EXACT.add(self.finer, amount)
        return amount

    def adjust(self, amount: Decimal) -> None:
        """Count an adjustment in."""
        self.adjustments += 1
        self.adjusted = EXACT.add(self.adjusted, amount)


class TotalLines:
    """The lines that could be totals.

    Attributes:
        untimed: Those without a time: their numbers and amounts.
    """

    def __init__(self) -> None:
        self.untimed: list[tuple[int, int | Decimal | None]] = []
        self._named = 0
        self._last: tuple[int, int | Decimal, bool] | None = None

    def note(self, line: int, amount: int | Decimal, *, is_told: bool, is_named: bool) -> None:
        """Remember a row: it may be the last.

        Args:
            line: Its number.
            amount: Its amount.
            is_told: Whether it has an id, and so is no total.
            is_named: Whether it says a source.
        """
        self._named += is_named
        self._last = None if is_told else (line, amount, is_named)

    def check(self, tally: Tally) -> Iterator[BadLine]:
        """What is wrong with lines that could be totals.

        Raises:
            ImportFailed: The last row has a date, but is the sum of all others.
        """
        total = tally.total.normalize(EXACT)
        for line, amount in self.untimed:
            value = None if amount is None else in_units(amount).normalize(EXACT)
            if value is None or len(self.untimed) > 1 or not tally.rows:
                yield BadLine(line, "occurred_at: is missing")
            elif _is_total(value, total):
                tally.totals += 1
            else:
                yield BadLine(line, f"occurred_at: is missing; as a total, {value:f} differs from {total:f}")
        if self._last is not None and not self.untimed and self._is_dated_total(tally):
            raise ImportFailed(
                f"line {self._last[0]}: equals the sum of all rows above; if it is a total, delete it, "
                "and if it is not, move it up."
            )

    def _is_dated_total(self, tally: Tally) -> bool:
        """Whether the last row looks like a total, although it has a date: too little else speaks for use."""
        assert self._last is not None  # noqa: S101 - it was looked at
        _, amount, is_named = self._last
        value = in_units(amount).normalize(EXACT)
        if value <= 0 or EXACT.multiply(value, Decimal(2)) != tally.total:
            return False
        if not is_named and self._named:
            return tally.nonzero >= _LEAST_UNNAMED
        return tally.nonzero >= _LEAST_NAMED and len(value.as_tuple().digits) >= _TELLING_DIGITS


def _is_total(value: Decimal, total: Decimal) -> bool:
    """Whether a stated total is the exact one, rounded to the decimals that it has: to cents, or finer."""
    places = value.as_tuple().exponent
    assert isinstance(places, int)  # noqa: S101 - it is finite
    half_a_step = Decimal(5).scaleb(min(max(places, _FINEST), _CENTS) - 1)
    return abs(EXACT.subtract(value, total)) <= half_a_step
