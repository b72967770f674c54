"""Several services over one database: they take turns, and agree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server.world import NOW, World, event
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.cloudevents import BATCH, Form, read_reports
from usage_tui.server.ledger_writer.verify import differences
from usage_tui.server.service import Admitted, UsageService


@pytest.fixture
def services(either_world: World) -> list[UsageService]:
    url = either_world.database._engine.url.render_as_string(hide_password=False)
    others = [UsageService(Database.open(url), clock=either_world.clock) for _ in range(2)]
    return [either_world.service, *others]


def test_events_sent_to_several_services_at_once_are_booked_once(
    either_world: World, services: list[UsageService]
) -> None:
    world = either_world
    world.grant("g", "purchased", "100")
    world.clock.forward(hours=1)
    admitted = Admitted("acme", "POST /v1/orgs/acme/usage/events")

    def send(number: int) -> None:
        # Every batch overlaps those sent before and after it.
        events = [event(f"e{number * 5 + index}", "1", NOW) for index in range(15)]
        body = str(events).replace("'", '"').encode()
        services[number % len(services)].ingest(admitted, read_reports(body, Form(BATCH)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, range(24)))
    booked = 23 * 5 + 15
    summary = world.read("usage/summary")
    assert (summary["usage"]["event_count"], summary["usage"]["total"]) == (booked, str(booked))
    assert summary["balance"]["overage"] == str(booked - 100)
    with world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []
    for service in services[1:]:
        service.database.close()


def test_a_cursor_of_one_service_is_understood_by_another(
    either_world: World, services: list[UsageService]
) -> None:
    world = either_world
    world.post(*(event(f"e{number}", "1", NOW) for number in range(5)))
    cursor = world.read("usage/events?limit=2")["page"]["next"]
    world.http.app.state.service = services[1]
    assert world.read(f"usage/events?limit=2&cursor={cursor}")["page"]["size"] == 2
    for service in services[1:]:
        service.database.close()
