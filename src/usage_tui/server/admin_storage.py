"""The commands for the data as a whole: take over a history, verify, back up."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from usage_tui.clients.recording import RecordingClient
from usage_tui.importing.progress import Progress
from usage_tui.server.admin_options import AdminFailed, Subcommands
from usage_tui.server.adopting import Kept, adopt, read_kept
from usage_tui.server.database import Database
from usage_tui.server.verifying import differences, organization_ids

DONE, FAILED = 0, 1


def add_commands(commands: Subcommands) -> None:
    """Declare them."""
    parser = commands.add(
        "import", _import, "take over an organization with its history from a recording", creates=True
    )
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="as usage-tui import writes it")
    parser = commands.add("verify", _verify, "compare every balance and sum with the journal and the events")
    parser.add_argument("org", nargs="?", help="by default all")
    parser = commands.add("backup", _backup, "copy an SQLite database, also while it is served")
    parser.add_argument("file", type=Path, metavar="FILE", help="must not exist")


def _import(database: Database, options: argparse.Namespace) -> int:
    kept = asyncio.run(_read(options.file))
    events = Progress(sys.stderr).track(kept.events, "Booking", len(kept.events))
    with database.writing() as connection:
        adopt(connection, kept, events)
    return _say(
        f"Imported {kept.summary.org.id} with {len(kept.events):,} events and {len(kept.grants)} grants."
    )


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


async def _read(path: Path) -> Kept:
    client = await RecordingClient.open(path)
    try:
        await client.check()
        return await read_kept(client)
    finally:
        await client.aclose()


def _say(line: str) -> int:
    sys.stdout.write(line + "\n")
    return DONE
