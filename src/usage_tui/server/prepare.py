"""Prepares a database to be served or administered."""

from __future__ import annotations

from typing import Literal

from usage_tui.server.db.database import Database, InvalidDatabase
from usage_tui.server.replies.cursors import ensure_key

Older = Literal["refuse", "keep", "upgrade"]
"""What to do with tables of an older version."""


def open_prepared(name: str, *, create: bool, reads: bool = False, older: Older = "refuse") -> Database:
    """Open a database and prepare it.

    Args:
        name: As in `Database.open`.
        create: Whether a missing file is created. Commands that change existing data do not create one, so
            that a misspelled name is noticed.
        reads: Whether nothing can be written; otherwise an empty database gets its tables.
        older: What to do with tables of an older version.

    Raises:
        InvalidDatabase: It is not a database, or this version cannot use it.
        DatabaseUnavailable: It cannot be reached or written.
    """
    database = Database.open(name, create=create, reads=reads)
    try:
        prepare(database, set_up=not reads, older=older)
    except BaseException:
        database.close()
        raise
    return database


def prepare(database: Database, *, set_up: bool = True, older: Older = "upgrade") -> None:
    """Upgrade the tables to this version, and create the key that signs cursors.

    If that is already done, it only reads and does not wait for a writer.

    Args:
        database: The database.
        set_up: Whether an empty database gets its tables.
        older: What to do with tables of an older version.

    Raises:
        InvalidDatabase: It is from a newer version or another program, or needs a change that is not allowed.
        DatabaseUnavailable: The database cannot be reached or written.
    """
    if database.is_current():
        return
    if older != "upgrade" and database.is_older():
        if older == "keep":
            return
        raise InvalidDatabase(
            f"{database.name} has the tables of an older version; "
            "back it up, then run: usage-tui admin upgrade"
        )
    with database.migrating(create=set_up) as connection:
        ensure_key(connection)
