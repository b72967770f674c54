"""The machine's clock, checked before it is booked by: what a wrong time brings about cannot be undone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import Clock, from_micros, to_micros, utc_now
from usage_tui.server.db.schema import service_clock

LONGEST_REST = timedelta(days=60)
"""How long a database may not have been served before its clock must be confirmed."""
TOLERANCE = timedelta(minutes=5)
"""How far the clock may be set while the service runs."""
_ADVICE = "correct it, or confirm it with: usage-tui admin clock accept"
_LOG = logging.getLogger("usage_tui.server")


def elapsed() -> float:
    """Seconds that only move forward, the time for which the machine slept included where it tells."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class TrustedClock:
    """Tells the time, and whether it may be booked by.

    While the machine's clock is not trusted, the time goes on from when it was last right.
    """

    def __init__(
        self, database: Database, wall: Clock = utc_now, elapsed: Callable[[], float] = elapsed
    ) -> None:
        """Compare the clock with the last time that this database has seen.

        Args:
            database: With the tables of this version.
            wall: The machine's clock.
            elapsed: Seconds from an arbitrary moment on, which nobody sets.

        Raises:
            DatabaseUnavailable: The database cannot be read now.
        """
        self._database, self._wall, self._elapsed = database, wall, elapsed
        with database.reading() as connection:
            seen_at = read_seen_at(connection)
        now = wall()
        self._doubt = doubt_at_start(seen_at, now)
        self._right_at = now if self._doubt is None or seen_at is None else seen_at
        self._right_when = elapsed()
        self._report()

    def __call__(self) -> datetime:
        """The present; while the machine's clock is not trusted, as far as it can be told without it."""
        return self._wall() if self._doubt is None else self._expected()

    def check(self) -> str | None:
        """Look at the clock again, and at whether somebody has confirmed it.

        Returns:
            Why it is not trusted, one sentence; None while it is.

        Raises:
            DatabaseUnavailable: The database cannot be read now.
        """
        now, expected, doubted = self._wall(), self._expected(), self._doubt is not None
        if abs(now - expected) <= TOLERANCE or (doubted and self._is_confirmed(now)):
            self._doubt, self._right_at, self._right_when = None, now, self._elapsed()
            if doubted:
                _LOG.warning("The clock is trusted again.")
        elif not doubted:
            self._doubt = f"The clock jumped from {_text(expected)} to {_text(now)}; {_ADVICE}."
            self._report()
        return self._doubt

    def remember(self) -> None:
        """Keep the time for the next start, unless it is not trusted.

        Raises:
            DatabaseUnavailable: The database cannot be written now.
        """
        if self.check() is None:
            with self._database.writing() as connection:
                write_seen_at(connection, self._wall())

    def _expected(self) -> datetime:
        return self._right_at + timedelta(seconds=self._elapsed() - self._right_when)

    def _is_confirmed(self, now: datetime) -> bool:
        with self._database.reading() as connection:
            seen_at = read_seen_at(connection)
        # This process writes none meanwhile, so only an administrator has.
        return seen_at is not None and abs(now - seen_at) <= TOLERANCE

    def _report(self) -> None:
        if self._doubt is not None:
            _LOG.error("%s Until then nothing is booked.", self._doubt)


def doubt_at_start(seen_at: datetime | None, now: datetime) -> str | None:
    """Why a clock is not trusted that nobody has watched meanwhile; None where it may be right.

    Args:
        seen_at: The last time that the database has seen; None for a new one.
        now: What the clock says.
    """
    if seen_at is None or seen_at - TOLERANCE <= now <= seen_at + LONGEST_REST:
        return None
    return f"The clock says {_text(now)}, and this database was last served on {_text(seen_at)}; {_ADVICE}."


def read_seen_at(connection: Connection) -> datetime | None:
    """The last time that the database has seen; None for one that was never served."""
    return from_micros(connection.scalar(select(service_clock.c.seen_at)))


def write_seen_at(connection: Connection, now: datetime) -> None:
    """Keep the time that the clock says."""
    values = {"seen_at": to_micros(now)}
    if not connection.execute(update(service_clock).values(values)).rowcount:
        connection.execute(insert(service_clock).values({"id": 1, **values}))


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
