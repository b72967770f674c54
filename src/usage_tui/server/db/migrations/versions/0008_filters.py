"""For filters of events: an index to sort by amount, and in the sums of each day the number of events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import Int64

revision = "0008"
down_revision = "0007"

_KEY = "org_id", "local_date", "kind", "source_id", "period_number"


def upgrade() -> None:
    """Change the tables, and keep the data."""
    op.create_index(
        "ix_events_org_id_credits_occurred_at_seq", "events", ["org_id", "credits", "occurred_at", "seq"]
    )
    op.add_column("rollups", sa.Column("event_count", Int64(), nullable=False, server_default="0"))
    key = ", ".join(_KEY)
    same = " AND ".join(f"rollups.{name} = counted.{name}" for name in _KEY)
    op.execute(
        "UPDATE rollups SET event_count = counted.event_count "  # noqa: S608 - of names of ours
        f"FROM (SELECT {key}, count(*) AS event_count FROM events GROUP BY {key}) AS counted WHERE {same}"
    )
