"""What the log says of a request, and what it never says."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tests.server.exchange import exchange
from tests.server.world import NOW, World, event
from usage_tui.server.api.app import create_app
from usage_tui.server.auth import revoke_token
from usage_tui.server.logs import JsonLines


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log of the service, whatever the level."""
    caplog.set_level("DEBUG", logger="usage_tui.server")
    return caplog


def entry(lines: pytest.LogCaptureFixture) -> Any:
    (record,) = [record for record in lines.records if record.name == "usage_tui.server"]
    return json.loads(JsonLines().format(record))


def test_a_line_says_who_asked_for_what_and_what_was_sent(
    world: World, lines: pytest.LogCaptureFixture
) -> None:
    response = world.get("usage/summary")
    said = entry(lines)
    assert said.keys() == {
        "time", "level", "request_id", "client", "token", "organization",
        "method", "path", "status", "bytes", "milliseconds",
    }  # fmt: skip
    assert (said["level"], said["token"], said["organization"]) == ("info", world.owner.split("_")[1], "acme")
    assert (said["status"], said["bytes"]) == (200, len(response.content))
    assert said["time"].endswith("+00:00")


def test_a_stream_is_told_once_its_last_byte_is_sent(world: World, lines: pytest.LogCaptureFixture) -> None:
    world.post(*(event(f"e{number}", "1", NOW) for number in range(450)))
    lines.clear()
    headers = {"Authorization": f"Bearer {world.owner}", "Accept": "text/csv"}
    response = world.http.get("/v1/orgs/acme/usage/events", headers=headers)
    assert entry(lines)["bytes"] == len(response.content) > 10_000


@pytest.mark.parametrize(("who", "status"), [("uat_0_wrong-secret", 401), ("ingest", 403)])
def test_a_login_that_fails_is_told_with_its_address(
    world: World, lines: pytest.LogCaptureFixture, who: str, status: int
) -> None:
    token = getattr(world, who, who)
    world.get("usage/summary", token)
    said = entry(lines)
    assert (said["level"], said["status"], said["client"]) == ("warning", status, "127.0.0.1")
    assert token.split("_", 2)[2] not in json.dumps(said)


def test_a_token_that_is_no_longer_valid_is_told_by_its_id(
    world: World, lines: pytest.LogCaptureFixture
) -> None:
    token_id = world.owner.split("_")[1]
    with world.database.writing() as connection:
        revoke_token(connection, token_id, NOW)
    world.get("usage/summary", world.owner)
    assert (entry(lines)["status"], entry(lines)["token"]) == (401, token_id)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_watches_is_told_at_debug(world: World, lines: pytest.LogCaptureFixture, path: str) -> None:
    world.http.get(path)
    assert entry(lines)["level"] == "debug"


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "client"),
    [
        (False, "198.51.100.9", "192.0.2.7"),
        (True, "198.51.100.9", "198.51.100.9"),
        (True, "203.0.113.1, 2001:db8::9", "2001:db8::9"),  # what the sender wrote, then what the proxy saw
        (True, "203.0.113.1, nobody", "192.0.2.7"),
        (True, None, "192.0.2.7"),
    ],
)
async def test_a_forwarded_address_is_believed_behind_a_proxy_alone(
    world: World,
    lines: pytest.LogCaptureFixture,
    behind_proxy: bool,
    forwarded: str | None,
    client: str,
) -> None:
    app = create_app(world.service, behind_proxy=behind_proxy)
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    await exchange(app, "GET", "/v1/me", headers, [{"type": "http.request"}])
    assert entry(lines)["client"] == client


SECRET = "uat_0123456789ab_s3cret-Part_0"


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/orgs/{SECRET}/usage/summary",
        f"/v1/{SECRET}",
        f"/v1/orgs/acme/usage/events?q={SECRET}",
        f"/v1/orgs/acme/usage/events?from={SECRET}",
        f"/v1/orgs/acme/usage/sources?limit={SECRET}",
        f"/v1/orgs/acme/grants?status={SECRET.replace('_', '%5F')}",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_token_in_an_address_is_repeated_nowhere(
    world: World, lines: pytest.LogCaptureFixture, path: str, method: str
) -> None:
    headers = {"Authorization": f"Bearer {world.owner}"}
    response = world.http.request(method, path, headers=headers)
    said = json.dumps(entry(lines)) + response.text + str(response.headers)
    assert "s3cret" not in said
    assert "s3cret" not in str(lines.records[-1].msg)


def test_a_token_in_a_body_is_repeated_in_no_refusal(world: World) -> None:
    refused = world.send(event("a", SECRET, NOW))
    assert (refused.status_code, "s3cret" in refused.text) == (422, False)
    refused = world.change("grants", {"id": "g", "description": "g", "bucket": SECRET, "credits": SECRET})
    assert (refused.status_code, "s3cret" in refused.text) == (400, False)


def test_a_failure_is_one_line_without_its_secrets() -> None:
    try:
        raise RuntimeError(SECRET)
    except RuntimeError as error:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "failed %s", (SECRET,), None)
        record.exc_info = (type(error), error, error.__traceback__)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "s3cret" not in line
    assert "RuntimeError" in json.loads(line)["traceback"]
