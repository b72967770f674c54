from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.providers.vendor import KEY, OURS, Vendor, compare, expected, failing, folders, opened
from usage_tui.clients.base import ClientError, InvalidReply, Unauthenticated
from usage_tui.models import Part

REPLIES = OURS / "anthropic"


def row(amount: object, model: str | None = "m", day: str = "2026-11-02", **cost: object) -> dict[str, Any]:
    said = {"amount": amount, "list_amount": amount, "currency": "USD", "requests": 1, **cost}
    return {"starting_at": f"{day}T00:00:00Z", "cost": said, "group": {"model": model, "product": None}}


def answering(*rows: dict[str, Any], more: str | None = None, **members: object) -> Vendor:
    vendor = Vendor(REPLIES)
    page = {"data": list(rows), "has_more": more is not None, "next_page": more, **members}
    vendor.instead["/cost"] = lambda _: httpx.Response(200, json=page)
    return vendor


@pytest.mark.parametrize("folder", folders("anthropic"))
async def test_every_card_says_what_the_replies_say(folder: Path) -> None:
    said = expected(folder)
    client = await opened("anthropic", Vendor(folder), said["now"])
    await compare(client, said, within=0 if folder == REPLIES else 3)
    (nameless,) = [item for item in (await client.sources()).items if item.source_id == ""]
    assert nameless.label == said.get("label_of_empty", "no model (code execution)")


async def test_the_time_of_the_data_is_the_vendors_own() -> None:
    summary = await (await opened("anthropic", Vendor(REPLIES))).summary()
    assert f"{summary.as_of:%d %H:%M}" == "03 08:30"  # of the older one of two pages
    assert summary.org.name == "Acme Research"


async def test_a_query_asks_for_31_days_at_most_and_for_none_before_2026() -> None:
    vendor = Vendor(REPLIES)
    await (await opened("anthropic", vendor)).summary()
    costs = [request for request in vendor.requests if request.url.path.endswith("/cost")]
    assert dict(costs[0].url.params) == {
        "starting_at": "2026-11-01T00:00:00Z",
        "ending_at": "2026-11-04T00:00:00Z",
        "time_bucket_width": "1d",
        "group_by[]": "model",
        "order_by": "time",
        "limit": "1000",
    }
    assert costs[0].headers["Authorization"] == f"Bearer {KEY}"
    assert costs[0].headers["anthropic-beta"] == "analytics-usage-cost-2026-08-24"
    assert min(request.url.params["starting_at"] for request in costs) == "2026-01-01T00:00:00Z"


async def test_no_day_before_365_days_is_asked_for() -> None:
    vendor = Vendor(REPLIES)
    await (await opened("anthropic", vendor, "2028-03-01T12:00:00Z")).summary()
    asked = [request.url.params.get("starting_at") for request in vendor.requests]
    assert min(start for start in asked if start) == "2027-03-03T00:00:00Z"


@pytest.mark.parametrize(
    ("amount", "cost"),
    [("123.45678", "1.234568"), (0.01, "0.0001"), ("1.35e-05", "0"), ("-50", "-0.5"), ("0.00005", "0")],
)
async def test_amounts_are_cents(amount: object, cost: str) -> None:
    client = await opened("anthropic", answering(row(amount)))
    assert f"{(await client.sources()).total}" == cost


async def test_requests_that_are_not_reported_are_no_zero() -> None:
    client = await opened("anthropic", answering(row("100", requests=None)))
    assert [item.count for item in (await client.sources()).items] == [None]


async def test_costs_in_several_currencies_have_no_sum() -> None:
    client = await opened("anthropic", answering(row("1"), row("1", currency="EUR")))
    with pytest.raises(InvalidReply, match="Anthropic's costs are in several currencies: EUR, USD"):
        await client.sources()


async def test_a_key_that_may_not_see_the_organization_shows_its_costs() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/me"] = failing(403)
    summary = await (await opened("anthropic", vendor)).summary()
    assert summary.org.name == "Anthropic"
    assert f"{summary.usage.total}" == "5.000002"  # type: ignore[union-attr]
    assert KEY[:8] not in summary.org.id


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_told_which_one_is_needed(status: int) -> None:
    vendor = Vendor(REPLIES)
    error = {"type": "error", "error": {"type": "authentication_error", "message": f"invalid {KEY[:8]}"}}
    vendor.instead["/me"] = vendor.instead["/cost"] = failing(status, error)
    client = await opened("anthropic", vendor)
    for ask in (client.summary, client.sources):
        with pytest.raises(Unauthenticated, match="key") as caught:
            await ask()
        assert "an admin key (sk-ant-admin…)" in caught.value.full_text
        assert KEY[:8] not in caught.value.full_text
    assert vendor.asked == (["me"] if status == 401 else ["me", "cost"])


async def test_an_organization_that_is_not_enrolled_is_told_so() -> None:
    vendor = Vendor(REPLIES)
    message = "Unexpected value(s) `analytics-usage-cost-2026-08-24` for the `anthropic-beta` header"
    vendor.instead["/cost"] = failing(400, {"type": "error", "error": {"message": message}})
    with pytest.raises(ClientError, match="usage analytics are not enabled for this organization"):
        await (await opened("anthropic", vendor)).sources()


async def test_a_cursor_that_repeats_ends_in_a_sentence() -> None:
    vendor = answering(row("1"), more="x")
    with pytest.raises(InvalidReply, match="The pages of Anthropic lead back"):
        await (await opened("anthropic", vendor)).sources()


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (row("NaN"), r"at data\[0\]\.cost\.amount: must be an amount"),
        (row("1", requests=1.5), r"at data\[0\]\.cost\.requests: must be a whole number from 0"),
        (
            row("1", currency=""),
            r"at data\[0\]\.cost\.currency: must be the code of a currency, but is empty",
        ),
        (row("1", day="soon"), r"at data\[0\]\.starting_at: must be a date"),
    ],
)
async def test_a_row_of_another_shape_is_named(bad: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidReply, match=fault):
        await (await opened("anthropic", answering(bad))).sources()


async def test_an_organization_of_another_shape_is_named() -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/me"] = lambda _: httpx.Response(200, json={"id": 7})
    with pytest.raises(InvalidReply, match=r"api\.anthropic\.com is invalid: at id: must be text"):
        await (await opened("anthropic", vendor)).summary()


async def test_what_is_not_reported_is_said_in_a_sentence() -> None:
    said = (await (await opened("anthropic", Vendor(REPLIES))).summary()).not_offered
    assert said[Part.BALANCE] == "Anthropic doesn't report a balance."
