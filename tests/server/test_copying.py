"""`usage-tui admin copy`: another database that answers as the first one does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.server.telling import told
from tests.server.world import NOW, World, event
from usage_tui.cli import main
from usage_tui.models import Unit
from usage_tui.server.db.database import Database
from usage_tui.server.db.schema import metadata
from usage_tui.server.ledger_writer.copy import copy
from usage_tui.server.ledger_writer.verify import differences
from usage_tui.server.trusted_clock import Seen, write_clock

WAYS = [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite")]

Way = tuple[World, Database]


@pytest.fixture(params=WAYS, ids=" to ".join)
def way(request: pytest.FixtureRequest, new_database: Callable[[str], Database]) -> Iterator[Way]:
    """A world with something in every table, and an empty database."""
    source, target = map(new_database, request.param)
    world = World.open(source, unit=Unit(code="EUR"))
    world.grant("g1", "included", "20", expires_at="2026-12-01T05:00:00Z")
    world.grant("g2", "purchased", "7.000001")
    world.change("allowances/hours", {"label": "Hours", "unit": "hour"}, method="PUT")
    hours = {"specversion": "1.0", "type": "usage.allowance.hours", "source": "//tools", "id": "a"}
    receipt = world.post(
        event("e1", "12.5", NOW, label="Verträge"),
        event("e2", "13", NOW, kind="workflow"),
        {**hours, "data": {"amount": "0.1", "line": "Nightly"}},
    )
    world.change(f"usage/events/{receipt['results'][0]['event_id']}/reversal", key="again")
    world.change("grants/g2/void")
    with source.writing() as connection:
        write_clock(connection, Seen(NOW))
    yield world, target
    world.close()
    target.close()


def name_of(database: Database) -> str:
    return database._engine.url.render_as_string(hide_password=False)


def content(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


def test_a_copy_answers_byte_by_byte_as_the_first_one(way: Way, capsys: pytest.CaptureFixture[str]) -> None:
    world, target = way
    cursor = world.read("usage/events?limit=1")["page"]["next"]
    before = told(world.database, world.owner, NOW)
    assert main(["admin", "copy", name_of(world.database), name_of(target)]) == 0
    assert capsys.readouterr().out.startswith("Copied and verified 1 organization; ")
    assert content(target) == content(world.database)
    assert all(content(target).values())
    assert told(target, world.owner, NOW) == before
    world.service.database = target
    assert world.read("usage/summary")["unit"]["code"] == "EUR"
    assert world.read(f"usage/events?limit=1&cursor={cursor}")["page"]["size"] == 1


def test_a_copy_goes_on_where_the_first_one_was(way: Way) -> None:
    world, target = way
    assert main(["admin", "copy", name_of(world.database), name_of(target)]) == 0
    world.service.database = target
    again, new = world.post(event("e2", "13", NOW, kind="workflow"), event("e3", "1", NOW))["results"]
    assert (again["status"], new["status"]) == ("duplicate", "accepted")
    with target.reading() as connection:
        assert list(differences(connection, "acme")) == []


def test_a_database_that_holds_data_is_no_target(way: Way, capsys: pytest.CaptureFixture[str]) -> None:
    world, target = way
    other = World.open(target)
    before = content(target)
    assert main(["admin", "copy", name_of(world.database), name_of(target)]) == 1
    assert "the target already has data, in organizations" in capsys.readouterr().err
    assert content(target) == before
    other.http.close()


def test_a_copy_that_does_not_add_up_is_not_kept(way: Way, capsys: pytest.CaptureFixture[str]) -> None:
    world, target = way
    with world.database.writing() as connection:
        connection.execute(text("UPDATE organizations SET overage = overage + 1"))
    before = content(target)
    assert main(["admin", "copy", name_of(world.database), name_of(target)]) == 1
    assert "the copy does not add up: acme: overage: stored" in capsys.readouterr().err
    assert content(target) == before


def test_what_is_booked_during_a_copy_is_not_in_it(way: Way) -> None:
    world, target = way
    before = content(world.database)

    def busy(rows: Iterable[Any], what: str, _: int) -> Iterator[Any]:
        """Books an event before the first table is read to its end."""
        for row in rows:
            if what == "Copying organizations":
                world.post(event("late", "1", NOW))
            yield row

    with world.database.reading() as source, target.writing() as connection:
        copy(source, connection, busy)
    assert content(target) == before
    assert content(world.database) != before


def test_a_source_that_is_none_is_one_line_and_makes_no_target(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "copy.db"
    assert main(["admin", "copy", str(tmp_path / "none.db"), str(target)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not target.exists()
