"""What time brings about: worked out by every read, booked by the next write or by the service itself."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.event import listen

from tests.examples import examples
from tests.server.conftest import OpenDatabase
from tests.server.world import NOW, World, event, new_sqlite
from usage_tui.server.db.schema import organizations, signing_keys
from usage_tui.server.ledger_writer.changes import NewGrant, add_grant
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.ledger_writer.verify import differences
from usage_tui.wire import validate

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


@settings(max_examples=examples(15), deadline=None)
@given(steps, st.sets(st.integers(0, 6)), st.booleans())
@example(
    [("wait", 102), ("wait", 130), ("wait", 19)], {0, 1}, True
)  # nothing but an allowance, over the period's end
def test_a_reply_does_not_depend_on_when_the_effects_of_time_are_booked(
    history: list[tuple[str, int]], booked: set[int], has_allowance: bool
) -> None:
    with TemporaryDirectory() as folder:
        lazy, eager = (World.open(new_sqlite(Path(folder, name))) for name in ("lazy.db", "eager.db"))
        compare(lazy, eager, history, booked, has_allowance=has_allowance)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("seed", range(3))
def test_neither_does_it_in_either_database(kind: str, seed: int, new_database: OpenDatabase) -> None:
    chance = random.Random(seed)
    kinds = ("wait", "wait", "use", "grant", "subscribe")
    history = [(chance.choice(kinds), chance.randint(1, 40 * 24)) for _ in range(8)]
    booked = {number for number in range(8) if chance.random() < 0.5}
    lazy, eager = (World.open(new_database(kind), NOW) for _ in range(2))
    sign_alike(lazy, eager)
    compare(lazy, eager, history, booked, has_allowance=seed > 0)


def sign_alike(one: World, other: World) -> None:
    """Give both worlds one key, so that their cursors are the same where what they lead to is."""
    with one.database.reading() as connection:
        keys = [row._asdict() for row in connection.execute(select(signing_keys))]
    with other.database.writing() as connection:
        connection.execute(delete(signing_keys))
        connection.execute(insert(signing_keys), keys)


def compare(
    lazy: World, eager: World, history: list[tuple[str, int]], booked: set[int], *, has_allowance: bool
) -> None:
    """Tell both worlds the same history; one of them books the effects of time on the way.

    Without an allowance, nothing was booked when the history begins.
    """
    try:
        for world in (lazy, eager):
            if has_allowance:
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


def test_a_read_waits_for_no_writer(either_world: World) -> None:
    world = either_world
    world.grant("top-up", "purchased", "50", expires_at="2026-11-25T00:00:00Z")
    world.clock.forward(days=30)
    with world.database.writing() as connection:
        connection.execute(select(organizations).with_for_update())
        connection.execute(update(organizations).values(name="Another"))
        assert world.read("usage/summary")["balance"]["total"] == "0"


def test_what_is_known_already_costs_one_statement_also_before_the_effects_of_time_are_booked(
    either_world: World,
) -> None:
    world = either_world
    world.grant("top-up", "purchased", "50", expires_at="2026-11-25T00:00:00Z")
    world.clock.forward(days=30)
    tag = world.get("usage/summary").headers["ETag"]
    statements: list[str] = []
    listen(
        world.database._engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    world.clock.forward(seconds=30)
    answer = world.get("usage/summary", **{"If-None-Match": tag})
    assert answer.status_code == 304
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1
    assert not [statement for statement in statements if statement.startswith(("BEGIN IMM", "UPDATE"))]


def test_a_revision_says_one_thing_alone_also_of_what_was_never_booked(either_world: World) -> None:
    world = either_world
    before = world.read("usage/summary")
    world.clock.forward(days=1)
    after = world.read("usage/summary")
    assert after["period"]["days_left"] == before["period"]["days_left"] - 1
    assert after["revision"] > before["revision"]


def test_what_was_worked_out_for_a_read_is_what_the_service_books(either_world: World) -> None:
    world = either_world
    world.grant("top-up", "purchased", "50", expires_at="2026-11-25T00:00:00Z")
    world.clock.forward(days=30)
    before = replies(world)
    assert world.service.book_time() == 1
    assert replies(world) == before


def test_a_ledger_is_saved_once(world: World) -> None:
    grant = {"id": "g", "description": "Top-up", "bucket": "purchased", "credits": "10"}
    with world.database.writing() as connection:
        ledger = OpenLedger(connection, "acme", world.clock())
        add_grant(ledger, validate(NewGrant, grant))
        revision = ledger.save()
        with pytest.raises(RuntimeError, match="already saved"):
            ledger.save()
    assert world.get("usage/summary").json()["revision"] == revision
