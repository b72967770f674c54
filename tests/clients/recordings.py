"""Recordings to read in tests: one organization, and what a fault does to its lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.recording.file import write_recording
from usage_tui.clients.recording.header import Extent, Header
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.ledger.statement import BillingTerms, Statement, Viewer, make_statement
from usage_tui.models import Credits, Event, Organization, Subscription, User
from usage_tui.state.recorder import record

OCTOBER = datetime(2026, 10, 20, 4, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, 4, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 5, tzinfo=UTC)
AS_OF = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)

_SOURCES = (
    ("agent_chat", "agent_chat", "Agent chat", "message"),
    ("ai_tool", "tool_contract", "Contract review", "run"),
    ("workflow", "wf_digest", "Weekly digest – née «Päivä»", "run"),
)


def _acme() -> tuple[Statement, list[Event]]:
    """471 events from October 20 to November 22, the last a reversal; the included grant runs out."""
    ledger, calendar = Ledger(), Calendar("America/New_York")
    period = calendar.period("2026-11", NOVEMBER, DECEMBER, AS_OF)
    rollup = PeriodRollup(period, calendar)
    terms = (
        Terms("gr_1", "Top-up", PURCHASED, "purchase", OCTOBER, OCTOBER, None, Credits.parse("5000")),
        Terms(
            "gr_2", "Team plan", INCLUDED, "subscription", NOVEMBER, NOVEMBER, DECEMBER, Credits.parse("500")
        ),
    )
    for grant in terms:
        ledger.grant(grant)
    events = []
    for number in range(470):
        kind, source_id, label, activity = _SOURCES[number % 5 % 3]
        at = OCTOBER + number * timedelta(hours=1, minutes=41, seconds=7, milliseconds=120)
        amount = Credits(number * 7_919 % 9_000_001)
        events.append(ledger.use(Use(f"evt_{number:03}", at, kind, source_id, label, activity, amount)))
    events.append(ledger.reverse(events[-3], reversal_id="evt_back", at=AS_OF - timedelta(minutes=1)))
    for event in events:
        rollup.add(event)
    ledger.advance(AS_OF)
    billing = BillingTerms(
        Organization(id="acme", name="Acme", time_zone="America/New_York"),
        period,
        Subscription(status="active", plan="Team", cadence="monthly", entitlement_active=True),
    )
    viewer = Viewer(User(id="usr_1", name="Maria"), role="owner", billing_access=True)
    return make_statement(ledger, rollup, billing, viewer, revision=7), events[::-1]


STATEMENT, EVENTS = _acme()
HEADER = Header(**STATEMENT._asdict(), events=Extent(complete=True))


def record_acme(folder: Path, name: str = "acme.jsonl") -> Path:
    """A recording in which every number agrees."""
    path = folder / name
    write_recording(path, HEADER, EVENTS)
    return path


async def record_euros(folder: Path) -> Path:
    """The demo in dollars, as if they were euros."""
    path = folder / "euros.jsonl"
    await record(open_demo("dollars"), path)
    path.write_bytes(path.read_bytes().replace(b'"USD"', b'"EUR"'))
    return path


def with_header(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Write the recording again with another header."""
    return with_line(path, 1, change)


def with_line(path: Path, number: int, change: Callable[[dict[str, Any]], object]) -> Path:
    """Write the recording again with one line changed; lines count from 1."""
    lines = path.read_bytes().splitlines()
    data = json.loads(lines[number - 1])
    change(data)
    lines[number - 1] = json.dumps(data).encode()
    return with_lines(path, lines)


def with_lines(path: Path, lines: Iterable[bytes]) -> Path:
    """Write these lines into the file."""
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path
