"""The tables. Every key begins with the organization, so that they can be partitioned by it.

Amounts are BIGINT millionths of the organization's unit, instants are BIGINT microseconds since 1970 in UTC,
dates are text such as ``2026-11-22`` in the organization's zone: both databases compare and sort them alike.
Meters have their own units and are stored as decimal text.

PostgreSQL does not check the foreign keys of the tables that grow with every event: it would look up the same
few rows for each of them, which takes as long as writing them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Table,
    text,
)

from usage_tui.server.db.columns import ByteOrderedText as Text
from usage_tui.server.db.columns import Flag, Int64

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)


def _table(name: str, *parts: Column[Any] | ForeignKeyConstraint | Index, in_order: bool = False) -> Table:
    """A table. On SQLite, its rows can be kept in the order of the primary key, for tables read in spans."""
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=not in_order)


def _org() -> Column[str]:
    return Column("org_id", Text, ForeignKey("organizations.org_id"), primary_key=True)


def _where(condition: str) -> dict[str, Any]:
    """Of an index: that it has only the rows of a condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


organizations = _table(
    "organizations",
    Column("org_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    # The code of what every amount counts.
    Column("unit", Text, nullable=False),
    Column("low_threshold", Int64),
    # Increased by every change, also by an effect of time.
    Column("revision", Int64, nullable=False),
    # The next moment at which time changes a reply. Until then, the revision identifies the state.
    Column("next_change_at", Int64, nullable=False),
    Column("stands_at", Int64, nullable=False),
    Column("last_event_at", Int64),
    Column("overage", Int64, nullable=False),
    Column("last_seq", Int64, nullable=False),
    Column("last_entry", Int64, nullable=False),
    Column("period_number", Int64, nullable=False),
    # The sums of all events without their signs. While these fit 64 bits, every other sum does.
    Column("credits_booked", Int64, nullable=False),
    Column("quantity_booked", Int64, nullable=False),
)
"""One row per organization. Writers lock it, and a 304 needs nothing else."""

subscriptions = _table(
    "subscriptions",
    _org(),
    Column("plan", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("included", Int64, nullable=False),
    Column("ends_at", Int64),
    Column("entitlement_active", Flag, nullable=False),
    # The start of the first period, which determines the day of the month of later ones.
    Column("anchored_at", Int64, nullable=False),
    Column("recharge_enabled", Flag),
    Column("recharge_threshold", Int64),
    Column("buy_credits_link", Text),
    Column("auto_recharge_link", Text),
)

billing_periods = _table(
    "billing_periods",
    _org(),
    Column("number", Int64, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("starts_at", Int64, nullable=False),
    Column("ends_at", Int64, nullable=False),
    Column("total", Int64, nullable=False),
    Column("from_included", Int64, nullable=False),
    Column("uncovered", Int64, nullable=False),
    Column("event_count", Int64, nullable=False),
    Index(None, "org_id", "starts_at"),
)
"""The periods and, in the same row, what their events cost. Number 0 is the time outside all of them."""

grants = _table(
    "grants",
    _org(),
    Column("id", Text, primary_key=True),
    # The order in which they came.
    Column("position", Int64, nullable=False),
    Column("description", Text, nullable=False),
    Column("bucket", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("granted_at", Int64, nullable=False),
    Column("effective_at", Int64, nullable=False),
    Column("expires_at", Int64),
    Column("original", Int64, nullable=False),
    Column("used", Int64, nullable=False),
    Column("expired", Int64, nullable=False),
    Column("voided", Int64, nullable=False),
    Column("remaining", Int64, nullable=False),
    Column("locked", Flag, nullable=False),
    Column("lapsed", Flag, nullable=False),
    Column("is_voided", Flag, nullable=False),
)

journal = _table(
    "journal",
    _org(),
    Column("number", Int64, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Int64, nullable=False),
    Column("grant_id", Text),
    Column("amount", Int64, nullable=False),
    Column("event_id", Text),
)
"""Every change in the order it was booked. Rows are added, never changed."""

events = _table(
    "events",
    _org(),
    # The order of arrival, from 1.
    Column("seq", Int64, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("occurred_at", Int64, nullable=False),
    Column("local_date", Text, nullable=False),
    Column("period_number", Int64, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("activity", Text, nullable=False),
    Column("quantity", Int64, nullable=False),
    Column("credits", Int64, nullable=False),
    Column("uncovered", Int64, nullable=False),
    Column("actor", Text),
    Column("parent_id", Text),
    Column("reverses", Text),
    Column("late", Flag, nullable=False),
    Index(None, "org_id", "id", unique=True),
    Index(None, "org_id", "reverses", unique=True, **_where("reverses IS NOT NULL")),
    # With the amount, so that the totals of a span of time are added up from the index alone.
    Index(None, "org_id", "occurred_at", "seq", "credits"),
    Index(None, "org_id", "kind", "occurred_at", "seq"),
    Index(None, "org_id", "source_id", "occurred_at", "seq"),
    Index(None, "org_id", "credits", "occurred_at", "seq"),
)

allocations = _table(
    "allocations",
    _org(),
    Column("event_seq", Int64, primary_key=True, autoincrement=False),
    Column("position", Int64, primary_key=True, autoincrement=False),
    Column("grant_id", Text, nullable=False),
    Column("credits", Int64, nullable=False),
    ForeignKeyConstraint(["org_id", "event_seq"], ["events.org_id", "events.seq"]),
    ForeignKeyConstraint(["org_id", "grant_id"], ["grants.org_id", "grants.id"]),
)

event_keys = _table(
    "event_keys",
    _org(),
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("event_id", Text, nullable=False),
)
"""Every accepted event by its sender's key, with a digest of its content."""

rollups = _table(
    "rollups",
    _org(),
    Column("local_date", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    # A period may begin within a day.
    Column("period_number", Int64, primary_key=True, autoincrement=False),
    Column("credits", Int64, nullable=False),
    Column("quantity", Int64, nullable=False),
    Column("label", Text, nullable=False),
    Column("labeled_at", Int64, nullable=False),
    Column("event_count", Int64, nullable=False, server_default="0"),
    in_order=True,
)
"""The sums of the events by day and source, written with the events."""

person_sums = _table(
    "person_sums",
    _org(),
    Column("local_date", Text, primary_key=True),
    # Empty for events without an actor.
    Column("actor", Text, primary_key=True),
    Column("period_number", Int64, primary_key=True, autoincrement=False),
    Column("credits", Int64, nullable=False),
    Column("event_count", Int64, nullable=False),
    in_order=True,
)
"""The sums of the events by day and person, written with the events."""

source_uses = _table(
    "source_uses",
    _org(),
    Column("kind", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    # Empty for what no grant paid.
    Column("grant_id", Text, primary_key=True),
    Column("credits", Int64, nullable=False),
    # The arrival of the last event that it paid for.
    Column("last_seq", Int64, nullable=False),
)
"""What each source has used of each grant, net of what was given back, written with the events."""

grant_moves = _table(
    "grant_moves",
    _org(),
    Column("grant_id", Text, primary_key=True),
    # The last period that had begun when it took effect; 0 before the first.
    Column("period_number", Int64, primary_key=True, autoincrement=False),
    Column("used", Int64, nullable=False),
    Column("restored", Int64, nullable=False),
    Column("voided", Int64, nullable=False),
    # What came back after the expiry, and so expired at once.
    Column("lapsed", Int64, nullable=False),
)
"""What moved of each grant in each billing period, by the journal, written with it."""

allowances = _table(
    "allowances",
    _org(),
    Column("id", Text, primary_key=True),
    Column("position", Int64, nullable=False),
    Column("label", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("included", Text),
    Column("used", Text, nullable=False),
    # When the usage is reset; null for never.
    Column("resets_at", Int64),
)

allowance_lines = _table(
    "allowance_lines",
    _org(),
    Column("allowance_id", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("position", Int64, nullable=False),
    Column("used", Text, nullable=False),
    ForeignKeyConstraint(["org_id", "allowance_id"], ["allowances.org_id", "allowances.id"]),
)

allowance_journal = _table(
    "allowance_journal",
    _org(),
    Column("allowance_id", Text, primary_key=True),
    # The order in which they came, from 1 for each allowance.
    Column("number", Int64, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Int64, nullable=False),
    Column("amount", Text, nullable=False),
    Column("line", Text),
    ForeignKeyConstraint(["org_id", "allowance_id"], ["allowances.org_id", "allowances.id"]),
)
"""Every change of an allowance's use in the order it was booked. Rows are added, never changed."""

users = _table(
    "users",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

memberships = _table(
    "memberships",
    _org(),
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("billing_access", Flag, nullable=False),
    Index(None, "user_id"),
)

tokens = _table(
    "tokens",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    # A token of a person has a user, a token of a machine an organization and scopes.
    Column("user_id", Text, ForeignKey("users.id")),
    Column("org_id", Text, ForeignKey("organizations.org_id")),
    Column("scopes", Text, nullable=False),
    Column("created_at", Int64, nullable=False),
    Column("expires_at", Int64),
    Column("revoked_at", Int64),
    # The day in UTC.
    Column("last_used_date", Text),
)

idempotency_keys = _table(
    "idempotency_keys",
    _org(),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("status", Int64, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The answer to every write with a key, stored in the transaction of the write."""

audit_log = _table(
    "audit_log",
    # No foreign key: what was done with an organization stays known after it was deleted. Empty for entries
    # about the whole database.
    Column("org_id", Text, primary_key=True),
    # The order of the changes, from 1 in each organization.
    Column("number", Int64, primary_key=True, autoincrement=False),
    Column("at", Int64, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=False),
    # A JSON list of the fields with their old and new values.
    Column("changes", Text, nullable=False),
)
"""Who changed what and when. Rows are added, never changed."""

service_clock = _table(
    "service_clock",
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("seen_at", Int64, nullable=False),
    # The time after a jump, until the clock is confirmed or right again.
    Column("doubted_at", Int64),
)
"""The last time that the service saw, in one row; empty until it is first served."""

signing_keys = _table(
    "signing_keys",
    Column("id", Text, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
)
"""The key that signs cursors, shared by all processes of one database."""
