"""Verification: computes every cached number again from the journal and the events, and compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection, and_, case, func, select

from usage_tui.ledger.journal import Entry, replay
from usage_tui.ledger.roll_forward import Moves, MovesByPeriod, MovesTally
from usage_tui.ledger.source_use import OVERAGE
from usage_tui.ledger.spending import INCLUDED
from usage_tui.models import Credits
from usage_tui.server.db.grant_move_rows import read_moves
from usage_tui.server.db.instants import from_micros
from usage_tui.server.db.reads import OUTSIDE, read_periods
from usage_tui.server.db.schema import (
    allocations,
    allowance_lines,
    allowances,
    billing_periods,
    events,
    grants,
    journal,
    organizations,
    person_sums,
    rollups,
    source_uses,
)
from usage_tui.server.ledger_writer.allowances import read_entries
from usage_tui.server.ledger_writer.allowances import replay as replay_allowance
from usage_tui.text.amounts import spoken_amount

_CHUNK = 1000
_Sums: TypeAlias = Mapping[tuple[Any, ...], tuple[int, ...]]
"""Some sums, by what they are of."""
_NONE = Decimal(0)
_LIES_IN = and_(
    billing_periods.c.org_id == events.c.org_id,
    billing_periods.c.number != OUTSIDE,
    billing_periods.c.starts_at <= events.c.occurred_at,
    billing_periods.c.ends_at > events.c.occurred_at,
)
"""Joins an event with the billing period that its time is in."""
_PAYS = and_(allocations.c.org_id == events.c.org_id, allocations.c.event_seq == events.c.seq)
"""Joins an allocation with the event that it pays for."""
_AMOUNTS = ("used", "expired", "voided", "remaining")


def organization_ids(connection: Connection) -> list[str]:
    """The ids of all organizations, in order."""
    return list(connection.scalars(select(organizations.c.org_id).order_by(organizations.c.org_id)))


def differences(connection: Connection, org_id: str) -> Iterator[str]:
    """The stored numbers that do not follow from the journal and the events, one line each."""
    row = connection.execute(select(organizations).where(organizations.c.org_id == org_id)).one()
    tally = MovesTally.of_periods([period.starts_at for period in reversed(read_periods(connection, org_id))])
    yield from _journal_differences(connection, org_id, row.overage, row.unit, tally)
    yield from _move_differences(read_moves(connection, org_id), tally.moves, row.unit)
    yield from _event_differences(connection, org_id, row.unit)
    yield from _rollup_differences(connection, org_id)
    yield from _person_differences(connection, org_id)
    yield from _source_differences(connection, org_id, row.unit)
    yield from _period_differences(connection, org_id)
    yield from _allowance_differences(connection, org_id)
    found = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(func.abs(events.c.credits)), 0),
            func.coalesce(func.sum(events.c.quantity), 0),
        ).where(events.c.org_id == org_id)
    ).one()
    kept = row.last_seq, row.credits_booked, row.quantity_booked
    if kept != tuple(found):
        yield f"the sums of all events: stored {kept}, but the events give {tuple(found)}"


def _journal_differences(
    connection: Connection, org_id: str, overage: int, unit: str, tally: MovesTally
) -> Iterator[str]:
    """Grants and overage that differ from the journal, which is counted in."""
    totals, replayed_overage = replay(_counted(_entries(connection, org_id), tally))
    rows = connection.execute(select(grants).where(grants.c.org_id == org_id).order_by(grants.c.position))
    seen = set()
    for row in rows:
        seen.add(row.id)
        replayed = totals.get(row.id)
        if replayed is None:
            yield f"grant {row.id}: not in the journal"
            continue
        if replayed.original != row.original:
            yield _differs(f"grant {row.id}, original", row.original, replayed.original, unit)
        for name in _AMOUNTS:
            if getattr(replayed, name) != getattr(row, name):
                yield _differs(f"grant {row.id}, {name}", getattr(row, name), getattr(replayed, name), unit)
        if replayed.locked != row.locked:
            stored = "locked" if row.locked else "not locked"
            yield f"grant {row.id}: stored as {stored}, but the journal differs"
    yield from (f"grant {grant_id}: in the journal, but not stored" for grant_id in totals.keys() - seen)
    if overage != replayed_overage:
        yield _differs("overage", overage, replayed_overage, unit)


def _move_differences(kept: MovesByPeriod, found: MovesByPeriod, unit: str) -> Iterator[str]:
    """What moved of grants in a period, compared with the journal."""
    for grant_id, number in sorted(kept.keys() | found.keys()):
        stored, right = (moves.get((grant_id, number), Moves()) for moves in (kept, found))
        for name, one, other in zip(Moves._fields, stored, right, strict=True):
            if one != other:
                yield _differs(f"grant {grant_id}, {name} in period number {number}", one, other, unit)


def _counted(entries: Iterable[Entry], tally: MovesTally) -> Iterator[Entry]:
    for entry in entries:
        tally.add(entry)
        yield entry


def _entries(connection: Connection, org_id: str) -> Iterator[Entry]:
    query = select(journal).where(journal.c.org_id == org_id).order_by(journal.c.number)
    for row in connection.execute(query.execution_options(yield_per=_CHUNK)):
        yield Entry(row.kind, from_micros(row.at), row.grant_id, row.amount, row.event_id)


def _event_differences(connection: Connection, org_id: str, unit: str) -> Iterator[str]:
    """Events whose parts do not add up, and grants whose usage differs from the events."""
    paid = func.coalesce(func.sum(allocations.c.credits), 0)
    query = (
        select(events.c.id, events.c.credits, events.c.uncovered, paid.label("paid"))
        .outerjoin(allocations, _PAYS)
        .where(events.c.org_id == org_id)
        .group_by(events.c.id, events.c.credits, events.c.uncovered)
        .having(events.c.credits != paid + events.c.uncovered)
    )
    for row in connection.execute(query):
        yield _differs(f"event {row.id}, credits", row.credits, int(row.paid) + row.uncovered, unit)
    by_grant = (
        select(allocations.c.grant_id, func.sum(allocations.c.credits))
        .where(allocations.c.org_id == org_id)
        .group_by(allocations.c.grant_id)
    )
    sums = {grant_id: int(total) for grant_id, total in connection.execute(by_grant)}
    kept = select(grants.c.id, grants.c.used).where(grants.c.org_id == org_id)
    for grant_id, used in connection.execute(kept):
        paid_in_all = sums.pop(grant_id, 0)
        if used != paid_in_all:
            yield _differs(f"grant {grant_id}, paid for events", used, paid_in_all, unit)
    yield from (f"grant {grant_id}: paid for events, but not stored" for grant_id in sorted(sums))
    without = select(allocations.c.event_seq).outerjoin(events, _PAYS)
    without = without.where(allocations.c.org_id == org_id, events.c.seq.is_(None)).distinct()
    for seq in connection.scalars(without.order_by(allocations.c.event_seq)):
        yield f"event number {seq}: paid by grants, but not stored"


def _rollup_differences(connection: Connection, org_id: str) -> Iterator[str]:
    key = ("local_date", "kind", "source_id", "period_number")
    sums = rollups.c.credits, rollups.c.quantity, rollups.c.event_count
    kept_query = select(*(rollups.c[name] for name in key), *sums)
    found_query = select(
        *(events.c[name] for name in key),
        func.sum(events.c.credits),
        func.sum(events.c.quantity),
        func.count(),
    ).group_by(*(events.c[name] for name in key))
    kept = _by_key(connection, kept_query.where(rollups.c.org_id == org_id), len(key))
    found = _by_key(connection, found_query.where(events.c.org_id == org_id), len(key))
    for (day, kind, source_id, _), difference in _unequal(kept, found, (0, 0, 0)):
        yield f"{kind} {source_id} on {day}: {difference}"


def _person_differences(connection: Connection, org_id: str) -> Iterator[str]:
    """What people have used on each day, compared with the events."""
    sums = person_sums.c
    kept_query = select(sums.local_date, sums.actor, sums.period_number, sums.credits, sums.event_count)
    key = events.c.local_date, func.coalesce(events.c.actor, ""), events.c.period_number
    found_query = select(*key, func.sum(events.c.credits), func.count()).group_by(*key)
    kept = _by_key(connection, kept_query.where(sums.org_id == org_id), len(key))
    found = _by_key(connection, found_query.where(events.c.org_id == org_id), len(key))
    for (day, actor, _), difference in _unequal(kept, found, (0, 0)):
        yield f"{actor or 'nobody'} on {day}: {difference}"


def _source_differences(connection: Connection, org_id: str, unit: str) -> Iterator[str]:
    """What sources have used of grants, compared with the events."""
    kept = {
        (row.kind, row.source_id, row.grant_id): row.credits
        for row in connection.execute(select(source_uses).where(source_uses.c.org_id == org_id))
    }
    source = events.c.kind, events.c.source_id
    paid = (
        select(*source, allocations.c.grant_id, func.sum(allocations.c.credits))
        .join(allocations, _PAYS)
        .where(events.c.org_id == org_id)
        .group_by(*source, allocations.c.grant_id)
    )
    uncovered = select(*source, func.sum(events.c.uncovered)).where(events.c.org_id == org_id)
    uncovered = uncovered.group_by(*source)
    found = {
        (kind, source_id, grant_id): int(total)
        for kind, source_id, grant_id, total in connection.execute(paid)
    }
    for kind, source_id, total in connection.execute(uncovered):
        found[kind, source_id, OVERAGE] = int(total)
    for place in sorted(kept.keys() | found.keys()):
        used, right = kept.get(place, 0), found.get(place, 0)
        if used != right:
            whose = f"grant {place[2]}" if place[2] else "no grant"
            yield _differs(f"{place[0]} {place[1]}, used of {whose}", used, right, unit)


def _by_key(connection: Connection, query: Any, width: int) -> _Sums:
    """The sums of each row by its key: its first `width` columns."""
    rows = (tuple(row) for row in connection.execute(query))
    return {row[:width]: tuple(map(int, row[width:])) for row in rows}


def _unequal(kept: _Sums, found: _Sums, zero: tuple[int, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Each key whose sums differ, with the difference in words; a missing row is zero."""
    for key in sorted(kept.keys() | found.keys()):
        stored, right = kept.get(key, zero), found.get(key, zero)
        if stored != right:
            yield key, f"stored {stored}, but should be {right}"


