"""The sums by day and person that a transaction adds."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection

from usage_tui.server.db.bulk import insert_rows
from usage_tui.server.db.rows import EventRow, PersonSumRow
from usage_tui.server.db.schema import person_sums

_ADD_TO_KEPT = """
ON CONFLICT (org_id, local_date, actor, period_number) DO UPDATE SET
    credits = person_sums.credits + excluded.credits,
    event_count = person_sums.event_count + excluded.event_count
"""


class PersonSumRows:
    """What one transaction adds to the sums by person."""

    def __init__(self) -> None:
        self._sums: defaultdict[tuple[str, str, str, int], list[int]] = defaultdict(lambda: [0, 0])

    def add(self, event: EventRow) -> None:
        """Count an event in."""
        known = self._sums[event.org_id, event.local_date, event.actor or "", event.period_number]
        known[0] += event.credits
        known[1] += 1

    def save(self, connection: Connection) -> None:
        """Add them to the stored sums."""
        rows = [PersonSumRow(*key, *added) for key, added in self._sums.items()]
        insert_rows(connection, person_sums, rows, on_conflict=_ADD_TO_KEPT)
