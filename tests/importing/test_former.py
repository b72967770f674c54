"""The billing periods before the one that an import describes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_tui.cli import main
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.ledger.cadence import MONTHS, next_start, previous_start
from usage_tui.models import BillingPeriods

ORG = """
[organization]
name = "Acme"
time_zone = "America/New_York"
[period]
starts_at = 2026-10-31
ends_at = 2026-11-30
[subscription]
plan = "Team"
cadence = "{cadence}"
[viewer]
role = "admin"
billing_access = {access}
"""
EVENTS = """\
id,time,kind,source_id,label,credits
e1,2026-07-30T12:00:00Z,ai_tool,tool,Review,1
e2,2026-09-30T03:59:59Z,ai_tool,tool,Review,2
e3,2026-09-30T04:00:00Z,agent_chat,chat,Chat,4
e4,2026-11-20T12:00:00Z,ai_tool,tool,Review,8
"""


def imported(folder: Path, cadence: str = "monthly", access: str = "true", events: str = EVENTS) -> Path:
    (folder / "org.toml").write_text(ORG.format(cadence=cadence, access=access))
    (folder / "events.csv").write_text(events)
    words = [str(folder / "events.csv"), "--org", str(folder / "org.toml"), "-o", str(folder / "a.jsonl")]
    assert main(["import", *words]) == 0
    return folder / "a.jsonl"


def told(periods: BillingPeriods) -> list[tuple[str, date, date, str]]:
    return [
        (one.period.id, one.period.start_date, one.period.end_date, str(one.usage.total))
        for one in periods.items
    ]


async def test_earlier_periods_follow_from_the_cadence_back_to_the_first_event(tmp_path: Path) -> None:
    client = await RecordingClient.open(imported(tmp_path))
    await client.check()
    periods = await client.periods()
    assert told(periods) == [
        ("2026-10", date(2026, 10, 31), date(2026, 11, 29), "8"),
        ("2026-09", date(2026, 9, 30), date(2026, 10, 30), "4"),
        ("2026-08", date(2026, 8, 31), date(2026, 9, 29), "2"),
        ("2026-07", date(2026, 7, 31), date(2026, 8, 30), "0"),
        ("2026-06", date(2026, 6, 30), date(2026, 7, 30), "1"),
    ]
    assert periods.first_event_date == date(2026, 7, 30)
    for one in periods.items:
        assert (await client.daily(one.period.id)).total == one.usage.total
        assert (await client.sources(one.period.id)).total == one.usage.total


async def test_without_a_known_cadence_or_an_earlier_event_only_the_current_one_is_known(
    tmp_path: Path,
) -> None:
    only = EVENTS.splitlines(keepends=True)[0] + EVENTS.splitlines(keepends=True)[-1]
    for path in (imported(tmp_path, cadence="weekly"), imported(tmp_path, events=only)):
        client = await RecordingClient.open(path)
        assert [one.period.id for one in (await client.periods()).items] == ["2026-10"]
        assert b'"periods"' not in path.read_bytes()


async def test_who_sees_no_events_sees_what_the_periods_cost(tmp_path: Path) -> None:
    client = await RecordingClient.open(imported(tmp_path, access="false"))
    assert len((await client.periods()).items) == 5


@pytest.mark.parametrize("cadence", MONTHS)
@given(minutes=st.integers(0, 15_000_000), day=st.integers(1, 28))
def test_a_period_begins_where_the_one_before_it_ends(cadence: str, minutes: int, day: int) -> None:
    zone = "America/New_York"
    at = (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    start = at.replace(day=day).astimezone(UTC)
    assert next_start(previous_start(start, start, cadence, zone), start, cadence, zone) == start
