"""Make a recording from exports of vendors or other tables of usage."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from usage_tui.cli import table_options
from usage_tui.cli.converted import is_recording
from usage_tui.cli.ending import DONE, Failure, Misuse
from usage_tui.cli.make_recording import Made, Order, make_recording
from usage_tui.cli.new_recording import REPLACES, refuse_to_replace
from usage_tui.cli.output import print_line, print_note
from usage_tui.cli.parser import EXIT_CODES, Parser, new_file
from usage_tui.cli.table_help import TABLE_HELP
from usage_tui.help_format import HelpFormatter
from usage_tui.importing.content import STDIN
from usage_tui.importing.faults import ImportFailed
from usage_tui.importing.formats import known_formats
from usage_tui.importing.organization import read_description
from usage_tui.models import InvalidCredits, clean
from usage_tui.text.amounts import spoken_amount
from usage_tui.text.words import count_noun

_EPILOG = f"""\
Without --org, the recording tells what was used in the month of the newest row, and no balance. With
it, the use is booked against the grants. A file may also hold grants (Stripe, Lago, or a table with
description, credits, granted_at, expires_at and bucket); several files may overlap.

FILE is {TABLE_HELP}

{REPLACES}

{EXIT_CODES}
"""


def run(words: Sequence[str]) -> int:
    """Import as the words say."""
    options = _parser().parse_args(words)
    if options.formats:
        return _list_formats()
    if not options.files or options.output is None:
        raise Misuse("the files to import and -o FILE.jsonl are needed (see usage-tui import --help)")
    if options.files.count(Path(STDIN)) > 1:
        raise Misuse("standard input can be read only once; name - once")
    try:
        print_line(_import(options))
    except ImportFailed as error:
        raise Failure(str(error)) from None
    except InvalidCredits as error:
        raise Failure(f"the amounts cannot be added up: {error}") from None
    return DONE


def _parser() -> Parser:
    parser = Parser("usage-tui import", description=__doc__, epilog=_EPILOG, formatter_class=HelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="the tables; - is standard input")
    parser.add_argument(
        "-o", "--output", type=new_file, metavar="FILE.jsonl", help="the recording, also .jsonl.gz"
    )
    parser.add_argument("--org", type=Path, metavar="ORG.toml", help="the organization, with its grants")
    parser.add_argument(
        "--as-of",
        type=_moment,
        metavar="TIME",
        help="the time of the recording, without later events (default: that of the newest row)",
    )
    parser.add_argument("--formats", action="store_true", help="list the exports that are known, and exit")
    table_options.add_arguments(parser)
    return parser


def _list_formats() -> int:
    for one in known_formats().values():
        refused = f" (has no cost: use {one.cost_export})" if one.cost_export else ""
        print_line(f"{one.name:<16} {one.title}{refused}")
        print_line(f"{'':<16} {one.found_at}")
    return DONE


def _import(options: argparse.Namespace) -> str:
    """Import as the options say.

    Returns:
        What was written.

    Raises:
        ImportFailed: A file is at fault, and nothing was written.
    """
    output: Path = options.output
    refuse_to_replace(output, (*options.files, *([options.org] if options.org is not None else ())))
    _refuse_recordings(options.files)
    order = Order(
        options.files,
        table_options.choices_of(options),
        read_description(options.org) if options.org is not None else None,
        options.as_of,
        options.skip_bad_lines,
    )
    made = make_recording(order, output)
    print_note(made.read_as)
    return _written(output, made)


def _refuse_recordings(files: Sequence[Path]) -> None:
    """Refuse what needs no import.

    Raises:
        Misuse: A file is a recording.
    """
    for path in files:
        with suppress(OSError):  # which reading the tables tells
            if path.is_file() and is_recording(path):
                name = clean(str(path))
                raise Misuse(
                    f"{name} is a recording already; open it: usage-tui {clean(shlex.quote(str(path)))}"
                )


def _written(output: Path, made: Made) -> str:
    summary = made.summary
    assert summary.period is not None and summary.usage is not None  # noqa: S101, PT018 - both are always stated
    period = f"{summary.period.start_date} to {summary.period.end_date}"
    used = spoken_amount(summary.usage.total, summary.unit.code)
    outside = f" {count_noun(made.outside, 'event')} outside the period." if made.outside else ""
    left_out = f" {made.later:,} later than --as-of left out." if made.later else ""
    events = count_noun(made.events, "event")
    return (
        f"{clean(str(output))}: {events}, {used} used "
        f"in the period {period}.{outside}{left_out} Open it: usage-tui {clean(shlex.quote(str(output)))}"
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"invalid time {text!r}: use one such as 2026-11-22T20:30:00Z"
        ) from None
