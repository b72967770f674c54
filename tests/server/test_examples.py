"""The examples of the description: they are what the service answers, and fit the schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.server.world import World
from usage_tui.server.api.examples import examples
from usage_tui.server.api.operations import OPERATIONS, SAMPLES
from usage_tui.server.problems import CODES, Problem

ACTOR = "token:5f2ca1d09e77"
CURSOR = "c1.eyJyIjo4fQ.5f2cA1"
EXPORTS = ("text/csv", "application/x-ndjson")
CHANGES = (
    ("subscription", "PUT", "subscription"),
    ("allowance", "PUT", "allowances/{allowance_id}"),
    ("grant", "POST", "grants"),
)


def answered(world: World) -> dict[str, Any]:
    """What the service answers to the examples of what is sent, by operation."""
    told = examples()["operations"]
    replies = {name: changed(world, name, method, path) for name, method, path in CHANGES}
    replies["ingest"] = world.post(*told["ingest"]["batch"])
    replies["reverse"] = changed(world, "reverse", "POST", "usage/events/{event_id}/reversal")
    headers = {"Authorization": f"Bearer {world.owner}"}
    replies["me"] = world.http.get("/v1/me", headers=headers).json()
    for name in ("summary", "sources", "events"):
        replies[name] = world.read(f"usage/{name}")
    replies["daily"] = world.read("usage/daily?start=2026-11-21")
    replies["source_days"] = world.read("usage/daily/sources?start=2026-11-21")
    for name in ("grants", "allowances", "billing_periods"):
        replies[name] = world.read(name.replace("_", "-"))
    replies["audit_log"] = world.read("audit-log?limit=1")
    replies["audit_log"]["items"][0]["actor"] = ACTOR
    replies["void"] = changed(world, "void", "POST", "grants/{grant_id}/void")
    replies["events"]["page"]["here"] = CURSOR
    for name in ("healthz", "readyz"):
        replies[name] = world.http.get(f"/{name}").text
    return replies


def changed(world: World, name: str, method: str, path: str) -> Any:
    body = examples()["operations"][name].get("body")
    response = world.change(path.format_map(SAMPLES), body, method=method)
    assert response.status_code == 200, response.text
    return response.json()


def test_every_example_is_what_the_service_answers(world: World) -> None:
    told = examples()["operations"]
    replies = answered(world)
    assert replies == {name: told[name]["reply"] for name in replies}
    assert told.keys() - replies.keys() == {"metrics"}
    assert told.keys() == OPERATIONS.keys()
    assert told["metrics"]["reply"] in world.http.get("/metrics").text


def test_every_example_of_an_export_is_what_the_service_answers(world: World) -> None:
    answered(world)
    for media_type, text in examples()["operations"]["events"]["exports"].items():
        assert world.get("usage/events", Accept=media_type).text == text


@pytest.mark.parametrize("status", CODES.keys() - {405})
def test_every_example_of_a_refusal_is_one_that_the_service_makes(status: int) -> None:
    told = dict(examples()["problems"][str(status)])
    assert told["code"] in CODES[status]
    further = {name: told[name] for name in told.keys() & {"your_role", "invalid_parameters"}}
    made = json.loads(Problem(told["code"], told["detail"], **further).document(told["request_id"]))
    # The words for a status differ between versions of Python.
    assert told | {"title": made["title"]} == made


def test_every_example_fits_its_schema(world: World) -> None:
    document = world.http.get("/v1/openapi.json").json()
    components = {"components": document["components"]}
    shown = [*contents(document)]
    assert len(shown) > 40
    for content in shown:
        Draft202012Validator({**content["schema"], **components}).validate(content["example"])


def contents(part: Any) -> Any:
    """Everything in a description that has an example."""
    if isinstance(part, dict):
        if "example" in part:
            yield part
        part = [*part.values()]
    if isinstance(part, list):
        for one in part:
            yield from contents(one)
