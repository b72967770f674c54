"""Entries by the million: what each says is packed into columns, and unpacked when it is looked at."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby, repeat
from operator import lt
from typing import NamedTuple, TypeAlias, overload

from usage_tui.importing.amounts import EXACT, in_units
from usage_tui.ledger.ledger import Use
from usage_tui.ledger.ranking import SourceTotal
from usage_tui.models import Credits

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta.resolution
_MICRO = -6
"""The exponent of an amount in whole millionths."""
_LIMIT = 2**63
_NEVER = -(2**63)


class Words(NamedTuple):
    """What comes again and again in the rows of a table.

    Attributes:
        is_counted: Whether the quantity is known.
        file: The name of the file.
    """

    kind: str
    source_id: str
    label: str
    activity: str
    actor: str | None
    is_counted: bool
    file: str


class Entry(NamedTuple):
    """What one row says.

    Attributes:
        use: What was used; of a reversal, only id, time, credits and actor count.
        reverses: The id of the use that it gives back.
        exact: The amount with all its digits, where it is finer than a millionth; that of `use` is then 0.
        ends_at: The end of the day of which it is the sum; None for a single act.
        is_counted: Whether the quantity is known.
        file: The name of the file it is from.
    """

    line: int
    use: Use
    reverses: str | None
    exact: Decimal | None = None
    ends_at: datetime | None = None
    is_counted: bool = True
    file: str = ""

    @property
    def amount(self) -> Decimal:
        """The amount with all its digits."""
        return in_units(self.use.credits.micro) if self.exact is None else self.exact

    @property
    def is_adjustment(self) -> bool:
        """Whether it gives back what its source has used, and names no event."""
        return self.use.credits.micro < 0 and self.reverses is None


Row: TypeAlias = tuple[int, str, datetime, datetime | None, Words, int | Decimal, int, str | None, str | None]
"""What one row says, in the order of the parameters of `EntryList.add`."""


class _Rare(NamedTuple):
    """What hardly any entry has.

    Attributes:
        coefficient: The digits of an amount of which there are more than 63 bits hold.
    """

    parent_id: str | None
    reverses: str | None
    coefficient: int


class Sum(NamedTuple):
    """What a source used.

    Attributes:
        events: How many entries that was.
        labeled_at: When it last had this label; None if it only gave something back.
    """

    total: SourceTotal
    events: int
    labeled_at: datetime | None


class EntryList(Sequence[Entry]):
    """Entries in an order. A million of them take about 120 MB, a fourth of what the objects would take.

    Attributes:
        ids: The id of each.
        times: When each was, in microseconds since 1970.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.ids: list[str] = []
        self.times = array("q")
        self._ends = array("q")
        self._lines = array("q")
        self._coefficients = array("q")
        self._exponents = array("b")
        self._quantities = array("q")
        self._words = array("i")
        self._all_words: list[Words] = []
        self._places: dict[Words, int] = {}
        self._rare: dict[int, _Rare] = {}
        for entry in entries:
            self.append(entry)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> EntryList: ...
    def __getitem__(self, index: int | slice) -> Entry | EntryList:
        if isinstance(index, slice):
            return self.select(range(*index.indices(len(self))))
        place = range(len(self))[index]
        return next(self._unpacked(slice(place, place + 1), range(place, place + 1)))

    def __iter__(self) -> Iterator[Entry]:
        return self._unpacked(slice(None), range(len(self)))

    def append(self, entry: Entry) -> None:
        """Add an entry at the end."""
        line, use, reverses, exact, ends_at, is_counted, file = entry
        event_id, at, kind, source_id, label, activity, paid, quantity, actor, parent_id = use
        words = Words(kind, source_id, label, activity, actor, is_counted, file)
        amount = paid.micro if exact is None else exact
        self.add(line, event_id, at, ends_at, words, amount, quantity, parent_id, reverses)

    def add(
        self,
        line: int,
        event_id: str,
        at: datetime,
        ends_at: datetime | None,
        words: Words,
        amount: int | Decimal,
        quantity: int,
        parent_id: str | None,
        reverses: str | None,
    ) -> None:
        """Add an entry at the end.

        Args:
            line: The number of its line.
            event_id: Its id.
            at: When it was.
            ends_at: See `Entry`.
            words: What else it says.
            amount: Whole millionths; or, where it is finer, with all its digits.
            quantity: How many uses it counts as.
            parent_id: The event that started it.
            reverses: See `Entry`.
        """
        place = self._places.get(words)
        if place is None:
            place = self._places[words] = len(self._all_words)
            self._all_words.append(words)
        coefficient, exponent = (amount, _MICRO) if isinstance(amount, int) else _digits(amount)
        is_large = not -_LIMIT <= coefficient < _LIMIT
        if parent_id is not None or reverses is not None or is_large:
            self._rare[len(self.ids)] = _Rare(parent_id, reverses, coefficient)
        self.ids.append(event_id)
        self.times.append((at - _EPOCH) // _MICROSECOND)
        self._ends.append(_NEVER if ends_at is None else microseconds(ends_at))
        self._lines.append(line)
        self._coefficients.append((coefficient > 0) - (coefficient < 0) if is_large else coefficient)
        self._exponents.append(exponent)
        self._quantities.append(quantity)
        self._words.append(place)

    def select(self, indexes: Sequence[int]) -> EntryList:
        """The entries at these places, in this order."""
        picked = EntryList()
        picked.ids = [self.ids[index] for index in indexes]
        picked.times = _picked(self.times, indexes)
        picked._ends = _picked(self._ends, indexes)
        picked._lines = _picked(self._lines, indexes)
        picked._coefficients = _picked(self._coefficients, indexes)
        picked._exponents = _picked(self._exponents, indexes)
        picked._quantities = _picked(self._quantities, indexes)
        picked._words = _picked(self._words, indexes)
        picked._all_words, picked._places = self._all_words, self._places
        if self._rare:
            rare = ((place, self._rare.get(index)) for place, index in enumerate(indexes))
            picked._rare = {place: one for place, one in rare if one is not None}
        return picked

    def put(self, index: int, entry: Entry) -> None:
        """Replace an entry."""
        one = EntryList()
        one._all_words, one._places = self._all_words, self._places
        one.append(entry)
        self._rare.pop(index, None)
        if one._rare:
            self._rare[index] = one._rare[0]
        self.ids[index] = entry.use.id
        for mine, theirs in zip(self._columns, one._columns, strict=True):
            mine[index] = theirs[0]

    def amount(self, index: int) -> Decimal:
        """The amount of an entry with all its digits."""
        seldom = self._rare.get(index)
        coefficient = self._coefficients[index] if seldom is None else seldom.coefficient
        return Decimal(coefficient).scaleb(self._exponents[index], EXACT)

    def total(self, count: int) -> Decimal:
        """The sum of so many of the first entries, if all are whole millionths."""
        if self.is_fine or self._rare:
            return sum(map(self.amount, range(count)), Decimal(0))
        return Decimal(sum(self._coefficients[:count])).scaleb(_MICRO, EXACT)

    def check_sums(self) -> None:
        """Make sure that any of the entries can be added up. They are rounded.

        Raises:
            InvalidCredits: Together they are too large.
        """
        Credits(sum(map(abs, self._coefficients)))

    def sums(self, starts_at: datetime, ends_at: datetime) -> Iterator[Sum]:
        """What each source used in a span, the end exclusive. The entries are in order and rounded."""
        start = bisect_left(self.times, microseconds(starts_at))
        part = slice(start, bisect_left(self.times, microseconds(ends_at), start))
        found: dict[int, list[int]] = {}
        for place, micro, quantity, at in zip(
            self._words[part], self._coefficients[part], self._quantities[part], self.times[part], strict=True
        ):
            known = found.get(place)
            named_at = at if micro >= 0 else _NEVER
            if known is None:
                found[place] = [micro, quantity, 1, named_at]
            else:
                known[0] += micro
                known[1] += quantity
                known[2] += 1
                known[3] = max(known[3], named_at)
        for place, (micro, quantity, count, named_at) in found.items():
            kind, source_id, label, _, _, is_counted, _ = self._all_words[place]
            total = SourceTotal(kind, source_id, label, micro, quantity if is_counted else None)
            yield Sum(total, count, None if named_at == _NEVER else _moment(named_at))

    def put_micro(self, index: int, micro: int) -> None:
        """Replace the amount of an entry by whole millionths."""
        self._coefficients[index], self._exponents[index] = micro, _MICRO
        if index in self._rare:
            self._rare[index] = self._rare[index]._replace(coefficient=micro)

    def in_order(self) -> EntryList:
        """The entries by time; of one time by id, what gives something back last."""
        times = self.times
        if all(map(lt, times, times[1:])):
            return self
        order = sorted(range(len(self)), key=times.__getitem__)
        ordered: list[int] = []
        for _, equals in groupby(order, times.__getitem__):
            group = list(equals)
            if len(group) > 1:
                group.sort(key=lambda index: (self._coefficients[index] < 0, self.ids[index]))
            ordered += group
        return self.select(ordered)

    @property
    def is_fine(self) -> bool:
        """Whether some amount is finer than a millionth."""
        return any(exponent != _MICRO for exponent in self._exponents)

    @property
    def reversed_ids(self) -> set[str]:
        """The ids that some entry reverses."""
        return {one.reverses for one in self._rare.values() if one.reverses is not None}

    @property
    def _columns(self) -> Sequence[array[int]]:
        return (
            self.times,
            self._ends,
            self._lines,
            self._coefficients,
            self._exponents,
            self._quantities,
            self._words,
        )

    def newest_first(self) -> Iterator[Row]:
        """What was given to `add`, the last first."""
        return self._rows(slice(None, None, -1), range(len(self))[::-1])

    def _unpacked(self, part: slice, indexes: Iterable[int]) -> Iterator[Entry]:
        """The entries of a part; `indexes` are its places."""
        for line, event_id, at, ends_at, words, amount, quantity, parent_id, reverses in self._rows(
            part, indexes
        ):
            kind, source_id, label, activity, actor, is_counted, file = words
            paid, exact = (Credits(amount), None) if isinstance(amount, int) else (Credits.ZERO, amount)
            use = Use(event_id, at, kind, source_id, label, activity, paid, quantity, actor, parent_id)
            yield Entry(line, use, reverses, exact, ends_at, is_counted, file)

    def _rows(self, part: slice, indexes: Iterable[int]) -> Iterator[Row]:
        all_words, rare = self._all_words, self._rare
        columns = (column[part] for column in self._columns)
        rares = map(rare.get, indexes) if rare else repeat(None)
        for event_id, at, end, line, few_digits, exponent, quantity, place, seldom in zip(
            self.ids[part], *columns, rares, strict=False
        ):
            parent_id, reverses, digits = seldom or (None, None, few_digits)
            yield (
                line,
                event_id,
                _EPOCH + _MICROSECOND * at,
                None if end == _NEVER else _moment(end),
                all_words[place],
                digits if exponent == _MICRO else Decimal(digits).scaleb(exponent, EXACT),
                quantity,
                parent_id,
                reverses,
            )


def microseconds(at: datetime) -> int:
    """A moment in microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def _moment(since: int) -> datetime:
    return _EPOCH + _MICROSECOND * since


def _digits(amount: Decimal) -> tuple[int, int]:
    """The coefficient and the exponent of an amount."""
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - it is finite
    return int(amount.scaleb(-exponent, EXACT)), exponent


def _picked(column: array[int], indexes: Iterable[int]) -> array[int]:
    return array(column.typecode, map(column.__getitem__, indexes))
