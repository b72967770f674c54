"""Copies a whole database into another one, which can be of the other kind."""

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
    """Copy every row, including tokens and the key that signs cursors, and verify the copy.

    Args:
        source: In a reading transaction, so later writes are not copied.
        target: In a writing transaction, which is rolled back if this fails. It has its tables.
        track: Passes the rows on and shows the progress.

    Returns:
        How many organizations there are.

    Raises:
        CannotCopy: The target has data, or the copy does not add up.
    """
    for table in metadata.sorted_tables:
        if table is not signing_keys and target.execute(select(table).limit(1)).first() is not None:
            raise CannotCopy(f"the target already has data, in {table.name}; choose an empty database")
    target.execute(delete(signing_keys))
    for table in metadata.sorted_tables:
        _copy_table(source, target, table, track)
    org_ids = organization_ids(target)
    for org_id in org_ids:
        for line in differences(target, org_id):
            raise CannotCopy(f"nothing was copied, because the copy does not add up: {org_id}: {line}")
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
