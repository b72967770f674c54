from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.providers.vendor import (
    KEY,
    OURS,
    Answer,
    Vendor,
    compare,
    expected,
    failing,
    folders,
    opened,
    rows,
)
from usage_tui.clients.base import ClientError, InvalidReply, NotOffered, ServiceFailed, Unauthenticated
from usage_tui.clients.providers.client import AccountClient
from usage_tui.models import BUDGET, EventQuery, Part

REPLIES = OURS / "litellm"
NOV = "2026-11-03T12:00:00Z"


async def opened_proxy(vendor: Answer, at: str = NOV, **changes: Any) -> AccountClient:
    return await opened("litellm", vendor, at, **{"url": "https://llm.acme.example/proxy", **changes})


class LiteLLM(Vendor):
    """Answers with the replies of a folder, whose address has no path in front."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(path=request.url.path.removeprefix("/proxy"))
        return super().__call__(request)


def answering(body: object) -> Answer:
    return lambda _: httpx.Response(200, json=body)


def metrics(spend: object, requests: object = 1) -> dict[str, object]:
    return {"spend": spend, "api_requests": requests}


def day(date: str, whole: dict[str, object], **models: dict[str, object]) -> dict[str, Any]:
    found = {name: {"metrics": one} for name, one in models.items()}
    return {"date": date, "metrics": whole, "breakdown": {"models": found}}


def days(*results: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"results": list(results), "metadata": {"has_more": more, "total_spend": 99}}


def with_days(*results: dict[str, Any]) -> LiteLLM:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/aggregated"] = answering(days(*results))
    return vendor


def log(number: int, at: str, **more: object) -> dict[str, object]:
    row = {"request_id": f"r{number}", "call_type": "acompletion", "spend": 0.1, "model": "m", "user": "bo"}
    return {**row, "startTime": at, **more}


def with_all_logs(vendor: Vendor, folder: Path, count: int) -> None:
    """Add the rows of a folder that has only the first page of them."""
    body = json.loads((folder / "logs.json").read_text())["body"]
    older = [
        log(number, f"2026-11-01T00:00:{number:02}") for number in reversed(range(count - len(body["data"])))
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        found = body["data"] if page == 1 else older
        return httpx.Response(200, json={"data": found, "page": page, "total_pages": 2})

    vendor.instead["/logs/v2"] = answer


@pytest.mark.parametrize("folder", folders("litellm"))
async def test_every_card_says_what_the_replies_say(folder: Path) -> None:
    said, vendor = expected(folder), LiteLLM(folder)
    if folder != REPLIES:
        with_all_logs(vendor, folder, said["events"][0])
    await compare(await opened_proxy(vendor, said["now"]), said, within=0 if folder == REPLIES else 3)


async def test_the_noise_of_floats_is_no_cost() -> None:
    vendor = with_days(day("2026-11-02", metrics(0.07325600600000001, 2), a=metrics(0.073256006, 2)))
    assert [item.source_id for item in (await (await opened_proxy(vendor)).sources()).items] == ["a"]


async def test_what_a_day_cost_beside_its_models_is_a_row_of_its_own() -> None:
    vendor = with_days(day("2026-11-02", metrics(1.5, 7), a=metrics(1.25, 4)))
    items = (await (await opened_proxy(vendor)).sources()).items
    assert [(item.label, f"{item.credits}", item.count) for item in items] == [
        ("a", "1.25", 4),
        ("Other", "0.25", 3),
    ]


async def test_an_older_gateway_is_asked_for_pages_that_cut_days_in_two() -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/aggregated"] = failing(404, {"detail": "Not Found"})
    pages = [
        days(day("2026-11-03", metrics(1), a=metrics(1)), more=True),
        days(
            day("2026-11-03", metrics(2, 3), a=metrics(0.5), b=metrics(1.5, 2)),
            day("2026-11-02", metrics(4), a=metrics(4)),
        ),
    ]
    vendor.instead["/daily/activity"] = lambda request: httpx.Response(
        200, json=pages[int(request.url.params["page"]) - 1]
    )
    client = await opened_proxy(vendor)
    items = (await client.sources()).items
    assert [(item.source_id, f"{item.credits}", item.count) for item in items] == [
        ("a", "5.5", 3),
        ("b", "1.5", 2),
    ]
    assert vendor.asked.count("aggregated") == 1
    first = next(request for request in vendor.requests if request.url.path.endswith("/activity"))
    assert dict(first.url.params) == {
        "start_date": "2026-11-01",
        "end_date": "2026-11-03",
        "page": "1",
        "page_size": "1000",
    }


async def test_pages_without_end_end_in_a_sentence() -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/aggregated"] = failing(404)
    vendor.instead["/daily/activity"] = answering(days(more=True))
    with pytest.raises(InvalidReply, match="LiteLLM answers with more than 100 pages"):
        await (await opened_proxy(vendor)).sources()
    assert len(vendor.requests) < 110


def info(**budget: object) -> dict[str, object]:
    return {"max_budget": None, "spend": 0.0, "budget_reset_at": None, **budget}


@pytest.mark.parametrize(
    ("key", "user", "team", "used"),
    [
        (info(max_budget=5.0, spend=1.5), info(max_budget=40, spend=2), info(), "2 of 40"),
        (info(max_budget=5.0, spend=1.5), info(), info(max_budget=70.0, spend=3), "3 of 70"),
        (info(max_budget=5.0, spend=1.5), info(), info(), "1.5 of 5"),
        (info(max_budget=5.0, spend=6.5), info(), info(), "6.5 of 5"),
        (info(), info(), info(), None),
    ],
)
async def test_the_budget_is_that_of_the_user_else_of_the_team_else_of_the_key(
    key: dict[str, object], user: dict[str, object], team: dict[str, object], used: str | None
) -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/key/info"] = answering({"info": {"user_id": "u7", "team_id": "t1", **key}})
    vendor.instead["/user/info"] = answering({"user_info": user})
    vendor.instead["/team/info"] = answering({"team_info": team})
    summary = await (await opened_proxy(vendor)).summary()
    if used is None:
        assert summary.included is None
        assert summary.not_offered[Part.INCLUDED].startswith("No budget is set")
    else:
        assert summary.included is not None
        assert summary.included.kind == BUDGET
        assert f"{summary.included.used} of {summary.included.granted}" == used
    asked = {request.url.path: dict(request.url.params) for request in vendor.requests}
    assert asked["/user/info"] == {"user_id": "u7"}
    assert asked["/team/info"] == {"team_id": "t1"}


async def test_a_budget_has_its_own_reset_and_is_not_what_the_period_cost() -> None:
    summary = await (await opened_proxy(LiteLLM(REPLIES))).summary()
    assert summary.included is not None
    assert f"{summary.included.resets_at:%Y-%m-%d}" == "2026-11-15"
    assert f"{summary.included.used}" != f"{summary.usage.total}"  # type: ignore[union-attr]
    assert summary.org.name == "Bo Berg"


async def test_the_master_key_is_no_virtual_key_and_sees_all() -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/key/info"] = failing(404, {"error": {"message": "Key not found in database"}})
    client = await opened_proxy(vendor)
    summary = await client.summary()
    assert summary.org.name == "LiteLLM"
    assert f"{summary.usage.total}" == "1.750001"  # type: ignore[union-attr]
    assert not {"/user/info", "/team/info"} & {request.url.path for request in vendor.requests}


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_single_requests_that_the_key_may_not_see_are_daily_totals(status: int) -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/logs/v2"] = failing(status)
    client = await opened_proxy(vendor)
    assert "these are its daily totals" in (await client.summary()).not_offered[Part.EVENTS]
    assert {row.activity for row in [row async for row in rows(client)]} == {"daily total"}
    assert vendor.asked.count("v2") == 1


async def test_single_requests_are_told_with_their_times_in_utc() -> None:
    client = await opened_proxy(LiteLLM(REPLIES))
    found = [row async for row in rows(client)]
    assert [row.id for row in found] == [f"req-{number}" for number in (6, 5, 4, 3, 2, 1)]
    assert found[1].occurred_at == datetime(2026, 11, 3, 10, 0, 0, 250_000, tzinfo=UTC)
    assert [found[0].actor, found[2].actor] == ["bo", None]
    assert found[0].activity == "completion"


async def test_pages_of_single_requests_end_at_the_newest_one_seen() -> None:
    vendor = LiteLLM(REPLIES)
    client = await opened_proxy(vendor)
    assert [row async for row in rows(client)]
    asked = [request.url.params for request in vendor.requests if request.url.path.endswith("/v2")]
    probe, first, second, third = asked[:4]
    assert (probe["start_date"], probe["page_size"]) == ("2026-11-03 12:00:00", "100")
    assert (first["start_date"], first["end_date"]) == ("2026-10-03 12:00:01", "2026-11-03 12:00:01")
    assert (second["page"], second["end_date"]) == ("2", "2026-11-03 11:24:35")
    assert (third["page"], third["end_date"]) == ("1", second["start_date"])
    assert asked[-1]["start_date"] == "2025-11-03 12:00:00"


async def test_a_filter_by_model_and_day_is_the_gateways() -> None:
    vendor = LiteLLM(REPLIES)
    client = await opened_proxy(vendor)
    day = datetime(2026, 11, 2, tzinfo=UTC)
    query = EventQuery(source_id="model-b", starts_at=day, ends_at=day + timedelta(days=1))
    page = await client.events(query, limit=10)
    assert [row.id for row in page.items] == ["req-4", "req-3", "req-2"]
    asked = vendor.requests[-1].url.params
    assert asked["model"] == "model-b"
    assert asked["start_date"] == "2026-11-02 00:00:00"


async def test_a_count_that_is_capped_is_no_end() -> None:
    vendor = LiteLLM(REPLIES)

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        found = [log(page, f"2026-11-02T00:00:0{9 - page}")] if page < 4 else []
        body = {"data": found, "page": page, "total_pages": 1, "total_is_capped": True}
        return httpx.Response(200, json=body)

    vendor.instead["/logs/v2"] = answer
    found = [row.id async for row in rows(await opened_proxy(vendor))]
    assert found == ["r1", "r2", "r3"]


def log_of_a_day(request: httpx.Request, longest: timedelta) -> httpx.Response:
    """A request of each day of November, if no more days are asked for at once."""
    start, end = (datetime.fromisoformat(request.url.params[f"{one}_date"]) for one in ("start", "end"))
    if end - start > longest:
        said = "Too many rows to count; pick a shorter date range."
        return httpx.Response(503, json={"error": {"message": said}})
    found = [
        log(day, f"2026-11-{day:02}T01:00:00")
        for day in (3, 2, 1)
        if start <= datetime(2026, 11, day, 1) <= end  # noqa: DTZ001 - the gateway names no zone
    ]
    body = {"data": found, "page": 1, "total_pages": 1, "total_is_capped": False}
    return httpx.Response(200, json=body)


@pytest.mark.parametrize("hours", [24 * 31, 24 * 9, 24, 2])
async def test_too_many_requests_at_once_are_asked_for_in_shorter_spans(hours: int) -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/logs/v2"] = lambda request: log_of_a_day(request, timedelta(hours=hours, seconds=1))
    starts_at = datetime(2026, 10, 20, tzinfo=UTC)
    page = await (await opened_proxy(vendor)).events(EventQuery(starts_at=starts_at), limit=10)
    assert [row.id for row in page.items] == ["r3", "r2", "r1"]


async def test_a_gateway_that_can_tell_no_hour_says_so_in_its_words() -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/logs/v2"] = lambda request: log_of_a_day(request, timedelta())
    with pytest.raises(ServiceFailed, match="pick a shorter date range"):
        await (await opened_proxy(vendor)).events(EventQuery(), limit=10)


async def test_a_refused_key_is_sent_once() -> None:
    vendor = LiteLLM(REPLIES)
    message = f"Authentication Error, Invalid proxy server token passed. Received={KEY[:6]}"
    vendor.instead[""] = failing(401, {"error": {"message": message, "type": "auth_error", "code": "401"}})
    client = await opened_proxy(vendor)
    for ask in (client.summary, client.sources):
        with pytest.raises(Unauthenticated) as caught:
            await ask()
        said = caught.value.full_text
        assert said == "LiteLLM doesn't accept the key. It needs a virtual key of the gateway."
    assert len(vendor.requests) == 1


async def test_an_address_that_is_no_gateway_is_said() -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead[""] = failing(404, {"detail": "Not Found"})
    client = await opened_proxy(vendor)
    with pytest.raises(ClientError, match="found nothing at this address"):
        await client.sources()
    assert len(vendor.requests) <= 6


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (day("2026-11-02", metrics(1), a=metrics("NaN")), r"models\.a\.metrics\.spend: must be an amount"),
        (day("2026-11-02", metrics(1), a=metrics(1, -2)), r"api_requests: must be a whole number from 0"),
        (day("Monday", metrics(1)), r"at results\[0\]\.date: must be a date"),
    ],
)
async def test_a_day_of_another_shape_is_named(result: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidReply, match=fault):
        await (await opened_proxy(with_days(result))).sources()


async def test_the_gateways_address_is_the_users_own() -> None:
    with pytest.raises(ClientError):
        await opened_proxy(LiteLLM(REPLIES), url="")


async def test_no_grants_and_no_allowances_are_said_in_sentences() -> None:
    client = await opened_proxy(LiteLLM(REPLIES))
    for ask in (client.grants, client.allowances, client.me):
        with pytest.raises(NotOffered, match="LiteLLM doesn't"):
            await ask()


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        ({"user_info": {"max_budget": "a lot", "spend": 1}}, "at user_info.max_budget: must be an amount"),
        ({"user_info": {"user_alias": 7}}, "at user_info.user_alias: must be text"),
        (["no object"], "at the top: must be an object"),
    ],
)
async def test_an_invalid_user_leaves_the_other_cards_and_no_other_budget_stands_for_theirs(
    user: object, reason: str
) -> None:
    vendor = LiteLLM(REPLIES)
    vendor.instead["/key/info"] = answering({"info": {"user_id": "u7", "max_budget": 5, "spend": 1}})
    vendor.instead["/user/info"] = answering(user)
    client = await opened_proxy(vendor)
    summary = await client.summary()
    assert summary.included is None
    assert reason in summary.not_offered[Part.INCLUDED]
    assert (await client.sources()).items
