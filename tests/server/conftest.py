"""A world for each test, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.world import World
from usage_tui.server.database import Database


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World.open(Database.open(str(tmp_path / "usage.db")))
    yield world
    world.close()
