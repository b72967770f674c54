"""Make a recording from a table of usage events and the description of an organization."""

from __future__ import annotations

import argparse
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from usage_tui.clients.recording_file import write_recording
from usage_tui.importing.columns import ALIASES
from usage_tui.importing.entries import DEFAULT_KIND, Entry, read_entries
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.organization import Description, read_description
from usage_tui.importing.progress import Progress
from usage_tui.importing.replay import History, replay
from usage_tui.importing.rows import open_table
from usage_tui.importing.times import instant
from usage_tui.ledger.ranking import CATEGORIES
from usage_tui.models import Credits, InvalidCredits, clean

WRITTEN, NOT_WRITTEN = 0, 1

_BAD_LINES_SHOWN = 20
_COLUMNS = "\n".join(f"  {field:12} {', '.join(names)}" for field, names in ALIASES.items())
_KINDS = ", ".join(CATEGORIES)
_EPILOG = f"""\
EVENTS is a CSV with a header row (comma, semicolon or tab) or NDJSON, also packed by gzip.
Columns are found by these names; in a CSV, capitals, spaces and dashes make no difference:

{_COLUMNS}

Only occurred_at and credits must be there. Without an id, line 17 becomes line-17; without a kind
it is {DEFAULT_KIND!r}. The kinds {_KINDS}
have names and units of their own; any other word is shown as it is. A time without a zone is read
by the organization's clocks. Negative credits need the column reverses: the id of the event that
is given back, all of it. Events may come in any order.

Exit codes: 0 the recording was written; 1 nothing was written, because a file cannot be read or
written or is at fault; 2 the command was not understood.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser of ``usage-tui import`` what it takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("events", type=Path, metavar="EVENTS", help="the table of events")
    parser.add_argument("--org", type=Path, required=True, metavar="ORG.toml", help="the organization")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE.jsonl", help="the recording, also .jsonl.gz"
    )
    parser.add_argument(
        "--map",
        type=_mapping,
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="the column of a field that has none of its usual names; may be repeated",
    )
    parser.add_argument(
        "--as-of",
        type=_moment,
        metavar="TIME",
        help="record that moment, without anything later; by default that of the last event",
    )
    parser.add_argument(
        "--skip-bad-lines", action="store_true", help="leave bad lines out, instead of writing nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Import as the arguments say, and tell what was written, or why nothing was.

    Returns:
        `WRITTEN` or `NOT_WRITTEN`.
    """
    try:
        written = _run(arguments)
    except ImportFailed as error:
        _complain(str(error))
        return NOT_WRITTEN
    except InvalidCredits as error:
        _complain(f"the credits cannot be added up: {error}.")
        return NOT_WRITTEN
    sys.stdout.write(f"{written}\n")
    return WRITTEN


class _Reading(NamedTuple):
    """What the table holds: entries in order of time, those of one instant in that of the file."""

    entries: list[Entry]
    bad_lines: list[BadLine]


def _run(arguments: argparse.Namespace) -> str:
    output: Path = arguments.output
    for source in (arguments.events, arguments.org):
        if output.resolve() == source.resolve():
            raise ImportFailed(f"{clean(str(output))} would be written over; name another file with -o.")
    description = read_description(arguments.org)
    progress = Progress(sys.stderr)
    entries, bad_lines = _read(arguments, description, progress)
    if not entries and not arguments.skip_bad_lines:
        _report(arguments, bad_lines)
    as_of = _as_of(arguments, description, entries)
    booked = [entry for entry in entries if entry.use.occurred_at <= as_of]
    later = len(entries) - len(booked)
    del entries
    history = _replay(booked, description, as_of, progress)
    bad_lines += history.bad_lines
    _report(arguments, bad_lines)
    events = progress.track(reversed(history.events), "Writing", len(history.events))
    try:
        write_recording(output, history.header, events)
    except OSError as error:
        raise ImportFailed(f"{clean(str(output))}: cannot be written: {error.strerror}.") from None
    return _written(output, history, later)


