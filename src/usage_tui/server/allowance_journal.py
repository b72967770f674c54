"""The journal of the allowances: every use and every new start, enough to rebuild what is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from sqlalchemy import Connection, func, insert, select

from usage_tui.models import Meter
from usage_tui.server.instants import from_micros, to_micros
from usage_tui.server.schema import allowance_journal


class AllowanceEntry(NamedTuple):
    """One change.

    Attributes:
        kind: ``used``, or ``reset`` where the count starts anew.
        at: When it took effect.
        amount: In the allowance's unit; 0 for a new start.
        line: The part of the allowance that it belongs to, where one was named.
    """

    kind: Literal["used", "reset"]
    at: datetime
    amount: Decimal = Decimal(0)
    line: str | None = None


class AllowanceUse(NamedTuple):
    """What is used of an allowance: all of it, and what of it was reported for a line."""

    total: Decimal
    lines: dict[str, Decimal]


def record(connection: Connection, org_id: str, allowance_id: str, entries: Iterable[AllowanceEntry]) -> None:
    """Write entries to the journal, after those that are there."""
    columns = allowance_journal.c
    last = connection.scalar(
        select(func.max(columns.number)).where(columns.org_id == org_id, columns.allowance_id == allowance_id)
    )
    rows = [
        {
            "org_id": org_id,
            "allowance_id": allowance_id,
            "number": number,
            "kind": entry.kind,
            "at": to_micros(entry.at),
            "amount": f"{entry.amount:f}",
            "line": entry.line,
        }
        for number, entry in enumerate(entries, start=(last or 0) + 1)
    ]
    connection.execute(insert(allowance_journal), rows)


def opening_entries(meter: Meter, at: datetime) -> Iterator[AllowanceEntry]:
    """What was used of a meter that was kept elsewhere: a line each, and the rest of it."""
    lines = meter.lines or ()
    for line in lines:
        yield AllowanceEntry("used", at, line.used, line.label)
    yield AllowanceEntry("used", at, meter.used - sum(line.used for line in lines))


def read_entries(connection: Connection, org_id: str, allowance_id: str) -> Iterator[AllowanceEntry]:
    """The entries of an allowance, in order."""
    columns = allowance_journal.c
    query = select(allowance_journal).where(columns.org_id == org_id, columns.allowance_id == allowance_id)
    for row in connection.execute(query.order_by(columns.number).execution_options(yield_per=1000)):
        yield AllowanceEntry(row.kind, from_micros(row.at), Decimal(row.amount), row.line)


def replay(entries: Iterable[AllowanceEntry]) -> AllowanceUse:
    """Rebuild what is used from nothing but the journal."""
    total, lines = Decimal(0), dict[str, Decimal]()
    for entry in entries:
        if entry.kind == "reset":
            total, lines = Decimal(0), {}
            continue
        total += entry.amount
        if entry.line is not None:
            lines[entry.line] = lines.get(entry.line, Decimal(0)) + entry.amount
    return AllowanceUse(total, lines)
