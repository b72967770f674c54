"""Recordings to open: the demo's, the same with one number changed, and one with a long history."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from usage_tui.clients.base import UsageClient
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.recording.file import write_recording
from usage_tui.clients.recording.header import Extent, Header
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.spending import PURCHASED, Terms
from usage_tui.ledger.statement import BillingTerms, Statement, Viewer, make_statement
from usage_tui.models import Allocation, Credits, Event, EventQuery, Meter, Period, Summary

LONG_HISTORY = 1_000_000
_STORAGE = "sandbox_storage"
_GRANT = "gr_01"
_LEFT = Credits.parse("6250.25")
_QUARTER = 250_000
_SOURCES = (
    ("agent_chat", "agent_chat", "Agent chat", "message"),
    ("ai_tool", "tool_contract", "Contract review", "run"),
    ("workflow", "wf_digest", "Weekly digest", "run"),
    ("browser_session", "browser", "Browser sessions", "session"),
)


def write_demo(path: Path, *, storage: str | None = None) -> None:
    """Record the demo.

    Args:
        path: The file to write.
        storage: Gigabytes used, in the place of the demo's number; nothing else follows from them.
    """
    statement, events = asyncio.run(_read(open_demo()))
    if storage is not None:
        statement = _with_storage(statement, Decimal(storage))
    write_recording(path, _header(statement), events)


def write_long_history(path: Path, count: int = LONG_HISTORY) -> None:
    """Record an organization like the demo's with many small events, all numbers agreeing with them."""
    demo, _ = asyncio.run(_read(open_demo()))
    summary = demo.summary
    period, subscription = summary.period, summary.subscription
    assert period is not None
    assert subscription is not None
    rollup = PeriodRollup(period, Calendar(summary.org.time_zone))
    for event in _events(summary, period, count):
        rollup.add(event)
    starts_at, total = period.starts_at, rollup.usage().total
    ledger = Ledger()
    ledger.grant(Terms(_GRANT, "Top-up", PURCHASED, "purchase", starts_at, starts_at, None, total + _LEFT))
    # Booked as one, because only what the grant still holds is recorded.
    ledger.use(Use("evt_all", summary.as_of, *_SOURCES[0], total))
    billing = BillingTerms(org=summary.org, period=period, subscription=subscription)
    membership = demo.me.organizations[0]
    viewer = Viewer(demo.me.user, role=membership.role, billing_access=membership.billing_access)
    statement = make_statement(ledger, rollup, billing, viewer, revision=summary.revision)
    write_recording(path, _header(statement), _events(summary, period, count))


async def _read(client: UsageClient) -> tuple[Statement, tuple[Event, ...]]:
    statement = Statement(
        me=await client.me(),
        summary=await client.summary(),
        sources=await client.sources(),
        daily=await client.daily(),
        grants=await client.grants(),
        allowances=await client.allowances(),
    )
    page = await client.events(EventQuery(), limit=LONG_HISTORY)
    return statement, page.items


def _header(statement: Statement) -> Header:
    return Header(**statement._asdict(), events=Extent(complete=True))


def _with_storage(statement: Statement, used: Decimal) -> Statement:
    def changed(meters: tuple[Meter, ...]) -> tuple[Meter, ...]:
        return tuple(
            replace(meter, used=used, remaining=meter.included - used)
            if meter.id == _STORAGE and meter.included is not None
            else meter
            for meter in meters
        )

    return statement._replace(
        summary=replace(statement.summary, allowances=changed(statement.summary.allowances)),
        allowances=replace(statement.allowances, items=changed(statement.allowances.items)),
    )


def _events(summary: Summary, period: Period, count: int) -> Iterator[Event]:
    """Newest first, evenly spread over the period's time so far; the newest one a second ago."""
    newest_at = summary.as_of - timedelta(seconds=1)
    step = (newest_at - period.starts_at) / count
    for number in range(count, 0, -1):
        kind, source_id, label, activity = _SOURCES[number % len(_SOURCES)]
        amount = Credits((1 + number % 37) * _QUARTER)
        yield Event(
            id=f"evt_{number:07}",
            occurred_at=newest_at - step * (count - number),
            kind=kind,
            source_id=source_id,
            label=label,
            activity=activity,
            quantity=1,
            credits=amount,
            actor="maria@acme.example",
            allocations=(Allocation(grant_id=_GRANT, bucket=PURCHASED, credits=amount),),
        )