def _read(arguments: argparse.Namespace, description: Description, progress: Progress) -> _Reading:
    reading = _Reading([], [])
    with open_table(arguments.events, dict(arguments.map)) as table:
        rows = progress.track(table.rows, "Reading", table.size, table.position)
        for entry in read_entries(rows, description.zone):
            if isinstance(entry, BadLine):
                reading.bad_lines.append(entry)
            else:
                reading.entries.append(entry)
    reading.entries.sort(key=lambda entry: entry.use.occurred_at)
    return reading


def _as_of(arguments: argparse.Namespace, description: Description, entries: list[Entry]) -> datetime:
    """The moment of the recording, which is never before the period.

    Raises:
        ImportFailed: There is none, or what is said about it cannot be.
    """
    starts_at = description.bounds.starts_at
    if arguments.as_of is not None:
        try:
            as_of = instant(arguments.as_of, description.zone)
        except ValueError as error:
            raise ImportFailed(f"--as-of: {error}.") from None
        if as_of < starts_at:
            raise ImportFailed(f"--as-of: is before the period, which starts at {starts_at.isoformat()}.")
        return as_of
    if not entries:
        raise ImportFailed("there is no event that could date the recording; say when it is with --as-of.")
    last = entries[-1].use.occurred_at
    if last < starts_at:
        raise ImportFailed(
            f"the last event, of {last.isoformat()}, is before the period, which starts at "
            f"{starts_at.isoformat()}; correct [period], or say with --as-of when the recording is."
        )
    return last


def _replay(entries: list[Entry], description: Description, as_of: datetime, progress: Progress) -> History:
    reversed_ids = {entry.reverses for entry in entries if entry.reverses is not None}
    count = len(entries)
    entries.reverse()
    # Each entry goes when it is booked, for its event takes as much memory.
    booking = progress.track((entries.pop() for _ in range(count)), "Booking", count)
    return replay(booking, reversed_ids, description, as_of)


def _report(arguments: argparse.Namespace, bad_lines: list[BadLine]) -> None:
    """Tell of the bad lines.

    Raises:
        ImportFailed: There are some, and they are not to be skipped.
    """
    if not bad_lines:
        return
    name, count = clean(arguments.events.name), len(bad_lines)
    for bad_line in sorted(bad_lines)[:_BAD_LINES_SHOWN]:
        _complain(f"{name}, {bad_line}")
    if count > _BAD_LINES_SHOWN:
        _complain(f"{name}: and {count - _BAD_LINES_SHOWN:,} more.")
    lines, them = ("1 bad line", "it") if count == 1 else (f"{count:,} bad lines", "them")
    if not arguments.skip_bad_lines:
        raise ImportFailed(
            f"{lines}, so nothing was written; correct {them}, or leave {them} out with --skip-bad-lines."
        )
    _complain(f"{lines} left out.")


def _written(output: Path, history: History, later: int) -> str:
    summary = history.header.summary
    period = f"{summary.period.start_date} to {summary.period.end_date}"
    left_out = f" {later:,} later than --as-of left out." if later else ""
    count = len(history.events)
    events = "1 event" if count == 1 else f"{count:,} events"
    return (
        f"{clean(str(output))}: {events}, {_grouped(summary.usage.total)} credits used "
        f"in the period {period}.{left_out} Open it: usage-tui {clean(shlex.quote(str(output)))}"
    )


def _grouped(amount: Credits) -> str:
    whole, point, fraction = str(amount).partition(".")
    return f"{int(whole):,}{point}{fraction}"


def _complain(text: str) -> None:
    sys.stderr.write(f"usage-tui import: {clean(text)}\n")


def _mapping(text: str) -> tuple[str, str]:
    field, _, column = text.partition("=")
    if field not in ALIASES or not column:
        raise argparse.ArgumentTypeError(f"{text!r} is no FIELD=COLUMN; fields are {', '.join(ALIASES)}")
    return field, column


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-11-22T20:30:00Z") from None
