"""The public trace as the organization of the example, worked out from the CSV by plain sums."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from tests.insight.organization import credits_of, day, grant, grants, summary
from tests.trace import EVENTS
from usage_tui.models import Day, Event, Grants, Summary

ZONE = ZoneInfo("America/New_York")
AS_OF = datetime(2026, 11, 22, 20, 29, 41, tzinfo=UTC)
TODAY = date(2026, 11, 22)
INCLUDED, AUTO_RECHARGE, TOP_UP = Decimal(5000), Decimal("1250.25"), Decimal(2000)


@dataclass(frozen=True)
class Row:
    id: str
    at: datetime
    source: str
    label: str
    credits: Decimal

    @property
    def date(self) -> date:
        return self.at.astimezone(ZONE).date()


@cache
def rows() -> list[Row]:
    """Every event; the test is skipped where the trace is missing, but fails in continuous integration."""
    if not EVENTS.exists():
        reason = "the public trace is not here; LLM_TRACE_EVENTS says where it is"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with EVENTS.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                line["id"],
                datetime.fromisoformat(line["occurred_at"]),
                line["source_id"],
                line["label"],
                Decimal(line["credits"]),
            )
            for line in csv.DictReader(file)
        ]


def by_date(events: list[Row]) -> dict[date, Decimal]:
    sums: defaultdict[date, Decimal] = defaultdict(Decimal)
    for row in events:
        sums[row.date] += row.credits
    return dict(sums)


def trace_days(events: list[Row]) -> list[Day]:
    sums = by_date(events)
    return [day(civil, credits_of(amount), complete=civil != TODAY) for civil, amount in sums.items()]


def trace_grants(events: list[Row]) -> Grants:
    """The three grants; the included one pays first, then what was recharged, then what was topped up."""
    beyond = sum((row.credits for row in events), Decimal()) - INCLUDED
    assert 0 < beyond < AUTO_RECHARGE
    midnight = datetime(2026, 12, 1, tzinfo=ZONE).astimezone(UTC)
    start = datetime(2026, 11, 1, tzinfo=ZONE).astimezone(UTC)
    recharged, bought = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 10, 14, 15, 2, 11, tzinfo=UTC)
    return grants(
        grant("spring", "purchased", str(AUTO_RECHARGE - beyond), original=str(AUTO_RECHARGE),
              starts_at=recharged, expires_at=recharged.replace(year=2027), origin="auto_recharge",
              description="Auto-recharge"),
        grant("grant-2", "purchased", str(TOP_UP), starts_at=bought, expires_at=bought.replace(year=2027),
              description="Top-up"),
        grant("grant-1", "included", 0, original=str(INCLUDED), starts_at=start, expires_at=midnight,
              status="used", description="Team plan, November 2026"),
        as_of=AS_OF,
    )  # fmt: skip


def trace_summary(items: Grants) -> Summary:
    included = items.items[2]
    assert included.expires_at is not None
    return summary(
        *items.items,
        as_of=AS_OF,
        zone=str(ZONE),
        starts_at=included.effective_at,
        ends_at=included.expires_at,
        threshold=5000,
    )


def trace_events(events: list[Row]) -> list[Event]:
    """The events, newest first."""
    return [
        Event(
            id=row.id,
            occurred_at=row.at,
            kind="ai_tool" if row.source.startswith("tool") else row.source,
            source_id=row.source,
            label=row.label,
            activity="run",
            quantity=1,
            credits=credits_of(row.credits),
        )
        for row in reversed(events)
    ]
