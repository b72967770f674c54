"""The client over HTTP: what it asks, and what it reads."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from tests import replies
from tests.clients.transport.service import ANY, HOST, SECRET, Service, client_of
from tests.known import known
from usage_tui.clients.base import InvalidReply, NotFound, ServiceFailed
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.models import Credits, EventQuery


async def test_every_slice_is_read_from_the_examples() -> None:
    service = Service()
    client = client_of(service)
    me = await client.me()
    summary = await client.summary()
    sources = await client.sources()
    daily = await client.daily()
    events = await client.events(ANY, limit=1)
    grants = await client.grants()
    allowances = await client.allowances()
    assert (me.user.name, me.organizations[1].billing_access) == ("Maria", False)
    assert known(summary.balance).total == Credits.parse("10009.75")
    assert Credits.total(source.credits for source in sources.items) == sources.total
    assert daily.items[0].by_kind["ai_tool"] == Credits.parse("112.5")
    assert events.items[0].occurred_at == datetime(2026, 11, 22, 20, 29, 41, 120_000, UTC)
    assert events.items[0].allocations[0].grant_id == grants.items[0].id
    assert allowances.items[0].lines is not None
    assert service.asked == [
        "/v1/me",
        "/v1/orgs/acme/usage/summary",
        "/v1/orgs/acme/usage/sources?period=current",
        "/v1/orgs/acme/usage/daily?range=period",
        "/v1/orgs/acme/usage/events?limit=1",
        "/v1/orgs/acme/grants",
        "/v1/orgs/acme/allowances",
    ]


async def test_every_request_is_signed_and_reads() -> None:
    service = Service()
    client = client_of(service)
    await client.me()
    await client.summary()
    assert {request.method for request in service.requests} == {"GET"}
    assert {request.headers["Authorization"] for request in service.requests} == {f"Bearer {SECRET}"}


async def test_a_query_of_events_is_sent_in_the_contract_s_words() -> None:
    service = Service()
    new_york = timezone(timedelta(hours=-5))
    query = EventQuery(
        kind="ai_tool",
        source_id="tool & more",
        text="50 %",
        starts_at=datetime(2026, 11, 21, tzinfo=new_york),
        ends_at=datetime(2026, 11, 22, 0, 0, 0, 120_000, tzinfo=new_york),
    )
    await client_of(service).events(query, cursor="c1.a+b/c=", limit=30)
    assert dict(service.requests[0].url.params) == {
        "limit": "30",
        "cursor": "c1.a+b/c=",
        "kind": "ai_tool",
        "source_id": "tool & more",
        "q": "50 %",
        "from": "2026-11-21T05:00:00Z",
        "to": "2026-11-22T05:00:00.12Z",
    }


async def test_next_and_previous_follow_the_cursors_both_ways() -> None:
    ids = ["evt_5", "evt_4", "evt_3", "evt_2", "evt_1"]

    def pages(request: httpx.Request) -> httpx.Response:
        limit = int(request.url.params["limit"])
        start = int(request.url.params.get("cursor", "0"))
        shown = [{**replies.EVENTS["items"][0], "id": name} for name in ids[start : start + limit]]
        page = {
            "size": len(shown),
            "next": str(start + limit) if start + limit < len(ids) else None,
            "prev": str(start - limit) if start else None,
        }
        return httpx.Response(200, json={**replies.EVENTS, "items": shown, "page": page})

    client = client_of(pages)
    page = await client.events(ANY, limit=2)
    forth = [[event.id for event in page.items]]
    while page.page.next:
        page = await client.events(ANY, cursor=page.page.next, limit=2)
        forth.append([event.id for event in page.items])
    back = [[event.id for event in page.items]]
    while page.page.prev:
        page = await client.events(ANY, cursor=page.page.prev, limit=2)
        back.append([event.id for event in page.items])
    assert forth == [["evt_5", "evt_4"], ["evt_3", "evt_2"], ["evt_1"]]
    assert back == forth[::-1]


@pytest.mark.parametrize("url", [f"{HOST}/billing", f"{HOST}/billing/"])
async def test_a_path_of_the_address_is_a_prefix(url: str) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json=replies.SUMMARY)

    await client_of(answer, url=url).summary()
    assert asked == ["/billing/v1/orgs/acme/usage/summary"]


def test_everything_is_offered() -> None:
    assert not client_of(Service()).not_offered


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Usage.Example", "usage.example"),
        ("https://usage.example:443/v", "usage.example"),
        ("https://usage.example:8443", "usage.example:8443"),
        ("http://localhost:8000", "localhost:8000"),
        ("http://127.0.0.1", "127.0.0.1"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_the_origin_is_the_host_and_an_unusual_port(url: str, origin: str) -> None:
    client = UsageApiClient(url, BearerToken(SECRET))
    assert client.origin == origin
    assert repr(client) == f"UsageApiClient('{origin}')"


# A look at the service


SUMMARY = "/v1/orgs/acme/usage/summary"


async def test_a_look_that_finds_nothing_new_is_one_request_without_a_body() -> None:
    service = Service(tagged=True)
    client = client_of(service)
    await client.summary()
    assert not await client.refresh()
    assert not await client.refresh()
    assert service.asked == [SUMMARY] * 3
    assert service.known == [False, True, True]


async def test_what_a_look_has_fetched_is_not_fetched_again() -> None:
    service = Service(tagged=True)
    client = client_of(service)
    await client.summary()
    service.replies[SUMMARY] = {**replies.SUMMARY, "revision": 48214}
    assert await client.refresh()
    assert (await client.summary()).revision == 48214
    assert len(service.asked) == 2
    assert (await client.summary()).revision == 48214
    assert len(service.asked) == 3


async def test_only_what_the_last_look_has_fetched_is_handed_on() -> None:
    service = Service(tagged=True)
    client = client_of(service)
    assert await client.refresh()
    service.replies[SUMMARY] = {**replies.SUMMARY, "revision": 48214}
    assert await client.refresh()
    assert (await client.summary()).revision == 48214


async def test_after_a_look_that_failed_the_next_one_asks_for_everything() -> None:
    service = Service(tagged=True)
    client = client_of(service)
    await client.summary()
    service.status = 500
    with pytest.raises(ServiceFailed):
        await client.refresh()
    service.status = 200
    assert await client.refresh()
    assert not await client.refresh()


async def test_where_replies_have_no_tags_every_look_may_have_found_something() -> None:
    client = client_of(Service())
    await client.summary()
    assert await client.refresh()
    assert await client.refresh()


# The organization


async def test_without_an_organization_the_first_is_shown_and_asked_for_once() -> None:
    service = Service()
    client = client_of(service, organization=None)
    await asyncio.gather(client.me(), client.summary(), client.sources(), client.grants())
    assert service.asked.count("/v1/me") == 1
    assert "/v1/orgs/acme/grants" in service.asked


async def test_a_known_organization_is_not_looked_up_first() -> None:
    service = Service()
    await client_of(service).summary()
    assert service.asked == ["/v1/orgs/acme/usage/summary"]


async def test_an_organization_stays_the_same_when_the_list_changes_its_order() -> None:
    service = Service()
    client = client_of(service, organization=None)
    await client.me()
    service.replies["/v1/me"] = {**replies.ME, "organizations": replies.ME["organizations"][::-1]}
    await client.me()
    await client.summary()
    assert service.asked[-1] == "/v1/orgs/acme/usage/summary"


async def test_an_organization_s_id_cannot_leave_its_place_in_the_path() -> None:
    service = Service()
    with pytest.raises(KeyError):
        await client_of(service, organization="../a?b#c").summary()
    assert service.asked == ["/v1/orgs/..%2Fa%3Fb%23c/usage/summary"]


async def test_an_organization_s_id_may_be_any_word_of_a_command_line() -> None:
    service = Service()
    with pytest.raises(KeyError):
        await client_of(service, organization="\udcff").summary()
    assert service.asked == ["/v1/orgs/%FF/usage/summary"]


async def test_no_organization_is_said() -> None:
    client = client_of(lambda _: httpx.Response(200, json={**replies.ME, "organizations": []}), None)
    for ask in (client.me, client.summary):
        with pytest.raises(NotFound, match=r"^This token belongs to no organization\.$"):
            await ask()


async def test_an_unknown_organization_is_said_with_those_known() -> None:
    with pytest.raises(NotFound, match=r"^This token sees no organization 'umbrella'\.$") as caught:
        await client_of(Service(), organization="umbrella").me()
    assert caught.value.advice == "It sees acme, globex."


# Another organization


async def test_the_selected_organization_is_asked_for_from_then_on() -> None:
    service = Service()
    client = client_of(service)
    await client.summary()
    client.select("beta")
    await client.summary()
    assert service.asked == ["/v1/orgs/acme/usage/summary", "/v1/orgs/beta/usage/summary"]


async def test_what_a_look_at_the_former_organization_brought_late_is_not_given_for_the_selected_one() -> (
    None
):
    service = Service()
    service.replies["/v1/orgs/beta/usage/summary"] = {
        **replies.SUMMARY,
        "revision": 7,
        "org": {**replies.SUMMARY["org"], "id": "beta"},
    }
    client = client_of(service)
    look = asyncio.create_task(client.refresh())
    await asyncio.sleep(0)  # it is on its way
    client.select("beta")
    await look
    assert (await client.summary()).revision == 7


async def test_an_answer_for_another_organization_is_refused() -> None:
    service = Service()
    service.replies["/v1/orgs/globex/usage/summary"] = replies.SUMMARY
    client = client_of(service, "globex")
    with pytest.raises(InvalidReply, match="another organization than the one asked for"):
        await client.summary()
    with pytest.raises(InvalidReply):
        await client.refresh()


OTHER_PERIOD = {
    "usage/sources": {**replies.SOURCES, "period": {"id": "2026-10"}},
    "allowances": {**replies.ALLOWANCES, "period": {"id": "2026-10"}},
    "usage/daily": {**replies.DAILY, "range": {"start_date": "2026-10-01", "end_date": "2026-10-31"}},
}


@pytest.mark.parametrize("path", OTHER_PERIOD)
async def test_an_answer_for_another_period_is_refused(path: str) -> None:
    service = Service()
    service.replies[f"/v1/orgs/acme/{path}"] = OTHER_PERIOD[path]
    client = client_of(service)
    await client.summary()
    with pytest.raises(InvalidReply, match="another period than the one asked for"):
        await getattr(client, path.rpartition("/")[2])()


@pytest.mark.parametrize("path", OTHER_PERIOD)
@pytest.mark.parametrize("change", [{"revision": 99999}, {"as_of": "2026-12-01T06:00:00Z"}])
async def test_an_answer_from_after_the_summary_may_be_for_the_next_period(
    path: str, change: dict[str, object]
) -> None:
    service = Service()
    service.replies[f"/v1/orgs/acme/{path}"] = OTHER_PERIOD[path] | change
    client = client_of(service)
    await client.summary()
    await getattr(client, path.rpartition("/")[2])()


async def test_days_of_another_time_zone_are_refused() -> None:
    service = Service()
    service.replies["/v1/orgs/acme/usage/daily"] = {**replies.DAILY, "time_zone": "Europe/Berlin"}
    client = client_of(service)
    await client.summary()
    with pytest.raises(InvalidReply, match="another period"):
        await client.daily()


async def test_a_token_given_as_an_organization_is_not_repeated() -> None:
    with pytest.raises(NotFound) as caught:
        await client_of(Service(), "uat_0123456789ab_secret").me()
    assert "secret" not in caught.value.full_text
