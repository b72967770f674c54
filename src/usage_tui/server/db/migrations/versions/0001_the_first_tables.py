"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import ByteOrderedText, Flag, Int64

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Change the tables, and keep the data."""
    op.create_table(
        "organizations",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("name", ByteOrderedText(), nullable=False),
        sa.Column("time_zone", ByteOrderedText(), nullable=False),
        sa.Column("low_threshold", Int64(), nullable=True),
        sa.Column("revision", Int64(), nullable=False),
        sa.Column("next_change_at", Int64(), nullable=False),
        sa.Column("stands_at", Int64(), nullable=False),
        sa.Column("last_event_at", Int64(), nullable=True),
        sa.Column("overage", Int64(), nullable=False),
        sa.Column("last_seq", Int64(), nullable=False),
        sa.Column("last_entry", Int64(), nullable=False),
        sa.Column("period_number", Int64(), nullable=False),
        sa.Column("credits_booked", Int64(), nullable=False),
        sa.Column("quantity_booked", Int64(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", name="pk_organizations"),
        sqlite_strict=True,
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", ByteOrderedText(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signing_keys"),
        sqlite_strict=True,
    )
    op.create_table(
        "users",
        sa.Column("id", ByteOrderedText(), nullable=False),
        sa.Column("name", ByteOrderedText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sqlite_strict=True,
    )
    op.create_table(
        "allowances",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("id", ByteOrderedText(), nullable=False),
        sa.Column("position", Int64(), nullable=False),
        sa.Column("label", ByteOrderedText(), nullable=False),
        sa.Column("unit", ByteOrderedText(), nullable=False),
        sa.Column("included", ByteOrderedText(), nullable=True),
        sa.Column("used", ByteOrderedText(), nullable=False),
        sa.Column("resets_at", Int64(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_allowances_organizations"),
        sa.PrimaryKeyConstraint("org_id", "id", name="pk_allowances"),
        sqlite_strict=True,
    )
    op.create_table(
        "billing_periods",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("number", Int64(), autoincrement=False, nullable=False),
        sa.Column("id", ByteOrderedText(), nullable=False),
        sa.Column("starts_at", Int64(), nullable=False),
        sa.Column("ends_at", Int64(), nullable=False),
        sa.Column("total", Int64(), nullable=False),
        sa.Column("from_included", Int64(), nullable=False),
        sa.Column("uncovered", Int64(), nullable=False),
        sa.Column("event_count", Int64(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organizations.org_id"], name="fk_billing_periods_organizations"
        ),
        sa.PrimaryKeyConstraint("org_id", "number", name="pk_billing_periods"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_billing_periods_org_id_starts_at", "billing_periods", ["org_id", "starts_at"], unique=False
    )
    op.create_table(
        "event_keys",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("source", ByteOrderedText(), nullable=False),
        sa.Column("id", ByteOrderedText(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("event_id", ByteOrderedText(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_event_keys_organizations"),
        sa.PrimaryKeyConstraint("org_id", "source", "id", name="pk_event_keys"),
        sqlite_strict=True,
    )
    op.create_table(
        "events",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("seq", Int64(), autoincrement=False, nullable=False),
        sa.Column("id", ByteOrderedText(), nullable=False),
        sa.Column("occurred_at", Int64(), nullable=False),
        sa.Column("local_date", ByteOrderedText(), nullable=False),
        sa.Column("period_number", Int64(), nullable=False),
        sa.Column("kind", ByteOrderedText(), nullable=False),
        sa.Column("source_id", ByteOrderedText(), nullable=False),
        sa.Column("label", ByteOrderedText(), nullable=False),
        sa.Column("activity", ByteOrderedText(), nullable=False),
        sa.Column("quantity", Int64(), nullable=False),
        sa.Column("credits", Int64(), nullable=False),
        sa.Column("uncovered", Int64(), nullable=False),
        sa.Column("actor", ByteOrderedText(), nullable=True),
        sa.Column("parent_id", ByteOrderedText(), nullable=True),
        sa.Column("reverses", ByteOrderedText(), nullable=True),
        sa.Column("late", Flag(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_events_organizations"),
        sa.PrimaryKeyConstraint("org_id", "seq", name="pk_events"),
        sqlite_strict=True,
    )
    op.create_index("ix_events_org_id_id", "events", ["org_id", "id"], unique=True)
    op.create_index(
        "ix_events_org_id_kind_occurred_at_seq",
        "events",
        ["org_id", "kind", "occurred_at", "seq"],
        unique=False,
    )
    op.create_index(
        "ix_events_org_id_occurred_at_seq", "events", ["org_id", "occurred_at", "seq"], unique=False
    )
    op.create_index("ix_events_org_id_reverses", "events", ["org_id", "reverses"], unique=True)
    op.create_index(
        "ix_events_org_id_source_id_occurred_at_seq",
        "events",
        ["org_id", "source_id", "occurred_at", "seq"],
        unique=False,
    )
    op.create_table(
        "grants",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("id", ByteOrderedText(), nullable=False),
        sa.Column("position", Int64(), nullable=False),
        sa.Column("description", ByteOrderedText(), nullable=False),
        sa.Column("bucket", ByteOrderedText(), nullable=False),
        sa.Column("origin", ByteOrderedText(), nullable=False),
        sa.Column("granted_at", Int64(), nullable=False),
        sa.Column("effective_at", Int64(), nullable=False),
        sa.Column("expires_at", Int64(), nullable=True),
        sa.Column("original", Int64(), nullable=False),
        sa.Column("used", Int64(), nullable=False),
        sa.Column("expired", Int64(), nullable=False),
        sa.Column("voided", Int64(), nullable=False),
        sa.Column("remaining", Int64(), nullable=False),
        sa.Column("locked", Flag(), nullable=False),
        sa.Column("lapsed", Flag(), nullable=False),
        sa.Column("is_voided", Flag(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_grants_organizations"),
        sa.PrimaryKeyConstraint("org_id", "id", name="pk_grants"),
        sqlite_strict=True,
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("key", ByteOrderedText(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", Int64(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organizations.org_id"], name="fk_idempotency_keys_organizations"
        ),
        sa.PrimaryKeyConstraint("org_id", "key", name="pk_idempotency_keys"),
        sqlite_strict=True,
    )
    op.create_table(
        "journal",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("number", Int64(), autoincrement=False, nullable=False),
        sa.Column("kind", ByteOrderedText(), nullable=False),
        sa.Column("at", Int64(), nullable=False),
        sa.Column("grant_id", ByteOrderedText(), nullable=True),
        sa.Column("amount", Int64(), nullable=False),
        sa.Column("event_id", ByteOrderedText(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_journal_organizations"),
        sa.PrimaryKeyConstraint("org_id", "number", name="pk_journal"),
        sqlite_strict=True,
    )
    op.create_table(
        "memberships",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("user_id", ByteOrderedText(), nullable=False),
        sa.Column("role", ByteOrderedText(), nullable=False),
        sa.Column("billing_access", Flag(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_memberships_organizations"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_memberships_users"),
        sa.PrimaryKeyConstraint("org_id", "user_id", name="pk_memberships"),
        sqlite_strict=True,
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"], unique=False)
    op.create_table(
        "rollups",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("local_date", ByteOrderedText(), nullable=False),
        sa.Column("kind", ByteOrderedText(), nullable=False),
        sa.Column("source_id", ByteOrderedText(), nullable=False),
        sa.Column("period_number", Int64(), autoincrement=False, nullable=False),
        sa.Column("credits", Int64(), nullable=False),
        sa.Column("quantity", Int64(), nullable=False),
        sa.Column("label", ByteOrderedText(), nullable=False),
        sa.Column("labeled_at", Int64(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_rollups_organizations"),
        sa.PrimaryKeyConstraint(
            "org_id", "local_date", "kind", "source_id", "period_number", name="pk_rollups"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "subscriptions",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("plan", ByteOrderedText(), nullable=False),
        sa.Column("status", ByteOrderedText(), nullable=False),
        sa.Column("cadence", ByteOrderedText(), nullable=False),
        sa.Column("included", Int64(), nullable=False),
        sa.Column("ends_at", Int64(), nullable=True),
        sa.Column("entitlement_active", Flag(), nullable=False),
        sa.Column("anchored_at", Int64(), nullable=False),
        sa.Column("recharge_enabled", Flag(), nullable=True),
        sa.Column("recharge_threshold", Int64(), nullable=True),
        sa.Column("buy_credits_link", ByteOrderedText(), nullable=True),
        sa.Column("auto_recharge_link", ByteOrderedText(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_subscriptions_organizations"),
        sa.PrimaryKeyConstraint("org_id", name="pk_subscriptions"),
        sqlite_strict=True,
    )
    op.create_table(
        "tokens",
        sa.Column("id", ByteOrderedText(), nullable=False),
        sa.Column("name", ByteOrderedText(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", ByteOrderedText(), nullable=True),
        sa.Column("org_id", ByteOrderedText(), nullable=True),
        sa.Column("scopes", ByteOrderedText(), nullable=False),
        sa.Column("created_at", Int64(), nullable=False),
        sa.Column("expires_at", Int64(), nullable=True),
        sa.Column("revoked_at", Int64(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_tokens_organizations"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tokens_users"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sqlite_strict=True,
    )
    op.create_table(
        "allocations",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("event_seq", Int64(), autoincrement=False, nullable=False),
        sa.Column("position", Int64(), autoincrement=False, nullable=False),
        sa.Column("grant_id", ByteOrderedText(), nullable=False),
        sa.Column("credits", Int64(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "event_seq"], ["events.org_id", "events.seq"], name="fk_allocations_events"
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "grant_id"], ["grants.org_id", "grants.id"], name="fk_allocations_grants"
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.org_id"], name="fk_allocations_organizations"),
        sa.PrimaryKeyConstraint("org_id", "event_seq", "position", name="pk_allocations"),
        sqlite_strict=True,
    )
    op.create_table(
        "allowance_lines",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("allowance_id", ByteOrderedText(), nullable=False),
        sa.Column("label", ByteOrderedText(), nullable=False),
        sa.Column("position", Int64(), nullable=False),
        sa.Column("used", ByteOrderedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "allowance_id"],
            ["allowances.org_id", "allowances.id"],
            name="fk_allowance_lines_allowances",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organizations.org_id"], name="fk_allowance_lines_organizations"
        ),
        sa.PrimaryKeyConstraint("org_id", "allowance_id", "label", name="pk_allowance_lines"),
        sqlite_strict=True,
    )
