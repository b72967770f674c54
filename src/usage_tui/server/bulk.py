"""Many rows or many values in one statement, each database in the way that is quickest there."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Connection, Table, any_, bindparam, func, select

_POSTGRESQL_TYPES: dict[type, str] = {str: "text", int: "bigint", bool: "boolean", bytes: "bytea"}

Value = TypeVar("Value", int, str)


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[NamedTuple], *, on_conflict: str = ""
) -> None:
    """Add rows to a table.

    SQLAlchemy's own `insert` makes an object of every value, and on PostgreSQL sends the rows one by one.

    Args:
        connection: In a writing transaction.
        table: Which one.
        rows: All of one type, whose fields are columns of the table.
        on_conflict: What becomes of a row whose key is there, as SQL.
    """
    if rows:
        insert_values(connection, table, rows[0]._fields, rows, on_conflict=on_conflict)


def insert_values(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    on_conflict: str = "",
) -> None:
    """Add rows to a table, each with its values in the order of these columns; see `insert_rows`."""
    target = f"INSERT INTO {table.name} ({', '.join(names)})"
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"{target} VALUES ({marks}) {on_conflict}", list(rows))
    else:
        types = (_POSTGRESQL_TYPES[table.c[name].type.python_type] for name in names)
        arrays = ", ".join(f"%s::{name}[]" for name in types)
        columns = tuple(map(list, zip(*rows, strict=True)))
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608 - of names and types of ours
        connection.exec_driver_sql(f"{target} {source} {on_conflict}", columns)


def among(
    connection: Connection, column: ColumnElement[Value], values: Collection[Value]
) -> ColumnElement[bool]:
    """The condition that a column holds one of the values, in a statement that is the same for any number."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))
