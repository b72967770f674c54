"""A clock that jumps is noticed, and nothing is booked by it until somebody confirms it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import NamedTuple

import pytest

from tests.server.world import NOW, Browser, Clock, World, event
from usage_tui.cli import main
from usage_tui.cli.admin import clock as clock_command
from usage_tui.cli.admin import options
from usage_tui.server.api.app import create_app
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import BEGINNING
from usage_tui.server.service import UsageService
from usage_tui.server.trusted_clock import Seen, TrustedClock, doubt_at_start, read_clock, write_clock


class Machine:
    """A wall clock that can be set, and a count of seconds that cannot."""

    def __init__(self) -> None:
        self.wall = Clock(NOW)
        self.seconds = 0.0

    def pass_time(self, **duration: float) -> None:
        self.wall.forward(**duration)
        self.seconds += timedelta(**duration).total_seconds()


class Served(NamedTuple):
    world: World
    machine: Machine
    clock: TrustedClock


@pytest.fixture
def served(either_world: World) -> Served:
    """A world whose service watches its clock."""
    machine = Machine()
    clock = TrustedClock(either_world.database, machine.wall, lambda: machine.seconds)
    show(either_world, UsageService(either_world.database, clock=clock, check_clock=clock.check))
    clock.remember()
    return Served(either_world, machine, clock)


def test_time_that_passes_is_trusted(served: Served) -> None:
    for days in (0.1, 40, 400):
        served.machine.pass_time(days=days)
        assert served.clock.check() is None
        assert served.clock() == served.machine.wall()


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-3), timedelta(minutes=6)])
def test_nothing_is_booked_by_a_clock_that_jumps(
    served: Served, jump: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    world, machine, _ = served
    world.grant("top-up", "purchased", "50", expires_at="2027-01-31T00:00:00Z")
    machine.wall.now += jump
    with caplog.at_level(logging.ERROR, logger="usage_tui.server"):
        refused = world.send(event("a", "20", NOW))
    assert (refused.status_code, refused.json()["code"]) == (503, "clock_not_trusted")
    assert refused.headers["Retry-After"] == "60"
    assert "usage-tui admin clock accept" in refused.json()["detail"]
    assert len([record for record in caplog.records if "jumped" in record.message]) == 1
    ready = world.http.get("/readyz")
    assert (ready.status_code, ready.json()["code"]) == (503, "clock_not_trusted")
    assert world.service.book_time() == 0
    assert world.read("usage/summary")["balance"]["total"] == "50"
    machine.wall.now -= jump
    assert world.http.get("/readyz").status_code == 200
    world.post(event("a", "20", NOW))
    assert world.read("usage/summary")["balance"]["total"] == "30"


def test_a_clock_that_is_confirmed_is_booked_by(served: Served) -> None:
    world, machine, clock = served
    machine.wall.forward(days=400)
    assert clock.check() is not None
    clock.remember()
    with world.database.reading() as connection:
        assert read_clock(connection) == Seen(NOW, machine.wall())
    with world.database.writing() as connection:
        write_clock(connection, Seen(machine.wall()))
    machine.pass_time(seconds=30)
    assert clock.check() is None
    assert world.post(event("a", "20", machine.wall()))["accepted"] == 1


def test_a_single_reading_that_is_wrong_is_never_booked_by(served: Served) -> None:
    world, machine, _ = served
    world.grant("top-up", "purchased", "50", expires_at="2026-11-25T00:00:00Z")
    right, wrong = machine.wall.now, machine.wall.now + timedelta(days=30)
    for glitch in range(12):
        readings = iter([wrong if number == glitch else right for number in range(100)])
        clock = TrustedClock(world.database, readings.__next__, lambda: 0.0)
        show(world, UsageService(world.database, clock=clock, check_clock=clock.check))
        for name in "ab":
            world.send(event(f"{name}{glitch}", "1", right))
        world.service.book_time()
        show(world, UsageService(world.database, clock=lambda: right))
        assert world.read("usage/summary")["balance"]["next_expiry"]["grant_id"] == "top-up"


def show(world: World, service: UsageService) -> None:
    """Let the world's requests be answered by another service."""
    world.service = service
    world.http.close()
    world.http = Browser(create_app(service))


def test_a_jump_is_doubted_by_a_new_start_and_by_commands_too(
    served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, machine, clock = served
    name = name_of(world.database)
    world.grant("top-up", "purchased", "50", expires_at="2026-11-25T00:00:00Z")
    machine.wall.forward(days=30)
    assert clock.check() is not None
    for module in (options, clock_command):
        monkeypatch.setattr(module, "utc_now", machine.wall)
    assert main(["admin", "grant", "void", "acme", "top-up", "--database", name]) == 1
    assert "The clock jumped from 2026-11-22 20:30 UTC to 2026-12-22 20:30 UTC" in capsys.readouterr().err
    assert main(["admin", "clock", "--database", name]) == 0
    assert "The clock jumped" in capsys.readouterr().out
    restarted = TrustedClock(world.database, machine.wall, lambda: machine.seconds)
    assert restarted.check() is not None
    assert restarted() == NOW
    assert main(["admin", "clock", "accept", "--database", name]) == 0
    assert restarted.check() is None
    assert clock.check() is None
    assert main(["admin", "clock", "--database", name]) == 0
    assert "The clock is trusted." in capsys.readouterr().out


def name_of(database: Database) -> str:
    return str(database.path or database._engine.url.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    ("days", "trusted"), [(0, True), (59, True), (61, False), (-1, False), (-0.001, True)]
)
def test_a_start_trusts_a_clock_near_the_last_time_it_saw(
    either_world: World, days: float, trusted: bool
) -> None:
    with either_world.database.writing() as connection:
        write_clock(connection, Seen(NOW))
    machine = Machine()
    machine.wall.forward(days=days)
    clock = TrustedClock(either_world.database, machine.wall, lambda: machine.seconds)
    assert (clock.check() is None) is trusted
    assert clock() == (machine.wall() if trusted else NOW)


def test_a_new_database_trusts_any_clock() -> None:
    assert doubt_at_start(None, NOW) is None
    assert doubt_at_start(None, BEGINNING) is None


def test_the_administrator_confirms_the_clock(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    database = served.world.database
    name = name_of(database)
    with database.writing() as connection:
        write_clock(connection, Seen(NOW - timedelta(days=20_000)))
    grant = ["admin", "grant", "add", "acme", "g1", "5", "--description", "x", "--database", name]
    assert main(grant) == 1
    assert "usage-tui admin clock accept" in capsys.readouterr().err
    assert main(["admin", "clock", "--database", name]) == 0
    assert "last served on 1972" in capsys.readouterr().out
    assert main(["admin", "clock", "accept", "--database", name]) == 0
    assert main(["admin", "clock", "show", "--database", name]) == 0
    assert "The clock is trusted." in capsys.readouterr().out
    assert main(grant) == 0
