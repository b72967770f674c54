"""`usage-tui export`: a table or a report as a file that is written whole or not at all."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from usage_tui.cli import client_options, table_options
from usage_tui.cli.answer.filters import add_filter, is_chosen
from usage_tui.cli.answer.options import ANSWER_CODES, add_freshness
from usage_tui.cli.ending import DONE, Failure, Misuse
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import Parser, new_file
from usage_tui.tables.kinds import CSV, FORMATS

TYPE_CHECKING = False  # typing is longer in coming than a help may take
if TYPE_CHECKING:
    from usage_tui.cli.export.order import Exporter, Order
    from usage_tui.cli.progress import Tally

_HISTORY = "history"
_SOURCES, _DAILY = "sources", "daily"
_OF_A_PERIOD = (_SOURCES, _DAILY, _HISTORY)
_TABLES = (*_OF_A_PERIOD, "grants", "allowances", "periods")
_REPORT, _FOCUS = "report", "focus"
_EVERYTHING = (*_TABLES, _REPORT, _FOCUS)
_ONLY_WITH: Mapping[str, Sequence[str]] = {
    "period": (*_OF_A_PERIOD, _REPORT, _FOCUS),
    "by": (_SOURCES,),
    "from": (_DAILY,),
    "to": (_DAILY,),
    "limit": (_HISTORY,),
    "provider": (_FOCUS,),
}
"""The options that do not go with everything."""
_OF_THE_COMMAND = ("by", "from", "to", "limit")
"""Those that the command of a table reads itself."""
_FORMAT_OF: Mapping[str, str] = {_REPORT: "html", _FOCUS: CSV}
"""The format of what has only one."""
_OTHERS = {*FORMATS, *_FORMAT_OF.values(), "pdf", "xlsx"}
"""Endings of file names that stand for a format."""
_TIMEOUT = 60 * 60
_EPILOG = f"""\
The tables have the rows and figures of the commands of the same name, history all events instead of the
newest; report is the dashboard of a billing period as one HTML file, and focus its costs as a FinOps FOCUS
1.0 table for the tools that read cloud bills. The file is for its owner alone. Texts that a spreadsheet
would compute get a leading '.

Without a named data source, the default profile answers.

{ANSWER_CODES}"""


def run(words: Sequence[str]) -> int:
    """Write the file."""
    options = _in_order(_parser().parse_args(words))
    output: Path = options.output
    order = _order(options)
    _refuse_to_overwrite(output, options)
    from usage_tui.cli.answer.session import Session, answered
    from usage_tui.cli.progress import Tally
    from usage_tui.files import replacing

    export = _exporter(order)
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


class _ExportParser(Parser):
    """A parser that takes the file in front of what is exported, too."""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.dest != "what":  # which is checked once both words are known
            super()._check_value(action, value)


def _in_order(options: argparse.Namespace) -> argparse.Namespace:
    """The options, with what is exported and the file told apart.

    Raises:
        Misuse: It is not said what is exported.
    """
    if options.what not in _EVERYTHING and options.file in _EVERYTHING:
        options.what, options.file = options.file, options.what
    if options.what not in _EVERYTHING:
        named = f"{', '.join(_EVERYTHING[:-1])} or {_EVERYTHING[-1]}"
        raise Misuse(f"{options.what[:40]!r} cannot be exported: use {named}")
    return options


def _exporter(order: Order) -> Exporter:
    if order.what == _REPORT:
        from usage_tui.cli.export.report import report

        return report
    if order.what == _FOCUS:
        from usage_tui.cli.export.focus import focus

        return focus
    from usage_tui.cli.export import tables

    return tables.events if order.what == _HISTORY and not order.words else tables.table


def _told(output: Path, order: Order, tally: Tally) -> str:
    """Where the file is, and how large. Over SSH it names the host."""
    from usage_tui.config.terminal import over_ssh
    from usage_tui.text.clean import clean
    from usage_tui.text.words import count_noun

    place = f"{socket.gethostname()}:{output.absolute()}" if over_ssh() else str(output)
    return clean(place if order.what == _REPORT else f"{place}: {count_noun(tally.rows, 'row')}")


def _parser() -> argparse.ArgumentParser:
    parser = _ExportParser(
        "usage-tui export",
        description="Write a table, or a report of a billing period, into a file, to pass it on.",
        epilog=_EPILOG,
    )
    parser.add_argument("what", choices=_EVERYTHING, metavar="WHAT", help=", ".join(_EVERYTHING))
    client_options.add_arguments(parser, file=client_options.ANY_FILE)
    parser.add_argument(
        "-o", "--output", type=new_file, required=True, metavar="FILE", help="the file to write"
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="the format of a table (default: what the name of the file ends with)",
    )
    parser.add_argument(
        "--period",
        metavar="ID|current|last",
        help="which billing period (default: the current one; of the history, all)",
    )
    add_filter(parser)
    parser.add_argument("--by", metavar="source|kind|actor", help="of sources: what a row stands for")
    parser.add_argument("--from", metavar="DATE", help="of daily: the first day, in place of a period")
    parser.add_argument("--to", metavar="DATE", help="of daily: the last day")
    parser.add_argument("--limit", metavar="N|all", help="of the history: how many events (default: all)")
    parser.add_argument(
        "--provider",
        metavar="NAME",
        help="of focus: who provides and bills (default: the vendor or the data source)",
    )
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
    given = {name: value for name in _ONLY_WITH if (value := getattr(options, name)) is not None}
    for name in given:
        if what not in _ONLY_WITH[name]:
            reason = f": {what} are as of now" if name == "period" else ""
            raise Misuse(f"--{name} goes with {', '.join(_ONLY_WITH[name])}{reason}")
    if "limit" in given and "period" in given:
        raise Misuse("--limit and --period cannot be combined")
    if is_chosen(options) and what not in (_HISTORY, _FOCUS):
        raise Misuse(f"--filter and --sort go with history and focus, not with {what}")
    if options.no_people and options.by == "actor":
        raise Misuse("--by actor is about people: --redact replaces their names")
    words = [f"--{name}={given[name]}" for name in _OF_THE_COMMAND if name in given]
    if what == _HISTORY and words:
        words += [f"--filter={options.filter}", f"--sort={options.sort}"]
        words += ["--ascending"] * options.ascending
    return Order(
        what,
        _format(options),
        options.period,
        people=not options.no_people,
        chosen=options,
        words=words,
        provider=options.provider or "",
    )


def _format(options: argparse.Namespace) -> str:
    only, suffix = _FORMAT_OF.get(options.what), options.output.suffix.removeprefix(".").lower()
    if only is not None:
        if options.format not in (None, only):
            raise Misuse(f"--format does not go with {options.what}, which is always {only.upper()}")
        if suffix != only and suffix in _OTHERS:
            right = options.output.with_suffix(f".{only}")
            raise Misuse(f"{options.output}: {options.what} is always {only.upper()}; name the file {right}")
        return only
    word = options.format or suffix
    if word not in FORMATS:
        raise Misuse(f"{options.output}: the name does not tell the format; add --format {'|'.join(FORMATS)}")
    return FORMATS[word]


def _refuse_to_overwrite(output: Path, options: argparse.Namespace) -> None:
    """Refuse to replace the source, and any other file unless that is wanted.

    Raises:
        Misuse: A file would be replaced.
    """
    if options.file and output.resolve() == Path(options.file).resolve():
        raise Misuse(f"{output} would be overwritten; choose another file with -o")
    if output.exists() and not options.force:
        raise Misuse(f"{output} exists; choose another file with -o, or add --force to replace it")
