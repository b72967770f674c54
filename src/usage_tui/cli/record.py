"""`usage-tui record`: what a service, a demo or a recording has, as a recording."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from usage_tui.cli import loop, opening
from usage_tui.cli.parser import FAILED, Misuse, Parser
from usage_tui.help_format import HelpFormatter
from usage_tui.models import clean
from usage_tui.text.words import count_noun

_EPILOG = """\
All that the viewer may see is recorded, as it was at one moment; the events are the newest ones, or all.
--redact replaces the names of people, organizations, grants, parts of allowances, and tools and other
sources, each by the same pseudonym everywhere, and leaves out links and notices. Amounts, times, plans, and
the ids of events and grants stay.

Exit codes: 0 the recording was written; 1 nothing was written, because the data could not be read or the
file not be written; 2 the command was not understood.
"""


def run(words: Sequence[str]) -> int:
    """Record as the words say."""
    options = _parser().parse_args(words)
    output: Path = options.output
    if options.file and output.resolve() == Path(options.file).resolve():
        raise Misuse(f"{output} would be written over; name another file with -o")
    profile = opening.chosen_profile(options, opening.read_settings())
    client = opening.open_data(options, profile)
    from usage_tui.clients.base import ClientError
    from usage_tui.state.recorder import Recorded, record

    async def recorded() -> Recorded:
        try:
            return await record(client, output, most=options.events, redact=options.redact)
        finally:
            await client.aclose()

    try:
        header, events = loop.run(recorded())
    except ClientError as error:
        return _failed(error.full_text)
    except OSError as error:
        return _failed(f"{output}: cannot be written: {error.strerror}.")
    moment = header.summary.as_of.isoformat().replace("+00:00", "Z")
    name = clean(shlex.quote(str(output)))
    sys.stdout.write(
        f"{clean(str(output))}: {count_noun(events, 'event')}, as of {moment}. Open it: usage-tui {name}\n"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "usage-tui record",
        description="Record data into a file, which usage-tui opens on any machine.",
        epilog=_EPILOG,
        formatter_class=HelpFormatter,
    )
    opening.add_arguments(parser)
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE.jsonl", help="the recording, also .jsonl.gz"
    )
    parser.add_argument(
        "--events", type=_most, metavar="N|all", help="how many events, the newest ones; all by default"
    )
    parser.add_argument("--redact", action="store_true", help="replace all names by pseudonyms")
    return parser


def _most(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > 12:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number of events nor all")
    return int(text)


def _failed(why: str) -> int:
    sys.stderr.write(f"usage-tui record: {clean(why.strip())}\n")
    return FAILED
