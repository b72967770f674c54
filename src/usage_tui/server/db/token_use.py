"""The last day on which each token was used, written once a day for each token."""

from __future__ import annotations

from datetime import date
from threading import Lock

from sqlalchemy import or_, update

from usage_tui.server.db.database import Database
from usage_tui.server.db.schema import tokens


class TokenUse:
    """Notes which tokens are used, and writes it later, so that a read writes nothing."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._noted: dict[str, date] = {}
        self._written: dict[str, date] = {}

    def note(self, token_id: str, day: date) -> None:
        """Note that a token is used on a day in UTC."""
        if self._written.get(token_id) == day:
            return
        with self._lock:
            self._noted[token_id] = day

    def write(self, database: Database) -> None:
        """Write what is new. If that fails, it stays noted.

        Raises:
            DatabaseUnavailable: The database cannot be written now.
        """
        with self._lock:
            noted = dict(self._noted)
        if not noted:
            return
        last = tokens.c.last_used_date
        with database.writing() as connection:
            for token_id, day in sorted(noted.items()):
                is_earlier = or_(last.is_(None), last < day.isoformat())
                this_one = (tokens.c.id == token_id) & is_earlier
                connection.execute(update(tokens).where(this_one).values(last_used_date=day.isoformat()))
        with self._lock:
            self._written |= noted
            self._noted = {one: day for one, day in self._noted.items() if noted.get(one) != day}
