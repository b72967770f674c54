"""How the commands of ``usage-tui admin`` are declared, and how their options are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from usage_tui import wire
from usage_tui.cli import database_option
from usage_tui.cli.ending import Failure
from usage_tui.models import Credits, InvalidCredits, Unit, unit_of
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.ledger_writer.audit import operator
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.prepare import Older
from usage_tui.server.trusted_clock import doubt_at_start, read_clock

T = TypeVar("T")
Action = Callable[[Database, argparse.Namespace], None]
Asks = Callable[[argparse.Namespace], bool]


def always(_options: argparse.Namespace) -> bool:
    """True for all options."""
    return True


class Subcommands:
    """The commands, in groups such as ``org create`` and ``org list``."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        self,
        name: str,
        action: Action,
        text: str,
        *,
        creates: Asks = lambda _options: False,
        reads: Asks = lambda _options: False,
        older: Older = "refuse",
        names_database: bool = False,
    ) -> argparse.ArgumentParser:
        """Add a command with the option ``--database``, and return its parser for other options.

        Args:
            name: Its name.
            action: The function that runs it.
            text: What it does, in a few words.
            creates: Whether it creates a missing database.
            reads: Whether it writes nothing.
            older: What it does with tables of an older version.
            names_database: Whether it has its own argument for the database.
        """
        parser = self._commands.add_parser(name, help=text, description=_sentence(text))
        parser.set_defaults(action=action, creates=creates, reads=reads, older=older)
        if not names_database:
            database_option.add_argument(parser)
        return parser

    def group(self, name: str, text: str) -> Subcommands:
        """Add a group of commands."""
        return Subcommands(self._commands.add_parser(name, help=text, description=_sentence(text)))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def amount_option(text: str) -> Credits:
    """An amount in the unit of the organization."""
    try:
        return Credits.parse(text)
    except InvalidCredits as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def unit_option(text: str) -> Unit:
    """What amounts count: ``credit``, a currency code, or another word."""
    try:
        return unit_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"invalid unit {text!r}: {error}") from None


def instant_option(text: str) -> datetime:
    """An instant such as 2026-12-01T05:00:00Z."""
    try:
        return wire.read_instant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def or_none(read: Callable[[str], T], word: str) -> Callable[[str], T | None]:
    """Read an option, or a word that takes back what was set."""

    def read_or_none(text: str) -> T | None:
        return None if text == word else read(text)

    return read_or_none


def change_ledger(database: Database, org_id: str, change: Callable[[OpenLedger], T]) -> T:
    """Make a change in an organization's ledger, and save it.

    Raises:
        UnknownOrganization: It does not exist.
        Failure: The clock may be wrong.
    """
    now = trusted_now(database)
    with database.writing() as connection:
        opened = OpenLedger(connection, org_id, now, operator())
        made = change(opened)
        opened.save()
    return made


def trusted_now(database: Database) -> datetime:
    """The current time, if the clock is trusted.

    Raises:
        Failure: The clock may be wrong.
    """
    now = utc_now()
    with database.reading() as connection:
        doubt = doubt_at_start(read_clock(connection), now)
    if doubt is not None:
        raise Failure(doubt.rstrip("."))
    return now
