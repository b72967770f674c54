from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.providers.vendor import (
    KEY,
    OURS,
    Vendor,
    compare,
    expected,
    failing,
    folders,
    opened,
    rows,
    spread,
)
from usage_tui.clients.base import InvalidReply, NotOffered, Unauthenticated
from usage_tui.models import BUDGET, EventQuery, Part

REPLIES = OURS / "v0"
NOV = "2026-11-03T12:00:00Z"


def act(number: int, cost: object, at: str, kind: str = "message", **more: object) -> dict[str, object]:
    return {"id": f"a{number}", "type": kind, "totalCost": cost, "userId": "bo", "createdAt": at, **more}


def page(*acts: dict[str, object], more: str | None = None) -> httpx.Response:
    paging = {"hasMore": more is not None, "nextCursor": more}
    return httpx.Response(200, json={"data": list(acts), "pagination": paging})


def with_acts(answer: Callable[[httpx.Request], httpx.Response]) -> Vendor:
    vendor = Vendor(REPLIES)
    vendor.instead["/usage"] = answer
    return vendor


def with_billing(**changes: Any) -> Vendor:
    vendor = Vendor(REPLIES)
    body = json.loads((REPLIES / "billing.json").read_text())["body"]
    billing = {**body, "data": {**body["data"], **changes}}
    vendor.instead["/billing"] = lambda _: httpx.Response(200, json=billing)
    return vendor


