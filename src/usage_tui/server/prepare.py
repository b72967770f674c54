"""What a database needs before it can be served or administered."""

from __future__ import annotations

from typing import Literal

from usage_tui.server.db.database import Database, InvalidDatabase
from usage_tui.server.replies.cursors import ensure_key

DEFAULT_DATABASE = "usage.db"
A_DATABASE = "an SQLite file, or postgresql+psycopg://HOST/NAME"
"""What `open_prepared` takes, for people."""


Older = Literal["refuse", "keep", "upgrade"]
"""What becomes of tables of an older version."""


def open_prepared(name: str, *, create: bool, reads: bool = False, older: Older = "refuse") -> Database:
    """Open a database that is prepared.

    Args:
        name: As `Database.open` takes it.
        create: Whether a missing file is made. Commands that change what is there do not make one, so
            that a misspelled name is noticed.
        reads: Whether nothing can be written; otherwise an empty database gets its tables.
        older: What becomes of tables of an older version.

    Raises:
        InvalidDatabase: It is none, or none that this version can use.
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
    """Bring the tables to this version, and make the key that cursors are signed with.

    Where that was done before, it only reads, and waits for no writer.

    Args:
        database: The database.
        set_up: Whether an empty database gets its tables.
        older: What becomes of tables of an older version.

    Raises:
        InvalidDatabase: It is of a newer version or of another program, or what it needs is not allowed.
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
