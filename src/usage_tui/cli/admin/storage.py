"""The commands for a whole database: verify, upgrade, back up, copy."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from usage_tui.cli.admin.options import Subcommands, always
from usage_tui.cli.database_option import A_DATABASE
from usage_tui.cli.ending import Failure
from usage_tui.cli.output import print_line
from usage_tui.cli.progress import Progress
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.copy import CannotCopy, copy
from usage_tui.server.ledger_writer.verify import differences, organization_ids
from usage_tui.server.prepare import open_prepared
from usage_tui.text.words import count_noun


def add_commands(commands: Subcommands) -> None:
    """Add the commands."""
    text = "check every balance and sum against the journal and the events"
    parser = commands.add("verify", _verify, text, reads=always)
    parser.add_argument("org", nargs="?", help="the organization's id (default: all)")
    commands.add("upgrade", _upgrade, "upgrade the tables of an older version", older="upgrade")
    text = "back up an SQLite database, even while it is served"
    # A backup is needed before an upgrade.
    parser = commands.add("backup", _backup, text, reads=always, older="keep")
    parser.add_argument("file", type=Path, metavar="FILE", help="must not exist")
    parser = commands.add(
        "copy",
        _copy,
        "copy all organizations, tokens included, into an empty database, and verify the copy",
        names_database=True,
        reads=always,
    )
    parser.add_argument("database", metavar="SRC", help=A_DATABASE)
    parser.add_argument("target", metavar="DST", help="the same; an SQLite file is created")


def _upgrade(database: Database, _options: argparse.Namespace) -> None:
    print_line(f"{database.name} has the tables of this version.")


def _verify(database: Database, options: argparse.Namespace) -> None:
    with database.reading() as connection:
        known = organization_ids(connection)
        if options.org and options.org not in known:
            raise Failure(f"there is no organization {options.org!r}")
        chosen = [options.org] if options.org else known
        found = [f"{org_id}: {line}" for org_id in chosen for line in differences(connection, org_id)]
    for line in found:
        print_line(line)
    print_line(f"Organizations verified: {len(chosen)}; differences: {len(found)}.")
    if found:
        raise Failure(f"{count_noun(len(found), 'difference')} found")


def _backup(database: Database, options: argparse.Namespace) -> None:
    if database.path is None:
        raise Failure("use pg_dump to back up a PostgreSQL database")
    if options.file.exists():
        raise Failure(f"{options.file} exists already; choose another file")
    options.file.touch(mode=0o600)
    with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(options.file)) as target:
        source.backup(target)
    print_line(f"Backed up to {options.file}.")


def _copy(database: Database, options: argparse.Namespace) -> None:
    target = open_prepared(options.target, create=True)
    try:
        with database.reading() as source, target.writing() as connection:
            count = copy(source, connection, Progress(sys.stderr).track)
    except CannotCopy as error:
        raise Failure(str(error)) from None
    finally:
        target.close()
    print_line(f"Copied and verified {count_noun(count, 'organization')}; {target.name} can be served.")
