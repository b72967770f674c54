"""The commands for the clock that the service books by."""

from __future__ import annotations

import argparse

from usage_tui.cli.admin.options import Subcommands
from usage_tui.cli.output import print_line
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.trusted_clock import doubt_at_start, read_seen_at, write_seen_at


def add_commands(commands: Subcommands) -> None:
    """Declare them."""
    group = commands.group("clock", "the clock that the service books by")
    group.add("show", _show, "show what the clock says, and when the service last saw it", reads=True)
    group.add("accept", _accept, "confirm that the clock of this machine is right")


def _show(database: Database, _options: argparse.Namespace) -> None:
    with database.reading() as connection:
        seen_at = read_seen_at(connection)
    now = utc_now()
    print_line(f"This machine: {now:%Y-%m-%d %H:%M:%S} UTC")
    print_line(f"Last seen:    {f'{seen_at:%Y-%m-%d %H:%M:%S} UTC' if seen_at else 'never'}")
    print_line(doubt_at_start(seen_at, now) or "The clock is trusted.")


def _accept(database: Database, _options: argparse.Namespace) -> None:
    now = utc_now()
    with database.writing() as connection:
        write_seen_at(connection, now)
    print_line(f"Accepted {now:%Y-%m-%d %H:%M:%S} UTC as the right time.")
