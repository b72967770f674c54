"""Allowances: meters with their own units, separate from credits, and the journal of each.

The journal has every use and every reset, so the current usage can be rebuilt from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from usage_tui.models import Meter
from usage_tui.server.db.instants import from_micros, to_micros
from usage_tui.server.db.schema import allowance_journal, allowance_lines, allowances

_LARGEST = Decimal(10**12)
_PLACES = 9
_SUM_LIMIT = Decimal(10**15)


class UnknownAllowance(LookupError):
    """The organization has no such allowance."""


class AllowanceEntry(NamedTuple):
    """One change.

    Attributes:
        kind: ``used``, or ``reset`` when the count starts again from 0.
        at: When it took effect.
        amount: In the unit of the allowance; 0 for a reset.
        line: The part of the allowance that it belongs to, if one was named.
    """

    kind: Literal["used", "reset"]
    at: datetime
    amount: Decimal = Decimal(0)
    line: str | None = None


class Restart(NamedTuple):
    """When a count was reset, and when it is reset next; None for never."""

    at: datetime
    next_at: datetime | None


class AllowanceUse(NamedTuple):
    """How much of an allowance is used, in total and for each line."""

    total: Decimal
    lines: dict[str, Decimal]


def check_amount(amount: Decimal) -> None:
    """Check that an amount can be counted.

    Raises:
        ValueError: It is negative, too large, or has too many decimal places.
    """
    exponent = amount.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if not 0 <= amount < _LARGEST or places > _PLACES:
        raise ValueError(f"must be from 0 to {_LARGEST}, with at most {_PLACES} decimal places")


def count_use(
    connection: Connection, org_id: str, allowance_id: str, use: AllowanceEntry, period_starts_at: datetime
) -> None:
    """Count a use. One from before the last reset changes nothing.

    Args:
        connection: In a transaction that holds the organization's row.
        org_id: Which organization.
        allowance_id: Which of its allowances.
        use: What was used.
        period_starts_at: When the counts that reset with the billing period were last reset.

    Raises:
        UnknownAllowance: There is none with this id.
        ValueError: The sum would be too large.
    """
    columns = allowances.c
    this_one = (columns.org_id == org_id) & (columns.id == allowance_id)
    row = connection.execute(select(allowances).where(this_one)).one_or_none()
    if row is None:
        raise UnknownAllowance(f"type: there is no allowance {allowance_id!r}")
    if row.resets_at is not None and use.at < period_starts_at:
        return
    used = Decimal(row.used) + use.amount
    if used >= _SUM_LIMIT:
        raise ValueError("amount: the sum would be too large")
    connection.execute(update(allowances).where(this_one).values(used=f"{used:f}"))
    if use.line is not None:
        _count_line(connection, org_id, allowance_id, use.line, use.amount)
    record(connection, org_id, allowance_id, [use])


def start_anew(connection: Connection, org_id: str, allowance_id: str, restart: Restart) -> None:
    """Reset the count of an allowance.

    Args:
        connection: In a transaction that holds the organization's row.
        org_id: Which organization.
        allowance_id: Which of its allowances.
        restart: When.
    """
    record(connection, org_id, allowance_id, [AllowanceEntry("reset", restart.at)])
    lines, columns = allowance_lines.c, allowances.c
    connection.execute(
        delete(allowance_lines).where(lines.org_id == org_id, lines.allowance_id == allowance_id)
    )
    connection.execute(
        update(allowances)
        .where(columns.org_id == org_id, columns.id == allowance_id)
        .values(used="0", resets_at=to_micros(restart.next_at))
    )


def record(connection: Connection, org_id: str, allowance_id: str, entries: Iterable[AllowanceEntry]) -> None:
    """Append entries to the journal."""
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
    """The opening usage of an imported meter: one entry for each line, and one for the rest."""
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
    """Rebuild the current usage from the journal alone."""
    total, lines = Decimal(0), dict[str, Decimal]()
    for entry in entries:
        if entry.kind == "reset":
            total, lines = Decimal(0), {}
            continue
        total += entry.amount
        if entry.line is not None:
            lines[entry.line] = lines.get(entry.line, Decimal(0)) + entry.amount
    return AllowanceUse(total, lines)


def _count_line(connection: Connection, org_id: str, allowance_id: str, label: str, amount: Decimal) -> None:
    columns = allowance_lines.c
    lines = (columns.org_id == org_id) & (columns.allowance_id == allowance_id)
    this_one = lines & (columns.label == label)
    used = connection.scalar(select(columns.used).where(this_one))
    if used is None:
        position = connection.scalar(select(func.count()).select_from(allowance_lines).where(lines))
        row = {"org_id": org_id, "allowance_id": allowance_id, "label": label, "position": position}
        connection.execute(insert(allowance_lines).values(row | {"used": f"{amount:f}"}))
    else:
        total = Decimal(used) + amount
        connection.execute(update(allowance_lines).where(this_one).values(used=f"{total:f}"))
