from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.providers.vendor import KEY, OURS, Vendor, compare, expected, failing, folders, opened
from usage_tui.clients.base import ClientError, InvalidReply, RateLimited, Unauthenticated
from usage_tui.clients.registry import ClientConfig
from usage_tui.models import Part

REPLIES = OURS / "openai"
NOV_1 = 1793491200


def costs(*results: tuple[object, object, str], day: int = NOV_1, more: str | None = None) -> dict[str, Any]:
    found = [
        {"amount": {"value": value, "currency": currency}, "line_item": item, "organization_id": "org-9"}
        for value, item, currency in results
    ]
    bucket = {"start_time": day, "end_time": day + 86400, "results": found}
    return {"data": [bucket], "has_more": more is not None, "next_page": more}


def answering(*results: tuple[object, object, str], **more: Any) -> Vendor:
    vendor = Vendor(REPLIES)
    vendor.instead["/costs"] = lambda _: httpx.Response(200, json=costs(*results, **more))
    return vendor


@pytest.mark.parametrize("folder", folders("openai"))
async def test_every_card_says_what_the_replies_say(folder: Path) -> None:
    said = expected(folder)
    client = await opened("openai", Vendor(folder), said["now"])
    await compare(client, said, within=0 if folder == REPLIES else 3)


async def test_the_days_are_asked_for_by_line_item_up_to_the_end_of_today() -> None:
    vendor = Vendor(REPLIES)
    await (await opened("openai", vendor)).summary()
    first, second = vendor.requests[:2]
    assert dict(first.url.params) == {
        "start_time": f"{NOV_1}",
        "end_time": f"{NOV_1 + 3 * 86400}",
        "bucket_width": "1d",
        "group_by[]": "line_item",
        "limit": "31",
    }
    assert dict(second.url.params) == {**first.url.params, "page": "page_b"}
    assert first.headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("item", "source", "kind"),
    [
        ("gpt-6-astra, input_tokens", "gpt-6-astra", "model"),
        ("gpt-6, 2026-05, cached input", "gpt-6, 2026-05", "model"),
        ("web search", "web search", "tool"),
        (", input", ", input", "tool"),
        (None, "", "tool"),
    ],
)
async def test_the_source_is_what_stands_before_the_last_comma(
    item: str | None, source: str, kind: str
) -> None:
    (row,) = (await (await opened("openai", answering((1, item, "usd")))).sources()).items
    assert (row.source_id, row.kind, row.label) == (source, kind, source or "Other")


async def test_nothing_is_counted() -> None:
    client = await opened("openai", Vendor(REPLIES))
    assert {item.count for item in (await client.sources()).items} == {None}
    assert {day.count for day in (await client.daily()).items} == {None}
    assert "counts" in (await client.summary()).not_offered[Part.COUNTS]


async def test_costs_in_several_currencies_have_no_sum() -> None:
    client = await opened("openai", answering((1, "a, b", "usd"), (2, "a, b", "eur")))
    with pytest.raises(InvalidReply, match="several currencies: EUR, USD"):
        await client.sources()


@pytest.mark.parametrize("currency", ["", " "])
async def test_an_empty_currency_is_no_second_currency(currency: str) -> None:
    client = await opened("openai", answering((1, "a, b", "usd"), (2, "a, b", currency)))
    with pytest.raises(
        InvalidReply, match=r"at data\[0\]\S*\.amount\.currency: must be the code of a currency, but"
    ):
        await client.sources()


async def test_a_result_without_an_amount_is_no_cost() -> None:
    page = costs((1, "a, b", "usd"))
    page["data"][0]["results"].append({"amount": None, "line_item": "a, b"})
    vendor = Vendor(REPLIES)
    vendor.instead["/costs"] = lambda _: httpx.Response(200, json=page)
    assert f"{(await (await opened('openai', vendor)).sources()).total}" == "1"


async def test_one_project_is_asked_for_by_its_id() -> None:
    vendor = Vendor(REPLIES)
    client = await opened("openai", vendor, options={"project": "proj_a"})
    assert (await client.summary()).org.name == "proj_a"
    assert {request.url.params["project_ids[]"] for request in vendor.requests} == {"proj_a"}


async def test_two_keys_are_two_accounts() -> None:
    from usage_tui.clients.transport.token import BearerToken

    ids = set()
    for key in (KEY, "sk-admin-another-1"):
        client = await opened("openai", Vendor(REPLIES), token=BearerToken(key))
        ids.add((await client.summary()).org.id)
    assert len(ids) == 2
    assert not any(part in org_id for org_id in ids for part in (KEY, KEY[:8]))


@pytest.mark.parametrize("status", [401, 403])
async def test_a_project_key_is_refused_and_sent_once(status: int) -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/costs"] = failing(status, {"error": {"message": f"Incorrect API key: {KEY[:8]}***xZ."}})
    client = await opened("openai", vendor)
    for ask in (client.summary, client.sources):
        with pytest.raises(Unauthenticated) as caught:
            await ask()
        assert "an admin key (sk-admin-…) of an organization owner" in caught.value.full_text
        assert KEY[:8] not in caught.value.full_text
    assert len(vendor.requests) == 1


async def test_a_cursor_that_repeats_ends_in_a_sentence() -> None:
    vendor = answering((1, "a, b", "usd"), more="page_1")
    with pytest.raises(InvalidReply, match="The pages of OpenAI lead back"):
        await (await opened("openai", vendor)).sources()
    assert len(vendor.requests) == 2


async def test_a_last_page_that_is_empty_and_claims_more_ends() -> None:
    vendor, pages = Vendor(REPLIES), iter(range(10**6))
    vendor.instead["/costs"] = lambda _: httpx.Response(
        200, json={"data": [], "has_more": True, "next_page": f"p{next(pages)}"}
    )
    with pytest.raises(InvalidReply, match="more than 100 pages"):
        await (await opened("openai", vendor)).sources()
    assert len(vendor.requests) == 100


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        (failing(429, **{"Retry-After": "900"}), RateLimited, "Try again in 900 seconds"),
        (failing(500), ClientError, "api.openai.com failed"),
        (lambda _: httpx.Response(200, html="<p>"), InvalidReply, "something other than JSON"),
        (
            lambda _: httpx.Response(
                200, headers={"Content-Type": "application/json"}, content=b'{"data": ['
            ),
            InvalidReply,
            "is cut off",
        ),
        (lambda _: httpx.Response(200, content=b" " * (20 * 2**20)), InvalidReply, "larger than 4 MiB"),
        (failing(302, Location="https://evil.example/"), InvalidReply, "redirects are not followed"),
        (failing(404), ClientError, "found nothing at this address"),
    ],
)
async def test_every_other_failure_ends_in_a_sentence(
    answer: Any, error: type[ClientError], sentence: str
) -> None:
    vendor = Vendor(REPLIES)
    vendor.instead["/costs"] = answer
    client = await opened("openai", vendor)
    with pytest.raises(error) as caught:
        await client.sources()
    assert sentence in caught.value.full_text
    assert len(vendor.requests) <= 4
    assert {request.url.host for request in vendor.requests} == {"api.openai.com"}


def test_an_address_without_encryption_is_refused() -> None:
    from usage_tui.clients.providers.openai import OpenAI
    from usage_tui.clients.transport.token import BearerToken

    with pytest.raises(ClientError, match="unencrypted"):
        OpenAI(ClientConfig(url="http://api.openai.com", token=BearerToken(KEY)))
