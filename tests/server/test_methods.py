"""Methods: HEAD where GET is, OPTIONS, and what an address does not take."""

from __future__ import annotations

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.server.world import NOW, World, event
from usage_tui.server.api.methods import HeadAsGet
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


def test_head_of_an_export_says_what_would_be_given(world: World) -> None:
    world.post(event("a", "1", NOW))
    headers = {**bearer(world.owner), "Accept": "text/csv"}
    response = world.http.request("HEAD", "/v1/orgs/acme/usage/events", headers=headers)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


async def test_head_reads_no_more_of_a_stream_than_its_head() -> None:
    asked, answered = [], []

    async def stream(scope: Scope, _receive: Receive, send: Send) -> None:
        asked.append(scope["method"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            asked.append("chunk")
            await send({"type": "http.response.body", "body": b"text", "more_body": True})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answered.append(message)

    await HeadAsGet(stream)({"type": "http", "method": "HEAD"}, receive, send)
    assert asked == ["GET", "chunk"]
    assert [message.get("body") for message in answered] == [None, b""]
    assert answered[-1]["more_body"] is False


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
