"""What a database needs before it can be served."""

from __future__ import annotations

from usage_tui.server.cursors import ensure_key
from usage_tui.server.database import Database


def prepare(database: Database) -> None:
    """Bring the tables to this version, and make the key that cursors are signed with.

    Raises:
        DatabaseUnavailable: The database cannot be reached or written.
    """
    database.migrate()
    with database.writing() as connection:
        ensure_key(connection)
