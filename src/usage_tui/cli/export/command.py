"""`usage-tui export`: a table or a report as a file that is written whole or not at all."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from usage_tui.cli import source_options, table_options
from usage_tui.cli.answer.filters import add_filter, is_chosen
from usage_tui.cli.answer.options import ANSWER_CODES, CSV, JSON, MARKDOWN, NDJSON, add_freshness
from usage_tui.cli.ending import DONE, Failure, Misuse
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import Parser

TYPE_CHECKING = False  # typing is longer in coming than a help may take
if TYPE_CHECKING:
    from usage_tui.cli.export.order import Exporter, Order
    from usage_tui.cli.progress import Tally

_HISTORY = "history"
_OF_A_PERIOD = ("sources", "daily", _HISTORY)
_TABLES = (*_OF_A_PERIOD, "grants", "allowances", "periods")
_REPORT = "report"
_FORMATS: Mapping[str, str] = {"csv": CSV, "json": JSON, "ndjson": NDJSON, "md": MARKDOWN}
"""The formats of tables, by the word on the command line and by the end of a file's name."""
_HTML = "html"
_TIMEOUT = 60 * 60
_EPILOG = f"""\
The tables have the rows and figures of the commands of the same name, history all events instead of the
newest; report is the dashboard of a billing period as one HTML file. The file is for its owner alone. Texts
that a spreadsheet would compute get a leading '.

Without a named source, the default profile answers.

{ANSWER_CODES}"""


def run(words: Sequence[str]) -> int:
    """Write the file."""
    options = _parser().parse_args(words)
    output: Path = options.output
    order = _order(options)
    _refuse_to_overwrite(output, options)
    from usage_tui.cli.answer.session import Session, answered
    from usage_tui.cli.progress import Tally
    from usage_tui.files import replacing

    export = _exporter(order.what)
    tally = Tally(sys.stderr)

    async def write(session: Session) -> None:
        with replacing(output) as file:
            async for text in export(session, order, tally):
                file.write(text.encode())

    try:
        answered(options, write)
    except OSError as error:
        raise Failure(f"{output}: cannot be written: {error.strerror}") from None
    finally:
        tally.clear()
    print_line(_told(output, order, tally))
    return DONE


def _exporter(what: str) -> Exporter:
    if what == _REPORT:
        from usage_tui.cli.export.report import report

        return report
    from usage_tui.cli.export import tables

    return tables.events if what == _HISTORY else tables.table


def _told(output: Path, order: Order, tally: Tally) -> str:
    """Where the file is, and how large. Who sits at another computer is told on which one it is."""
    from usage_tui.config.terminal import over_ssh
    from usage_tui.text.clean import clean
    from usage_tui.text.words import count_noun

    place = f"{socket.gethostname()}:{output.absolute()}" if over_ssh() else str(output)
    return clean(place if order.what == _REPORT else f"{place}: {count_noun(tally.rows, 'row')}")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "usage-tui export",
        description="Write a table, or a report of a billing period, into a file, to pass it on.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "what", choices=(*_TABLES, _REPORT), metavar="WHAT", help=", ".join((*_TABLES, _REPORT))
    )
    source_options.add_arguments(parser, file=source_options.ANY_FILE)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        help="the format of a table (default: what the name of the file ends with)",
    )
    parser.add_argument(
        "--period",
        metavar="ID|current|last",
        help="which billing period (default: the current one; of the history, all)",
    )
    add_filter(parser)
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument("--no-people", action="store_true", help="leave out who did what")
    parser.add_argument("--redact", action="store_true", help="replace all names with pseudonyms")
    add_freshness(parser, _TIMEOUT)
    table_options.add_arguments(parser)
    return parser


def _order(options: argparse.Namespace) -> Order:
    """What the options ask for.

    Raises:
        Misuse: They do not go together.
    """
    from usage_tui.cli.export.order import Order

    what: str = options.what
    if options.period is not None and what not in (*_OF_A_PERIOD, _REPORT):
        raise Misuse(f"--period goes with {', '.join((*_OF_A_PERIOD, _REPORT))}: {what} are as of now")
    if is_chosen(options) and what != _HISTORY:
        raise Misuse(f"--filter and --sort go with history, not with {what}")
    return Order(what, _format(options), options.period, people=not options.no_people, chosen=options)


def _format(options: argparse.Namespace) -> str:
    if options.what == _REPORT:
        if options.format is not None:
            raise Misuse("--format goes with a table: a report is HTML")
        return _HTML
    word = options.format or options.output.suffix.removeprefix(".").lower()
    if word not in _FORMATS:
        raise Misuse(
            f"{options.output}: the name does not tell the format; add --format {'|'.join(_FORMATS)}"
        )
    return _FORMATS[word]


def _refuse_to_overwrite(output: Path, options: argparse.Namespace) -> None:
    """Refuse to replace the source, and any other file unless that is wanted.

    Raises:
        Misuse: A file would be replaced.
    """
    if options.file and output.resolve() == Path(options.file).resolve():
        raise Misuse(f"{output} would be overwritten; choose another file with -o")
    if output.exists() and not options.force:
        raise Misuse(f"{output} exists; choose another file with -o, or add --force to replace it")
