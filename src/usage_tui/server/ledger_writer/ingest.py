"""Ingest: every event is booked once and has its own result."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from usage_tui import wire
from usage_tui.frozen import frozen
from usage_tui.server.db.bulk import among, insert_rows
from usage_tui.server.db.rows import KeyRow
from usage_tui.server.db.schema import event_keys, events
from usage_tui.server.ledger_writer.allowances import AllowanceEntry, UnknownAllowance, count_use
from usage_tui.server.ledger_writer.cloudevents import AdjustmentData, AllowanceData, InvalidReport, Report
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.problems import Problem

FUTURE = timedelta(minutes=5)
"""How far ahead a sender's clock can be."""

_BOOKED = "accepted", "duplicate", "conflict"
"""The statuses of an event that has a booked event with its ID."""

_KNOWN = select(event_keys.c.id, event_keys.c.digest).where(
    event_keys.c.org_id == bindparam("org"),
    event_keys.c.source == bindparam("source"),
    among(event_keys.c.id, "ids"),
)
_HELD = select(events.c.id).where(events.c.org_id == bindparam("org"), among(events.c.id, "ids"))


@frozen
class Result:
    """The result of one event.

    Attributes:
        source: As sent.
        id: As sent.
        status: ``accepted``; ``duplicate`` (already booked, same content); ``conflict`` (already booked with
            other content, which stays); ``future`` (dated ahead: send it again later); ``invalid``.
        event_id: The ID of the event in this service, if it has one.
        reason: What is wrong, if anything is.
    """

    source: str
    id: str
    status: str
    event_id: str | None = None
    reason: str | None = None


@frozen
class Receipt:
    """The results of a batch.

    Attributes:
        accepted: How many events were booked.
        duplicates: How many were booked before.
        rejected: How many are invalid, in conflict, or dated ahead.
        results: One for each event, in the order sent.
        revision: The revision of the organization after the batch.
    """

    accepted: int
    duplicates: int
    rejected: int
    results: tuple[Result, ...]
    revision: int


def ingest(opened: OpenLedger, reports: Sequence[Report | InvalidReport]) -> Receipt:
    """Book the reports that are new, and save the ledger.

    Args:
        opened: The organization's ledger.
        reports: What was sent, in order.
    """
    org_id = opened.writer.org_id
    known = _known(opened.connection, org_id, reports)
    added: list[KeyRow] = []
    by_index: dict[int, Result] = {}
    # Adjustments come last, so that they find the use that they correct wherever it is in the batch.
    for index, report in sorted(enumerate(reports), key=lambda one: _is_adjustment(one[1])):
        if isinstance(report, InvalidReport):
            source, sender_id = report.key
            by_index[index] = Result(source=source, id=sender_id, status="invalid", reason=report.reason)
            continue
        digest = known.get(report.key)
        result = _book(opened, report) if digest is None else _repeat(report, digest)
        if result.status == "accepted":
            known[report.key] = report.digest
            added.append(KeyRow(org_id, *report.key, report.digest, report.event_id))
        by_index[index] = result
    results = [by_index[index] for index in range(len(reports))]
    insert_rows(opened.connection, event_keys, added)
    opened.changed = opened.changed or bool(added)
    statuses = [result.status for result in results]
    accepted, duplicates = statuses.count("accepted"), statuses.count("duplicate")
    return Receipt(
        accepted=accepted,
        duplicates=duplicates,
        rejected=len(results) - accepted - duplicates,
        results=tuple(results),
        revision=opened.save(),
    )


def refused(receipt: Receipt) -> Problem:
    """The answer if every event was refused, so that the status alone tells."""
    count, first = len(receipt.results), receipt.results[0]
    which = "The event was refused" if count == 1 else f"All {count} events were refused; the first one"
    detail = f"{which}: {first.status}, {first.reason}."
    return Problem("events_refused", detail, **json.loads(wire.dump(receipt)))


def _is_adjustment(report: Report | InvalidReport) -> bool:
    return isinstance(report, Report) and isinstance(report.data, AdjustmentData)


def _repeat(report: Report, digest: bytes) -> Result:
    if digest == report.digest:
        return _result(report, "duplicate")
    reason = "a different event with this source and id is already booked"
    return _result(report, "conflict", reason)


def _book(opened: OpenLedger, report: Report) -> Result:
    now, data = opened.now, report.data
    occurred_at = report.envelope.time or now
    if must_wait(opened, occurred_at, now):
        return _result(report, "future", "dated in the future; send it again later")
    try:
        if isinstance(data, AllowanceData):
            entry = AllowanceEntry("used", occurred_at, data.amount, data.line)
            org_id, starts_at = opened.writer.org_id, opened.period.starts_at
            count_use(opened.connection, org_id, report.allowance_id, entry, starts_at)
        elif isinstance(data, AdjustmentData):
            check_unit(opened, data.unit)
            opened.writer.adjust(report.adjustment(data, occurred_at), arrived_at=now)
        else:
            check_unit(opened, data.unit)
            opened.writer.use(report.use(data, occurred_at), arrived_at=now)
    except (UnknownAllowance, ValueError) as error:
        return _result(report, "invalid", str(error))
    return _result(report, "accepted")


def check_unit(opened: OpenLedger, code: str | None) -> None:
    """Check that an amount is in the unit of the organization, if its unit is named.

    Raises:
        ValueError: It is in another one.
    """
    unit = opened.organization.unit
    if code not in (None, unit.code):
        raise ValueError(f"unit: must be {unit.code}, the unit of the organization")


def must_wait(opened: OpenLedger, occurred_at: datetime, now: datetime) -> bool:
    """Whether an event must wait for its time, or for a billing period that can begin before it."""
    if occurred_at <= now:
        return False
    return occurred_at > now + FUTURE or occurred_at >= opened.period.ends_at


def _known(
    connection: Connection, org_id: str, reports: Sequence[Report | InvalidReport]
) -> dict[tuple[str, str], bytes]:
    """The digests of the events that are already known, by key."""
    sent: defaultdict[str, list[str]] = defaultdict(list)
    for report in reports:
        if isinstance(report, Report):
            source, sender_id = report.key
            sent[source].append(sender_id)
    known: dict[tuple[str, str], bytes] = {}
    for source, ids in sent.items():
        rows = connection.execute(_KNOWN, {"org": org_id, "source": source, "ids": ids})
        known |= {(source, sender_id): digest for sender_id, digest in rows}
    # An imported event has its ID, but no digest.
    unknown = {
        report.event_id: report
        for report in reports
        if isinstance(report, Report) and report.key not in known
    }
    held = connection.scalars(_HELD, {"org": org_id, "ids": list(unknown)})
    return known | {unknown[event_id].key: unknown[event_id].digest for event_id in held}


def _result(report: Report, status: str, reason: str | None = None) -> Result:
    source, sender_id = report.key
    event_id = report.event_id if status in _BOOKED else None
    return Result(source=source, id=sender_id, status=status, event_id=event_id, reason=reason)
