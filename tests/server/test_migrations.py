"""Databases of earlier versions: brought to this one, they still say what they said.

`first_schema` holds the dumps of a small database as the first version wrote it, and what was told of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from tests.server.world import NOW, Browser, Clock, World, event
from usage_tui.cli import main
from usage_tui.server.api.app import create_app
from usage_tui.server.db import database as storage
from usage_tui.server.db import versions
from usage_tui.server.db.database import Database, InvalidDatabase
from usage_tui.server.db.schema import metadata
from usage_tui.server.ledger_writer.verify import differences
from usage_tui.server.prepare import prepare
from usage_tui.server.service import UsageService

FIRST = Path(__file__).parent / "first_schema"
TOLD = json.loads((FIRST / "told.json").read_text())
BOTH = ["sqlite", "postgresql"]

Empty = Callable[[str], Database]


@pytest.fixture
def empty_database(tmp_path: Path, request: pytest.FixtureRequest) -> Empty:
    """Opens a database without tables, the same one each time."""
    opened: dict[str, str] = {}

    def create(kind: str) -> Database:
        if kind not in opened and kind == "postgresql":
            opened[kind] = request.getfixturevalue("new_empty_postgresql")()
        return Database.open(opened.get(kind) or str(tmp_path / "usage.db"))

    return create


@pytest.fixture(params=BOTH)
def first(request: pytest.FixtureRequest, empty_database: Empty) -> Iterator[Database]:
    """A database of the first version."""
    dump = (FIRST / f"{request.param}.sql").read_text()
    database = empty_database(request.param)
    if database.path is not None:
        with closing(sqlite3.connect(database.path)) as connection:
            connection.executescript(dump)
    else:
        with database.writing() as connection:
            connection.exec_driver_sql(dump)
    yield database
    database.close()


@pytest.fixture
def upgraded(first: Database) -> Iterator[World]:
    """The same, brought to this version and served."""
    prepare(first)
    clock = Clock(datetime.fromisoformat(TOLD["now"]))
    service = UsageService(first, clock=clock)
    http = Browser(create_app(service))
    yield World(first, clock, service, http, TOLD["owner"], TOLD["member"], TOLD["ingest"])
    http.close()


def test_an_older_database_says_what_it_said_and_can_be_verified(upgraded: World) -> None:
    world = upgraded
    for path, told in TOLD["replies"].items():
        assert _is_in(told, world.read(path)), path
    assert world.read("usage/summary")["unit"] == {"code": "credit", "scale": 6}
    with world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []


def test_what_was_booked_before_is_known_and_the_ledger_goes_on(upgraded: World) -> None:
    world = upgraded
    told: dict[str, Any] = {"kind": "agent_chat", "subject": None, "actor": "maria@acme.example"}
    known = event("e1", "60.25", datetime.fromisoformat("2026-11-20T12:10+00:00"), **told)
    again, new = world.post(known, event("e9", "1", world.clock.now))["results"]
    assert (again["status"], new["status"]) == ("duplicate", "accepted")
    hours = {
        "specversion": "1.0",
        "type": "usage.allowance.hours",
        "source": "//tools",
        "id": "a9",
        "data": {"amount": "0.5", "line": "Nightly"},
    }
    assert world.post(hours)["accepted"] == 1
    assert world.read("allowances")["items"][0]["used"] == "1.25"
    with world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []


def test_an_older_database_carries_the_balance_through_its_periods(upgraded: World) -> None:
    """With a late event, a reversal, a void, and a grant that expires as the second period begins."""
    december, november = (item["roll_forward"] for item in upgraded.read("billing-periods")["items"])
    assert november == {
        "opening": "0",
        "granted": "265.5",
        "used": "118.750001",
        "lapsed": "88.25",
        "voided": "25.5",
        "restored": "7.000001",
    }
    nothing = dict.fromkeys(("lapsed", "voided", "restored"), "0")
    assert december == {"opening": "40", "granted": "100", "used": "140", **nothing}


def test_an_upgraded_database_has_the_tables_of_a_new_one(first: Database) -> None:
    prepare(first)
    with first.reading() as connection:
        found = inspect(connection)
        tables = {
            name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()
        }
    del tables["alembic_version"]
    assert tables == {table.name: set(table.columns.keys()) for table in metadata.sorted_tables}


@pytest.mark.parametrize("first", ["sqlite"], indirect=True)
def test_an_upgraded_sqlite_file_keeps_its_sums_in_the_order_of_their_keys(first: Database) -> None:
    """A span of days is read in one go; elsewhere, each row would be looked up."""
    prepare(first)
    in_order = {table.name for table in metadata.sorted_tables if not table.kwargs["sqlite_with_rowid"]}
    assert in_order == {"rollups", "person_sums"}
    with first.reading() as connection:
        created = text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID'")
        assert {*connection.scalars(created)} == in_order


def test_postgresql_checks_no_references_of_tables_that_grow_with_every_event(empty_database: Empty) -> None:
    """It would look up the same rows for each event, which takes as long as writing it."""
    database = empty_database("postgresql")
    prepare(database)
    with database.reading() as connection:
        for table in ("events", "event_keys", "journal", "allocations"):
            assert inspect(connection).get_foreign_keys(table) == []
    database.close()


@pytest.mark.parametrize("kind", BOTH)
def test_a_database_of_a_newer_version_is_refused(kind: str, empty_database: Empty) -> None:
    database = empty_database(kind)
    prepare(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InvalidDatabase, match=r"newer usage-tui \(its tables are 9999"):
        prepare(database)
    database.close()


@pytest.mark.parametrize("kind", BOTH)
def test_tables_of_another_program_are_left_alone(kind: str, empty_database: Empty) -> None:
    database = empty_database(kind)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE notes (note TEXT)"))
    with pytest.raises(InvalidDatabase, match="another program"):
        prepare(database)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["notes"]
    database.close()


@pytest.mark.parametrize("kind", BOTH)
def test_processes_that_start_together_migrate_once(kind: str, empty_database: Empty) -> None:
    databases = [empty_database(kind) for _ in range(4)]
    # Daemons, given so long: without the turns that they take, they may wait for one another for ever.
    starting = [Thread(target=prepare, args=(database,), daemon=True) for database in databases]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in starting)
    with databases[0].reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
        assert connection.scalar(text("SELECT count(*) FROM signing_keys")) == 1
    for database in databases:
        database.close()


def test_opening_waits_for_whoever_writes_the_same_new_file(
    empty_database: Empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself refuses at once, whatever it was told to wait."""
    database = empty_database("sqlite")
    with closing(sqlite3.connect(database.path or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(storage, "sleep", lambda _: other.execute("COMMIT"))
        with database.reading() as connection:
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert not other.in_transaction
    database.close()


@pytest.mark.parametrize("table", ["events", "allocations", "journal", "allowance_journal", "audit_log"])
@pytest.mark.parametrize("change", ["UPDATE {} SET org_id = 'other'", "DELETE FROM {}"])
def test_what_is_booked_cannot_be_changed(either_world: World, table: str, change: str) -> None:
    world = either_world
    world.grant("g", "purchased", "10")
    world.change("allowances/hours", {"label": "Runtime", "unit": "hour"}, method="PUT")
    hours = {"specversion": "1.0", "type": "usage.allowance.hours", "source": "//tools", "id": "a"}
    world.post(event("e", "1", NOW), {**hours, "data": {"amount": "1"}})
    with pytest.raises(Exception, match="is append-only"), world.database.writing() as connection:
        connection.execute(text(change.format(table)))
    with world.database.reading() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table} WHERE org_id = 'acme'")) > 0


def _is_in(told: Any, said: Any) -> bool:
    """Whether all that was told is said still; more may be."""
    if isinstance(told, dict):
        return all(name in said and _is_in(value, said[name]) for name, value in told.items())
    if isinstance(told, list):
        return len(told) == len(said) and all(map(_is_in, told, said))
    return bool(told == said)


def test_only_an_upgrade_changes_the_tables_of_an_older_database(
    first: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    name = first._engine.url.render_as_string(hide_password=False)
    name = str(first.path) if first.path else name
    for command in ("verify", "org list", "subscription set acme --included 1"):
        assert main(["admin", *command.split(), "--database", name]) == 1
        assert "usage-tui admin upgrade" in capsys.readouterr().err
        assert first.is_older()
    if first.path is not None:  # what is wanted before an upgrade
        backup = first.path.with_name("backup.db")
        assert main(["admin", "backup", str(backup), "--database", name]) == 0
        kept = Database.open(str(backup))
        assert kept.is_older()
        kept.close()
    assert main(["admin", "upgrade", "--database", name]) == 0
    assert first.is_current()
    assert main(["admin", "verify", "--database", name]) == 0


def test_a_version_is_known_for_every_migration() -> None:
    migrations = ScriptDirectory(str(Path(versions.__file__).with_name("migrations")))
    assert versions.known_versions()[-1] == migrations.get_current_head()
    assert set(versions.known_versions()) == {one.revision for one in migrations.walk_revisions()}


@pytest.mark.parametrize("kind", BOTH)
def test_a_writing_command_sets_up_an_empty_database_and_a_reading_one_does_not(
    kind: str, empty_database: Empty, capsys: pytest.CaptureFixture[str]
) -> None:
    database = empty_database(kind)
    name = str(database.path) if database.path else database._engine.url.render_as_string(hide_password=False)
    assert main(["admin", "verify", "--database", name]) == 1
    assert not database.is_current()
    capsys.readouterr()
    assert main(["admin", "org", "create", "acme", "--database", name]) == 0
    assert database.is_current()
    database.close()


@pytest.mark.parametrize("command", ["verify", "org list", "token list", "clock"])
def test_a_command_that_only_reads_leaves_the_file_as_it_is(tmp_path: Path, command: str) -> None:
    database = Database.open(str(tmp_path / "served.db"))
    prepare(database)
    database.close()
    path = tmp_path / "copied.db"
    with closing(sqlite3.connect(tmp_path / "served.db")) as connection:
        connection.execute("VACUUM INTO ?", [str(path)])  # without the log that a served file has
    before = path.read_bytes()
    assert main(["admin", *command.split(), "--database", str(path)]) == 0
    assert path.read_bytes() == before


def test_a_database_opened_to_read_refuses_changes(either_world: World) -> None:
    url = either_world.database._engine.url.render_as_string(hide_password=False)
    name = str(either_world.database.path or url)
    reader = Database.open(name, create=False, reads=True)
    with pytest.raises(Exception, match=r"read.?only"), reader.writing() as connection:
        connection.execute(text("UPDATE organizations SET name = 'Another'"))
    reader.close()
