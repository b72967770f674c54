"""What each person has used on each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import ByteOrderedText, Int64

revision = "0009"
down_revision = "0008"

_SUMS = """
INSERT INTO person_sums (org_id, local_date, actor, period_number, credits, event_count)
SELECT org_id, local_date, coalesce(actor, ''), period_number, SUM(credits), count(*)
FROM events GROUP BY org_id, local_date, coalesce(actor, ''), period_number
"""


def upgrade() -> None:
    """Change the tables, and keep the data."""
    op.create_table(
        "person_sums",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("local_date", ByteOrderedText(), nullable=False),
        sa.Column("actor", ByteOrderedText(), nullable=False),
        sa.Column("period_number", Int64(), nullable=False),
        sa.Column("credits", Int64(), nullable=False),
        sa.Column("event_count", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_person_sums_organizations"),
        sa.PrimaryKeyConstraint("org_id", "local_date", "actor", "period_number", name="pk_person_sums"),
        sqlite_strict=True,
    )
    op.execute(_SUMS)
