"""A whole table of events: what it may hold, how it is read, and what is said of its bad lines."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from usage_tui.importing.columns import ALIASES
from usage_tui.importing.entries import DEFAULT_KIND, Entry, read_entries
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.rows import Row, open_table
from usage_tui.ledger.ranking import CATEGORIES
from usage_tui.models import clean
from usage_tui.text.words import count_noun

_BAD_LINES_SHOWN = 20
Track = Callable[[Iterator[Row | BadLine], str, int, Callable[[], int]], Iterator[Row | BadLine]]
"""Passes rows on: rows, what is being done, where the position ends, the position."""
_COLUMNS = "\n".join(f"  {field:12} {', '.join(names)}" for field, names in ALIASES.items())

TABLE = f"""\
a CSV with a header row (comma, semicolon or tab) or NDJSON, also compressed with gzip.
Columns are found by these names; in a CSV, case, spaces and dashes do not matter:

{_COLUMNS}

Only occurred_at and credits are required; amounts are in the organization's unit. Without an id, line
17 becomes line-17; without a kind it is {DEFAULT_KIND!r}.
The kinds {", ".join(CATEGORIES)}
have names and units of their own; any other word is shown as it is. A time without a zone is in the
organization's time zone. A negative amount gives back what its source has used; with the id of an event
in the column reverses, all of that event. Events may be in any order.
"""
"""What a table of events is, for the help of commands that read one."""


class Reading(NamedTuple):
    """What a table holds: entries in order of time; of one instant adjustments come last."""

    entries: list[Entry]
    bad_lines: list[BadLine]

    def taken(self) -> Iterator[Entry]:
        """The entries in order; each is let go when it is asked for, for its event takes as much memory."""
        self.entries.reverse()
        while self.entries:
            yield self.entries.pop()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how the columns are found, and what becomes of bad lines."""
    parser.add_argument(
        "--map",
        type=_mapping,
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="the column of a field that does not have one of its usual names; can be repeated",
    )
    parser.add_argument(
        "--skip-bad-lines", action="store_true", help="leave bad lines out instead of writing nothing"
    )


def read(path: Path, chosen: Mapping[str, str], zone: ZoneInfo, track: Track) -> Reading:
    """Read a table.

    Args:
        path: As `open_table` takes it.
        chosen: The names of columns, by field.
        zone: Where the times without a zone were written down.
        track: Passes the rows on, and shows how far it has come.

    Raises:
        ImportFailed: It cannot be read, or lacks a column.
    """
    reading = Reading([], [])
    with open_table(path, chosen) as table:
        rows = track(table.rows, "Reading", table.size, table.position)
        for entry in read_entries(rows, zone):
            if isinstance(entry, BadLine):
                reading.bad_lines.append(entry)
            else:
                reading.entries.append(entry)
    # Of one instant, adjustments come last.
    reading.entries.sort(key=lambda entry: entry.is_adjustment)
    reading.entries.sort(key=lambda entry: entry.use.occurred_at)
    return reading


def report_bad_lines(
    path: Path, bad_lines: list[BadLine], print_error: Callable[[str], None], *, skip: bool
) -> None:
    """Print the bad lines, and stop unless they are to be left out.

    Raises:
        ImportFailed: There are some, and they are not to be skipped.
    """
    if not bad_lines:
        return
    print_bad_lines(path, bad_lines, print_error)
    count = len(bad_lines)
    lines = count_noun(count, "bad line")
    if not skip:
        raise ImportFailed(
            f"{lines}, so nothing was written; correct the table, or leave them out with --skip-bad-lines."
        )
    print_error(f"{lines} left out.")


def print_bad_lines(path: Path, bad_lines: list[BadLine], print_error: Callable[[str], None]) -> None:
    """Name the first of the bad lines, and how many more there are."""
    name = clean(path.name)
    for bad_line in sorted(bad_lines)[:_BAD_LINES_SHOWN]:
        print_error(f"{name}, {bad_line}")
    if len(bad_lines) > _BAD_LINES_SHOWN:
        print_error(f"{name}: and {len(bad_lines) - _BAD_LINES_SHOWN:,} more.")


def _mapping(text: str) -> tuple[str, str]:
    field, _, column = text.partition("=")
    if field not in ALIASES or not column:
        raise argparse.ArgumentTypeError(f"invalid FIELD=COLUMN {text!r}; fields are {', '.join(ALIASES)}")
    return field, column
