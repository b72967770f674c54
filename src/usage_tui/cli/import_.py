"""Make a recording from a table of usage events and the description of an organization."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from usage_tui.cli.ending import DONE, Failure, Misuse
from usage_tui.cli.output import print_error, print_line
from usage_tui.cli.parser import EXIT_CODES, Parser
from usage_tui.cli.progress import Progress
from usage_tui.clients.recording.file import write_recording
from usage_tui.clients.recording.header import Denial, Extent, Header
from usage_tui.help_format import HelpFormatter
from usage_tui.importing import reading
from usage_tui.importing.entries import Entry
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.organization import Description, read_description
from usage_tui.importing.replay import History, replay
from usage_tui.importing.times import instant
from usage_tui.models import InvalidCredits, clean
from usage_tui.text.amounts import spoken_amount
from usage_tui.text.words import count_noun

_EPILOG = f"""\
EVENTS is {reading.TABLE}

{EXIT_CODES}
"""


def run(words: Sequence[str]) -> int:
    """Import as the words say."""
    try:
        print_line(_import(_parser().parse_args(words)))
    except ImportFailed as error:
        raise Failure(str(error)) from None
    except InvalidCredits as error:
        raise Failure(f"the amounts cannot be added up: {error}") from None
    return DONE


def _parser() -> Parser:
    parser = Parser("usage-tui import", description=__doc__, epilog=_EPILOG, formatter_class=HelpFormatter)
    parser.add_argument("events", type=Path, metavar="EVENTS", help="the table of events")
    parser.add_argument("--org", type=Path, required=True, metavar="ORG.toml", help="the organization")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE.jsonl", help="the recording, also .jsonl.gz"
    )
    reading.add_arguments(parser)
    parser.add_argument(
        "--as-of",
        type=_moment,
        metavar="TIME",
        help="the time of the recording, without later events (default: that of the last event)",
    )
    return parser


def _import(arguments: argparse.Namespace) -> str:
    """Import as the arguments say.

    Returns:
        What was written.

    Raises:
        ImportFailed: A file is at fault, and nothing was written.
    """
    output: Path = arguments.output
    for source in (arguments.events, arguments.org):
        if output.resolve() == source.resolve():
            raise Misuse(f"{output} would be overwritten; choose another file with -o")
    description = read_description(arguments.org)
    progress = Progress(sys.stderr)
    entries, bad_lines = reading.read(arguments.events, dict(arguments.map), description.zone, progress.track)
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
        write_recording(output, _header(history, description), events)
    except OSError as error:
        raise ImportFailed(f"{clean(str(output))}: cannot be written: {error.strerror}.") from None
    return _written(output, history, later)


def _as_of(arguments: argparse.Namespace, description: Description, entries: list[Entry]) -> datetime:
    """The time of the recording, which is never before the period.

    Raises:
        ImportFailed: There is none, or it is out of range.
    """
    starts_at = description.bounds.starts_at
    if arguments.as_of is not None:
        try:
            as_of = instant(arguments.as_of, description.zone)
        except ValueError as error:
            raise ImportFailed(f"--as-of: {error}.") from None
        if as_of < starts_at:
            raise ImportFailed(
                f"--as-of: must not be before the period, which starts at {starts_at.isoformat()}."
            )
        return as_of
    if not entries:
        raise ImportFailed("there are no events to date the recording by; set its time with --as-of.")
    last = entries[-1].use.occurred_at
    if last < starts_at:
        raise ImportFailed(
            f"the last event, of {last.isoformat()}, is before the period, which starts at "
            f"{starts_at.isoformat()}; correct [period], or set the time of the recording with --as-of."
        )
    return last


def _replay(entries: list[Entry], description: Description, as_of: datetime, progress: Progress) -> History:
    reversed_ids = {entry.reverses for entry in entries if entry.reverses is not None}
    count = len(entries)
    entries.reverse()
    # Each entry is released when it is booked, because its event takes as much memory.
    booking = progress.track((entries.pop() for _ in range(count)), "Booking", count)
    return replay(booking, reversed_ids, description, as_of)


def _header(history: History, description: Description) -> Header:
    """The first line of the recording; what the viewer may not see is not in it."""
    header = Header(**history.statement._asdict(), events=Extent(complete=True), periods=history.periods)
    if description.viewer.billing_access:
        return header
    denial = Denial(withheld="billing_access_required")
    return header._replace(grants=denial, events=denial)


def _report(arguments: argparse.Namespace, bad_lines: list[BadLine]) -> None:
    reading.report_bad_lines(arguments.events, bad_lines, print_error, skip=arguments.skip_bad_lines)


def _written(output: Path, history: History, later: int) -> str:
    summary = history.statement.summary
    assert summary.period is not None and summary.usage is not None  # noqa: S101, PT018 - the ledger tells both
    period = f"{summary.period.start_date} to {summary.period.end_date}"
    used = spoken_amount(summary.usage.total, summary.unit.code)
    left_out = f" {later:,} later than --as-of left out." if later else ""
    events = count_noun(len(history.events), "event")
    return (
        f"{clean(str(output))}: {events}, {used} used "
        f"in the period {period}.{left_out} Open it: usage-tui {clean(shlex.quote(str(output)))}"
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"invalid time {text!r}: use one such as 2026-11-22T20:30:00Z"
        ) from None
