"""Methods: HEAD where GET is, OPTIONS, and what an address does not take."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.server.test_plans import statements
from tests.server.world import NOW, World, event
from usage_tui.server.problems import CODES


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    "path", ["/healthz", "/metrics", "/v1/openapi.json", "/v1/me", "/v1/orgs/acme/usage/events"]
)
def test_head_has_the_headers_of_get_and_no_body(world: World, path: str) -> None:
    given = world.http.get(path, headers=bearer(world.owner))
    head = world.http.request("HEAD", path, headers=bearer(world.owner))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Cache-Control"):
        assert head.headers.get(name) == given.headers.get(name)


def test_head_of_what_is_refused_says_so(world: World) -> None:
    response = world.http.request("HEAD", "/v1/orgs/acme/grants", headers=bearer(world.member))
    assert (response.status_code, response.content) == (403, b"")


def test_head_of_an_export_does_not_read_it(world: World) -> None:
    world.post(*(event(f"e{number}", "1", NOW - timedelta(hours=number)) for number in range(900)))
    headers = {**bearer(world.owner), "Accept": "text/csv"}
    with statements(world.database) as sent:
        response = world.http.request("HEAD", "/v1/orgs/acme/usage/events", headers=headers)
        pages = [statement for statement, _ in sent if "FROM allocations" in statement]
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/me", "GET, HEAD, OPTIONS"),
        ("/v1/orgs/acme/grants", "GET, POST, HEAD, OPTIONS"),
        ("/v1/orgs/acme/subscription", "PUT, OPTIONS"),
        ("/v1/openapi.json", "GET, HEAD, OPTIONS"),
        ("/metrics", "GET, HEAD, OPTIONS"),
    ],
)
def test_an_address_says_which_methods_it_takes(world: World, path: str, allowed: str) -> None:
    options = world.http.request("OPTIONS", path)
    assert (options.status_code, options.content, options.headers["Allow"]) == (204, b"", allowed)
    for method in ("DELETE", "PATCH", "TRACE", "BREW"):
        response = world.http.request(method, path)
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
        assert response.headers["Allow"] == allowed


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "DELETE", "POST"])
@pytest.mark.parametrize("path", ["/", "/v1/nothing", "/v1/me/", "/docs", "/v1/orgs//grants"])
def test_what_is_not_there_is_a_problem_document(world: World, method: str, path: str) -> None:
    response = world.http.request(method, path)
    assert response.status_code == 404
    assert response.json()["code"] in CODES[404]
    assert response.headers["Content-Type"] == "application/problem+json"
