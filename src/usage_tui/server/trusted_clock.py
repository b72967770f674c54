"""The machine's clock, checked before anything is booked: effects of a wrong time cannot be undone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import Clock, from_micros, to_micros, utc_now
from usage_tui.server.db.schema import service_clock

LONGEST_REST = timedelta(days=60)
"""How long a database can be unused before its clock must be confirmed."""
TOLERANCE = timedelta(minutes=5)
"""How far the clock can jump while the service runs."""
_ADVICE = "correct it, or confirm it with: usage-tui admin clock accept"
_LOG = logging.getLogger("usage_tui.server")


def elapsed() -> float:
    """Seconds that only move forward, including suspended time if the system counts it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class TrustedClock:
    """Returns the time, and whether it is trusted.

    While the machine's clock is not trusted, time continues from the last trusted moment.
    """

    def __init__(
        self, database: Database, wall: Clock = utc_now, elapsed: Callable[[], float] = elapsed
    ) -> None:
        """Compare the clock with the last time that this database saw.

        Args:
            database: With the tables of this version.
            wall: The machine's clock.
            elapsed: Seconds since an arbitrary moment, which nobody can set.

        Raises:
            DatabaseUnavailable: The database cannot be read now.
        """
        self._database, self._wall, self._elapsed = database, wall, elapsed
        with database.reading() as connection:
            seen = read_clock(connection)
        now = wall()
        self._doubt = doubt_at_start(seen, now)
        self._right_at = now if self._doubt is None or seen is None else seen.at
        self._right_when = elapsed()
        self._report()

    def __call__(self) -> datetime:
        """The current time; if the machine's clock is not trusted, the best estimate without it.

        Every reading is checked, so that no wrong one is ever used.
        """
        now, expected = self._wall(), self._expected()
        return now if self._doubt is None and abs(now - expected) <= TOLERANCE else expected

    def check(self) -> str | None:
        """Check the clock again, and whether it was confirmed.

        Returns:
            Why it is not trusted, in one sentence; None while it is.

        Raises:
            DatabaseUnavailable: The database cannot be read now.
        """
        now, expected, doubted = self._wall(), self._expected(), self._doubt is not None
        if abs(now - expected) <= TOLERANCE or (doubted and self._is_confirmed(now)):
            self._doubt, self._right_at, self._right_when = None, now, self._elapsed()
            if doubted:
                _LOG.warning("The clock is trusted again.")
                self._write(Seen(now))
        elif not doubted:
            self._doubt = _jumped(expected, now)
            self._report()
            with self._database.reading() as connection:
                seen = read_clock(connection)
            # The time that was remembered stays: what was expected may follow from a first wrong reading.
            self._write(Seen(expected if seen is None else seen.at, now))
        return self._doubt

    def remember(self) -> None:
        """Store the time for the next start, unless it is not trusted.

        Raises:
            DatabaseUnavailable: The database cannot be written now.
        """
        if self.check() is None:
            self._write(Seen(self()))

    def _expected(self) -> datetime:
        return self._right_at + timedelta(seconds=self._elapsed() - self._right_when)

    def _is_confirmed(self, now: datetime) -> bool:
        with self._database.reading() as connection:
            seen = read_clock(connection)
        return seen is not None and seen.doubted_at is None and abs(now - seen.at) <= TOLERANCE

    def _write(self, seen: Seen) -> None:
        with self._database.writing() as connection:
            write_clock(connection, seen)

    def _report(self) -> None:
        if self._doubt is not None:
            _LOG.error("%s Until then nothing is booked.", self._doubt)


class Seen(NamedTuple):
    """What the database has stored about the clock.

    Attributes:
        at: The last trusted time.
        doubted_at: The time after a jump; None while the clock is trusted.
    """

    at: datetime
    doubted_at: datetime | None = None


def doubt_at_start(seen: Seen | None, now: datetime) -> str | None:
    """Why the clock is not trusted at the start; None if it can be right.

    Args:
        seen: What the database has stored; None for a new database.
        now: What the clock says.
    """
    if seen is None:
        return None
    if seen.doubted_at is not None:
        return _jumped(seen.at, seen.doubted_at)
    if seen.at - TOLERANCE <= now <= seen.at + LONGEST_REST:
        return None
    return f"The clock says {_text(now)}, and this database was last served on {_text(seen.at)}; {_ADVICE}."


def read_clock(connection: Connection) -> Seen | None:
    """What the database has stored about the clock; None if it was never served."""
    row = connection.execute(select(service_clock)).one_or_none()
    return None if row is None else Seen(from_micros(row.seen_at), from_micros(row.doubted_at))


def write_clock(connection: Connection, seen: Seen) -> None:
    """Store what was seen of the clock."""
    values = {"seen_at": to_micros(seen.at), "doubted_at": to_micros(seen.doubted_at)}
    if not connection.execute(update(service_clock).values(values)).rowcount:
        connection.execute(insert(service_clock).values({"id": 1, **values}))


def _jumped(before: datetime, after: datetime) -> str:
    return f"The clock jumped from {_text(before)} to {_text(after)}; {_ADVICE}."


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
