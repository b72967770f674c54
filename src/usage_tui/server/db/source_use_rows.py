"""The usage of grants by source that a transaction adds."""

from __future__ import annotations

from sqlalchemy import Connection

from usage_tui.ledger.source_use import OVERAGE
from usage_tui.models import Event
from usage_tui.server.db.bulk import insert_rows
from usage_tui.server.db.rows import SourceUseRow
from usage_tui.server.db.schema import source_uses

_ADD_TO_KEPT = """
ON CONFLICT (org_id, kind, source_id, grant_id) DO UPDATE SET
    credits = source_uses.credits + excluded.credits,
    last_seq = CASE WHEN excluded.last_seq > source_uses.last_seq
        THEN excluded.last_seq ELSE source_uses.last_seq END
"""


class SourceUseRows:
    """What one transaction adds to the usage of grants by source."""

    def __init__(self, org_id: str) -> None:
        self._org_id = org_id
        self._added: dict[tuple[str, str, str], tuple[int, int]] = {}

    def add(self, event: Event, seq: int) -> None:
        """Add an event, with its number of arrival."""
        for part in event.allocations:
            self._count((event.kind, event.source_id, part.grant_id), part.credits.micro, seq)
        if event.uncovered:
            self._count((event.kind, event.source_id, OVERAGE), event.uncovered.micro, seq)

    def save(self, connection: Connection) -> None:
        """Add them to the stored usage."""
        rows = [
            SourceUseRow(self._org_id, *key, micro, last_seq)
            for key, (micro, last_seq) in self._added.items()
        ]
        insert_rows(connection, source_uses, rows, on_conflict=_ADD_TO_KEPT)

    def _count(self, key: tuple[str, str, str], micro: int, seq: int) -> None:
        known, last_seq = self._added.get(key, (0, 0))
        self._added[key] = known + micro, seq if micro > 0 else last_seq
