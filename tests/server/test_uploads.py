"""Bodies: the head of a request decides first, then so much is read, and so long."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.exchange import HANG_UP, exchange, part
from tests.server.world import NOVEMBER, NOW, World
from usage_tui.models import Organization
from usage_tui.server.api.app import create_app
from usage_tui.server.api.uploads import LARGEST_BODY
from usage_tui.server.auth import create_token
from usage_tui.server.ledger_writer.cloudevents import BATCH
from usage_tui.server.ledger_writer.organizations import create_organization

EVENTS = "/v1/orgs/acme/usage/events"
GRANTS = "/v1/orgs/acme/grants"
SENT = {"Content-Length": "1000", "Content-Type": BATCH}
CHUNKED = {"Transfer-Encoding": "chunked", "Content-Type": BATCH}
CHANGE = {"Content-Length": "1000", "Content-Type": "application/json", "Idempotency-Key": "k"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("method", "path", "who", "headers", "status"),
    [
        ("POST", EVENTS, None, SENT, 401),
        ("POST", EVENTS, None, CHUNKED, 401),
        ("POST", EVENTS, "owner", SENT, 403),
        ("POST", EVENTS, "billing", SENT, 403),
        ("POST", EVENTS, "foreign", SENT, 404),
        ("POST", "/v1/nothing", "ingest", SENT, 404),
        ("PUT", EVENTS, "ingest", SENT, 405),
        ("POST", EVENTS, "ingest", {**SENT, "Content-Length": f"{LARGEST_BODY + 1}"}, 413),
        ("POST", EVENTS, "ingest", {**SENT, "Content-Type": "text/csv"}, 415),
        ("POST", EVENTS, "ingest", {**SENT, "Content-Type": f"{BATCH}; charset=utf-16"}, 415),
        ("POST", EVENTS, "ingest", {**SENT, "Content-Encoding": "gzip"}, 415),
        ("POST", GRANTS, None, CHANGE, 401),
        ("POST", GRANTS, "ingest", CHANGE, 403),
        ("POST", GRANTS, "billing", {**CHANGE, "Content-Type": "text/plain"}, 415),
        ("POST", GRANTS, "billing", {**CHANGE, "Content-Type": 'application/json; Charset="UTF-16"'}, 415),
        ("POST", GRANTS, "billing", {**CHANGE, "Content-Length": f"{LARGEST_BODY + 1}"}, 413),
        ("POST", GRANTS, "billing", {**CHANGE, "Idempotency-Key": ""}, 400),
        ("GET", "/v1/me", "owner", {"Content-Length": "1000"}, 200),
    ],
)
async def test_the_head_alone_decides(
    world: World, method: str, path: str, who: str | None, headers: dict[str, str], status: int
) -> None:
    with world.database.writing() as connection:
        create_organization(connection, Organization(id="other", name="Other", time_zone="UTC"), NOVEMBER)
        foreign = create_token(connection, name="", now=NOW, org_id="other", scopes=("ingest",))
    if who is not None:
        headers = {**headers, **bearer(foreign if who == "foreign" else getattr(world, who))}
    app = create_app(world.service)
    answer = await exchange(app, method, path, headers, [part(b"x" * 500), part(b"x" * 500, more=False)])
    assert (answer.status, answer.read_first) == (status, 0)
    # The rest is thrown away before the connection is closed, so that the sender reads the answer.
    assert (answer.headers["connection"], answer.read) == ("close", 2)


async def test_who_waits_to_be_told_is_not_waited_for(world: World) -> None:
    headers = {**SENT, "Expect": "100-continue"}
    answer = await exchange(create_app(world.service), "POST", EVENTS, headers, [part(b"x")])
    assert (answer.status, answer.read) == (401, 0)


@pytest.mark.parametrize("token", ["", "ingest"])
async def test_no_more_is_read_than_a_body_may_have(world: World, token: str) -> None:
    headers = CHUNKED | (bearer(world.ingest) if token else {})
    parts = [part(b"x" * 2**16)] * 100
    answer = await exchange(create_app(world.service), "POST", EVENTS, headers, parts)
    assert answer.status == (413 if token else 401)
    assert answer.read == LARGEST_BODY // 2**16 + 1


async def test_a_body_of_the_largest_size_is_read(world: World) -> None:
    headers = {**SENT, **bearer(world.ingest), "Content-Length": f"{LARGEST_BODY}"}
    parts = [part(b"[" + b" " * (LARGEST_BODY - 2) + b"]", more=False)]
    answer = await exchange(create_app(world.service), "POST", EVENTS, headers, parts)
    assert (answer.status, answer.headers.get("connection")) == (200, None)


@pytest.mark.parametrize(("token", "status"), [("ingest", 408), ("", 401)])
async def test_a_sender_that_stalls_is_not_waited_for(world: World, token: str, status: int) -> None:
    headers = SENT | (bearer(world.ingest) if token else {})
    app = create_app(world.service, body_seconds=0)
    answer = await exchange(app, "POST", EVENTS, headers, [])
    assert (answer.status, answer.headers["connection"]) == (status, "close")
    assert status != 408 or answer.code == "request_timeout"


async def test_a_sender_that_hangs_up_is_one_line_and_no_failure(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    headers = SENT | bearer(world.ingest)
    with caplog.at_level("INFO"):
        await exchange(create_app(world.service), "POST", EVENTS, headers, [part(b"["), HANG_UP])
    (record,) = caplog.records
    assert (record.levelname, record.exc_info) == ("INFO", None)
    entry: Any = record.msg
    assert (entry["status"], entry["path"], entry["client"]) == (499, EVENTS, "192.0.2.7")
    counted = world.service.metrics.exposition().decode()
    assert 'method="POST",route="/v1/orgs/{org}/usage/events",status="499"} 1.0' in counted
    assert 'status="500"' not in counted


def test_what_is_too_large_says_how_much_may_be_sent(world: World) -> None:
    headers = {**bearer(world.ingest), "Content-Type": BATCH}
    response = world.http.request("POST", EVENTS, content=b" " * (LARGEST_BODY + 1), headers=headers)
    assert response.status_code == 413
    assert "1 MiB" in response.json()["detail"]
    assert "1,000 events" in response.json()["detail"]
