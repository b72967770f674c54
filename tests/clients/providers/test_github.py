from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
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
    spread,
)
from usage_tui.clients.base import ClientError, InvalidReply, NotOffered, RateLimited, Unauthenticated
from usage_tui.clients.providers.client import AccountClient
from usage_tui.models import Part

REPLIES = OURS / "github"
DAY = "/organizations/acme/settings/billing/ai_credit/usage"


def item(model: str | None, gross: object, net: object = 0, **more: object) -> dict[str, object]:
    names = {"product": "Copilot", "sku": "Copilot AI Credits", "model": model, "unitType": "credits"}
    return {**names, "grossQuantity": gross, "netQuantity": net, **more}


class GitHub(Vendor):
    """Answers with the replies of a folder; days that it does not have cost nothing."""

    def __init__(self, folder: Path = REPLIES) -> None:
        super().__init__(folder)
        self.by_day: dict[str, list[dict[str, object]]] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = super().__call__(request)
        asked = request.url.params
        if not request.url.path.endswith("/ai_credit/usage") or self._is_set(request):
            return answer
        day = f"{asked['year']}-{asked['month']:0>2}-{asked['day']:0>2}"
        if day in self.by_day or answer.status_code == 404:
            return httpx.Response(200, json={"usageItems": self.by_day.get(day, [])})
        return answer

    def _is_set(self, request: httpx.Request) -> bool:
        return any(request.url.path.endswith(end) for end in self.instead)

    @property
    def days_asked(self) -> list[str]:
        asked = [request.url.params for request in self.requests if "day" in request.url.params]
        return [f"{one['year']}-{one['month']:0>2}-{one['day']:0>2}" for one in asked]


async def opened_acme(vendor: Answer, at: str = "2026-11-03T12:00:00Z", **changes: Any) -> AccountClient:
    return await opened("github", vendor, at, **{"organization": "acme", **changes})


def answering(body: object) -> Answer:
    return lambda _: httpx.Response(200, json=body)


def with_other_days(vendor: GitHub, folder: Path, said: dict[str, Any]) -> None:
    """Add the days of which a folder has only the month's sum."""
    month = json.loads((folder / "month.json").read_text())["body"]["usageItems"]
    told = json.loads((folder / "day.json").read_text())["body"]
    known = f"2026-11-{told['timePeriod']['day']:02}"
    models = {one["model"]: Decimal(f"{one['grossQuantity']:.6f}") for one in month}
    for one in told["usageItems"]:
        models[one["model"]] -= Decimal(f"{one['grossQuantity']:.6f}")
    days = {day: Decimal(amount) for day, amount in said["days"].items() if day != known}
    for (day, model), amount in spread(days, models).items():
        vendor.by_day.setdefault(day, []).append(item(model, float(amount)))


@pytest.mark.parametrize("folder", folders("github"))
async def test_every_card_says_what_the_replies_say(folder: Path) -> None:
    said, vendor = expected(folder), GitHub(folder)
    if folder != REPLIES:
        with_other_days(vendor, folder, said)
    await compare(await opened_acme(vendor, said["now"]), said)


async def test_only_credits_count_whatever_they_were_used_for() -> None:
    vendor = GitHub()
    vendor.by_day = {
        "2026-11-03": [
            item("A", "1.5"),
            item("A", 2, sku="Spark AI Credits"),
            item("A", 300, unitType="requests"),
            item(None, 0.25, pricePerUnit=0.01, grossAmount=99),
        ]
    }
    (a, other) = (await (await opened_acme(vendor, "2026-11-03T01:00:00Z")).sources()).items[:2]
    assert (a.label, f"{a.credits}") == ("Model A", "120.25")
    days = (await (await opened_acme(vendor)).daily()).items
    assert f"{days[-1].credits}" == "3.75"
    assert other.count is None


