"""One scenario from the demo, a recording, and services over both databases: the same screens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.server.conftest import OpenDatabase
from tests.tui.session import NORMAL, WIDE, Session, running
from usage_tui.cli.recorded_organization import read_recorded
from usage_tui.clients.base import UsageClient
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.config.settings import Settings
from usage_tui.server.api.app import create_app
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.seed_demo import seed_demo
from usage_tui.server.service import UsageService
from usage_tui.state.recorder import record
from usage_tui.tui.app import UsageApp

WALK = (
    "c",
    "d",
    "d",
    "v",
    "escape",
    "tab",
    "tab",
    "tab",
    "down",
    "enter",
    "n",
    "p",
    "x",
    "n",
    "down",
    "enter",
    "escape",
    "3",
    "down",
    "1",
)
"""Keys that lead through every screen, a filter, two pages and two dialogs."""


@asynccontextmanager
async def opened(
    origin: str, scenario: str, folder: Path, new_database: OpenDatabase
) -> AsyncIterator[UsageClient]:
    """The scenario as it comes from there; `recorded` is a recording of a service."""
    if origin == "demo":
        yield open_demo(scenario)
    elif origin == "recording":
        await record(open_demo(scenario), folder / "demo.jsonl")
        yield await RecordingClient.open(folder / "demo.jsonl")
    elif origin == "recorded":
        async with opened("sqlite", scenario, folder, new_database) as service:
            await record(service, folder / "served.jsonl")
        recording = await RecordingClient.open(folder / "served.jsonl")
        await recording.check()
        yield recording
    else:
        database = new_database(origin)
        try:
            yield await served(database, scenario)
        finally:
            database.close()


async def served(database: Database, scenario: str) -> UsageClient:
    """The demo from a service over the database, as the scenario's viewer sees it."""
    seeded = open_demo("dollars" if scenario == "dollars" else "acme")
    demo = await asyncio.to_thread(seed_demo, database, await read_recorded(seeded))
    as_of = (await seeded.summary()).as_of
    app = create_app(UsageService(database, clock=lambda: as_of))
    token = BearerToken(demo.member if scenario == "member" else demo.owner)
    return UsageApiClient("http://127.0.0.1", token, transport=httpx.ASGITransport(app))


def shown(ui: Session) -> str:
    """The screen, but for what differs by origin: how many events there are, and the balance carried forward.

    A recording does not say when a grant was voided, so what is made of one has another opening balance.
    """
    text = re.sub(r"(Rows [\d,–]+) of [\d,]+", r"\1", ui.text)
    return re.sub(r"(The books agree)[:.].*", r"\1", text)


async def screens(client: UsageClient, size: tuple[int, int]) -> list[str]:
    """What is on the screen at the start and after each key."""
    app = UsageApp(client, Settings(theme="usage-dark"))
    app.known.state = replace(app.known.state, origin="here")
    async with running(app, size) as ui:
        found = [shown(ui)]
        for key in WALK:
            await ui.press(key)
            found.append(shown(ui))
    return found


_DEMO: dict[str, list[str]] = {}
"""The screens of the demo by scenario, once they have been looked at."""


@pytest.mark.parametrize(
    ("scenario", "size"),
    [("acme", WIDE), ("member", NORMAL), ("dollars", NORMAL)],
    ids=["acme", "member", "dollars"],
)
@pytest.mark.parametrize("origin", ["recording", "sqlite", "postgresql", "recorded"])
async def test_every_screen_is_the_same_wherever_the_data_come_from(
    origin: str, scenario: str, size: tuple[int, int], tmp_path: Path, new_database: OpenDatabase
) -> None:
    expected = _DEMO.setdefault(scenario, _DEMO.get(scenario) or await screens(open_demo(scenario), size))
    async with opened(origin, scenario, tmp_path, new_database) as client:
        found = await screens(client, size)
    for key, (one, other) in enumerate(zip(found, expected, strict=True)):
        assert one == other, f"after {WALK[:key]}"
