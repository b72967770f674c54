"""Ingest: every event booked once, each with a result of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, tuple_

from usage_tui.models import clean
from usage_tui.server.allowances import UnknownAllowance, count_use
from usage_tui.server.cloudevents import AllowanceData, Report, UseData
from usage_tui.server.schema import event_keys
from usage_tui.server.settling import Settled

FUTURE = timedelta(minutes=5)
"""How far ahead a sender's clock may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one event.

    Attributes:
        status: ``accepted``; ``duplicate``, known and the same; ``conflict``, known and another; ``future``,
            too far ahead, to be sent again later; ``invalid``.
        event_id: Its id here, where it is known.
        reason: What is wrong, where something is.
    """

    source: str
    id: str
    status: str
    event_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a batch; the results are in its order."""

    accepted: int
    duplicates: int
    rejected: int
    results: tuple[Result, ...]
    revision: int


def ingest(settled: Settled, reports: Sequence[Report]) -> Receipt:
    """Book what is new among the reports, and save the ledger.

    Args:
        settled: The organization's ledger.
        reports: What was sent, in order.
    """
    known = _known(settled.connection, settled.books.org_id, reports)
    added: list[dict[str, Any]] = []
    results = []
    for report in reports:
        digest = known.get(report.key)
        if report.data is None:
            result = _result(report, "invalid", report.fault)
        elif digest is not None:
            result = _result(report, "duplicate" if digest == report.digest else "conflict")
        else:
            result = _book(settled, report, report.data)
        if result.status == "accepted":
            known[report.key] = report.digest
            added.append(_key_row(settled.books.org_id, report))
        results.append(result)
    if added:
        settled.connection.execute(insert(event_keys), added)
        settled.changed = True
    statuses = [result.status for result in results]
    accepted, duplicates = statuses.count("accepted"), statuses.count("duplicate")
    return Receipt(
        accepted=accepted,
        duplicates=duplicates,
        rejected=len(results) - accepted - duplicates,
        results=tuple(results),
        revision=settled.save(),
    )


def _book(settled: Settled, report: Report, data: UseData | AllowanceData) -> Result:
    now = settled.now
    occurred_at = report.envelope.time or now
    if _is_future(settled, occurred_at):
        return _result(report, "future", "dated ahead of the service's clock; send it again later")
    try:
        if isinstance(data, AllowanceData):
            count_use(settled, report.allowance_id, data.amount, data.line, occurred_at)
        else:
            settled.books.use(report.use(data, occurred_at), arrived_at=now)
    except (UnknownAllowance, ValueError) as error:
        return _result(report, "invalid", str(error))
    return _result(report, "accepted")


def _is_future(settled: Settled, occurred_at: datetime) -> bool:
    """Whether it must wait: for its time, or for the billing period that it lies in to begin."""
    if occurred_at > settled.now + FUTURE:
        return True
    return settled.plan.subscription.entitlement_active and occurred_at >= settled.period.ends_at


def _known(connection: Connection, org_id: str, reports: Sequence[Report]) -> dict[tuple[str, str], bytes]:
    """The digests of what is known already, by key."""
    keys = list({report.key for report in reports if report.data is not None})
    if not keys:
        return {}
    columns = event_keys.c
    query = select(columns.source, columns.id, columns.digest).where(
        columns.org_id == org_id, tuple_(columns.source, columns.id).in_(keys)
    )
    return {(row.source, row.id): row.digest for row in connection.execute(query)}


def _key_row(org_id: str, report: Report) -> dict[str, Any]:
    source, sender_id = report.key
    return {
        "org_id": org_id,
        "source": source,
        "id": sender_id,
        "digest": report.digest,
        "event_id": report.event_id,
    }


def _result(report: Report, status: str, reason: str | None = None) -> Result:
    source, sender_id = report.key
    known = status not in ("invalid", "future")
    return Result(
        source=clean(source),
        id=clean(sender_id),
        status=status,
        event_id=report.event_id if known else None,
        reason=reason,
    )
