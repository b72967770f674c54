"""What moved of each grant in each billing period, so that the balance can be carried forward."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import ByteOrderedText, Int64

revision = "0010"
down_revision = "0009"

# An entry counts in the last period that had begun when it took effect, or in number 0 before the first.
_MOVED = """
INSERT INTO grant_moves (org_id, grant_id, period_number, used, restored, voided, lapsed)
SELECT org_id, grant_id, period_number,
    SUM(CASE WHEN kind = 'used' THEN amount ELSE 0 END),
    SUM(CASE WHEN kind = 'reversed' THEN amount ELSE 0 END),
    SUM(CASE WHEN kind = 'voided' THEN amount ELSE 0 END),
    SUM(CASE WHEN kind = 'expired' THEN amount ELSE 0 END)
FROM (
    SELECT j.org_id, j.grant_id, j.kind, j.amount,
        COALESCE((
            SELECT p.number FROM billing_periods p
            WHERE p.org_id = j.org_id AND p.number <> 0 AND p.starts_at <= j.at
            ORDER BY p.starts_at DESC LIMIT 1
        ), 0) AS period_number
    FROM journal j
    WHERE j.grant_id IS NOT NULL AND (
        j.kind IN ('used', 'reversed', 'voided') OR (j.kind = 'expired' AND j.event_id IS NOT NULL)
    )
) AS dated
GROUP BY org_id, grant_id, period_number
"""


def upgrade() -> None:
    """Change the tables, and keep the data."""
    op.create_table(
        "grant_moves",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("grant_id", ByteOrderedText(), nullable=False),
        sa.Column("period_number", Int64(), nullable=False, autoincrement=False),
        sa.Column("used", Int64(), nullable=False),
        sa.Column("restored", Int64(), nullable=False),
        sa.Column("voided", Int64(), nullable=False),
        sa.Column("lapsed", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_grant_moves_organizations"),
        sa.PrimaryKeyConstraint("org_id", "grant_id", "period_number", name="pk_grant_moves"),
        sqlite_strict=True,
    )
    op.execute(_MOVED)
