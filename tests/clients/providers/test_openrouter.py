from __future__ import annotations

import json
from datetime import datetime
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
    config_of,
    expected,
    failing,
    folders,
    opened,
)
from usage_tui.clients.base import ClientError, InvalidReply, NotOffered, Unauthenticated
from usage_tui.clients.registry import require_provider
from usage_tui.clients.transport.token import BearerToken
from usage_tui.models import BUDGET, Part

REPLIES = OURS / "openrouter"


def body(name: str) -> dict[str, Any]:
    return dict(json.loads((REPLIES / f"{name}.json").read_text())["body"]["data"])


def answering(data: object) -> Answer:
    return lambda _: httpx.Response(200, json={"data": data})


def with_key(**changes: object) -> Vendor:
    vendor = Vendor(REPLIES)
    vendor.instead["/key"] = answering({**body("key"), **changes})
    return vendor


def days(*rows: tuple[str, object, object, object], truncated: bool = False) -> httpx.Response:
    names = ("date__day", "model", "request_count", "credits_usage")
    data = [dict(zip(names, row, strict=True)) for row in rows]
    return httpx.Response(200, json={"data": {"data": data, "metadata": {"truncated": truncated}}})


def asked_range(request: httpx.Request) -> tuple[str, str]:
    asked = json.loads(request.content)["time_range"]
    return asked["start"][:10], asked["end"][:10]


@pytest.mark.parametrize("folder", folders("openrouter"))
async def test_every_card_says_what_the_replies_say(folder: Path) -> None:
    said = expected(folder)
    client = await opened("openrouter", Vendor(folder), said["now"])
    within = 0 if folder == REPLIES else 3  # theirs are rounded one by one
    await compare(client, said, within=within)


async def test_the_period_is_asked_for_first_and_then_a_year_in_ranges_that_meet() -> None:
    vendor = Vendor(REPLIES)
    client = await opened("openrouter", vendor)
    await client.summary()
    assert vendor.asked[:2] == ["key", "credits"]
    ranges = [asked_range(request) for request in vendor.requests[2:]]
    assert ranges[0] == ("2026-11-01", "2026-11-04")
    assert [end for _, end in ranges[1:]] == [start for start, _ in ranges[:-1]]
    assert ranges[-1][0] == "2025-11-03"
    assert all(
        json.loads(request.content)["metrics"][0] == "credits_usage" for request in vendor.requests[2:]
    )


async def test_the_next_look_asks_only_for_days_that_may_still_change() -> None:
    vendor, now = Vendor(REPLIES), ["2026-11-20T12:00:00+00:00"]
    client = await opened("openrouter", vendor, clock=lambda: datetime.fromisoformat(now[0]))
    await client.summary()
    vendor.requests.clear()
    now[0] = "2026-11-20T12:00:59+00:00"
    assert not await client.refresh()
    assert vendor.requests == []  # it is asked once a minute
    now[0] = "2026-11-20T12:01:01+00:00"
    assert not await client.refresh()
    assert vendor.asked == ["key", "credits", "query"]
    assert asked_range(vendor.requests[2]) == ("2026-11-17", "2026-11-21")


async def test_a_correction_of_yesterday_is_seen() -> None:
    vendor, now = Vendor(REPLIES), ["2026-11-03T12:00:00+00:00"]
    client = await opened("openrouter", vendor, clock=lambda: datetime.fromisoformat(now[0]))
    assert f"{(await client.summary()).usage.total}" == "6.500002"  # type: ignore[union-attr]
    vendor.instead["/query"] = lambda _: days(("2026-11-02", "north/large", "1", 1.5))
    now[0] = "2026-11-03T12:02:00+00:00"
    assert await client.refresh()
    assert [f"{day.credits}" for day in (await client.daily()).items] == ["0", "1.5", "0"]


async def test_a_reply_that_lacks_rows_is_asked_for_in_halves() -> None:
    vendor = Vendor(REPLIES)
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(asked_range(request))
        start, end = asked[-1]
        return days((start, "m", "1", 1), truncated=start < "2026-11-01" or int(end[8:]) - int(start[8:]) > 1)

    vendor.instead["/query"] = answer
    client = await opened("openrouter", vendor)
    assert [f"{day.credits}" for day in (await client.daily()).items] == ["1", "1", "1"]
    assert asked[:4] == [
        ("2026-11-01", "2026-11-04"),
        ("2026-11-01", "2026-11-03"),
        ("2026-11-01", "2026-11-02"),
        ("2026-11-02", "2026-11-03"),
    ]


async def test_a_day_that_lacks_rows_has_no_sum() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/query"] = lambda _: days(truncated=True)
    client = await opened("openrouter", vendor)
    with pytest.raises(InvalidReply, match=r"OpenRouter doesn't report all of 2026-11-01\."):
        await client.sources()
    assert f"{(await client.summary()).balance.total}" == "41.68"  # type: ignore[union-attr]
    assert len(vendor.requests) < 10


async def test_an_ordinary_key_shows_its_limit_and_says_what_it_does_not_see() -> None:
    vendor = with_key(is_management_key=False, is_provisioning_key=False, limit=20, limit_remaining=12.5)
    client = await opened("openrouter", vendor)
    summary = await client.summary()
    assert summary.included is not None
    assert (summary.included.kind, f"{summary.included.used}") == (BUDGET, "7.5")
    assert summary.balance is None
    assert summary.usage is None
    for part in (Part.BALANCE, Part.USAGE, Part.STATE):
        assert "use a management key" in summary.not_offered[part]
    with pytest.raises(NotOffered, match="use a management key"):
        await client.sources()
    assert vendor.asked == ["key"]


