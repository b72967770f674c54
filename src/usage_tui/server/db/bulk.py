"""Many rows or values in one statement, in the fastest way of each database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Connection, Dialect, Table, Text, bindparam
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from usage_tui.server.db.columns import rendered

_POSTGRESQL_TYPES: dict[type, str] = {str: "text", int: "bigint", bool: "boolean", bytes: "bytea"}


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[NamedTuple], *, on_conflict: str = ""
) -> None:
    """Add rows to a table.

    SQLAlchemy's `insert` creates an object for every value, and sends the rows to PostgreSQL one by one.

    Args:
        connection: In a writing transaction.
        table: The table.
        rows: All of one type, whose fields are columns of the table.
        on_conflict: What to do if the key exists, as SQL.
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
        # The driver takes a third longer for tuples of another class.
        connection.exec_driver_sql(f"{target} VALUES ({marks}) {on_conflict}", list(map(tuple, rows)))
    else:
        types = (_POSTGRESQL_TYPES[table.c[name].type.python_type] for name in names)
        # In binary, because the text of an array is searched for characters to escape, value by value.
        arrays = ", ".join(f"%b::{name}[]" for name in types)
        columns = tuple(map(list, zip(*rows, strict=True)))
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608 - of names and types of ours
        connection.exec_driver_sql(f"{target} {source} {on_conflict}", columns)


class among(FunctionElement[bool]):  # noqa: N801 - written like a function of SQL
    """The condition that a column has one of the values of a parameter, which can be many."""

    # Without a type: SQLAlchemy compares a Boolean with 1 on SQLite, which prevents the use of an index.
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], parameter: str) -> None:
        """Compare.

        Args:
            column: The column to compare.
            parameter: The name of the parameter, which is a list.
        """
        super().__init__(column, bindparam(parameter, type_=_ListOf(column.type)))


class _ListOf(TypeDecorator[list[Any]]):
    """Many values as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.item))

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


@rendered(among, "sqlite")
def _among_json(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - of rendered parts


@rendered(among, "postgresql")
def _among_array(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({values})"
