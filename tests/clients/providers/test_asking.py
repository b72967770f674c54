from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.clients.providers.fake import PROVIDER, cell
from tests.clients.providers.vendor import KEY, config_of, failing
from usage_tui.clients.base import ClientError, InvalidReply, RateLimited, Unauthenticated, Withheld
from usage_tui.clients.providers.asking import RangeTooLarge, at_once, follow, in_ranges, service_of
from usage_tui.clients.providers.base import Cell
from usage_tui.clients.providers.values import Value
from usage_tui.clients.registry import Key
from usage_tui.clients.transport.retries import RetryPolicy


async def ask(answer: httpx.Response, **changes: Any) -> Value:
    kind = PROVIDER._replace(key=Key("FAKE_KEY", "an admin key", "https://fake.example/keys"))
    service = service_of(kind, config_of(lambda _: answer, **changes))
    try:
        return await service.get(Value.read, "x")
    finally:
        await service.aclose()


@pytest.mark.parametrize(
    ("status", "error", "sentence"),
    [
        (
            401,
            Unauthenticated,
            "Fake doesn't accept the key. It needs an admin key: https://fake.example/keys",
        ),
        (403, Withheld, "Fake doesn't let this key see that: no. It needs an admin key: "),
        (408, RangeTooLarge, "Fake took too long to answer. Try again later."),
        (500, ClientError, "fake.example failed (500"),
        (302, InvalidReply, "fake.example sent an unexpected answer (302 Found)"),
    ],
)
async def test_every_failure_has_a_sentence(status: int, error: type[ClientError], sentence: str) -> None:
    with pytest.raises(error) as caught:
        await ask(failing(status)(httpx.Request("GET", "https://fake.example")))
    assert caught.value.full_text.startswith(sentence)


async def test_no_message_repeats_a_part_of_the_key() -> None:
    for status in (400, 401, 403, 404, 429, 500):
        said = f"Incorrect key {KEY[:6]}*****{KEY[-4:]}, that is {KEY}."
        with pytest.raises(ClientError) as caught:
            await ask(httpx.Response(status, json={"error": {"message": said, "code": KEY}}))
        text = caught.value.full_text
        assert not any(KEY[at : at + 4] in text for at in range(len(KEY) - 3)), status


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "90"},
        {
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": "1793707290",
            "Date": "Tue, 03 Nov 2026 12:00:00 GMT",
        },
    ],
)
async def test_a_limit_says_when_to_come_again(status: int, headers: dict[str, str]) -> None:
    with pytest.raises(RateLimited, match="is limiting requests") as caught:
        await ask(httpx.Response(status, headers=headers))
    assert caught.value.retry_after == 90
    assert caught.value.advice == "Try again in 90 seconds."


async def test_a_vendor_is_waited_for_as_long_as_it_asks_within_a_minute() -> None:
    waited: list[float] = []
    answers = [httpx.Response(429, headers={"Retry-After": "30"}), httpx.Response(200, json={})]

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    default = service_of(PROVIDER, config_of(lambda _: answers.pop(0), retries=None))
    policy = default._reach["retries"]
    assert policy is not None
    default._reach["retries"] = RetryPolicy(seconds=policy.seconds, sleep=wait)
    await default.get(Value.read, "x")
    assert waited == [30]


async def test_a_page_of_html_in_place_of_the_reply_is_named() -> None:
    with pytest.raises(InvalidReply, match=r"something other than JSON \(text/html\)"):
        await ask(httpx.Response(200, html="<h1>Sign in</h1>"))


async def test_a_few_are_asked_at_once_and_the_answers_keep_their_order() -> None:
    running, most = 0, 0

    async def fetch(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return number

    assert await at_once(fetch, range(20)) == [*range(20)]
    assert most == 4


async def test_the_first_failure_ends_all() -> None:
    asked = []

    async def fetch(number: int) -> int:
        asked.append(number)
        await asyncio.sleep(0)
        raise Unauthenticated("No.")

    with pytest.raises(Unauthenticated):
        await at_once(fetch, range(28))
    assert len(asked) <= 5


async def test_pages_are_followed_to_their_end() -> None:
    async def fetch(cursor: str | None) -> tuple[str, str | None]:
        return cursor or "first", {None: "b", "b": "c"}.get(cursor)

    assert await follow("Fake", fetch) == ["first", "b", "c"]


@pytest.mark.parametrize(
    ("following", "fault", "most"),
    [
        (lambda cursor: "a", "lead back", 2),
        (lambda cursor: f"{cursor}x", "more than 100 pages", 100),
    ],
)
async def test_pages_always_end(following: object, fault: str, most: int) -> None:
    asked = []

    async def fetch(cursor: str | None) -> tuple[list[int], str | None]:
        asked.append(cursor)
        return [], following(cursor)  # type: ignore[operator]

    with pytest.raises(InvalidReply, match=fault):
        await follow("Fake", fetch)
    assert len(asked) == most


@pytest.mark.parametrize("cursors", [("b", "c", "d"), ("b", None)])
async def test_a_page_that_comes_again_is_not_counted_twice(cursors: tuple[str | None, ...]) -> None:
    following = iter(cursors)

    async def fetch(_: str | None) -> tuple[list[int], str | None]:
        return [7, 8], next(following)

    with pytest.raises(InvalidReply, match="lead back"):
        await follow("Fake", fetch)


async def test_a_long_range_is_asked_for_in_parts_that_meet() -> None:
    asked = []

    async def fetch(first: date, last: date) -> list[Cell]:
        asked.append((first.day, last.day))
        return [cell(f"{first}", "m", "1"), cell("2026-10-01", "m", "1")]  # one that was not asked for

    cells = await in_ranges(fetch, date(2026, 11, 1), date(2026, 11, 8), 3)
    assert asked == [(6, 8), (3, 5), (1, 2)]
    assert [one.amount for one in cells] == [Decimal(1)] * 3