def _period_differences(connection: Connection, org_id: str) -> Iterator[str]:
    """Periods whose sums differ from their events, and events that are counted in the wrong period."""
    number = func.coalesce(billing_periods.c.number, OUTSIDE).label("number")
    dated = events.outerjoin(billing_periods, _LIES_IN)
    included = func.sum(case((grants.c.bucket == INCLUDED, allocations.c.credits), else_=0))
    paid_query = (
        select(number, included)
        .select_from(dated)
        .join(allocations, _PAYS)
        .join(grants, and_(grants.c.org_id == allocations.c.org_id, grants.c.id == allocations.c.grant_id))
        .where(events.c.org_id == org_id)
        .group_by(number)
    )
    paid = {number: int(total) for number, total in connection.execute(paid_query)}
    sums_query = (
        select(number, func.sum(events.c.credits), func.sum(events.c.uncovered), func.count())
        .select_from(dated)
        .where(events.c.org_id == org_id)
        .group_by(number)
    )
    sums = {number: tuple(map(int, rest)) for number, *rest in connection.execute(sums_query)}
    rows = connection.execute(select(billing_periods).where(billing_periods.c.org_id == org_id))
    for row in rows:
        total, uncovered, count = sums.get(row.number, (0, 0, 0))
        kept = row.total, row.from_included, row.uncovered, row.event_count
        found = total, paid.get(row.number, 0), uncovered, count
        if kept != found:
            yield f"period {row.id or 'outside of all'}: stored {kept}, but the events give {found}"
    elsewhere = select(events.c.id).select_from(dated)
    elsewhere = elsewhere.where(events.c.org_id == org_id, events.c.period_number != number)
    for event_id in connection.scalars(elsewhere.order_by(events.c.seq)):
        yield f"event {event_id}: counted in the wrong period"


def _allowance_differences(connection: Connection, org_id: str) -> Iterator[str]:
    lines: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in connection.execute(select(allowance_lines).where(allowance_lines.c.org_id == org_id)):
        lines[row.allowance_id][row.label] = Decimal(row.used)
    query = select(allowances).where(allowances.c.org_id == org_id).order_by(allowances.c.position)
    for row in connection.execute(query).all():
        found = replay_allowance(read_entries(connection, org_id, row.id))
        if Decimal(row.used) != found.total:
            yield f"allowance {row.id}, used: stored {row.used}, but should be {found.total:f}"
        for label in sorted(lines[row.id].keys() | found.lines.keys()):
            kept, reported = lines[row.id].get(label, _NONE), found.lines.get(label, _NONE)
            if kept != reported:
                yield f"allowance {row.id}, line {label}: stored {kept}, but should be {reported:f}"


def _differs(what: str, kept: int, found: int, unit: str) -> str:
    said, right = (spoken_amount(Credits(micro), unit) for micro in (kept, found))
    return f"{what}: stored {said}, but should be {right}"
