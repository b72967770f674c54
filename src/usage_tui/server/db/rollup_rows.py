"""The sums by day and source that a transaction adds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from usage_tui.ledger.rollup import NEVER_NAMED
from usage_tui.server.db.bulk import insert_rows
from usage_tui.server.db.instants import to_micros
from usage_tui.server.db.rows import EventRow, RollupRow
from usage_tui.server.db.schema import rollups

_ADD_TO_KEPT = """
ON CONFLICT (org_id, local_date, kind, source_id, period_number) DO UPDATE SET
    credits = rollups.credits + excluded.credits,
    quantity = rollups.quantity + excluded.quantity,
    event_count = rollups.event_count + excluded.event_count,
    label = CASE WHEN (excluded.labeled_at, excluded.label) > (rollups.labeled_at, rollups.label)
        THEN excluded.label ELSE rollups.label END,
    labeled_at = CASE WHEN excluded.labeled_at > rollups.labeled_at
        THEN excluded.labeled_at ELSE rollups.labeled_at END
"""


@dataclass(slots=True)
class _Sum:
    """The sum of a source's events on a day, and its name by the newest of them."""

    credits: int
    quantity: int
    newest: tuple[int, str]
    events: int = 1


class RollupRows:
    """What one transaction adds to an organization's sums."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str, str, str, int], _Sum] = {}

    def add(self, event: EventRow) -> None:
        """Count an event in."""
        key = event.org_id, event.local_date, event.kind, event.source_id, event.period_number
        newest = to_micros(NEVER_NAMED) if event.credits < 0 else event.occurred_at, event.label
        known = self._sums.get(key)
        if known is None:
            self._sums[key] = _Sum(event.credits, event.quantity, newest)
            return
        known.credits += event.credits
        known.quantity += event.quantity
        known.events += 1
        known.newest = max(known.newest, newest)

    def save(self, connection: Connection) -> None:
        """Add them to the stored sums. A source has the name of its newest event."""
        rows = [
            RollupRow(
                *key,
                added.credits,
                added.quantity,
                label=added.newest[1],
                labeled_at=added.newest[0],
                event_count=added.events,
            )
            for key, added in self._sums.items()
        ]
        insert_rows(connection, rollups, rows, on_conflict=_ADD_TO_KEPT)