async def test_each_day_is_asked_for_once_and_then_only_those_that_may_change() -> None:
    vendor, now = GitHub(), ["2026-11-20T12:00:00+00:00"]
    client = await opened_acme(vendor, clock=lambda: datetime.fromisoformat(now[0]))
    await client.summary()
    assert len(vendor.days_asked) == len(set(vendor.days_asked)) == 58
    assert vendor.days_asked[0] == "2026-11-20"
    assert min(vendor.days_asked) == "2026-09-24"
    assert len(vendor.requests) == 60
    assert vendor.requests[0].headers["X-GitHub-Api-Version"] == "2026-03-10"
    vendor.requests.clear()
    now[0] = "2026-11-20T12:04:59+00:00"
    assert not await client.refresh()
    assert vendor.requests == []  # it is asked every five minutes
    now[0] = "2026-11-20T12:05:01+00:00"
    await client.refresh()
    recent = [day for day in vendor.days_asked if day >= "2026-11-01"]
    assert recent == ["2026-11-20", "2026-11-17", "2026-11-18", "2026-11-19"]
    assert len(vendor.requests) == 60  # the others are of earlier months


async def test_the_second_look_is_four_days_and_two_more_once_all_is_known() -> None:
    vendor, now = GitHub(), ["2026-11-20T12:00:00+00:00"]
    client = await opened_acme(vendor, clock=lambda: datetime.fromisoformat(now[0]))
    await client.summary()
    for number in range(1, 20):
        now[0] = f"2026-11-20T{12 + number // 6:02}:{number % 6 * 10:02}:00+00:00"
        vendor.requests.clear()
        await client.refresh()
    assert len(vendor.days_asked) == 4
    assert len(vendor.requests) == 6


@pytest.mark.parametrize(
    ("now", "period", "asked"),
    [
        ("2026-11-01T00:00:01+00:00", ("2026-11-01", "2026-11-30"), "2026-11-01"),
        ("2028-02-29T23:59:59+00:00", ("2028-02-01", "2028-02-29"), "2028-02-29"),
        ("2026-11-01T07:00:00+13:00", ("2026-10-01", "2026-10-31"), "2026-10-31"),
        ("2026-10-31T18:00:00-07:00", ("2026-11-01", "2026-11-30"), "2026-11-01"),
    ],
)
async def test_days_and_months_are_those_of_utc(now: str, period: tuple[str, str], asked: str) -> None:
    vendor = GitHub()
    told = (await (await opened_acme(vendor, now)).summary()).period
    assert told is not None
    assert (f"{told.start_date}", f"{told.end_date}") == period
    assert vendor.days_asked[0] == asked
    sandbox = next(request for request in vendor.requests if request.url.path.endswith("/summary"))
    assert f"{sandbox.url.params['year']}-{sandbox.url.params['month']:0>2}" == asked[:7]


async def test_the_pool_is_that_of_the_most_seats_of_the_month() -> None:
    vendor, now, seats = GitHub(), ["2026-11-20T12:00:00+00:00"], [3]
    vendor.instead["/copilot/billing"] = lambda _: httpx.Response(
        200, json={"seat_breakdown": {"total": seats[0]}, "plan_type": "enterprise"}
    )
    client = await opened_acme(vendor, clock=lambda: datetime.fromisoformat(now[0]))
    granted = []
    for seats[0], now[0] in [
        (3, "2026-11-20T12:00:00+00:00"),
        (5, "2026-11-20T13:00:00+00:00"),
        (2, "2026-11-20T14:00:00+00:00"),
        (2, "2026-12-01T00:00:00+00:00"),
    ]:
        await client.refresh()
        granted.append(f"{(await client.summary()).included.granted}")  # type: ignore[union-attr]
    assert granted == ["11700", "19500", "19500", "7800"]


