"""Replies in other shapes than the usual ones: what is meant is read, and a part is not shown as all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.clients.providers import live
from tests.clients.providers.vendor import Answer, opened
from usage_tui.clients.base import InvalidReply

Change = Callable[[dict[str, Any]], None]


def changed(vendor: str, change: Change) -> Answer:
    """The usual answers of a vendor, each JSON object changed."""
    usual = live.answered(vendor)

    def answer(request: httpx.Request) -> httpx.Response:
        reply = usual(request)
        body = json.loads(reply.content)
        if isinstance(body, dict):
            change(body)
        return httpx.Response(reply.status_code, json=body)

    return answer


async def total(vendor: str, answer: Answer) -> str:
    client = await opened(vendor, answer, f"{datetime.now(UTC)}")
    return f"{(await client.daily()).total}"


def _without_metadata(body: dict[str, Any]) -> None:
    if "metadata" in body["data"]:
        del body["data"]["metadata"]


def _in_ai_credits(body: dict[str, Any]) -> None:
    for item in body.get("usageItems", ()):
        item["unitType"] = "AI-Credits"


def _without_counts(body: dict[str, Any]) -> None:
    if "metadata" in body["data"]:
        for row in body["data"]["data"]:
            row["request_count"] = None


def _with_half_a_budget(body: dict[str, Any]) -> None:
    if "is_management_key" in body["data"]:
        body["data"]["effective_budget"] = {"limit_usd": 10, "remaining_usd": None}


def _without_net(body: dict[str, Any]) -> None:
    for item in body.get("usageItems", ()):
        item["netQuantity"] = None


def _seconds_in_quotes(body: dict[str, Any]) -> None:
    for bucket in body["data"]:
        bucket["start_time"] = f"{bucket['start_time']}"


@pytest.mark.parametrize(
    ("vendor", "change"),
    [
        ("openrouter", _without_metadata),
        ("openrouter", _without_counts),
        ("openrouter", _with_half_a_budget),
        ("github", _in_ai_credits),
        ("github", _without_net),
        ("openai", _seconds_in_quotes),
    ],
)
async def test_another_shape_of_the_same_is_read(vendor: str, change: Change) -> None:
    assert await total(vendor, changed(vendor, change)) == await total(vendor, live.answered(vendor)) != "0"


def _more(**members: object) -> Change:
    def change(body: dict[str, Any]) -> None:
        for place in (body, body.get("pagination")):
            if isinstance(place, dict) and place.keys() & members.keys():
                place.update(members)

    return change


async def test_use_in_another_unit_is_not_shown_as_none() -> None:
    def in_requests(body: dict[str, Any]) -> None:
        for item in body.get("usageItems", ()):
            item["unitType"] = "requests"

    with pytest.raises(InvalidReply, match=r"GitHub reports requests in place of credits for \d{4}"):
        await total("github", changed("github", in_requests))


def _huge(body: dict[str, Any]) -> None:
    for item in body.get("usageItems", ()):
        item["grossQuantity"] = 9e12


@pytest.mark.parametrize(
    ("vendor", "change", "fault"),
    [
        ("openai", _more(has_more=True, next_page=None), "at next_page: is missing, but has_more is true"),
        ("anthropic", _more(has_more=True, next_page=""), "at next_page: is missing, but has_more is true"),
        (
            "v0",
            _more(hasMore=True, nextCursor=None),
            "at pagination.nextCursor: is missing, but hasMore is true",
        ),
        ("github", _huge, "the amount is too large: the limit is 9,223,372,036,854.775807"),
    ],
)
async def test_what_is_not_all_or_too_much_is_one_clear_line(vendor: str, change: Change, fault: str) -> None:
    with pytest.raises(InvalidReply) as caught:
        await total(vendor, changed(vendor, change))
    assert f" is invalid: {fault}. Check the address" in caught.value.full_text
