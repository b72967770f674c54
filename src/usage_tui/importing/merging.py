"""Rows of several files as one history: each row once, and each of two equal rows."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter, lt

from usage_tui.importing.amounts import EXACT
from usage_tui.importing.entries import Entry
from usage_tui.importing.faults import BadLine

_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Merger:
    """Takes the rows of one file after the other; one that an earlier file had is not taken again.

    Where a later export shows another sum for the last day of an earlier one, that day was not over then,
    and the later sum counts. Any other difference between two rows of one id is a bad line.

    Attributes:
        entries: What was taken.
        bad_lines: The rows that cannot be merged.
        repeated: How many rows were in an earlier file.
        replaced: How many sums of a day that was not over were replaced.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.bad_lines: list[BadLine] = []
        self.repeated = self.replaced = 0
        self._places: dict[str, int] = {}
        self._newest: dict[int, datetime] = {}
        self._file = -1
        self._doubts: list[tuple[int, int, Entry]] = []
        self._files_of: list[int] = []

    def add(self, entries: list[Entry], *, repeats: bool) -> None:
        """Take the rows of a file.

        Args:
            entries: Its rows.
            repeats: Whether a row may stand in it twice.
        """
        self._file += 1
        if not self._file and len({entry.use.id for entry in entries}) == len(entries):
            self.entries = entries  # the usual case, without looking at each
            self._newest[0] = max(map(_time, entries), default=_BEGINNING)
            return
        if self._file and not self._places:
            self._places = {entry.use.id: place for place, entry in enumerate(self.entries)}
            self._files_of = [0] * len(self.entries)
        self._newest[self._file] = max((entry.use.occurred_at for entry in entries), default=_BEGINNING)
        first = len(self.entries)
        for entry in entries:
            place = self._places.setdefault(entry.use.id, len(self.entries))
            if place == len(self.entries):
                self.entries.append(entry)
                self._files_of.append(self._file)
            elif place >= first and not repeats:
                self.bad_lines.append(
                    BadLine(entry.line, f"id: already used in line {self.entries[place].line}", entry.file)
                )
            elif _says_the_same(entry, self.entries[place]):
                self.repeated += 1
            else:
                self._doubts.append((place, self._file, entry))

    def finish(self) -> None:
        """Decide where two files say something else of one row."""
        for place, file, entry in self._doubts:
            other, other_file = self.entries[place], self._files_of[place]
            at, newest, newest_other = entry.use.occurred_at, self._newest[file], self._newest[other_file]
            if entry.ends_at is not None and at in (newest, newest_other) and newest != newest_other:
                self.replaced += 1
                if newest > newest_other:
                    self.entries[place], self._files_of[place] = entry, file
                continue
            self.bad_lines.append(
                BadLine(
                    entry.line,
                    f"says {_amount(entry)}, but {other.file}, line {other.line}, says {_amount(other)} "
                    "of the same; export one of the two again",
                    entry.file,
                )
            )
        self._doubts.clear()


def in_order(entries: list[Entry]) -> list[Entry]:
    """Entries by time; of one time by id, reversals last: the order of the files does not matter."""
    times = list(map(_time, entries))
    if all(map(lt, times, times[1:])):
        return entries
    entries.sort(key=_time)
    ordered: list[Entry] = []
    for _, equals in groupby(entries, _time):
        group = list(equals)
        if len(group) > 1:
            group.sort(key=_rank)
        ordered += group
    return ordered


_time = attrgetter("use.occurred_at")


def _rank(entry: Entry) -> tuple[bool, str]:
    return entry.amount < 0, entry.use.id


def _says_the_same(one: Entry, other: Entry) -> bool:
    return (one.use, one.exact, one.reverses) == (other.use, other.exact, other.reverses)


def _amount(entry: Entry) -> str:
    return f"{entry.amount.normalize(EXACT):f}"
