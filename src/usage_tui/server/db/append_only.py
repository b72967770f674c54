"""Lifts the protection of append-only tables, for the one change that needs it: deleting an organization."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

_TABLES = ("events", "allocations", "journal", "allowance_journal")


@contextmanager
def deletable(connection: Connection) -> Iterator[None]:
    """Allow rows to be deleted in this transaction alone; other writers wait.

    Args:
        connection: In a writing transaction, as the owner of the tables.
    """
    if connection.dialect.name == "postgresql":
        for table in _TABLES:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only"))
        yield
        for table in _TABLES:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only"))
        return
    names = [f"{table}_no_delete" for table in _TABLES]
    triggers = {name: _definition(connection, name) for name in names}
    for name in names:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for definition in triggers.values():
        connection.exec_driver_sql(definition)


def _definition(connection: Connection, trigger: str) -> str:
    query = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    return str(connection.execute(query, {"name": trigger}).scalar_one())
