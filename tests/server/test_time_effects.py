"""What time brings about: worked out by every read, booked by the next write or by the service itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.server.world import NOW, World, event
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.verify import differences
from usage_tui.server.prepare import prepare

PATHS = ("usage/summary", "usage/sources", "usage/daily?range=period", "usage/events", "grants", "allowances")

Replies = dict[str, tuple[bytes, str]]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 40 * 24)),
        st.tuples(st.just("use"), st.integers(0, 60 * 24)),
        st.tuples(st.just("grant"), st.integers(1, 60 * 24)),
        st.tuples(st.just("subscribe"), st.integers(1, 90 * 24)),
    ),
    min_size=1,
    max_size=7,
)


def replies(world: World) -> Replies:
    answers = {path: world.get(path) for path in (*PATHS, "billing-periods")}
    return {path: (answer.content, answer.headers["ETag"]) for path, answer in answers.items()}


def take(world: World, number: int, step: tuple[str, int]) -> None:
    """One step of a history; its number of hours is how far it reaches forward or back."""
    kind, hours = step
    there = world.clock.now + timedelta(hours=hours)
    match kind:
        case "wait":
            world.clock.now = there
        case "use":
            world.send(event(f"e{number}", "7.25", world.clock.now - timedelta(hours=hours)))
        case "grant":
            world.grant(f"g{number}", "purchased", "50", expires_at=there.isoformat())
        case _:
            plan = {"plan": "Team", "included": "100", "ends_at": there.isoformat()}
            world.change("subscription", plan, method="PUT")


def prepare_allowance(world: World) -> None:
    body = {"label": "Sandbox", "unit": "hour", "included": "50"}
    assert world.change("allowances/sandbox", body, method="PUT").status_code == 200


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file whose tables are there: to make them takes longer than a test of one history."""
    path = tmp_path_factory.mktemp("empty") / "usage.db"
    database = Database.open(str(path))
    prepare(database)
    database.close()
    return path


@settings(max_examples=15, deadline=None)
@given(steps, st.sets(st.integers(0, 6)))
@example(
    [("wait", 102), ("wait", 130), ("wait", 19)], {0, 1}
)  # nothing but an allowance, over the period's end
def test_a_reply_does_not_depend_on_when_the_effects_of_time_are_booked(
    empty: Path, history: list[tuple[str, int]], booked: set[int]
) -> None:
    with TemporaryDirectory() as folder:
        lazy, eager = (
            World.open(Database.open(copy(empty, f"{folder}/{name}")), NOW)
            for name in ("lazy.db", "eager.db")
        )
        compare(lazy, eager, history, booked)


def compare(lazy: World, eager: World, history: list[tuple[str, int]], booked: set[int]) -> None:
    """Tell both worlds the same history; one of them books the effects of time on the way."""
    try:
        for world in (lazy, eager):
            prepare_allowance(world)
        for number, step in enumerate(history):
            take(lazy, number, step)
            take(eager, number, step)
            if number in booked:
                eager.service.book_time()
        # Tokens differ, so the members' names do; replies name none.
        before = replies(lazy)
        assert replies(eager) == before
        lazy.service.book_time()
        assert replies(lazy) == before
        assert lazy.service.book_time() == 0
        for world in (lazy, eager):
            with world.database.reading() as connection:
                assert list(differences(connection, "acme")) == []
    finally:
        lazy.close()
        eager.close()


def test_a_read_books_nothing(either_world: World) -> None:
    world = either_world
    world.grant("top-up", "purchased", "50", expires_at="2026-11-25T00:00:00Z")
    right = world.clock.now
    world.clock.now = right + timedelta(days=400)
    assert world.read("usage/summary")["balance"]["total"] == "0"
    assert {row["status"] for row in world.read("grants")["items"]} == {"expired"}
    world.clock.now = right
    assert world.read("usage/summary")["balance"]["total"] == "50"
    world.post(event("a", "20", right))
    assert world.read("usage/summary")["balance"]["total"] == "30"


def test_what_was_worked_out_for_a_read_is_what_the_service_books(either_world: World) -> None:
    world = either_world
    world.grant("top-up", "purchased", "50", expires_at="2026-11-25T00:00:00Z")
    world.clock.forward(days=30)
    before = replies(world)
    assert world.service.book_time() == 1
    assert replies(world) == before
