"""Deletes an organization with everything that belongs to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from usage_tui.server.db.append_only import deletable
from usage_tui.server.db.reads import UnknownOrganization, read_organization
from usage_tui.server.db.schema import audit_log, metadata
from usage_tui.server.ledger_writer.audit import DELETED, record


def delete_organization(connection: Connection, org_id: str, now: datetime, actor: str) -> int:
    """Delete an organization: its events, grants, plan, memberships and machine tokens.

    People stay, and so does the audit log.

    Args:
        connection: In a writing transaction.
        org_id: Which organization.
        now: The present.
        actor: Who deletes it.

    Returns:
        How many events it had.

    Raises:
        UnknownOrganization: There is none.
    """
    organization = read_organization(connection, org_id, to_write=True)
    if organization is None:
        raise UnknownOrganization(org_id)
    with deletable(connection):
        for table in reversed(metadata.sorted_tables):
            if "org_id" in table.columns and table is not audit_log:
                connection.execute(delete(table).where(table.c.org_id == org_id))
    changes = {"name": (organization.org.name, None), "events": (organization.last_seq, None)}
    record(connection, org_id, DELETED, org_id, changes, at=now, actor=actor)
    return organization.last_seq
