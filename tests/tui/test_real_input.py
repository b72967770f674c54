"""The public trace on the screen, as the README shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.trace import import_trace
from tests.tui.session import WIDE, make_app, running, settled
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.models import EventQuery

JUST_AFTER = datetime(2026, 11, 18, 8, 57, 17, tzinfo=UTC)
"""The newest chat before it is the one that used the included credits up."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return import_trace(tmp_path_factory.mktemp("trace"))


async def test_the_dashboard_shows_what_was_spent_on_what(recording: Path) -> None:
    async with running(make_app(await RecordingClient.open(recording)), WIDE) as session:
        assert "5,776.0088 credits" in session.line("Current-period usage")
        assert "3,871.6530 67.0%" in session.line("19,366 messages")
        assert "1,904.3558 33.0%" in session.line("8,819 runs")
        assert "100%" in session.shown("#included")


async def test_the_event_that_used_the_included_credits_up_was_paid_by_two_grants(recording: Path) -> None:
    async with running(make_app(await RecordingClient.open(recording)), WIDE) as session:
        session.app.show_events(EventQuery(kind="agent_chat", ends_at=JUST_AFTER))
        await session.settle()
        assert "conv-16419" in session.shown("#event-details")
        assert "0.0563" in session.shown("#event-details")
        assert "0.2489" in session.shown("#event-details")


def test_picture(recording: Path, snap_compare: Callable[..., bool]) -> None:
    client = asyncio.run(RecordingClient.open(recording))

    async def use(pilot: Pilot[Any]) -> None:
        await settled(pilot)

    assert snap_compare(make_app(client), terminal_size=WIDE, run_before=use)
