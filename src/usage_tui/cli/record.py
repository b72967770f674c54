"""`usage-tui record`: what any data source tells, as a recording."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path

from usage_tui.cli import client_options, loop, opening
from usage_tui.cli.ending import DONE, Failure
from usage_tui.cli.new_recording import REPLACES, refuse_to_replace
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import EXIT_CODES, Parser, new_file

_EPILOG = f"""\
Everything that the viewer may see is recorded, as of one moment, with all events or the newest ones.
--redact replaces the names of people, organizations, grants, parts of allowances, and tools and other
sources, each with the same pseudonym everywhere, and removes links and notices. Amounts, times, plans, and
the ids of events and grants stay.

{REPLACES}

{EXIT_CODES}
"""


def run(words: Sequence[str]) -> int:
    """Record as the words say."""
    options = _parser().parse_args(words)
    output: Path = options.output
    profile = opening.chosen_profile(options, opening.read_settings())
    refuse_to_replace(output, (value for value in profile.options.values() if isinstance(value, Path)))
    client = opening.open_client(profile).client
    from usage_tui.clients.base import ClientError
    from usage_tui.state.recorder import Recorded, record
    from usage_tui.text.clean import clean
    from usage_tui.text.words import count_noun

    async def recorded() -> Recorded:
        try:
            return await record(client, output, most=options.events, redact=options.redact)
        finally:
            await client.aclose()

    try:
        header, events = loop.run(recorded())
    except ClientError as error:
        raise Failure(error.full_text) from None
    except OSError as error:
        raise Failure(f"{output}: cannot be written: {error.strerror}") from None
    moment = header.summary.as_of.isoformat().replace("+00:00", "Z")
    open_it = f"Open it: usage-tui {clean(shlex.quote(str(output)))}"
    print_line(f"{clean(str(output))}: {count_noun(events, 'event')}, as of {moment}. {open_it}")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "usage-tui record",
        description="Record data into a file, which usage-tui opens on any machine.",
        epilog=_EPILOG,
    )
    client_options.add_arguments(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=new_file,
        required=True,
        metavar="FILE.jsonl",
        help="the recording, also .jsonl.gz",
    )
    parser.add_argument(
        "--events", type=_most, metavar="N|all", help="how many events, newest first (default: all)"
    )
    parser.add_argument("--redact", action="store_true", help="replace all names with pseudonyms")
    return parser


def _most(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > 12:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of events, or all")
    return int(text)
