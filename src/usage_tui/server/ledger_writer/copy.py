"""A whole database written into another one, of the same kind or of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select

from usage_tui.server.db.bulk import insert_values
from usage_tui.server.db.schema import metadata, signing_keys
from usage_tui.server.ledger_writer.verify import differences, organization_ids

_CHUNK = 5000
Track = Callable[[Iterator[tuple[Any, ...]], str, int], Iterator[tuple[Any, ...]]]
"""Passes rows on: rows, what is being done, how many there are."""


class CannotCopy(Exception):
    """Nothing was copied; the message says why in one line."""


def copy(source: Connection, target: Connection, track: Track) -> int:
    """Copy every row, tokens and the key of the cursors too, and verify the copy.

    Args:
        source: In a reading transaction: what is written meanwhile is not copied.
        target: In a writing transaction, which keeps nothing where this fails. Its tables are there.
        track: Passes the rows on, and shows how far it has come.

    Returns:
        How many organizations there are.

    Raises:
        CannotCopy: The target holds data, or the copy does not add up.
    """
    for table in metadata.sorted_tables:
        if table is not signing_keys and target.execute(select(table).limit(1)).first() is not None:
            raise CannotCopy(f"the target holds data already, in {table.name}; name an empty database")
    target.execute(delete(signing_keys))
    for table in metadata.sorted_tables:
        _copy_table(source, target, table, track)
    org_ids = organization_ids(target)
    for org_id in org_ids:
        for line in differences(target, org_id):
            raise CannotCopy(f"nothing was kept, for the copy does not add up: {org_id}: {line}")
    return len(org_ids)


def _copy_table(source: Connection, target: Connection, table: Table, track: Track) -> None:
    count = source.scalar(select(func.count()).select_from(table)) or 0
    rows = track(_rows(source, table), f"Copying {table.name}", count)
    while chunk := list(islice(rows, _CHUNK)):
        insert_values(target, table, table.columns.keys(), chunk)


def _rows(source: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=_CHUNK)
    for row in source.execute(query):
        yield tuple(row)
