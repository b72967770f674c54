"""What the databases do to answer: no query reads a table as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as listen
from sqlalchemy import text

from tests.server.conftest import OpenDatabase
from tests.server.world import NOW, World, event
from usage_tui.server.db.database import Database

GROWING = "events", "allocations", "journal", "rollups", "person_sums", "event_keys", "idempotency_keys"
READS = (
    "usage/summary",
    "usage/sources",
    "usage/daily",
    "usage/daily?range=14d",
    "usage/daily?period=2026-11",
    "usage/daily/sources?start=2026-10-01",
    "usage/sources?by=actor",
    "usage/daily/sources?start=2026-10-01&by=actor",
    "usage/events",
    "usage/events?kind=ai_tool",
    "usage/events?source_id=s1",
    "usage/events?kind=ai_tool&source_id=s1",
    "usage/events?q=S1",
    "usage/events?kind=ai_tool&source_id=s1&q=none",
    "usage/events?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z",
    "usage/events?order=asc",
    "usage/events?from=2026-11-01T04:00:00Z&kind=ai_tool&order=asc",
    "usage/events?source=s1&min_credits=0.001",
    "usage/events?min_credits=0.001&max_credits=1",
    "usage/events?kind=ai_tool&kind=workflow&not_source_id=s1",
    "usage/events?activity=reversal&source_id=s1",
    "usage/events?sort=credits",
    "usage/events?sort=credits&order=asc",
    "usage/events?sort=credits&min_credits=0.001&max_credits=1",
    "usage/events?sort=credits&q=s1",
    "usage/events?sort=credits&kind=ai_tool&min_credits=0.001",
    "usage/events?sort=credits&source_id=s1&order=asc",
    "usage/events?sort=credits&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z",
    "grants",
    "allowances",
    "billing-periods",
)


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        sent.append((statement, parameters[0] if many else parameters))

    engine = database._engine
    listen.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        listen.remove(engine, "before_cursor_execute", note)


def fill(world: World) -> None:
    for start in range(0, 3000, 1000):
        world.post(
            *(
                event(
                    f"e{number}",
                    "0.001",
                    NOW - timedelta(minutes=7 * number),
                    kind=("ai_tool", "workflow")[number % 2],
                    subject=f"s{number % 50}",
                    actor=f"p{number % 20}",
                )
                for number in range(start, start + 1000)
            )
        )


def act(world: World) -> None:
    """Every kind of request once, a walk into the depth among them."""
    for path in READS:
        world.read(path)
    page = world.read("usage/events?limit=20")
    for _ in range(3):
        page = world.read(f"usage/events?limit=20&cursor={page['page']['next']}")
    path = "usage/events?limit=20&kind=workflow"
    filtered = world.read(path)
    by_amount = world.read("usage/events?limit=20&sort=credits")
    for _ in range(2):
        cursor = by_amount["page"]["next"]
        by_amount = world.read(f"usage/events?limit=20&sort=credits&cursor={cursor}")
    for leads in ("here", "prev"):
        world.read(f"usage/events?limit=20&sort=credits&cursor={by_amount['page'][leads]}")
    world.post(event("x1", "1", NOW), event("e1", "1", NOW))
    world.read(f"usage/events?limit=20&cursor={page['page']['prev']}")
    world.read(f"usage/events?limit=20&cursor={page['page']['here']}")
    assert world.read(f"{path}&cursor={filtered['page']['next']}")["newer"] == 0
    world.grant("g", "purchased", "10")
    event_id = page["items"][0]["id"]
    assert world.change(f"usage/events/{event_id}/reversal").status_code == 200
    world.clock.forward(days=20)
    world.read("usage/summary")


def test_sqlite_searches_and_never_scans(world: World) -> None:
    fill(world)
    with statements(world.database) as sent:
        act(world)
    scans = []
    with world.database.reading() as connection:
        for statement, parameters in dict(sent_once(sent)).values():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            scans += [(row.detail, statement) for row in plan if grows(row.detail, statement)]
    assert scans == []


def grows(detail: str, statement: str) -> bool:
    """Whether a step takes longer with every event; the rows of a page or a range may be sorted."""
    growing = "|".join(GROWING)
    if re.match(rf"SCAN ({growing})\b", detail):
        return True
    # Of all rows of an organization, in their order, only so many are read as a limit says.
    if re.match(rf"SEARCH ({growing})\b.*\(org_id=\?\)$", detail) and "LIMIT" not in statement:
        return True
    # What is sorted by its amount was limited before.
    if re.search(r"LIMIT .*\) AS some ORDER BY", statement.replace("\n", " ")):
        return False
    few = "grants|billing_periods|allowances|allowance_lines|memberships|rollups|person_sums"
    small = rf"FROM ({few})\b|event_seq IN"
    return "TEMP B-TREE" in detail and re.search(small, statement) is None


def sent_once(sent: list[tuple[str, Any]]) -> Iterator[tuple[str, tuple[str, Any]]]:
    for statement, parameters in sent:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            yield statement, (statement, parameters)


def test_what_came_since_is_counted_by_its_number(world: World) -> None:
    fill(world)
    page = world.read("usage/events?limit=20&kind=workflow")
    world.post(event("x1", "1", NOW, kind="workflow"))
    with statements(world.database) as sent:
        path = f"usage/events?limit=20&kind=workflow&cursor={page['page']['next']}"
        assert world.read(path)["newer"] == 1
    (counting,) = [entry for entry in sent if "count(" in entry[0]]
    with world.database.reading() as connection:
        (row,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {counting[0]}", counting[1])
    assert "(org_id=? AND seq>?)" in row.detail


def test_a_source_is_found_by_its_own_index_whatever_else_is_asked_for(world: World) -> None:
    fill(world)
    path = "usage/events?kind=ai_tool&source_id=s2&from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z"
    with statements(world.database) as sent:
        assert world.read(path)["page"]["size"] == 50
    page, totals = [entry for entry in sent if "FROM events" in entry[0]]
    for asked in (page, totals):
        with world.database.reading() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1])
            (search,) = [row.detail for row in plan if "events" in row.detail]
        assert "(org_id=? AND source_id=? AND occurred_at>? AND occurred_at<?)" in search


def test_a_page_in_the_depth_reads_as_many_rows_as_the_first(world: World) -> None:
    fill(world)
    world.read("usage/events")  # which reads the key of cursors, once for each connection
    with statements(world.database) as sent:
        page = world.read("usage/events?limit=20")
        first = len(sent)
        for _ in range(20):
            page = world.read(f"usage/events?limit=20&cursor={page['page']['next']}")
        del sent[:]
        world.read(f"usage/events?limit=20&cursor={page['page']['next']}")
    assert len(sent) == first
    assert {parameters[-1] for statement, parameters in sent if "OFFSET" in statement} == {0}


def test_an_unchanged_reply_costs_one_statement_that_finds_single_rows(world: World) -> None:
    world.service.book_time()
    tag = world.get("usage/events").headers["ETag"]
    with statements(world.database) as sent:
        assert world.get("usage/events", **{"If-None-Match": tag}).status_code == 304
    (asked,) = [entry for entry in sent if "SELECT" in entry[0]]
    with world.database.reading() as connection:
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1])]
    keys = [re.sub(r".*USING INDEX sqlite_autoindex_(\w+)_1 \((.*)\).*", r"\1 \2", step) for step in plan]
    assert keys == [
        "tokens id=?",
        "users id=?",
        "memberships org_id=? AND user_id=?",
        "organizations org_id=?",
    ]


@pytest.mark.parametrize("either_world", ["postgresql"], indirect=True)
def test_postgresql_never_reads_a_growing_table_as_a_whole(either_world: World) -> None:
    world = either_world
    fill(world)
    with world.database.writing() as connection:
        connection.execute(text("ANALYZE"))
    with statements(world.database) as sent:
        act(world)
    scans = []
    with world.database.reading() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in dict(sent_once(sent)).values():
            if "FOR UPDATE" in statement or not statement.lstrip().startswith("SELECT"):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            scans += [
                (line, statement)
                for (line,) in plan
                if re.search(rf"Seq Scan on ({'|'.join(GROWING)})\b", line)
            ]
    assert scans == []


def test_postgresql_plans_once_what_is_read_often(new_database: OpenDatabase) -> None:
    """Planning takes longer than most answers. After a rollback, the driver would start from nothing."""
    world = World.open(new_database("postgresql"))
    for _ in range(10):
        world.read("usage/summary")
    with world.database.reading() as connection:
        prepared = connection.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
    world.close()
    assert prepared > 5
