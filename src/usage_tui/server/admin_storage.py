"""The commands for the data as a whole: verify, back up."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from usage_tui.server.admin_options import AdminFailed, Subcommands
from usage_tui.server.database import Database
from usage_tui.server.verifying import differences, organization_ids

DONE, FAILED = 0, 1


def add_commands(commands: Subcommands) -> None:
    """Declare them."""
    parser = commands.add("verify", _verify, "compare every balance and sum with the journal and the events")
    parser.add_argument("org", nargs="?", help="by default all")
    parser = commands.add("backup", _backup, "copy an SQLite database, also while it is served")
    parser.add_argument("file", type=Path, metavar="FILE", help="must not exist")


def _verify(database: Database, options: argparse.Namespace) -> int:
    with database.reading() as connection:
        known = organization_ids(connection)
        if options.org and options.org not in known:
            raise AdminFailed(f"there is no organization {options.org!r}")
        chosen = [options.org] if options.org else known
        found = [f"{org_id}: {line}" for org_id in chosen for line in differences(connection, org_id)]
    for line in found:
        _say(line)
    _say(f"{len(chosen)} organizations verified, {len(found)} differences.")
    return FAILED if found else DONE


def _backup(database: Database, options: argparse.Namespace) -> int:
    if database.path is None:
        raise AdminFailed("a PostgreSQL database is backed up with pg_dump")
    if options.file.exists():
        raise AdminFailed(f"{options.file} exists already; name another file")
    options.file.touch(mode=0o600)
    with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(options.file)) as target:
        source.backup(target)
    return _say(f"Backed up to {options.file}.")


def _say(line: str) -> int:
    sys.stdout.write(line + "\n")
    return DONE
