"""The command for the clock of the service."""

from __future__ import annotations

import argparse

from usage_tui.cli.admin.audit import record_by_operator
from usage_tui.cli.admin.options import Subcommands
from usage_tui.cli.output import print_line
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.ledger_writer.audit import NO_ORGANIZATION
from usage_tui.server.trusted_clock import Seen, doubt_at_start, read_clock, write_clock


def add_commands(commands: Subcommands) -> None:
    """Add the command."""
    parser = commands.add("clock", _clock, "show or confirm the clock of the service", reads=_only_shows)
    parser.add_argument(
        "what",
        nargs="?",
        choices=("show", "accept"),
        default="show",
        help="show what the clock says and whether it is trusted (default), or accept it as right",
    )


def _only_shows(options: argparse.Namespace) -> bool:
    return bool(options.what == "show")


def _clock(database: Database, options: argparse.Namespace) -> None:
    if _only_shows(options):
        _show(database)
    else:
        _accept(database)


def _show(database: Database) -> None:
    with database.reading() as connection:
        seen = read_clock(connection)
    now = utc_now()
    print_line(f"This machine: {now:%Y-%m-%d %H:%M:%S} UTC")
    print_line(f"Last seen:    {f'{seen.at:%Y-%m-%d %H:%M:%S} UTC' if seen else 'never'}")
    print_line(doubt_at_start(seen, now) or "The clock is trusted.")


def _accept(database: Database) -> None:
    now = utc_now()
    with database.writing() as connection:
        write_clock(connection, Seen(now))
        record_by_operator(connection, NO_ORGANIZATION, "clock.accept", "", {"at": (None, now)})
    print_line(f"Accepted {now:%Y-%m-%d %H:%M:%S} UTC as the right time.")
