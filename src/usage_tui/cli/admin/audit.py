"""The command that shows the audit log, and how the other commands add to it."""

from __future__ import annotations

import argparse

from sqlalchemy import Connection, select

from usage_tui import wire
from usage_tui.cli.admin.listing import add_json_option, print_rows
from usage_tui.cli.admin.options import Subcommands, always
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.db.reads import UnknownOrganization
from usage_tui.server.db.schema import organizations
from usage_tui.server.ledger_writer.audit import (
    NO_ORGANIZATION,
    AuditEntry,
    Pairs,
    operator,
    read_entries,
    record,
)


def add_command(commands: Subcommands) -> None:
    """Add the command."""
    text = "show who changed what and when, newest first"
    parser = commands.add("audit", _audit, text, reads=always)
    parser.add_argument(
        "org",
        nargs="?",
        default=NO_ORGANIZATION,
        help="the organization's id, also of a deleted one (default: changes of the whole database)",
    )
    add_json_option(parser)


def record_by_operator(
    connection: Connection, org_id: str, action: str, target: str, changes: Pairs | None = None
) -> None:
    """Append an entry of whoever runs the command, in the transaction of the change."""
    record(connection, org_id, action, target, changes, at=utc_now(), actor=operator())


def _audit(database: Database, options: argparse.Namespace) -> None:
    org_id = options.org
    with database.reading() as connection:
        entries = list(read_entries(connection, org_id))
        known = select(organizations.c.org_id).where(organizations.c.org_id == org_id)
        if org_id and not entries and connection.scalar(known) is None:
            raise UnknownOrganization(org_id)
    print_rows(options, entries, _columns)


def _columns(entry: AuditEntry) -> tuple[str, ...]:
    changed = [one for one in entry.changes if one.old != one.new]
    changes = ", ".join(f"{one.name}: {one.old or 'none'} -> {one.new or 'none'}" for one in changed)
    return wire.write_instant(entry.at), entry.actor, entry.action, entry.target, changes
