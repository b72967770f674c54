"""The audit log: who changed what and when. It begins empty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import ByteOrderedText, Int64

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Change the tables, and keep the data."""
    op.create_table(
        "audit_log",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("number", Int64(), autoincrement=False, nullable=False),
        sa.Column("at", Int64(), nullable=False),
        sa.Column("actor", ByteOrderedText(), nullable=False),
        sa.Column("action", ByteOrderedText(), nullable=False),
        sa.Column("target", ByteOrderedText(), nullable=False),
        sa.Column("changes", ByteOrderedText(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "number", name="pk_audit_log"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_log_no_{change.lower()} BEFORE {change} ON audit_log "
            "BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END"
        )
