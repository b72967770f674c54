"""On SQLite, the sums by day are kept in the order of their keys, where a span of days is read in one go.

Before, a table had its rows in the order of their first use, and each was looked up through the key's index.
PostgreSQL has no such tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_FORMER = "former_sums"


def upgrade() -> None:
    """Change the tables, and keep the data."""
    if op.get_context().dialect.name != "sqlite":
        return
    statement = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    for table in ("rollups", "person_sums"):
        created = op.get_bind().scalar(statement, {"name": table}).rstrip()
        op.rename_table(table, _FORMER)
        op.execute(f"{created}, WITHOUT ROWID")
        op.execute(f"INSERT INTO {table} SELECT * FROM {_FORMER}")  # noqa: S608 - of names of ours
        op.drop_table(_FORMER)
