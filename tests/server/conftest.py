"""A world for each test, on either database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text

from tests.server import pgbouncer, postgresql
from tests.server.world import World, new_sqlite
from usage_tui.server.db.database import Database
from usage_tui.server.db.schema import metadata, signing_keys
from usage_tui.server.prepare import prepare

OpenDatabase = Callable[[str], Database]


class _Compiled(dict[tuple[Any, ...], Any]):
    """Statements by what they say and the kind of database, whichever database that is.

    SQLAlchemy keeps them for each database, and to compile them took longer than to execute them.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


_COMPILED = _Compiled()


@event.listens_for(Engine, "engine_connect")
def _compile_once_and_do_not_wait_for_the_disk(connection: Connection) -> None:
    """What is killed in tests, and must find all again, runs in processes of its own."""
    connection.execution_options(compiled_cache=_COMPILED)
    made = connection.connection.dbapi_connection
    if isinstance(made, sqlite3.Connection):
        made.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    """The PostgreSQL server that the tests share."""
    with postgresql.running() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def pooler(cluster: postgresql.Cluster) -> Iterator[pgbouncer.Pooler]:
    """pgbouncer in front of it."""
    with pgbouncer.running(cluster) as pooler:
        yield pooler


@pytest.fixture(scope="session")
def new_empty_postgresql(cluster: postgresql.Cluster) -> Iterator[Callable[..., str]]:
    """Makes a PostgreSQL database each time, a copy of another one where that is named; gives its URL."""
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
    """Makes a PostgreSQL database each time; the tables are there, and empty."""
    template = Database.open(new_empty_postgresql())
    prepare(template)
    template.close()
    name = template._engine.url.database
    return lambda: Database.open(new_empty_postgresql(name))


@pytest.fixture(scope="session")
def emptied_postgresql() -> list[str]:
    """The URLs of databases that earlier tests have done with: to empty one costs less than to make it."""
    return []


@pytest.fixture
def new_database(
    tmp_path: Path, request: pytest.FixtureRequest, emptied_postgresql: list[str]
) -> Iterator[OpenDatabase]:
    """Opens a database of the kind that it is asked for; the tables are there, and empty."""
    numbers = count()
    used: list[str] = []

    def create(kind: str) -> Database:
        if kind == "sqlite":
            return new_sqlite(tmp_path / f"usage-{next(numbers)}.db")
        if emptied_postgresql:
            opened = Database.open(emptied_postgresql.pop())
        else:
            opened = request.getfixturevalue("new_postgresql")()
        direct = opened._engine.url.render_as_string(hide_password=False)
        used.append(direct)
        if kind == "pgbouncer":
            opened.close()
            return Database.open(request.getfixturevalue("pooler").url(direct))
        return opened

    yield create
    for url in used:
        empty(url)
    emptied_postgresql += used


def empty(url: str) -> None:
    """Take everything out of a PostgreSQL database but the key that it was prepared with."""
    database = Database.open(url)
    names = ", ".join(table.name for table in metadata.sorted_tables if table is not signing_keys)
    with database.writing() as connection:
        # Without the triggers that keep what is booked.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {names}"))
    database.close()


@pytest.fixture
def world(new_database: OpenDatabase) -> Iterator[World]:
    """A world on SQLite."""
    world = World.open(new_database("sqlite"))
    yield world
    world.close()


@pytest.fixture(params=["sqlite", "postgresql", "pgbouncer"])
def either_world(request: pytest.FixtureRequest, new_database: OpenDatabase) -> Iterator[World]:
    """A world on each of the two databases, and behind pgbouncer."""
    world = World.open(new_database(request.param))
    yield world
    world.close()
