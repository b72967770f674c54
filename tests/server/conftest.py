"""A world for each test, on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.server import postgresql
from tests.server.world import World
from usage_tui.server.prepare import prepare
from usage_tui.server.storage.database import Database

OpenDatabase = Callable[[str], Database]


@pytest.fixture(scope="session")
def new_empty_postgresql() -> Iterator[Callable[..., str]]:
    """Makes a PostgreSQL database each time, a copy of another one where that is named; gives its URL."""
    with postgresql.running() as cluster:
        url = "postgresql+psycopg:///{}?" + cluster.place
        engine = create_engine(url.format("postgres"), isolation_level="AUTOCOMMIT")
        names = (f"usage_{number}" for number in count())
        with engine.connect() as connection:

            def create(template: str = "template1") -> str:
                name = next(names)
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
                return url.format(name)

            yield create
        engine.dispose()


@pytest.fixture(scope="session")
def new_postgresql(new_empty_postgresql: Callable[..., str]) -> Callable[[], Database]:
    """Opens an empty PostgreSQL database each time; the tables are there."""
    template = Database.open(new_empty_postgresql())
    prepare(template)
    template.close()
    name = template._engine.url.database
    return lambda: Database.open(new_empty_postgresql(name))


@pytest.fixture
def new_database(tmp_path: Path, request: pytest.FixtureRequest) -> OpenDatabase:
    """Opens an empty database of the kind that it is asked for."""
    numbers = count()

    def create(kind: str) -> Database:
        if kind == "postgresql":
            opened: Database = request.getfixturevalue("new_postgresql")()
            return opened
        return Database.open(str(tmp_path / f"usage-{next(numbers)}.db"))

    return create


@pytest.fixture
def world(new_database: OpenDatabase) -> Iterator[World]:
    """A world on SQLite."""
    world = World.open(new_database("sqlite"))
    yield world
    world.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_world(request: pytest.FixtureRequest, new_database: OpenDatabase) -> Iterator[World]:
    """A world on each of the two databases."""
    world = World.open(new_database(request.param))
    yield world
    world.close()
