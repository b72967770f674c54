"""The recordings that are measured are whole, and their numbers agree."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.recordings import write_demo, write_long_history
from bench.start import NEWEST_EVENT, NUMBERS
from tests.terminal import Terminal, environment, usage_tui
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.models import Allowances


def checked(path: Path) -> Allowances:
    """Check all of a recording; its allowances."""

    async def read() -> Allowances:
        client = await RecordingClient.open(path)
        await client.check()
        allowances = await client.allowances()
        await client.aclose()
        return allowances

    return asyncio.run(read())


@pytest.mark.parametrize(("storage", "used"), [(None, "41.2"), ("41.3", "41.3")])
def test_the_recorded_demo_agrees_with_itself(storage: str | None, used: str, tmp_path: Path) -> None:
    write_demo(tmp_path / "demo.jsonl", storage=storage)
    meters = {meter.id: str(meter.used) for meter in checked(tmp_path / "demo.jsonl").items}
    assert meters["sandbox_storage"] == used


def test_a_long_history_agrees_with_itself_and_its_newest_event_is_shown_first(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    write_long_history(path, 1_000)
    checked(path)
    with Terminal(usage_tui(str(path)), environment=environment(tmp_path)) as terminal:
        terminal.wait_for(*NEWEST_EVENT)


def test_each_number_that_ends_the_start_of_the_demo_is_on_its_screen(tmp_path: Path) -> None:
    with Terminal(usage_tui("--demo"), environment=environment(tmp_path)) as terminal:
        terminal.wait_for(*NUMBERS)
