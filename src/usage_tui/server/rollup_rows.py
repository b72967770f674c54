"""The sums by day and source as a transaction adds to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, case, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from usage_tui.models import Event
from usage_tui.server.instants import to_micros
from usage_tui.server.schema import rollups

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class RollupRows:
    """What one transaction adds to an organization's sums."""

    def __init__(self, org_id: str) -> None:
        self._org_id = org_id
        self._rows: dict[tuple[str, str, str, int], dict[str, Any]] = {}

    def add(self, event: Event, day: str, period_number: int) -> None:
        """Count an event in.

        Args:
            event: What was used.
            day: Its date, such as ``2026-11-22``.
            period_number: The period that it lies in.
        """
        labeled_at = to_micros(event.occurred_at)
        key = day, event.kind, event.source_id, period_number
        row = self._rows.setdefault(
            key,
            {
                "org_id": self._org_id,
                "local_date": day,
                "kind": event.kind,
                "source_id": event.source_id,
                "period_number": period_number,
                "credits": 0,
                "quantity": 0,
                "label": event.label,
                "labeled_at": labeled_at,
            },
        )
        row["credits"] += event.credits.micro
        row["quantity"] += event.quantity
        if (labeled_at, event.label) > (row["labeled_at"], row["label"]):
            row["labeled_at"], row["label"] = labeled_at, event.label

    def save(self, connection: Connection) -> None:
        """Add them to what is kept; a source keeps the name of its newest event."""
        if not self._rows:
            return
        added = _INSERTS[connection.dialect.name](rollups)
        kept, new = rollups.c, added.excluded
        renamed = tuple_(new.labeled_at, new.label) > tuple_(kept.labeled_at, kept.label)
        statement = added.on_conflict_do_update(
            index_elements=[column.name for column in rollups.primary_key],
            set_={
                "credits": kept.credits + new.credits,
                "quantity": kept.quantity + new.quantity,
                "label": case((renamed, new.label), else_=kept.label),
                "labeled_at": case((renamed, new.labeled_at), else_=kept.labeled_at),
            },
        )
        connection.execute(statement, list(self._rows.values()))
