"""Allowances: meters in units of their own, counted apart from the credits."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, insert, select, update

from usage_tui.server.allowance_journal import AllowanceEntry, record
from usage_tui.server.instants import to_micros
from usage_tui.server.schema import allowance_lines, allowances
from usage_tui.server.settling import Settled

_LIMIT = Decimal(10**15)


class UnknownAllowance(LookupError):
    """The organization has no such allowance."""


def count_use(
    settled: Settled,
    allowance_id: str,
    amount: Decimal,
    line: str | None,
    occurred_at: datetime,
) -> None:
    """Count a use in. What lies before the current count began changes nothing any more.

    Raises:
        UnknownAllowance: There is none with this id.
        ValueError: The sum would be too large.
    """
    connection, org_id, columns = settled.connection, settled.books.org_id, allowances.c
    this_one = (columns.org_id == org_id) & (columns.id == allowance_id)
    row = connection.execute(select(allowances).where(this_one)).one_or_none()
    if row is None:
        raise UnknownAllowance(f"type: there is no allowance {allowance_id!r}")
    if row.resets_at is not None and occurred_at < settled.period.starts_at:
        return
    used = Decimal(row.used) + amount
    if used >= _LIMIT:
        raise ValueError("amount: the sum would be too large")
    connection.execute(update(allowances).where(this_one).values(used=f"{used:f}"))
    if line is not None:
        _count_line(connection, org_id, allowance_id, line, amount)
    record(connection, org_id, allowance_id, [AllowanceEntry("used", occurred_at, amount, line)])


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


def set_allowance(
    settled: Settled,
    allowance_id: str,
    *,
    label: str,
    unit: str,
    included: Decimal | None,
    resets: bool,
) -> None:
    """Add an allowance, or change what it promises; what was used stays.

    Args:
        settled: The organization's ledger.
        allowance_id: Which one.
        label: What it is called.
        unit: What it counts, such as ``hour``.
        included: How much of it; None for no limit.
        resets: Whether it starts anew with each billing period.
    """
    connection, org_id, columns = settled.connection, settled.books.org_id, allowances.c
    ends_at = settled.period.ends_at
    values = {
        "label": label,
        "unit": unit,
        "included": None if included is None else f"{included:f}",
        "resets_at": to_micros(ends_at) if resets and ends_at > settled.now else None,
    }
    this_one = (columns.org_id == org_id) & (columns.id == allowance_id)
    settled.changed = True
    if connection.execute(update(allowances).where(this_one).values(values)).rowcount:
        return
    last = connection.scalar(select(func.max(columns.position)).where(columns.org_id == org_id))
    position = 0 if last is None else last + 1
    row = {"org_id": org_id, "id": allowance_id, "position": position, "used": "0", **values}
    connection.execute(insert(allowances).values(row))