def with_older_acts(vendor: Vendor, folder: Path, said: dict[str, Any]) -> None:
    """Add the acts of which a folder has only the first pages, so that every sum is the expected one."""
    bodies = [json.loads((folder / name).read_text())["body"] for name in ("events.json", "events-2.json")]
    told = [one for body in bodies for one in body["data"]]
    types = {name: Decimal(amount) for name, amount, _ in said["sources"]}
    counts = {name: count for name, _, count in said["sources"]}
    days = {day: Decimal(amount) for day, amount in said["days"].items()}
    for one in told:
        types[one["type"]] -= Decimal(one["totalCost"])
        days[one["createdAt"][:10]] -= Decimal(one["totalCost"])
        counts[one["type"]] -= 1
    parts = [(day, name, amount) for (day, name), amount in spread(days, types).items()]
    for name, count in counts.items():
        some = sum(1 for part in parts if part[1] == name)
        parts += [("2026-10-24", name, Decimal(0))] * (count - some)
    older = [
        act(number, f"{amount}", f"{day}T00:00:00Z", name) for number, (day, name, amount) in enumerate(parts)
    ]
    older.sort(key=lambda one: f"{one['createdAt']}", reverse=True)

    def answer(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        if cursor == "6":
            return page(*older)
        return httpx.Response(200, json=bodies[0 if cursor is None else 1])

    vendor.instead["/usage"] = answer


@pytest.mark.parametrize("folder", folders("v0"))
async def test_every_card_says_what_the_replies_say(folder: Path) -> None:
    said, vendor = expected(folder), Vendor(folder)
    if folder != REPLIES:
        with_older_acts(vendor, folder, said)
    await compare(await opened("v0", vendor, said["now"]), said)


async def test_the_viewer_and_the_plan_are_told() -> None:
    client = await opened("v0", Vendor(REPLIES), NOV)
    (own,) = (await client.me()).organizations
    assert (own.name, own.role) == ("Ana", "owner")
    summary = await client.summary()
    assert summary.subscription is not None
    assert summary.subscription.plan == "Team"
    assert summary.state == "normal"


async def test_blocks_are_grants_in_the_order_in_which_they_are_spent() -> None:
    client = await opened("v0", Vendor(REPLIES), NOV)
    grants = (await client.grants()).items
    assert [grant.status for grant in grants] == ["active", "active", "scheduled", "expired", "used"]
    assert [f"{grant.used}" for grant in grants] == ["34.75", "0", "0", "6", "8"]
    assert f"{grants[3].expired_amount}" == "4"
    balance = (await client.summary()).balance
    assert balance is not None
    assert balance.next_expiry is not None
    assert f"{balance.next_expiry.amount} {balance.next_expiry.at:%b %d}" == "5.25 Nov 10"


async def test_an_account_without_blocks_has_no_grants() -> None:
    vendor = with_billing(onDemand={"balance": 0})
    client = await opened("v0", vendor, NOV)
    assert (await client.grants()).items == ()
    assert f"{(await client.summary()).balance.total}" == "17.5"  # type: ignore[union-attr]


async def test_a_plan_that_is_overdrawn_has_nothing_left() -> None:
    vendor = with_billing(balance={"remaining": -0.25, "total": 20}, onDemand={"balance": 0, "blocks": []})
    summary = await (await opened("v0", vendor, NOV)).summary()
    assert summary.balance is not None
    assert summary.included is not None
    assert (f"{summary.balance.total}", f"{summary.included.remaining}") == ("0", "0")
    assert summary.state == "paused"


async def test_a_cycle_counts_from_its_first_instant() -> None:
    client = await opened("v0", Vendor(REPLIES), NOV)
    first = (await client.daily()).items[0]
    assert (f"{first.date}", f"{first.credits}") == ("2026-10-16", "1.75")  # not the 9 of an hour before
    period = (await client.summary()).period
    assert period is not None
    assert f"{period.starts_at:%d %H:%M} {period.ends_at:%d %H:%M}" == "16 12:00 16 12:00"


async def test_the_acts_of_the_cycle_are_asked_for_and_older_ones_when_they_are_looked_at() -> None:
    vendor = Vendor(REPLIES)
    client = await opened("v0", vendor, NOV)
    await client.summary()
    asked = [dict(request.url.params) for request in vendor.requests if "limit" in request.url.params]
    assert asked == [
        {"startDate": "2026-10-16T00:00:00Z", "limit": "100"},
        {"startDate": "2026-10-16T00:00:00Z", "limit": "100", "cursor": "3"},
    ]
    assert [row.id async for row in rows(client)][-1] == "ev-1"
    assert dict(vendor.requests[-1].url.params) == {"limit": "100", "cursor": "3"}


async def test_corrections_are_shown_as_they_are_and_rank_last() -> None:
    client = await opened("v0", Vendor(REPLIES), NOV)
    items = (await client.sources()).items
    assert [item.label for item in items] == ["Message", "API request", "Refund message"]
    assert sum(item.share or 0 for item in items) == 1
    found = {row.id: (row.activity, f"{row.credits}") for row in [row async for row in rows(client)]}
    assert found["ev-5"] == ("correction", "-0.5")
    assert found["ev-6"] == ("use", "1.25")


async def test_an_old_plan_has_a_limit_and_no_balance() -> None:
    vendor = Vendor(REPLIES)
    body = {"billingType": "legacy", "data": {"remaining": 12, "reset": 1794787200000, "limit": 50}}
    vendor.instead["/billing"] = lambda _: httpx.Response(200, json=body)
    client = await opened("v0", vendor, NOV)
    summary = await client.summary()
    assert summary.balance is None
    assert summary.not_offered[Part.BALANCE] == "v0 doesn't report a balance for this plan."
    assert summary.included is not None
    assert (summary.included.kind, f"{summary.included.used}") == (BUDGET, "38")
    assert f"{summary.included.resets_at:%Y-%m-%d}" == "2026-11-16"
    assert summary.period is not None
    assert f"{summary.period.start_date}" == "2026-11-01"
    with pytest.raises(NotOffered, match="v0 doesn't report credit grants for this plan"):
        await client.grants()


async def test_an_old_plan_that_says_only_its_limit_shows_no_progress() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/billing"] = lambda _: httpx.Response(
        200, json={"billingType": "legacy", "data": {"limit": 50}}
    )
    assert (await (await opened("v0", vendor, NOV)).summary()).included is None


async def test_a_cursor_that_repeats_ends_in_a_sentence() -> None:
    vendor = with_acts(lambda _: page(act(1, "1", "2026-11-02T00:00:00Z"), more="x"))
    client = await opened("v0", vendor, NOV)
    with pytest.raises(InvalidReply, match="The pages of v0 lead back"):
        await client.sources()
    assert (await client.summary()).balance is not None