async def test_the_most_seats_of_the_month_are_known_after_a_restart(tmp_path: Path) -> None:
    vendor, seats = GitHub(), [5]
    vendor.instead["/copilot/billing"] = lambda _: httpx.Response(
        200, json={"seat_breakdown": {"total": seats[0]}, "plan_type": "enterprise"}
    )
    granted = []
    for seats[0], now in [
        (5, "2026-11-20T13:00:00+00:00"),
        (2, "2026-11-20T14:00:00+00:00"),
        (2, "2026-11-29T14:00:00+00:00"),
        (2, "2026-12-01T00:00:00+00:00"),
    ]:
        at = datetime.fromisoformat(now)
        client = await opened_acme(vendor, clock=lambda at=at: at, journal_folder=tmp_path)
        granted.append(f"{(await client.summary()).included.granted}")  # type: ignore[union-attr]
        await client.aclose()
    assert granted == ["19500", "19500", "19500", "7800"]


async def test_what_goes_beyond_the_pool_shows_how_large_it_was() -> None:
    vendor = GitHub()
    vendor.by_day = {"2026-11-01": [], "2026-11-03": [item("A", 700, 150.5), item("B", 50, 50)]}
    summary = await (await opened_acme(vendor)).summary()
    assert summary.included is not None
    assert summary.usage is not None
    assert (f"{summary.usage.total}", f"{summary.usage.uncovered}") == ("750", "200.5")
    assert (f"{summary.included.granted}", f"{summary.included.remaining}") == ("549.5", "0")


@pytest.mark.parametrize("status", [403, 404])
async def test_seats_and_sandboxes_that_the_key_may_not_see_leave_the_other_cards(status: int) -> None:
    vendor = GitHub()
    vendor.instead["/copilot/billing"] = vendor.instead["/summary"] = failing(
        status, {"message": "Not Found"}
    )
    client = await opened_acme(vendor)
    summary = await client.summary()
    assert summary.included is None
    assert summary.not_offered[Part.INCLUDED] == "GitHub doesn't report an included amount to this key."
    with pytest.raises(NotOffered, match="GitHub doesn't report sandbox usage to this key"):
        await client.allowances()
    assert f"{(await client.sources()).total}" == "161"


async def test_sandboxes_have_meters_without_a_limit() -> None:
    meters = (await (await opened_acme(GitHub())).allowances()).items
    assert [(meter.label, meter.used, meter.unit, meter.included) for meter in meters] == [
        ("Sandbox runtime", Decimal("7.5"), "hour", None),
        ("Sandbox snapshots", Decimal("1.25"), "GiB_month", None),
    ]


@pytest.mark.parametrize("status", [403, 404])
async def test_no_access_is_said_with_the_keys_that_have_it(status: int) -> None:
    vendor = GitHub()
    vendor.instead[""] = failing(status, {"message": "Not Found", "documentation_url": "https://x.example"})
    with pytest.raises(Unauthenticated) as caught:
        await (await opened_acme(vendor)).summary()
    assert caught.value.full_text == (
        "GitHub doesn't let this key see that: Not Found. It needs a classic token of an owner or billing"
        ' manager, or a fine-grained one with "Administration" (read): https://github.com/settings/tokens'
    )
    assert len(vendor.requests) == 3


async def test_a_refused_key_is_sent_once() -> None:
    vendor = GitHub()
    vendor.instead[""] = failing(401, {"message": f"Bad credentials {KEY[:9]}"})
    client = await opened_acme(vendor)
    for ask in (client.summary, client.daily):
        with pytest.raises(Unauthenticated) as caught:
            await ask()
        assert KEY[:8] not in caught.value.full_text
    assert len(vendor.requests) == 1


async def test_a_limit_says_when_to_come_again() -> None:
    vendor = GitHub()
    headers = {
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "1793707800",
        "Date": "Tue, 03 Nov 2026 12:00:00 GMT",
    }
    vendor.instead[""] = failing(403, {"message": "API rate limit exceeded"}, **headers)
    with pytest.raises(RateLimited, match="API rate limit exceeded") as caught:
        await (await opened_acme(vendor)).summary()
    assert caught.value.retry_after == 600


