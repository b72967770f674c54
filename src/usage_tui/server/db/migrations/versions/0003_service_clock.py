"""When the service last saw its clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import Int64

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Change the tables, and keep the data."""
    op.create_table(
        "service_clock",
        sa.Column("id", Int64(), autoincrement=False, nullable=False),
        sa.Column("seen_at", Int64(), nullable=False),
        sa.Column("doubted_at", Int64(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_service_clock"),
        sqlite_strict=True,
    )
