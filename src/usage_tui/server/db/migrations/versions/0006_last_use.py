"""The day on which each token was last used: unknown, until now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import ByteOrderedText

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Change the tables, and keep the data."""
    op.add_column("tokens", sa.Column("last_used_date", ByteOrderedText(), nullable=True))