async def test_pages_without_end_end() -> None:
    pages = iter(range(10**6))
    vendor = with_acts(lambda _: page(act(next(pages), "1", "2026-11-02T00:00:00Z"), more=f"p{next(pages)}"))
    with pytest.raises(InvalidReply, match="v0 answers with more than 100 pages"):
        await (await opened("v0", vendor, NOV)).sources()


async def test_an_empty_page_that_claims_more_is_the_last_one() -> None:
    vendor = with_acts(
        lambda request: (
            page(more="y")
            if "cursor" in request.url.params
            else page(act(1, "1", "2026-11-02T00:00:00Z"), more="x")
        )
    )
    client = await opened("v0", vendor, NOV)
    assert f"{(await client.sources()).total}" == "1"
    assert [row.id async for row in rows(client)] == ["a1"]


async def test_a_server_that_ignores_the_start_is_read_no_further_than_that() -> None:
    vendor = with_acts(
        lambda request: (
            page(act(2, "4", "2026-10-15T00:00:00Z"), more="z")
            if "cursor" in request.url.params
            else page(act(1, "1", "2026-11-02T00:00:00Z"), more="x")
        )
    )
    client = await opened("v0", vendor, NOV)
    assert f"{(await client.sources()).total}" == "1"
    assert vendor.asked.count("usage") == 2


async def test_a_filter_by_day_starts_there() -> None:
    vendor = Vendor(REPLIES)
    client = await opened("v0", vendor, NOV)
    daily = await client.daily()
    query = EventQuery(starts_at=daily.items[-1].starts_at, ends_at=daily.items[-1].ends_at)
    assert [row.id for row in (await client.events(query, limit=5)).items] == ["ev-6"]
    assert vendor.requests[-1].url.params["startDate"] == "2026-11-03T00:00:00Z"


async def test_a_viewer_that_the_key_may_not_see_leaves_the_account() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/user"] = failing(403)
    summary = await (await opened("v0", vendor, NOV)).summary()
    assert summary.org.name == "v0"
    assert f"{summary.balance.total}" == "47.75"  # type: ignore[union-attr]
    assert KEY[:8] not in summary.org.id


async def test_usage_that_the_key_may_not_see_leaves_the_balance() -> None:
    client = await opened("v0", with_acts(failing(403)), NOV)
    summary = await client.summary()
    assert summary.balance is not None
    assert summary.not_offered[Part.USAGE].startswith("v0 doesn't let this key see that")
    with pytest.raises(NotOffered):
        await client.sources()


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_sent_once(status: int) -> None:
    vendor = Vendor(REPLIES)
    vendor.instead[""] = failing(
        status, {"error": {"message": f"bad {KEY[:8]}", "type": "unauthorized_error"}}
    )
    client = await opened("v0", vendor, NOV)
    for ask in (client.summary, client.grants):
        with pytest.raises(Unauthenticated) as caught:
            await ask()
        assert "a v0 API key: https://v0.dev/chat/settings/keys" in caught.value.full_text
        assert KEY[:8] not in caught.value.full_text
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (act(1, "NaN", "2026-11-02T00:00:00Z"), r"at data\[0\]\.totalCost: must be an amount"),
        (act(1, "1", "now"), r"at data\[0\]\.createdAt: must be a time"),
        (act(1, "1", "2026-11-02T00:00:00Z", id=None), r"at data\[0\]\.id: is missing"),
    ],
)
async def test_an_act_of_another_shape_is_named(bad: dict[str, object], fault: str) -> None:
    with pytest.raises(InvalidReply, match=fault):
        await (await opened("v0", with_acts(lambda _: page(bad)), NOV)).sources()


async def test_a_cycle_of_another_shape_is_named() -> None:
    vendor = with_billing(billingCycle={"start": "soon", "end": 1})
    with pytest.raises(InvalidReply, match=r"at data\.billingCycle\.start: must be an amount"):
        await (await opened("v0", vendor, NOV)).summary()