async def test_an_ordinary_key_without_a_limit_is_refused_in_a_sentence() -> None:
    client = await opened("openrouter", with_key(is_management_key=False, is_provisioning_key=False))
    with pytest.raises(Unauthenticated, match="use a management key"):
        await client.summary()


async def test_a_budget_has_its_own_reset() -> None:
    budget = {
        "limit_usd": 300,
        "spend_usd": 75.5,
        "remaining_usd": 224.5,
        "resets_at": "2026-12-01T00:00:00Z",
    }
    client = await opened("openrouter", with_key(effective_budget=budget))
    summary = await client.summary()
    assert summary.included is not None
    assert summary.included.kind == BUDGET
    assert f"{summary.included.remaining}" == "224.5"
    assert f"{summary.included.resets_at:%Y-%m-%d}" == "2026-12-01"
    assert Part.INCLUDED not in summary.not_offered
    assert f"{summary.balance.total}" == "41.68"  # type: ignore[union-attr]


async def test_without_analytics_the_completed_days_are_shown_and_today_is_still_to_come() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/query"] = failing(403)
    client = await opened("openrouter", vendor)
    daily = await client.daily()
    assert {f"{day.date}": f"{day.credits}" for day in daily.items} == {
        "2026-11-01": "3.000001",
        "2026-11-02": "3.500001",
    }
    assert [item.count for item in (await client.sources()).items] == [5, 8]
    assert vendor.asked.count("query") == 1


async def test_what_was_used_beyond_the_balance_is_no_negative_balance() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/credits"] = answering({"total_credits": 10, "total_usage": 10.25})
    balance = (await (await opened("openrouter", vendor)).summary()).balance
    assert balance is not None
    assert (f"{balance.total}", f"{balance.overage}") == ("0", "0.25")


async def test_a_balance_that_the_key_may_not_see_leaves_the_other_cards() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/credits"] = failing(403)
    client = await opened("openrouter", vendor)
    summary = await client.summary()
    assert summary.balance is None
    assert summary.not_offered[Part.BALANCE].startswith("OpenRouter doesn't let this key see that")
    assert f"{(await client.sources()).total}" == "6.500002"


async def test_a_refused_key_is_sent_once_and_named_with_the_page_that_makes_one() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/"] = vendor.instead["/key"] = failing(401)
    client = await opened("openrouter", vendor)
    for ask in (client.summary, client.sources, client.daily):
        with pytest.raises(Unauthenticated) as caught:
            await ask()
        assert caught.value.full_text == (
            "OpenRouter doesn't accept the key. "
            "It needs a management key: https://openrouter.ai/settings/management-keys"
        )
    assert vendor.asked == ["key"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("2026-11-01", "m", "1", "NaN"), r"at data\.data\[0\]\.credits_usage: must be an amount"),
        (("2026-11-01", "m", "-1", 1), r"at data\.data\[0\]\.request_count: must be a whole number from 0"),
        (("yesterday", "m", "1", 1), r"at data\.data\[0\]\.date__day: must be a date"),
        (("2026-11-01", ["m"], "1", 1), r"at data\.data\[0\]\.model: must be text"),
    ],
)
async def test_a_row_of_another_shape_is_named(row: tuple[str, object, object, object], fault: str) -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/query"] = lambda _: days(row)
    with pytest.raises(ClientError, match=fault):
        await (await opened("openrouter", vendor)).sources()


async def test_a_hostile_model_name_is_shown_harmlessly() -> None:
    from usage_tui.cards.page import page
    from usage_tui.cards.typeset.glyphs import MONOCHROME
    from usage_tui.state.loading import PlainStore, load_all

    vendor, name = Vendor(REPLIES), "\x1b]0;x\x07[red]a[/]\u202e" + "m" * 5000
    vendor.instead["/query"] = lambda _: days(("2026-11-01", name, "1", 1))
    client = await opened("openrouter", vendor)
    store = PlainStore.of(client)
    await load_all(store, client)
    text = page(store.state, 100, MONOCHROME)
    assert "[red]a[/]" in text
    assert not any(character in text for character in "\x1b\x07\u202e")
    assert max(map(len, text.splitlines())) <= 100


async def test_what_fails_for_a_moment_is_asked_again() -> None:
    vendor, failures = Vendor(REPLIES), [failing(429, **{"Retry-After": "1"}), failing(503)]

    def answer(request: httpx.Request) -> httpx.Response:
        if failures:
            return failures.pop()(request)
        return answering(body("credits"))(request)

    vendor.instead["/credits"] = answer
    balance = (await (await opened("openrouter", vendor)).summary()).balance
    assert balance is not None
    assert f"{balance.total}" == "41.68"
    assert vendor.asked[:4] == ["key", "credits", "credits", "credits"]


async def test_two_vendors_never_see_each_others_host_key_or_cache() -> None:
    ours, theirs = Vendor(REPLIES), Vendor(OURS / "openai")
    other = BearerToken("sk-admin-0ther-k3y")
    clients = await opened("openrouter", ours), await opened("openai", theirs, token=other)
    for client in clients:
        await client.summary()
    sent = [
        {(request.url.host, request.headers["Authorization"]) for request in vendor.requests}
        for vendor in (ours, theirs)
    ]
    assert sent == [{("openrouter.ai", f"Bearer {KEY}")}, {("api.openai.com", "Bearer sk-admin-0ther-k3y")}]
    keys = {require_provider(name).cache_key(None, config_of(ours)) for name in ("openrouter", "openai")}
    assert len(keys) == 2


async def test_an_invalid_balance_leaves_the_other_cards() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/credits"] = answering({"total_credits": 1})
    client = await opened("openrouter", vendor)
    summary = await client.summary()
    assert summary.balance is None
    assert "at data.total_usage: is missing" in summary.not_offered[Part.BALANCE]
    assert (await client.sources()).items