async def test_without_an_organization_the_viewers_first_one_is_shown_and_the_others_can_be_chosen() -> None:
    vendor = GitHub()
    vendor.instead["/user"] = answering({"login": "ana", "name": "Ana", "id": 1})
    vendor.instead["/user/orgs"] = answering([{"login": "acme", "id": 2}, {"login": "beta", "id": 3}])
    client = await opened_acme(vendor, organization=None)
    me = await client.me()
    assert (me.user.name, [org.id for org in me.organizations]) == ("Ana", ["acme", "beta", "ana"])
    assert (await client.summary()).org.name == "acme"
    client.select("ana")
    vendor.requests.clear()
    summary = await client.summary()
    assert summary.org.name == "ana"
    assert summary.included is None
    paths = {request.url.path for request in vendor.requests}
    assert paths == {f"/users/ana/settings/billing/{name}" for name in ("ai_credit/usage", "usage/summary")}


async def test_a_viewer_without_organizations_is_shown_themselves() -> None:
    vendor = GitHub()
    vendor.instead["/user"] = answering({"login": "ana", "name": None})
    vendor.instead["/user/orgs"] = failing(403)
    summary = await (await opened_acme(vendor, organization=None)).summary()
    assert summary.org.name == "ana"


async def test_a_login_cannot_lead_to_another_path() -> None:
    vendor = GitHub()
    await (await opened_acme(vendor, organization="../a/b?x")).summary()
    assert all(b"/organizations/..%2Fa%2Fb%3Fx/" in request.url.raw_path for request in vendor.requests[:1])


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (item("A", "NaN"), r"at usageItems\[0\]\.grossQuantity: must be an amount"),
        (item("A", None), r"at usageItems\[0\]\.grossQuantity: is missing"),
        (item("A", 1, True), r"at usageItems\[0\]\.netQuantity: must be an amount"),
    ],
)
async def test_an_item_of_another_shape_is_named(bad: dict[str, object], fault: str) -> None:
    vendor = GitHub()
    vendor.by_day = {"2026-11-03": [bad]}
    with pytest.raises(InvalidReply, match=fault):
        await (await opened_acme(vendor)).sources()


async def test_hostile_names_are_harmless() -> None:
    vendor = GitHub()
    vendor.by_day = {"2026-11-03": [item("\x1b[31m[b]red[/b]\x07", 1)]}
    label = (await (await opened_acme(vendor)).sources()).items[-1].label
    assert "\x1b" not in label
    assert "\x07" not in label


async def test_earlier_months_that_are_refused_leave_this_one() -> None:
    vendor = GitHub()
    original = vendor.__call__

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("month") not in ("11", None):
            return httpx.Response(404, json={"message": "Not Found"})
        return original(request)

    client = await opened_acme(answer)
    assert f"{(await client.sources()).total}" == "161"


async def test_an_error_of_one_day_is_that_of_the_days_alone() -> None:
    vendor = GitHub()
    vendor.instead["/ai_credit/usage"] = failing(500)
    client = await opened_acme(vendor)
    assert (await client.summary()).usage is None
    with pytest.raises(ClientError, match=r"api\.github\.com failed"):
        await client.sources()
    assert len(vendor.requests) == 2 + 4  # its only day is tried four times


@pytest.mark.parametrize(
    "seats",
    [{"plan_type": "business"}, {"plan_type": "business", "seat_breakdown": {"total": -1}}, ["no object"]],
)
async def test_invalid_seats_leave_the_other_cards(seats: object) -> None:
    vendor = GitHub()
    vendor.instead["/copilot/billing"] = answering(seats)
    client = await opened_acme(vendor)
    summary = await client.summary()
    assert summary.included is None
    assert summary.not_offered[Part.INCLUDED].startswith("The reply from api.github.com is invalid: at ")
    assert f"{(await client.sources()).total}" == "161"
    assert (await client.allowances()).items


async def test_invalid_sandboxes_leave_the_other_cards() -> None:
    vendor = GitHub()
    vendor.instead["/summary"] = answering({"usageItems": [{"sku": "sandbox_linux"}]})
    client = await opened_acme(vendor)
    with pytest.raises(NotOffered, match=r"invalid: at usageItems\[0\]\.grossQuantity: is missing"):
        await client.allowances()
    assert (await client.summary()).included is not None
