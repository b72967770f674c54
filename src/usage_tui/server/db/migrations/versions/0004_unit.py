"""What the amounts of an organization count: credits, until now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import ByteOrderedText

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Change the tables, and keep the data."""
    unit = sa.Column("unit", ByteOrderedText(), nullable=False, server_default="credit")
    op.add_column("organizations", unit)
