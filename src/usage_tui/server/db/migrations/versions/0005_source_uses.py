"""What each source has used of each grant, so that an adjustment can be given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import ByteOrderedText, Int64

revision = "0005"
down_revision = "0004"

_PAID = """
INSERT INTO source_uses (org_id, kind, source_id, grant_id, credits, last_seq)
SELECT e.org_id, e.kind, e.source_id, a.grant_id, SUM(a.credits),
    MAX(CASE WHEN a.credits > 0 THEN e.seq ELSE 0 END)
FROM events e JOIN allocations a ON a.org_id = e.org_id AND a.event_seq = e.seq
GROUP BY e.org_id, e.kind, e.source_id, a.grant_id
"""
_UNCOVERED = """
INSERT INTO source_uses (org_id, kind, source_id, grant_id, credits, last_seq)
SELECT org_id, kind, source_id, '', SUM(uncovered), MAX(CASE WHEN uncovered > 0 THEN seq ELSE 0 END)
FROM events WHERE uncovered <> 0 GROUP BY org_id, kind, source_id
"""


def upgrade() -> None:
    """Change the tables, and keep the data."""
    op.create_table(
        "source_uses",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("kind", ByteOrderedText(), nullable=False),
        sa.Column("source_id", ByteOrderedText(), nullable=False),
        sa.Column("grant_id", ByteOrderedText(), nullable=False),
        sa.Column("credits", Int64(), nullable=False),
        sa.Column("last_seq", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_source_uses_organizations"),
        sa.PrimaryKeyConstraint("org_id", "kind", "source_id", "grant_id", name="pk_source_uses"),
        sqlite_strict=True,
    )
    op.execute(_PAID)
    op.execute(_UNCOVERED)
