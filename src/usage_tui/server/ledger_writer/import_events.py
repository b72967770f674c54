"""Imports events from a table: each is booked at its own time, and none twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, Row, select

from usage_tui.importing.entry_list import Entry
from usage_tui.importing.faults import BadLine
from usage_tui.importing.replay import reversible
from usage_tui.ledger.ledger import AlreadyReversed
from usage_tui.ledger.rounding import to_micro
from usage_tui.models import Credits, Event
from usage_tui.server.db.bulk import among
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import BEGINNING, to_micros
from usage_tui.server.db.reads import find_event, is_reversed
from usage_tui.server.db.schema import events
from usage_tui.server.ledger_writer.cloudevents import LONGEST_TEXT
from usage_tui.server.ledger_writer.ingest import must_wait
from usage_tui.server.ledger_writer.time_effects import OpenLedger

_BATCH = 5000
"""How many are booked in one transaction. Other writers get their turn after each."""


class Replayed(NamedTuple):
    """The result of importing a table.

    Attributes:
        booked: How many are new.
        known: How many were booked before.
        bad_lines: Those that could not be booked.
    """

    booked: int
    known: int
    bad_lines: list[BadLine]


def replay(
    database: Database,
    org_id: str,
    entries: Iterable[Entry],
    reversed_ids: Collection[str],
    now: datetime,
    *,
    begun: Callable[[Connection], None],
) -> Replayed:
    """Book the entries that are not known by their ids, a batch in each transaction.

    If it is interrupted, the next call continues where it stopped. An entry from before the ledger's time is
    booked as a late event.

    Args:
        database: Where the organization is.
        org_id: Which organization.
        entries: In order of time.
        reversed_ids: The ids that some entry reverses.
        now: The present; a later entry is a bad line.
        begun: Called in the first transaction that books something.

    Raises:
        UnknownOrganization: There is none.
        DatabaseUnavailable: The database cannot be written now. Earlier batches were.
    """
    booked = known = 0
    bad_lines: list[BadLine] = []
    replay = _Replay(reversed_ids, now)
    remaining = iter(entries)
    while batch := list(islice(remaining, _BATCH)):
        with database.writing() as connection:
            opened = OpenLedger(connection, org_id, BEGINNING)
            done = replay.book(opened, batch)
            opened.save()
            if done.booked and not booked:
                begun(connection)
        booked += done.booked
        known += done.known
        bad_lines += done.bad_lines
    return Replayed(booked, known, bad_lines)


def booked_ids(database: Database, org_id: str, ids: Sequence[str]) -> set[str]:
    """Those of the ids under which events are booked."""
    found: set[str] = set()
    query = select(events.c.id).where(events.c.org_id == org_id, among(events.c.id, "ids"))
    with database.reading() as connection:
        for start in range(0, len(ids), _BATCH):
            found.update(connection.scalars(query, {"ids": list(ids[start : start + _BATCH])}))
    return found


class _Replay:
    """Books batches, and remembers the events that a later one reverses."""

    def __init__(self, reversed_ids: Collection[str], now: datetime) -> None:
        self._reversed_ids = reversed_ids
        self._now = now
        self._originals: dict[str, Event] = {}

    def book(self, opened: OpenLedger, batch: list[Entry]) -> Replayed:
        found = _found(opened.connection, opened.writer.org_id, batch)
        booked = known = 0
        bad_lines = []
        for entry in batch:
            row = found.get(entry.use.id)
            if row is not None and _says(entry, row):
                known += 1
                continue
            try:
                if row is not None:
                    raise ValueError(_difference(entry, row))
                self._book(opened, entry)
                booked += 1
            except (ValueError, AlreadyReversed) as error:
                bad_lines.append(BadLine(entry.line, str(error), entry.file))
        return Replayed(booked, known, bad_lines)

    def _book(self, opened: OpenLedger, entry: Entry) -> None:
        use, now = entry.use, self._now
        for name, text in _texts(entry):
            if len(text) > LONGEST_TEXT:
                raise ValueError(f"{name}: longer than {LONGEST_TEXT} characters")
        arrived_at = min(use.occurred_at, now)
        opened.advance(arrived_at)
        if must_wait(opened, use.occurred_at, now):
            raise ValueError("occurred_at: is in the future")
        if entry.reverses is not None:
            event = self._reverse(opened, entry)
        elif entry.is_adjustment:
            event = opened.writer.adjust(use, arrived_at=arrived_at)
        else:
            event = opened.writer.use(use, arrived_at=arrived_at)
        if event.id in self._reversed_ids:
            self._originals[event.id] = event

    def _reverse(self, opened: OpenLedger, entry: Entry) -> Event:
        connection, org_id, original_id = opened.connection, opened.writer.org_id, entry.reverses or ""
        found = self._originals.get(original_id) or find_event(connection, org_id, original_id)
        original = reversible(entry, found)
        if is_reversed(connection, org_id, original_id):
            raise AlreadyReversed(f"event {original_id} has already been reversed")
        at = max(entry.use.occurred_at, opened.writer.ledger.now)
        return opened.writer.reverse(original, reversal_id=entry.use.id, at=at, actor=entry.use.actor)


def _found(connection: Connection, org_id: str, batch: list[Entry]) -> Mapping[str, Row[tuple[object, ...]]]:
    """The booked events with the IDs of a batch."""
    query = select(events).where(events.c.org_id == org_id, among(events.c.id, "ids"))
    rows = connection.execute(query, {"ids": [entry.use.id for entry in batch]})
    return {row.id: row for row in rows}


def _says(entry: Entry, row: Row[tuple[object, ...]]) -> bool:
    """Whether a booked event is the one of the entry. A reversal can have been booked at a later time."""
    use, kept = entry.use, row._mapping
    if entry.reverses is not None:
        return (kept["reverses"], kept["credits"]) == (entry.reverses, use.credits.micro)
    if entry.exact is not None and abs(kept["credits"] - to_micro(entry.exact)) >= 1:
        return False
    said = {**use._asdict(), "occurred_at": to_micros(use.occurred_at), "credits": use.credits.micro}
    if entry.exact is not None:
        del said["credits"]  # it was rounded with others
    return kept["reverses"] is None and all(kept[name] == value for name, value in said.items())


def _difference(entry: Entry, row: Row[tuple[object, ...]]) -> str:
    """What is wrong with an entry under whose id another event is booked."""
    if entry.ends_at is None:
        return f"id: a different event has the id {entry.use.id!r}"
    said, kept = entry.amount.normalize(), Credits(row._mapping["credits"])
    return f"credits: {said:f} differs from {kept}, which was booked when the day was perhaps not over"


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    for name, value in (*entry.use._asdict().items(), ("reverses", entry.reverses)):
        if isinstance(value, str):
            yield name, value
