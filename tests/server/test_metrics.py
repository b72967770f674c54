"""What the service counts of itself: enough to watch it, nothing of anybody."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.world import NOW, World, event
from usage_tui import __version__
from usage_tui.server.api.app import create_app
from usage_tui.server.db.database import DatabaseUnavailable
from usage_tui.server.service import UsageService

EVENTS = "/v1/orgs/{org}/usage/events"


def counted(world: World) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, in the order of their names."""
    response = world.http.get("/metrics")
    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_method_and_status(world: World) -> None:
    for _ in range(2):
        world.read("usage/events")
    world.get("usage/events", world.member)
    world.http.get("/v1/nothing/secret-path")
    world.http.request("BREW", "/v1/me")
    samples = counted(world)
    requests = "usage_tui_requests_total"
    assert samples[requests, "GET", EVENTS, "200"] == 2
    assert samples[requests, "GET", EVENTS, "403"] == 1
    assert samples[requests, "GET", "other", "404"] == 1
    assert samples[requests, "other", "/v1/me", "405"] == 1
    assert samples["usage_tui_request_duration_seconds_count", "GET", EVENTS] == 3


def test_a_bug_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("usage_tui.server.replies.slices.View.meters")
    world.get("allowances")
    assert counted(world)["usage_tui_requests_total", "GET", "/v1/orgs/{org}/allowances", "500"] == 1


def test_events_are_counted_by_what_became_of_them(world: World) -> None:
    world.post(event("a", "1", NOW), event("a", "1", NOW), event("b", "-1", NOW))
    samples = counted(world)
    for outcome in ("accepted", "duplicate", "invalid"):
        assert samples["usage_tui_ingested_events_total", outcome] == 1


def test_a_database_that_cannot_serve_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_database: object) -> None:
        raise DatabaseUnavailable("gone")

    with monkeypatch.context() as patch:
        patch.setattr("usage_tui.server.db.database.Database.is_current", fail)
        assert world.http.get("/readyz").status_code == 503
    samples = counted(world)
    assert samples["usage_tui_database_unavailable_total",] == 1
    assert samples["usage_tui_requests_total", "GET", "/readyz", "503"] == 1


def test_the_version_is_told(world: World) -> None:
    assert counted(world)["usage_tui_build_info", __version__] == 1


def test_two_applications_count_for_themselves(world: World) -> None:
    create_app(UsageService(world.database))
    world.read("usage/summary")
    assert UsageService(world.database).metrics.exposition().count(b"summary") == 0


def test_nobody_is_named(world: World) -> None:
    world.post(event("secret-id", "1", NOW, actor="secret-actor"))
    world.grant("secret-grant", "purchased", "1")
    world.change("grants/secret-grant/void")
    world.get("usage/events?source_id=secret-source", world.member)
    text = world.http.get("/metrics").text
    assert "grants/{grant_id}/void" in text
    for secret in ("acme", "secret", "usr_", world.owner.split("_")[1], world.ingest.split("_")[1]):
        assert secret not in text
