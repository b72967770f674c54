"""What is assumed on the command line: a purchase, less use, auto-recharge."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from usage_tui.cli.ending import Misuse
from usage_tui.insight.assumptions import InvalidAssumption
from usage_tui.insight.what_if import WhatIf
from usage_tui.state.answers import Answers

_is_word = re.compile(r"[^\s;,]+").fullmatch


def add_assumptions(parser: argparse.ArgumentParser) -> None:
    """Declare what may be assumed."""
    group = parser.add_argument_group("what if")
    group.add_argument("--top-up", action="append", default=[], metavar="N", help="so much is bought now")
    group.add_argument("--top-up-expires", metavar="DATE", help="when that expires (default: in a year)")
    group.add_argument(
        "--cut",
        action="append",
        default=[],
        metavar="20%|SOURCE=50%",
        help="so much less is used, in all or by one source".replace("%", "%%"),
    )
    group.add_argument("--recharge", metavar="N", help="auto-recharge is turned on at this balance")


def assumed_line(options: argparse.Namespace) -> str:
    """What is assumed, as `Assumptions.read` takes it; empty if there is none.

    Raises:
        Misuse: A name cannot be written there, or a date belongs to nothing.
    """
    if options.top_up_expires is not None and not options.top_up:
        raise Misuse("--top-up-expires goes with --top-up")
    return "; ".join(_parts(options))


def _parts(options: argparse.Namespace) -> Iterator[str]:
    until = f" until {_word(options.top_up_expires)}" if options.top_up_expires is not None else ""
    for amount in options.top_up:
        yield f"top-up {_word(amount)}{until}"
    for cut in options.cut:
        source, equals, part = cut.rpartition("=")
        yield f"cut {_word(source)} {_word(part)}" if equals else f"cut {_word(part)}"
    if options.recharge is not None:
        yield f"recharge {_word(options.recharge)}"


def _word(text: str) -> str:
    if '"' in text:
        raise Misuse(f'{text[:40]!r}: a name with a " cannot be written here; use the id of the source')
    return text if _is_word(text) else f'"{text}"'


def read_assumed(answers: Answers, line: str) -> WhatIf:
    """What a line assumes.

    Raises:
        Misuse: It is not understood, or not enough is known for it.
    """
    try:
        return answers.assumptions.read(line)
    except InvalidAssumption as error:
        raise Misuse(str(error)) from None
