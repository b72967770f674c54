"""Changes under an idempotency key: made once, answered alike, refused while the first is being made."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server.world import World
from usage_tui.models import Grant
from usage_tui.server.ledger_writer.changes import NewGrant, add_grant
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.server.service import Admitted
from usage_tui.wire import validate

GRANT = {"id": "g", "description": "Top-up", "bucket": "purchased", "credits": "10"}
BODY = json.dumps(GRANT).encode()


@pytest.fixture
def world(either_world: World) -> World:
    return either_world


def refused(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_a_repeat_gets_the_first_answer_and_changes_nothing(world: World) -> None:
    first = world.change("grants", GRANT, key="k")
    world.clock.forward(hours=1)
    again = world.change("grants", GRANT, key="k")
    assert (again.status_code, again.content) == (200, first.content)
    assert len(world.read("grants")["items"]) == 1


def test_a_key_is_not_used_for_another_request(world: World) -> None:
    world.change("grants", GRANT, key="k")
    assert refused(world.change("grants", {**GRANT, "credits": "11"}, key="k")) == (
        422,
        "idempotency_key_reused",
    )
    assert refused(world.change("grants/g/void", key="k")) == (422, "idempotency_key_reused")


def test_a_request_under_a_key_that_is_being_answered_is_told_to_wait(world: World) -> None:
    meanwhile = []

    def change(opened: OpenLedger) -> Grant:
        meanwhile.append(world.change("grants", GRANT, key="k"))
        return add_grant(opened, validate(NewGrant, GRANT))

    admitted = Admitted("acme", "POST /v1/orgs/acme/grants")
    answer = world.service.change(admitted, "k", BODY, change)
    (response,) = meanwhile
    assert refused(response) == (409, "request_in_progress")
    assert response.headers["Retry-After"] == "1"
    assert world.change("grants", GRANT, key="k").content == answer.body


def test_a_key_is_free_again_after_a_refusal(world: World) -> None:
    assert refused(world.change("grants", {**GRANT, "credits": "0"}, key="k")) == (400, "invalid_body")
    assert world.change("grants", GRANT, key="k").status_code == 200


@pytest.mark.parametrize("key", [None, "", "x" * 201])
def test_a_change_needs_a_key(world: World, key: str | None) -> None:
    headers = {"Authorization": f"Bearer {world.billing}", "Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = key
    response = world.http.request("POST", "/v1/orgs/acme/grants", content=BODY, headers=headers)
    assert refused(response) == (400, "idempotency_key_missing")
