"""What the service answers while its database cannot serve, and that it goes on by itself afterwards."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from tests.server import postgresql
from tests.server.processes import serve
from tests.server.world import ACME, NOVEMBER, NOW, World, new_sqlite
from tests.server.world import event as cloud_event
from usage_tui.server.auth import create_token
from usage_tui.server.db import database as database_module
from usage_tui.server.db.database import Database, DatabaseUnavailable
from usage_tui.server.db.instants import utc_now
from usage_tui.server.ledger_writer.cloudevents import BATCH
from usage_tui.server.ledger_writer.organizations import create_organization
from usage_tui.server.ledger_writer.verify import differences
from usage_tui.server.prepare import prepare

MEBIBYTE = 2**20


def assert_busy(response: httpx.Response) -> None:
    """A problem document that says to come again."""
    assert response.status_code == 503, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) >= 1
    assert response.json()["code"] == "database_busy"


def assert_booked(world: World, *sender_ids: str) -> None:
    """These events and no others are booked, and all adds up."""
    events = world.read("usage/events")["items"]
    assert sorted(item["label"] for item in events) == sorted(sender_ids)
    with world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []


def labeled(sender_id: str) -> dict[str, Any]:
    return cloud_event(sender_id, "1", NOW, label=sender_id)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock."""
    monkeypatch.setattr(database_module, "_BUSY_SECONDS", 1)


class TestSQLite:
    def test_a_database_locked_by_another_writer(self, impatient: None, world: World) -> None:
        world.post(labeled("before"))
        with closing(sqlite3.connect(str(world.database.path), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert_busy(world.send(labeled("during")))
            assert world.read("usage/summary")["usage"]["event_count"] == 1
            other.execute("ROLLBACK")
        world.post(labeled("during"))
        assert_booked(world, "before", "during")

    def test_a_request_that_means_nothing_meanwhile(
        self, monkeypatch: pytest.MonkeyPatch, world: World
    ) -> None:
        def fail(*_arguments: object, **_options: object) -> None:
            raise DatabaseUnavailable("gone")

        monkeypatch.setattr(Database, "reading", fail)
        assert_busy(world.get("usage/events?limit=ten"))

    def test_more_requests_than_connections(self, impatient: None, world: World) -> None:
        with ExitStack() as held:
            with suppress(NoConnectionFree):
                while True:
                    held.enter_context(world.database._engine.connect())
            assert_busy(world.send(labeled("during")))
        world.post(labeled("during"))
        assert_booked(world, "during")

    def test_a_database_that_may_not_grow(self, world: World) -> None:
        world.post(labeled("before"))
        pages = limit_pages(world.database)
        batch = [labeled(f"e{number}") for number in range(200)]
        assert_busy(world.send(*batch))
        assert_booked(world, "before")
        limit_pages(world.database, pages + 10_000)
        world.post(*batch)
        assert world.read("usage/summary")["usage"]["event_count"] == 201


def limit_pages(database: Database, most: int = 1) -> int:
    """Let the file grow no further than this, or no further at all; gives how large it may be."""
    with database._engine.connect() as connection:
        return int(connection.exec_driver_sql(f"PRAGMA max_page_count = {most}").scalar_one())


def test_a_full_disk_is_said_and_forgotten_once_there_is_room(tmp_path: Path) -> None:
    database = new_sqlite(tmp_path / "usage.db")
    with database.writing() as connection:
        create_organization(connection, ACME, NOVEMBER)
        token = create_token(connection, name="", now=utc_now(), org_id="acme", scopes=("ingest",))
    database.close()
    with serve("--database", str(tmp_path / "usage.db")) as running:

        def send(number: int) -> httpx.Response:
            batch = [cloud_event(f"{number}-{index}", "1", NOVEMBER[1]) for index in range(1000)]
            headers = {"Authorization": f"Bearer {token}", "Content-Type": BATCH}
            url = f"{running.url}/v1/orgs/acme/usage/events"
            return httpx.post(url, json=batch, headers=headers, trust_env=False, timeout=60)

        assert send(0).json()["accepted"] == 1000
        # Files of the service may not grow beyond this, as on a disk that is full.
        pid, unlimited = running.process.pid, resource.RLIM_INFINITY
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (MEBIBYTE, unlimited))
        answers = [send(number) for number in range(1, 8)]
        assert_busy(answers[-1])
        assert httpx.get(f"{running.url}/readyz", trust_env=False).status_code == 200
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
        again = [send(number).json() for number in range(8)]
    assert all(receipt["accepted"] + receipt["duplicates"] == 1000 for receipt in again)
    acknowledged = 1 + sum(answer.status_code == 200 for answer in answers)
    assert sum(receipt["duplicates"] for receipt in again) == acknowledged * 1000
    database = Database.open(str(tmp_path / "usage.db"))
    with database.reading() as connection:
        assert list(differences(connection, "acme")) == []
    database.close()


@pytest.fixture
def own_cluster() -> Iterator[postgresql.Cluster]:
    """A PostgreSQL of its own, that may be stopped."""
    with postgresql.running() as cluster:
        yield cluster


class TestPostgreSQL:
    @pytest.fixture
    def world(self, new_postgresql: Callable[[], Database]) -> Iterator[World]:
        world = World.open(new_postgresql())
        yield world
        world.close()

    def test_an_organization_locked_by_another_writer(self, impatient: None, world: World) -> None:
        world.post(labeled("before"))
        other = create_engine(world.database._engine.url)
        with other.connect() as connection:
            connection.execute(text("SELECT * FROM organizations FOR UPDATE"))
            assert_busy(world.send(labeled("during")))
            assert world.read("usage/summary")["usage"]["event_count"] == 1
        other.dispose()
        world.post(labeled("during"))
        assert_booked(world, "before", "during")

    def test_a_connection_lost_within_a_transaction(self, world: World) -> None:
        world.post(labeled("before"))
        with terminated_at(world.database._engine, "INSERT INTO events"):
            assert_busy(world.send(labeled("during")))
        assert world.post(labeled("during"))["accepted"] == 1
        assert_booked(world, "before", "during")

    def test_a_connection_lost_while_nobody_asked_is_not_noticed(self, world: World) -> None:
        world.post(labeled("before"))
        terminate(world.database._engine)
        world.post(labeled("after"))
        assert_booked(world, "before", "after")

    def test_a_server_that_is_stopped_and_started(self, own_cluster: postgresql.Cluster) -> None:
        database = Database.open(f"postgresql+psycopg:///postgres?{own_cluster.place}")
        prepare(database)
        world = World.open(database)
        world.post(labeled("before"))
        own_cluster.stop()
        assert_busy(world.send(labeled("during")))
        assert_busy(world.get("usage/summary"))
        assert_busy(world.http.get("/readyz"))
        assert world.http.get("/healthz").status_code == 200
        own_cluster.start()
        assert world.http.get("/readyz").status_code == 200
        world.post(labeled("during"))
        assert_booked(world, "before", "during")
        world.close()


def terminate(engine: Engine) -> None:
    """End every other connection to the database, as an administrator or a failing server does."""
    other = create_engine(engine.url)
    with other.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
        )
    other.dispose()


@contextmanager
def terminated_at(engine: Engine, beginning: str) -> Iterator[None]:
    """Within it, connections end before a statement that begins like this is sent."""

    def watch(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(beginning):
            terminate(engine)

    event.listen(engine, "before_cursor_execute", watch)
    yield
    event.remove(engine, "before_cursor_execute", watch)
