"""The options of a command that answers: where the data come from, how old they may be, in which format."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from usage_tui.cli import client_options, table_options
from usage_tui.cli.parser import Parser
from usage_tui.tables.kinds import CSV, JSON, MARKDOWN, NDJSON

MAX_AGE, TIMEOUT = 60, 10
"""Seconds."""
TEXT = "text"
"""The format for people."""
TABLE_FORMATS = (JSON, CSV, MARKDOWN, NDJSON)
_FORMAT_HELP = {
    JSON: "one JSON object; usage-tui schema describes it",
    CSV: "a table with a header line; texts that a spreadsheet would compute get a leading '",
    MARKDOWN: "a Markdown table",
    NDJSON: "one JSON object a line",
}
ANSWER_CODES = """\
Exit codes: 0 done; 1 failed, and stderr says why; 2 the command was not understood; 4 withheld, it needs
billing access; 5 no answer, and nothing is cached."""


def answer_parser(
    name: str, description: str, *, formats: Sequence[str] = TABLE_FORMATS, timeout: float = TIMEOUT
) -> argparse.ArgumentParser:
    """A parser with what such commands share.

    Args:
        name: The command.
        description: What it answers.
        formats: Those beside text.
        timeout: Seconds that the whole command may take, unless the options say otherwise.
    """
    parser = Parser(
        f"usage-tui {name}",
        description=description,
        epilog=f"Without a named data source, the default profile answers.\n\n{ANSWER_CODES}",
    )
    client_options.add_arguments(parser, file=client_options.ANY_FILE)
    add_freshness(parser, timeout)
    add_formats(parser, formats)
    table_options.add_arguments(parser)
    parser.add_argument("--redact", action="store_true", help="replace all names with pseudonyms")
    return parser


def add_freshness(parser: argparse.ArgumentParser, timeout: float) -> None:
    """Declare how old cached data may be, and how long the data source may take to answer."""
    parser.add_argument(
        "--max-age",
        type=duration,
        default=MAX_AGE,
        metavar="TIME",
        help="use cached data up to this age, such as 90s, 15m or 2h (default: 60s)",
    )
    parser.add_argument(
        "--timeout",
        type=duration,
        default=timeout,
        metavar="TIME",
        help=f"how long the whole command may take (default: {timeout}s)",
    )
    parser.add_argument("--offline", action="store_true", help="use cached data only; ask nobody")


def add_formats(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Declare the formats beside text, of which one may be chosen."""
    parser.set_defaults(format=TEXT)
    if not formats:
        return  # argparse cannot print the help of an empty group
    group = parser.add_mutually_exclusive_group()
    for format_ in formats:
        group.add_argument(
            f"--{format_}", dest="format", action="store_const", const=format_, help=_FORMAT_HELP[format_]
        )


_SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
_LONGEST = 100 * 366 * 24 * 60 * 60


def duration(text: str) -> float:
    """A time such as ``90s``, ``0.8s``, ``15m``, ``2h`` or ``7d`` in seconds; a bare number is seconds.

    Raises:
        ArgumentTypeError: It is not one.
    """
    number, unit = (text[:-1], text[-1]) if text[-1:] in _SECONDS else (text, "s")
    whole, _, fraction = number.partition(".")
    digits = whole + fraction
    if not (whole and digits.isascii() and digits.isdecimal() and len(digits) <= 12):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a time such as 90s, 15m, 2h or 7d")
    seconds = float(number) * _SECONDS[unit]
    if seconds > _LONGEST:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is longer than 100 years")
    return seconds
