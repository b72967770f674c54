"""Events as senders write them: by the official SDK, in each mode; amounts as numbers; what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import HTTPMessage, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from tests.server.conftest import OpenDatabase
from tests.server.world import NOW, World, at, event
from usage_tui.ledger.event_id import event_id_of
from usage_tui.models import Unit
from usage_tui.server.ledger_writer.cloudevents import BATCH, ONE

ATTRIBUTES = {
    "type": "usage.ai_tool",
    "source": "//tools/prod eu",
    "id": 'run "Prüfung" 100%',
    "subject": "tool_contract",
    "time": datetime(2026, 11, 22, 20, 29, 41, 120000, UTC),
}
DATA = {"credits": "1.5", "label": "Vertragsprüfung"}


def send(world: World, headers: dict[str, str], body: bytes | str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {world.ingest}", **headers}
    return world.http.request("POST", "/v1/orgs/acme/usage/events", content=body, headers=headers)


def made(**attributes: Any) -> CloudEvent:
    return CloudEvent(attributes={**ATTRIBUTES, **attributes}, data=DATA)


@pytest.mark.parametrize(
    "message",
    [
        to_structured_event(made()),
        to_binary_event(made(datacontenttype="application/json")),
        to_binary_event(made()),  # names no content type at all
    ],
    ids=["structured", "binary", "binary without a type"],
)
def test_what_the_sdk_sends_is_booked(world: World, message: HTTPMessage) -> None:
    response = send(world, message.headers, message.body)
    assert response.status_code == 200, response.text
    (row,) = world.read("usage/events")["items"]
    assert (row["credits"], row["label"]) == ("1.5", "Vertragsprüfung")
    assert row["id"] == event_id_of("//tools/prod eu", 'run "Prüfung" 100%')
    assert (row["source_id"], row["occurred_at"]) == ("tool_contract", "2026-11-22T20:29:41.12Z")


def test_an_event_is_the_same_in_every_mode(world: World) -> None:
    batch = b"[" + to_structured_event(made()).body + b"]"
    messages = [
        to_structured_event(made()),
        to_binary_event(made()),
        HTTPMessage({"content-type": BATCH}, batch),
    ]
    receipts = [send(world, message.headers, message.body).json() for message in messages]
    assert [receipt["results"][0]["status"] for receipt in receipts] == ["accepted", "duplicate", "duplicate"]


def test_an_attribute_may_be_quoted_or_bare(world: World) -> None:
    headers = to_binary_event(made()).headers
    booked = send(world, {**headers, "ce-id": r'"a \"b\" 50%25"'}, json.dumps(DATA)).json()
    assert booked["results"][0]["id"] == 'a "b" 50%'


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"content-type": "application/json"}, 415, "unsupported_media_type"),
        ({"ce-specversion": "1.0", "content-type": "text/plain"}, 415, "unsupported_media_type"),
        ({"ce-specversion": "1.0", "content-type": "application/json; charset=utf-16"}, 415, None),
        ({"ce-specversion": "1.0", "ce-id": "%FF"}, 400, "invalid_body"),
        ({"ce-specversion": "1.0"}, 422, "events_refused"),
    ],
)
def test_what_is_no_event_of_any_mode_is_refused(
    world: World, headers: dict[str, str], status: int, code: str | None
) -> None:
    response = send(world, headers, json.dumps(DATA))
    assert response.status_code == status
    assert code in (None, response.json()["code"])


def test_an_attribute_that_comes_twice_is_refused(world: World) -> None:
    headers = [("Authorization", f"Bearer {world.ingest}"), ("ce-id", "a"), ("ce-id", "b")]
    response = world.http.request("POST", "/v1/orgs/acme/usage/events", content=b"{}", headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_body")


REFUSED = [
    (event("a", "-1", NOW), "invalid"),
    (event("a", "1", at("11-22T21:00:00")), "future"),
    (event("known", "2", NOW), "conflict"),
]


@pytest.mark.parametrize(("bad", "outcome"), REFUSED, ids=[outcome for _, outcome in REFUSED])
def test_an_event_that_is_refused_is_no_success(world: World, bad: dict[str, Any], outcome: str) -> None:
    world.post(event("known", "1", NOW))
    for response in (world.send(bad, content_type=ONE), world.send(bad), world.send(bad, bad)):
        document = response.json()
        assert (response.status_code, document["code"]) == (422, "events_refused")
        assert {result["status"] for result in document["results"]} == {outcome}
        assert document["results"][0]["reason"] in document["detail"]
        assert (document["accepted"], document["rejected"]) == (0, len(document["results"]))
    assert world.read("usage/summary")["usage"]["total"] == "1"


def test_a_repeat_is_a_success_and_so_is_a_batch_of_which_some_is_booked(world: World) -> None:
    good = event("a", "1", NOW)
    for _ in range(2):
        assert world.send(good, content_type=ONE).status_code == 200
    assert world.send(good, event("b", "-1", NOW)).status_code == 200
    assert world.send(content_type=BATCH).status_code == 200  # nothing at all


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_event_in_another_unit_is_refused(new_database: OpenDatabase, kind: str) -> None:
    world = World.open(new_database(kind), unit=Unit(code="USD"))
    results = world.post(
        event("a", "1", NOW, unit="USD"), event("b", "2", NOW), event("c", "4", NOW, unit="credit")
    )["results"]
    assert [result["status"] for result in results] == ["accepted", "accepted", "invalid"]
    assert results[2]["reason"] == "unit: must be USD, the unit of the organization"
    summary = world.read("usage/summary")
    assert (summary["unit"], summary["usage"]["total"]) == ({"code": "USD", "scale": 6}, "3")
    grant = {"id": "g", "description": "x", "bucket": "purchased", "credits": "5"}
    response = world.change("grants", {**grant, "unit": "credit"})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_body")
    assert response.json()["detail"] == "The field unit must be USD, the unit of the organization."
    assert world.change("grants", {**grant, "unit": "USD"}).status_code == 200
    assert "unit\n" in (text := world.get("usage/events", Accept="text/csv").text)
    assert all(line.endswith(",USD") for line in text.splitlines()[1:])
    world.close()


def number(digits: str, sender_id: str = "a", **data: Any) -> str:
    """An event whose credits are this JSON number."""
    return json.dumps({**event(sender_id, "@", NOW, **data)}).replace('"@"', digits)


@pytest.mark.parametrize(
    ("digits", "amount"),
    [
        ("1", "1"),
        ("0.1", "0.1"),
        ("1.50", "1.5"),
        ("0.000001", "0.000001"),
        ("4503599627.370497", "4503599627.370497"),  # as a float it is ….370496…
        ("9007199254.740993", "9007199254.740993"),
        ("2.5e1", "25"),
    ],
)
def test_credits_as_a_number_are_taken_digit_by_digit(world: World, digits: str, amount: str) -> None:
    assert send(world, {"Content-Type": ONE}, number(digits)).status_code == 200
    assert world.read("usage/events")["items"][0]["credits"] == amount
    receipt = world.post(event("a", amount, NOW))
    assert receipt["duplicates"] == 1


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0.30000000000000004", "more than 6 decimals; round it"),
        ("1e-7", "more than 6 decimals; round it"),
        ("1e1000000", "more than 100 digits"),
        ("-0", "invalid amount"),
        ("-0.0", "invalid amount"),
        ("1e20", "too large"),
        ("true", "credits"),
    ],
)
def test_a_number_that_is_no_amount_is_refused_with_what_to_do(world: World, digits: str, words: str) -> None:
    response = send(world, {"Content-Type": ONE}, number(digits))
    assert response.status_code == 422
    assert words in response.json()["results"][0]["reason"]


def test_an_amount_of_an_allowance_may_be_a_number(world: World) -> None:
    world.change("allowances/ai", {"label": "AI", "unit": "hour", "included": "20"}, method="PUT")
    use = {**event("m", "0", NOW, kind="allowance.ai"), "data": {"amount": 0.25}}
    assert world.post(use)["accepted"] == 1
    assert world.read("allowances")["items"][0]["used"] == "0.25"


@pytest.mark.parametrize("body", ['{"id": "a", "id": "b"}', '{"data": {"credits": "1", "credits": "2"}}'])
def test_a_name_that_stands_twice_is_refused_in_every_body(world: World, body: str) -> None:
    responses = [send(world, {"Content-Type": ONE}, body), send(world, {"Content-Type": BATCH}, f"[{body}]")]
    headers = {"Authorization": f"Bearer {world.billing}", "Content-Type": "application/json"}
    for method, path in (("POST", "grants"), ("PUT", "subscription"), ("PUT", "allowances/a")):
        key = {"Idempotency-Key": path}
        responses.append(
            world.http.request(method, f"/v1/orgs/acme/{path}", content=body, headers=headers | key)
        )
    for response in responses:
        assert (response.status_code, response.json()["code"]) == (400, "invalid_body")
        assert "appears twice" in response.json()["detail"]
