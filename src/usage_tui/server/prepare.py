"""What a database needs before it can be served or administered."""

from __future__ import annotations

from usage_tui.server.db.database import Database
from usage_tui.server.replies.cursors import ensure_key

DEFAULT_DATABASE = "usage.db"
A_DATABASE = "an SQLite file, or postgresql+psycopg://HOST/NAME"
"""What `open_prepared` takes, for people."""


def open_prepared(name: str, *, create: bool) -> Database:
    """Open a database that is prepared.

    Args:
        name: As `Database.open` takes it.
        create: Whether it is made where there is none; who only reads or changes would else not notice
            that its name is misspelled.

    Raises:
        InvalidDatabase: It is none, or none that this version can use.
        DatabaseUnavailable: It cannot be reached or written.
    """
    database = Database.open(name, create=create)
    try:
        prepare(database, create=create)
    except BaseException:
        database.close()
        raise
    return database


def prepare(database: Database, *, create: bool = True) -> None:
    """Bring the tables to this version, and make the key that cursors are signed with.

    Where that was done before, it only reads, and waits for no writer.

    Raises:
        InvalidDatabase: It is of a newer version or of another program, or, unless `create`, empty.
        DatabaseUnavailable: The database cannot be reached or written.
    """
    if database.is_current():
        return
    with database.migrating(create=create) as connection:
        ensure_key(connection)
