"""Deletes an organization with everything that belongs to it."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from usage_tui.server.db.append_only import deletable
from usage_tui.server.db.reads import UnknownOrganization, read_account
from usage_tui.server.db.schema import metadata


def delete_organization(connection: Connection, org_id: str) -> int:
    """Delete an organization: its events, grants, plan, memberships and machine tokens. People stay.

    Args:
        connection: In a writing transaction.
        org_id: Which organization.

    Returns:
        How many events it had.

    Raises:
        UnknownOrganization: There is none.
    """
    account = read_account(connection, org_id, to_write=True)
    if account is None:
        raise UnknownOrganization(org_id)
    with deletable(connection):
        for table in reversed(metadata.sorted_tables):
            if "org_id" in table.columns:
                connection.execute(delete(table).where(table.c.org_id == org_id))
    return account.last_seq
