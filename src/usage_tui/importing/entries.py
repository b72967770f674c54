"""Rows of a table as entries that the ledger can book."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from usage_tui.importing.amounts import (
    EXACT,
    AmountStyle,
    currency_of,
    in_units,
    plain_amount,
    styled_amount,
)
from usage_tui.importing.dialect import Cells
from usage_tui.importing.entry_list import EntryList, Words
from usage_tui.importing.faults import BadLine
from usage_tui.importing.formats import Empty
from usage_tui.importing.identity import Identity
from usage_tui.importing.plan import EVENT_FIELDS, Plan
from usage_tui.importing.tally import TOTALS, Tally, TotalLines
from usage_tui.importing.times import TimeReader
from usage_tui.ledger.ranking import ADJUSTMENT, category_of
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import Credits
from usage_tui.text.clean import LONGEST, clean

DEFAULT_KIND = "other"
_INTEGER_LIMIT = 2**63
_TIME, _CREDITS, _UNIT, _ENDS = (
    EVENT_FIELDS.index(one) for one in ("occurred_at", "credits", "unit", "ends_at")
)
_FIELDS = len(EVENT_FIELDS)
_UNIQUE = 9
"""From how many digits on an amount hardly comes again."""
_match_quantity = re.compile(r"(\d{1,19})(?:\.0*)?", re.ASCII).fullmatch
_LEEWAY = timedelta(minutes=5)
_DAY = timedelta(days=1)


class GrantEntry(NamedTuple):
    """What one row says of a grant.

    Attributes:
        voided_at: When what was left of it was taken back.
    """

    line: int
    terms: Terms
    voided_at: datetime | None


class EntryReader:
    """Reads the rows of one table.

    Attributes:
        tally: What was seen.
        entries: The rows that are use, with ids.
        grants: Those that are grants.
        bad_lines: Those that are neither.
    """

    def __init__(
        self, plan: Plan, times: TimeReader, style: AmountStyle | None, *, file: str, latest: datetime | None
    ) -> None:
        """Read nothing yet.

        Args:
            plan: How the table is read.
            times: Reads its times.
            style: How its amounts are written; None for plainly.
            file: The name of the file.
            latest: The present, after which there can be no usage; None to allow it.
        """
        self._plan = plan
        self._format = plan.format
        self._times = times
        self._style = style
        self._file = file
        self._latest = latest
        zeros = [zero.lower() for zero in plan.format.zeros]
        self._zeros = frozenset(zeros)
        self._zero_starts = tuple(zero.removesuffix("*") for zero in zeros if zero.endswith("*"))
        self._uncounted = 1 if plan.format.counts else 0
        self._is_simple = not (plan.only or plan.grant or plan.fallbacks or plan.computed or plan.no_use)
        self._identity = Identity(is_summed=plan.format.is_summed)
        self._computed: Mapping[str, str] = {}
        self._totals = TotalLines()
        # Kinds, sources and people come again and again.
        self._words = lru_cache(maxsize=2**14)(self._read_words)
        self.tally = Tally()
        self.entries = EntryList()
        self.grants: list[GrantEntry] = []
        self.bad_lines: list[BadLine] = []

    def read(self, rows: Iterable[tuple[int, Cells] | BadLine]) -> None:
        """Read the rows of the table, once.

        Raises:
            Odd: A time or an amount is not plain: the whole column must be looked at first.
            ImportFailed: The file cannot be read.
        """
        plan, take = self._plan, self._take if self._is_simple else self._take_or_leave
        for row in rows:
            if isinstance(row, BadLine):
                self.bad_lines.append(row._replace(file=self._file))
                continue
            line, cells = row
            try:
                take(line, cells)
            except ValueError as error:
                if not plan.table.repeats_header(cells, plan.columns):
                    self.bad_lines.append(BadLine(line, str(error), self._file))
        self.bad_lines += (line._replace(file=self._file) for line in self._totals.check(self.tally))
        self._identity.name(self.entries)

    def _take_or_leave(self, line: int, cells: Cells) -> None:
        plan = self._plan
        if plan.only and not _meets(cells, plan.only):
            self.tally.filtered += 1
            return
        if plan.fallbacks or plan.computed:
            self._complete(cells)
        for place, said in plan.no_use.items():
            text = (cells[place] or "").strip()
            if text.lower() in said:
                self._leave_out(clean(text), cells[_CREDITS])
                return
        if plan.grant and _meets(cells, plan.grants_where):
            self.grants.append(self._grant(line, cells))
        else:
            self._take(line, cells)

    def _complete(self, cells: Cells) -> None:
        """Fill in the fields that another column has, or that are computed."""
        plan = self._plan
        for index, others in plan.fallbacks.items():
            if not (text := cells[index]) or text.isspace():
                cells[index] = next((cells[other] for other in others if (cells[other] or "").strip()), None)
        if plan.computed is not None:
            given = dict.fromkeys(self._format.computed_from, "")
            given |= {name: (cells[place] or "").strip() for name, place in plan.computed_from.items()}
            self._computed = plan.computed(given)
            for name, value in self._computed.items():
                if name in EVENT_FIELDS:
                    cells[EVENT_FIELDS.index(name)] = value

    def _leave_out(self, what: str, amount: str | None) -> None:
        count, total = self.tally.no_use.get(what, (0, Decimal(0)))
        value = in_units(self._amount(amount) or 0)
        self.tally.no_use[what] = count + 1, EXACT.add(total, value)

    def _take(self, line: int, cells: Cells) -> None:
        event_id, at, kind, source_id, label, activity, quantity, amount, actor, *others = cells[:_FIELDS]
        parent_id, reverses, unit, ends = others
        said = self._amount(amount)
        at = (at or "").strip()
        if not at or at.lower() in TOTALS:
            self._totals.untimed.append((line, said))
            return
        occurred_at, ends_at = self._time(at, ends)
        if said is None:
            if self._format.empty is Empty.NO_USE:
                self.tally.no_use_days += 1
                return
            said = self._without_amount()
        if reverses is not None:
            reverses = _text("reverses", reverses)
        is_counted = bool(quantity)
        if said < 0 and reverses is None:
            activity, quantity = activity or ADJUSTMENT, "0"
            self.tally.adjust(in_units(said))
        elif said >= 0 and reverses is not None:
            raise ValueError("credits: must be negative, because it reverses an event")
        words, is_named = self._words(kind, source_id, label, activity, actor, is_counted)
        told_id = None if event_id is None else _text("id", event_id)
        count = self._uncounted
        if quantity and not quantity.isspace():
            count = _quantity(quantity)
        parent_id = None if parent_id is None else _text("parent_id", parent_id)
        event_id = told_id
        if event_id is None:
            told_apart = (parent_id or "", *(cells[place] or "" for place in self._plan.told_apart_by))
            event_id = self._identity.of(self._times.day or occurred_at, words, said, count, told_apart)
        if unit is not None and (unit := unit.strip()):
            self.tally.units[unit] += 1
        self.tally.add(said)
        self._totals.note(line, said, is_told=told_id is not None, is_named=is_named)
        self.entries.add(line, event_id, occurred_at, ends_at, words, said, count, parent_id, reverses)

    def _read_words(
        self,
        kind: str | None,
        source_id: str | None,
        label: str | None,
        activity: str | None,
        actor: str | None,
        is_counted: bool,
    ) -> tuple[Words, bool]:
        """What a row says beside its numbers, and whether it names its source."""
        kind = _text("kind", kind) or DEFAULT_KIND
        label = _text("label", label)
        source_id = _text("source_id", source_id) or label or self._format.fixed.get("label") or kind
        category = category_of(kind)
        words = Words(
            kind,
            source_id,
            label or (category.label if source_id == kind else source_id),
            _text("activity", activity) or category.count_unit,
            _text("actor", actor),
            self._format.counts or is_counted,
            self._file,
        )
        return words, label is not None and label.lower() not in TOTALS

    def _without_amount(self) -> int:
        """The amount of a row that has none.

        Raises:
            ValueError: It must have one.
        """
        if self._format.empty is Empty.BAD:
            raise ValueError("credits: is missing")
        return 0

    def _time(self, at: str, ends: str | None) -> tuple[datetime, datetime | None]:
        """When it was; of a day, when it starts and ends.

        Raises:
            ValueError: It is not a time, or lies in the future.
        """
        times, tally = self._times, self.tally
        try:
            occurred_at = times.read_span(at, ends.strip()) if ends else times.read(at)
        except ValueError as error:
            raise ValueError(f"occurred_at: {error}") from None
        ends_at = None if times.day is None else times.end()
        until = ends_at or occurred_at
        if tally.until is None or until > tally.until:
            # A day may have begun where the vendor is, though not here.
            if self._latest is not None and until > self._latest + (2 * _DAY if ends_at else _LEEWAY):
                raise ValueError(
                    f"occurred_at: {occurred_at.isoformat()} lies in the future; if that is right, import it "
                    "with usage-tui import --as-of TIME"
                )
            tally.until = until
        return occurred_at, ends_at

    def _amount(self, text: str | None) -> int | Decimal | None:
        """The amount: in whole millionths, unless it is finer; None if there is none."""
        text = (text or "").strip()
        if not text:
            return None
        if self._zeros and (text.lower() in self._zeros or text.lower().startswith(self._zero_starts)):
            return 0
        try:
            if self._style is None:
                return _plain(text) if len(text) < _UNIQUE else plain_amount(text)
            currency = currency_of(text)
            if currency:
                self.tally.currencies[currency] += 1
            return styled_amount(text, self._style)
        except ValueError as error:
            raise ValueError(f"credits: {error}") from None

    def _grant(self, line: int, cells: Cells) -> GrantEntry:
        computed = self._computed if self._plan.computed is not None else {}
        said = {
            field: next((text for place in places if (text := (cells[place] or "").strip())), "")
            for field, places in self._plan.grant.items()
        }
        said = {**self._format.fixed, **{name: value for name, value in said.items() if value}, **computed}
        amount = self._amount(said.get("credits"))
        if amount is None or amount <= 0:
            raise ValueError("credits: must be more than 0")
        self.tally.grants += 1
        if not isinstance(amount, int):
            raise ValueError("credits: has more than 6 decimals; round it to 6 first")
        times = {
            name: self._grant_time(name, said.get(name))
            for name in ("granted_at", "effective_at", "expires_at")
        }
        granted_at = times["granted_at"] or times["effective_at"]
        if granted_at is None:
            raise ValueError("granted_at: is missing")
        bucket = said.get("bucket", PURCHASED).lower()
        if bucket not in (INCLUDED, PURCHASED):
            raise ValueError(f"bucket: must be {INCLUDED} or {PURCHASED}")
        if unit := said.get("unit"):
            self.tally.units[unit] += 1
        terms = Terms(
            id=_text("id", said.get("id")) or f"{self._file}-{line}",
            description=_text("description", said.get("description")) or "Credit grant",
            bucket=bucket,
            origin=_text("origin", said.get("origin")) or "purchase",
            granted_at=granted_at,
            effective_at=times["effective_at"] or granted_at,
            expires_at=times["expires_at"],
            original=Credits(amount),
        )
        return GrantEntry(line, terms, self._grant_time("voided_at", said.get("voided_at")))

    def _grant_time(self, field: str, text: str | None) -> datetime | None:
        if not text:
            return None
        try:
            return self._times.read(text)
        except ValueError as error:
            raise ValueError(f"{field}: {error}") from None


def _meets(cells: Cells, conditions: Mapping[int, frozenset[str]]) -> bool:
    """Whether each column has one of its values."""
    return all((cells[place] or "").strip().lower() in said for place, said in conditions.items())


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
    if len(value) > LONGEST:
        raise ValueError(f"{field}: has more than {LONGEST:,} characters")
    return clean(value) or None


@lru_cache(maxsize=2**10)
def _quantity(text: str) -> int:
    text = text.strip()
    match = _match_quantity(text)
    if match is None or int(match[1]) >= _INTEGER_LIMIT:
        raise ValueError(
            f"quantity: must be a whole number, not {text[:40]!r}; --map quantity= reads no quantities"
        )
    return int(match[1])


# Amounts come again and again, and one of each is kept.
_plain = lru_cache(maxsize=2**14)(plain_amount)
