"""Rows of several files as one history: each row once, and each of two equal rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import filterfalse

from usage_tui.importing.amounts import EXACT
from usage_tui.importing.entry_list import Entry, EntryList, microseconds
from usage_tui.importing.faults import BadLine
from usage_tui.importing.identity import PREFIX

_Day = tuple[datetime, str, str, str | None]
"""A civil day, and the kind, source and person of a row of it."""
_BEGINNING = -(2**63)


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
        self.entries = EntryList()
        self.bad_lines: list[BadLine] = []
        self.repeated = self.replaced = 0
        self._places: dict[str, int] = {}
        self._newest: dict[int, int] = {}
        self._file = -1
        self._doubts: list[tuple[int, int, Entry]] = []
        self._files_of: list[int] = []
        self._known: list[bool] = []
        self._days: defaultdict[_Day, dict[int, list[int]]] = defaultdict(dict)

    def add(self, entries: EntryList, *, repeats: bool, is_known: bool) -> None:
        """Take the rows of a file.

        Args:
            entries: Its rows.
            repeats: Whether a row may stand in it twice.
            is_known: Whether its format says what tells the rows of a day apart.
        """
        self._file += 1
        self._known.append(is_known)
        self._newest[self._file] = max(entries.times, default=_BEGINNING)
        if not self._file and len(set(entries.ids)) == len(entries):
            self.entries = entries  # the usual case, without looking at each
            return
        if self._file and not self._places:
            self._places = {event_id: place for place, event_id in enumerate(self.entries.ids)}
            self._files_of = [0] * len(self.entries)
            for place, entry in enumerate(self.entries):
                self._note_day(entry, place, 0)
        first = len(self.entries)
        for entry in entries:
            place = self._places.setdefault(entry.use.id, len(self.entries))
            self._note_day(entry, place, self._file)
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
            if not self._was_open(entry, file, other_file):
                self.bad_lines.append(_disagreement(entry, other))
                continue
            self.replaced += 1
            if self._newest[file] > self._newest[other_file]:
                self.entries.put(place, entry)
                self._files_of[place] = file
        self._doubts.clear()
        self._settle_days()

    def _was_open(self, entry: Entry, file: int, other: int) -> bool:
        """Whether a day was the last one of the export that reaches less far, and so perhaps not over."""
        newest, newest_other = self._newest[file], self._newest[other]
        is_last = microseconds(entry.use.occurred_at) == min(newest, newest_other)
        return entry.ends_at is not None and is_last and newest != newest_other

    def _note_day(self, entry: Entry, place: int, file: int) -> None:
        use = entry.use
        if entry.ends_at is not None and use.id.startswith(PREFIX) and not self._known[file]:
            day = use.occurred_at, use.kind, use.source_id, use.actor
            self._days[day].setdefault(file, []).append(place)

    def _settle_days(self) -> None:
        """Decide where each of two files has one row of a day and source, but not the same."""
        dropped = set[int]()
        for by_file in self._days.values():
            places = {rows[0]: file for file, rows in by_file.items()}
            if len(places) < 2 or any(len(rows) > 1 for rows in by_file.values()):
                continue
            ordered = sorted(places.items(), key=lambda one: self._newest[one[1]])
            kept, kept_file = ordered.pop()
            for place, file in ordered:
                dropped.add(place)
                if self._was_open(self.entries[place], file, kept_file):
                    self.replaced += 1
                else:
                    self.bad_lines.append(_disagreement(self.entries[kept], self.entries[place]))
        if dropped:
            self.entries = self.entries.select([*filterfalse(dropped.__contains__, range(len(self.entries)))])


def _disagreement(entry: Entry, other: Entry) -> BadLine:
    return BadLine(
        entry.line,
        f"says {_amount(entry)}, but {other.file}, line {other.line}, says {_amount(other)} "
        "of the same; export one of the two again",
        entry.file,
    )


def _says_the_same(one: Entry, other: Entry) -> bool:
    return (one.use, one.exact, one.reverses) == (other.use, other.exact, other.reverses)


def _amount(entry: Entry) -> str:
    return f"{entry.amount.normalize(EXACT):f}"
