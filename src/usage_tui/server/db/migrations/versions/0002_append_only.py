"""The journal of the allowances, and what is booked protected from change."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from usage_tui.server.db.columns import ByteOrderedText, Int64

revision = "0002"
down_revision = "0001"

_APPEND_ONLY = ("events", "allocations", "journal", "allowance_journal")


def upgrade() -> None:
    """Change the tables, and keep the data."""
    allowance_journal = op.create_table(
        "allowance_journal",
        sa.Column("org_id", ByteOrderedText(), nullable=False),
        sa.Column("allowance_id", ByteOrderedText(), nullable=False),
        sa.Column("number", Int64(), autoincrement=False, nullable=False),
        sa.Column("kind", ByteOrderedText(), nullable=False),
        sa.Column("at", Int64(), nullable=False),
        sa.Column("amount", ByteOrderedText(), nullable=False),
        sa.Column("line", ByteOrderedText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "allowance_id"],
            ["allowances.org_id", "allowances.id"],
            name="fk_allowance_journal_allowances",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organizations.org_id"], name="fk_allowance_journal_organizations"
        ),
        sa.PrimaryKeyConstraint("org_id", "allowance_id", "number", name="pk_allowance_journal"),
        sqlite_strict=True,
    )
    op.bulk_insert(allowance_journal, list(_opening_entries(op.get_bind())))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
        )
    for table in _APPEND_ONLY:
        _protect(table)


def _opening_entries(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """What was used when the journal began, a line each and the rest of it."""
    lines = connection.execute(sa.text("SELECT org_id, allowance_id, label, used FROM allowance_lines"))
    used_by: dict[tuple[str, str], list[tuple[str | None, Decimal]]] = {}
    for line in lines:
        used_by.setdefault((line.org_id, line.allowance_id), []).append((line.label, Decimal(line.used)))
    allowances = connection.execute(
        sa.text(
            "SELECT allowances.org_id, id, used, stands_at FROM allowances "
            "JOIN organizations ON organizations.org_id = allowances.org_id"
        )
    )
    for allowance in allowances:
        parts = used_by.get((allowance.org_id, allowance.id), [])
        parts.append((None, Decimal(allowance.used) - sum(amount for _, amount in parts)))
        for number, (label, amount) in enumerate(parts, start=1):
            yield {
                "org_id": allowance.org_id,
                "allowance_id": allowance.id,
                "number": number,
                "kind": "used",
                "at": allowance.stands_at,
                "amount": f"{amount:f}",
                "line": label,
            }


def _protect(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
