"""Requests at the edge: batches with bad events, repeats, limits, and every refusal as a problem document."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.server.conftest import OpenDatabase
from tests.server.world import NOW, World, at, event
from usage_tui.server.ledger_writer.cloudevents import BATCH, ONE
from usage_tui.server.limits import RateLimit

GRANT = {"id": "g", "description": "Top-up", "bucket": "purchased", "credits": "10"}


def broken(**members: Any) -> dict[str, Any]:
    """An event of which something is wrong; a member that is None is left out."""
    members = {**event("bad", "1", NOW), **members}
    return {name: value for name, value in members.items() if value is not None}


BAD_EVENTS = {
    "negative": broken(data={"credits": "-1"}),
    "seven places": broken(data={"credits": "0.0000001"}),
    "negative zero": broken(data={"credits": "-0"}),
    "true": broken(data={"credits": True}),
    "data in base64": broken(data_base64="e30="),
    "not finite": broken(data={"credits": "NaN"}),
    "too many": broken(data={"credits": "9999999999999"}),
    "no data": broken(data=None),
    "no id": broken(id=None),
    "empty id": broken(id=""),
    "long id": broken(id="x" * 201),
    "no kind": broken(type="usage."),
    "another type": broken(type="order.placed"),
    "another version": broken(specversion="0.3"),
    "no time": broken(time="yesterday"),
    "negative quantity": broken(data={"credits": "1", "quantity": -1}),
    "no object": 17,
}


@pytest.mark.parametrize("bad", BAD_EVENTS.values(), ids=BAD_EVENTS)
def test_a_bad_event_never_sinks_good_ones(world: World, bad: Any) -> None:
    receipt = world.post(event("a", "1", NOW), bad, event("b", "2", NOW))
    assert [result["status"] for result in receipt["results"]] == ["accepted", "invalid", "accepted"]
    assert (receipt["accepted"], receipt["rejected"]) == (2, 1)
    assert receipt["results"][1]["reason"]
    assert world.read("usage/summary")["usage"]["total"] == "3"


def test_a_sum_beyond_64_bits_is_refused(world: World) -> None:
    receipt = world.post(*(event(f"e{number}", "5000000000000", NOW) for number in range(3)))
    assert [result["status"] for result in receipt["results"]] == ["accepted", "invalid", "invalid"]
    assert world.read("usage/sources")["total"] == "5000000000000"


def test_one_event_goes_without_a_list(world: World) -> None:
    assert world.send(event("a", "1", NOW), content_type=ONE).json()["accepted"] == 1
    assert world.send(event("a", "1", NOW), content_type=f"{BATCH}; charset=utf-8").json()["duplicates"] == 1


def test_what_lies_ahead_is_to_be_sent_again(world: World) -> None:
    receipt = world.post(event("soon", "1", at("11-22T20:35:00")), event("ahead", "1", at("11-22T20:35:01")))
    assert [result["status"] for result in receipt["results"]] == ["accepted", "future"]
    world.clock.forward(seconds=1)
    assert world.post(event("ahead", "1", at("11-22T20:35:01")))["accepted"] == 1


def test_the_same_key_from_another_source_is_another_event(world: World) -> None:
    receipt = world.post(event("a", "1", NOW), event("a", "2", NOW, source="//tools/prod-us"))
    assert receipt["accepted"] == 2


def test_an_event_under_the_key_of_an_allowances_use_is_another_one(world: World) -> None:
    body = {"label": "Background AI", "unit": "credit", "included": "2000"}
    assert world.change("allowances/ai", body, method="PUT").status_code == 200
    use = {**event("m1", "0", NOW, kind="allowance.ai"), "data": {"amount": "700"}}
    assert world.post(use)["accepted"] == 1
    statuses = [result["status"] for result in world.post(event("m1", "1", NOW), use)["results"]]
    assert statuses == ["conflict", "duplicate"]


def test_more_sources_than_one_are_told_apart_in_one_batch(world: World) -> None:
    sent = [event("a", "1", NOW, source=f"//tools/{number}") for number in range(5)]
    world.post(*sent[:2])
    statuses = [result["status"] for result in world.post(*sent)["results"]]
    assert statuses == ["duplicate", "duplicate", "accepted", "accepted", "accepted"]


def test_a_parent_is_known_before_it_arrives(world: World) -> None:
    receipt = world.post(event("child", "1", NOW, parent="chat-1"), event("chat-1", "1", NOW))
    rows = {row["id"]: row for row in world.read("usage/events")["items"]}
    child, parent = (result["event_id"] for result in receipt["results"])
    assert rows[child]["parent_id"] == parent


def test_a_batch_has_its_limits(world: World) -> None:
    response = world.send(*(event(f"e{number}", "1", NOW) for number in range(1001)))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    response = world.send(event("a", "1", NOW, label="x" * 2**20))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    response = world.send(event("a", "1", NOW), content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    for body in (b"", b"{", b"\xff", b"[" * 10_000, b'{"a": 1}'):
        headers = {"Authorization": f"Bearer {world.ingest}", "Content-Type": BATCH}
        response = world.http.request("POST", "/v1/orgs/acme/usage/events", content=body, headers=headers)
        assert (response.status_code, response.json()["code"]) == (400, "invalid_body")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"credits": "0.0000001"}, 422, "amount_precision"),
        ({"credits": "0"}, 400, "invalid_body"),
        ({"credits": "-1"}, 400, "invalid_body"),
        ({"credits": 1}, 400, "invalid_body"),
        ({"bucket": "gift"}, 400, "invalid_body"),
        ({"id": ""}, 400, "invalid_body"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 400, "invalid_body"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(
    world: World, change: dict[str, Any], status: int, code: str
) -> None:
    response = world.change("grants", {**GRANT, **change})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert world.read("grants")["items"] == []


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("allowances/a", {"label": "", "unit": "hour"}, "label"),
        ("allowances/a", {"label": "Runtime", "unit": "x" * 201}, "unit"),
        ("allowances/a", {"label": "Runtime", "unit": "hour", "included": "-5"}, "included"),
        ("allowances/a", {"label": "Runtime", "unit": "hour", "included": "0.0000000001"}, "included"),
        ("allowances/" + "a" * 201, {"label": "Runtime", "unit": "hour"}, "id"),
        ("subscription", {"plan": "Team", "included": "-1"}, "included"),
        ("subscription", {"plan": "Team", "auto_recharge_threshold": "-1"}, "auto_recharge_threshold"),
    ],
)
def test_what_makes_no_sense_is_named_and_changes_nothing(
    world: World, path: str, body: dict[str, Any], name: str
) -> None:
    tag = world.get("usage/summary").headers["ETag"]
    response = world.change(path, body, method="PUT")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_body")
    assert [fault["name"] for fault in response.json()["invalid_parameters"]] == [name]
    assert world.get("usage/summary").headers["ETag"] == tag


def test_who_gives_an_event_back_has_a_name_of_some_length(world: World) -> None:
    event_id = world.post(event("a", "1", NOW))["results"][0]["event_id"]
    response = world.change(f"usage/events/{event_id}/reversal", {"actor": "x" * 201})
    assert response.json()["invalid_parameters"][0]["name"] == "actor"


def test_no_sender_can_take_the_id_of_a_reversal(world: World) -> None:
    event_id = world.post(event("a", "1", NOW))["results"][0]["event_id"]
    world.post(event(event_id, "1", NOW, source="reversal"))
    assert world.change(f"usage/events/{event_id}/reversal").json()["credits"] == "-1"
    assert world.post(event(event_id, "2", NOW, source="other"))["accepted"] == 1


def test_an_id_may_hold_a_slash(world: World) -> None:
    world.change("grants", {**GRANT, "id": "2026/11"})
    assert world.change("grants/2026%2F11/void").json()["voided_amount"] == "10"


def test_a_grant_id_is_taken_once(world: World) -> None:
    world.change("grants", GRANT)
    response = world.change("grants", GRANT)
    assert (response.status_code, response.json()["code"]) == (409, "already_exists")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("usage/events?limit=ten", "limit"),
        ("usage/events?from=yesterday", "from"),
        ("usage/events?to=2026-11-22", "to"),
        ("usage/daily?range=8d", "range"),
        ("usage/daily?start=2026-02-30&end=2026-11-01", "start"),
        ("grants?status=gone", "status"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(world: World, path: str, name: str) -> None:
    response = world.get(path)
    document = response.json()
    assert (response.status_code, document["code"]) == (400, "invalid_parameter")
    assert [fault["name"] for fault in document["invalid_parameters"]] == [name]
    assert response.headers["Content-Type"] == "application/problem+json"
    assert document["request_id"] == response.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["usage/events?limit=ten", "usage/events?from=yesterday"])
def test_parameters_are_explained_to_none_but_a_member(world: World, path: str) -> None:
    headers = {"Authorization": "Bearer uat_0_0"}
    assert world.http.get(f"/v1/orgs/acme/{path}", headers=headers).status_code == 401
    assert world.get("usage/events?from=yesterday", org="other").status_code == 404
    assert world.get("usage/events?from=yesterday", world.member).status_code == 403


def test_a_condition_is_cleaned_as_what_is_kept_was(world: World) -> None:
    world.post(event("a", "1", NOW, subject="a\u0000b"), event("b", "1", NOW, subject="ab"))
    (row,) = world.read("usage/events?source_id=a%00b")["items"]
    assert row["source_id"] == "a\ufffdb"


def test_the_ranking_past_the_limit_is_summed_up(world: World) -> None:
    world.post(*(event(f"e{number}", str(number + 1), NOW, subject=f"s{number}") for number in range(5)))
    ranking = world.read("usage/sources?limit=2")
    assert [row["credits"] for row in ranking["items"]] == ["5", "4"]
    assert (ranking["other"]["sources"], ranking["other"]["credits"], ranking["total"]) == (3, "6", "15")


def test_the_last_days_may_reach_into_an_earlier_period(world: World) -> None:
    world.post(event("october", "3", at("10-31T12:00")), event("november", "4", at("11-02T12:00")))
    world.clock.now = at("11-22T20:30")
    daily = world.read("usage/daily?start=2026-10-30&end=2026-11-03")
    assert (daily["total"], [day["credits"] for day in daily["items"]]) == ("7", ["0", "3", "0", "4", "0"])
    assert len(world.read("usage/daily?range=14d")["items"]) == 14
    # The clocks go back on November 1: that day has 25 hours.
    assert (daily["items"][2]["starts_at"], daily["items"][2]["ends_at"]) == (
        "2026-11-01T04:00:00Z",
        "2026-11-02T05:00:00Z",
    )


def test_too_many_requests_are_told_how_long_to_wait(new_database: OpenDatabase) -> None:
    now = [0.0]
    limit = RateLimit(per_second=0.5, burst=3, monotonic=lambda: now[0])
    world = World.open(new_database("sqlite"), rate_limit=limit)
    statuses = [world.get("usage/summary").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    response = world.get("usage/summary")
    assert (response.json()["code"], response.headers["Retry-After"]) == ("quota_exceeded", "2")
    assert world.get("usage/summary", world.member).status_code == 200
    now[0] = 2.0
    assert world.get("usage/summary").status_code == 200
    world.close()


def test_a_request_that_means_nothing_counts_too(new_database: OpenDatabase) -> None:
    world = World.open(new_database("sqlite"), rate_limit=RateLimit(per_second=0.5, burst=2))
    statuses = [world.get("usage/summary?limit=ten").status_code for _ in range(2)]
    statuses += [world.get("usage/events?limit=ten").status_code]
    assert statuses == [200, 200, 429]
    world.close()


def test_a_locked_database_is_busy_and_recovers(world: World) -> None:
    path = world.database.path
    assert path is not None
    with world.database.reading() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # the one connection of the pool
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        response = world.send(event("a", "1", NOW))
        assert (response.status_code, response.json()["code"]) == (503, "database_busy")
        assert response.headers["Retry-After"] == "1"
        other.execute("ROLLBACK")
    assert world.post(event("a", "1", NOW))["accepted"] == 1


def test_a_bug_is_answered_without_its_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("usage_tui.server.replies.slices.View.meters", fail)
    response = world.get("allowances")
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert response.json()["request_id"] == response.headers["X-Request-Id"]
    assert "secret" not in response.text


def test_the_log_names_the_request_and_nothing_of_its_content(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="usage_tui.server"):
        response = world.get("usage/events?kind=secret-kind")
    messages: list[Any] = [record.msg for record in caplog.records if record.name == "usage_tui.server"]
    (entry,) = messages
    assert entry["request_id"] == response.headers["X-Request-Id"]
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/v1/orgs/acme/usage/events", 200)
    assert (entry["client"], entry["organization"]) == ("127.0.0.1", "acme")
    assert entry["token"] == world.owner.split("_")[1]
    assert entry["bytes"] == len(response.content)
    assert "secret-kind" not in str(entry)
    assert world.owner.split("_", 2)[2] not in str(entry)
