"""The commands for the data as a whole: verify, back up, copy."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from usage_tui.cli.admin.options import A_DATABASE, DONE, FAILED, AdminFailed, Subcommands, say
from usage_tui.cli.progress import Progress
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.copy import CannotCopy, copy
from usage_tui.server.ledger_writer.verify import differences, organization_ids
from usage_tui.server.prepare import open_prepared
from usage_tui.text.words import count_noun


def add_commands(commands: Subcommands) -> None:
    """Declare them."""
    text = "compare every balance and sum with the journal and the events"
    parser = commands.add("verify", _verify, text, reads=True)
    parser.add_argument("org", nargs="?", help="the organization's id; by default all are verified")
    commands.add("upgrade", _upgrade, "bring the tables of an older version to this one", upgrades=True)
    parser = commands.add("backup", _backup, "copy an SQLite database, also while it is served", reads=True)
    parser.add_argument("file", type=Path, metavar="FILE", help="must not exist")
    parser = commands.add(
        "copy",
        _copy,
        "copy all organizations, tokens included, into an empty database, and verify the copy",
        names_database=True,
        reads=True,
    )
    parser.add_argument("database", metavar="SRC", help=A_DATABASE)
    parser.add_argument("target", metavar="DST", help="the same; an SQLite file is made")


def _upgrade(database: Database, _options: argparse.Namespace) -> int:
    return say(f"{database.name} has the tables of this version.")


def _verify(database: Database, options: argparse.Namespace) -> int:
    with database.reading() as connection:
        known = organization_ids(connection)
        if options.org and options.org not in known:
            raise AdminFailed(f"there is no organization {options.org!r}")
        chosen = [options.org] if options.org else known
        found = [f"{org_id}: {line}" for org_id in chosen for line in differences(connection, org_id)]
    for line in found:
        say(line)
    say(f"Organizations verified: {len(chosen)}; differences: {len(found)}.")
    return FAILED if found else DONE


def _backup(database: Database, options: argparse.Namespace) -> int:
    if database.path is None:
        raise AdminFailed("a PostgreSQL database is backed up with pg_dump")
    if options.file.exists():
        raise AdminFailed(f"{options.file} exists already; name another file")
    options.file.touch(mode=0o600)
    with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(options.file)) as target:
        source.backup(target)
    return say(f"Backed up to {options.file}.")


def _copy(database: Database, options: argparse.Namespace) -> int:
    target = open_prepared(options.target, create=True)
    try:
        with database.reading() as source, target.writing() as connection:
            count = copy(source, connection, Progress(sys.stderr))
    except CannotCopy as error:
        raise AdminFailed(str(error)) from None
    finally:
        target.close()
    return say(f"Copied and verified {count_noun(count, 'organization')}; {target.name} can be served.")
