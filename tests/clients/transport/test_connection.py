"""One service: what is asked again, what is not, and what is read of an answer."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from decimal import Decimal

import httpx
import pytest

from tests import replies
from tests.clients.transport.service import ANY, HOST, SECRET, Service, client_of, served_summary, serving
from tests.known import known
from usage_tui import wire
from usage_tui.clients.base import ClientError, InvalidReply, RateLimited, ServiceFailed, Unreachable
from usage_tui.clients.transport.retries import RetryPolicy
from usage_tui.clients.transport.service import Service as RemoteService
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.models import Credits

JSON = {"Content-Type": "application/json"}


class Time:
    """A clock that only pauses move.

    Attributes:
        pauses: Those that were made, in seconds.
    """

    def __init__(self, chance: float = 0.0) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []
        self.retries = RetryPolicy(clock=lambda: self.now, sleep=self.sleep, random=lambda: chance)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class Failing:
    """Answers in turn as it is told, and at the end with the summary."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.tries = 0

    def __call__(self, _: httpx.Request) -> httpx.Response:
        self.tries += 1
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json=replies.SUMMARY)
        if isinstance(answer, Exception):
            raise answer
        return answer


def asking(service: Failing, time: Time) -> UsageApiClient:
    transport = httpx.MockTransport(service)
    return UsageApiClient(HOST, BearerToken(SECRET), "acme", retries=time.retries, transport=transport)


# What is tried again


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
async def test_what_may_pass_is_tried_again_with_longer_and_longer_pauses(status: int) -> None:
    service, time = Failing(*[httpx.Response(status)] * 3), Time()
    assert (await asking(service, time).summary()).org.id == "acme"
    assert time.pauses == [0.5, 1.0, 2.0]


async def test_after_four_tries_it_is_told() -> None:
    service = Failing(*[httpx.Response(500)] * 9)
    with pytest.raises(ServiceFailed):
        await asking(service, Time()).summary()
    assert service.tries == 4


@pytest.mark.parametrize("status", [201, 204, 302, 304, 400, 401, 403, 404, 405, 410, 413, 422, 451])
async def test_what_will_not_pass_is_asked_once(status: int) -> None:
    service, time = Failing(httpx.Response(status)), Time()
    with pytest.raises(ClientError):
        await asking(service, time).summary()
    assert (service.tries, time.pauses) == (1, [])


def complaint(kind: type[ssl.SSLError]) -> ssl.SSLError:
    error = kind(1, "x")
    error.reason = "X"
    return error


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (httpx.ConnectError("x"), 2),
        (httpx.ConnectTimeout("x"), 2),
        (httpx.ReadTimeout("x"), 2),
        (httpx.ReadError("x"), 2),
        (httpx.WriteError("x"), 2),
        (httpx.RemoteProtocolError("x"), 2),
        (ConnectionResetError("x"), 2),
        (complaint(ssl.SSLEOFError), 2),
        (httpx.ProxyError("407"), 1),
        (httpx.DecodingError("x"), 1),
        (complaint(ssl.SSLError), 1),
    ],
    ids=repr,
)
async def test_a_broken_line_is_tried_again_but_not_what_was_refused(error: Exception, tries: int) -> None:
    service = Failing(error)
    with suppress(ClientError):
        await asking(service, Time()).summary()
    assert service.tries == tries


async def test_the_wait_that_the_service_asks_for_is_kept() -> None:
    answers = [httpx.Response(429, headers={"Retry-After": seconds}) for seconds in ("7", "0", "3")]
    time = Time()
    await asking(Failing(*answers), time).summary()
    assert time.pauses == [7, 0, 3]


async def test_a_wait_beyond_half_a_minute_is_told_and_not_made() -> None:
    service, time = Failing(httpx.Response(429, headers={"Retry-After": "30"})), Time()
    with pytest.raises(RateLimited) as caught:
        await asking(service, time).summary()
    assert (service.tries, time.pauses) == (1, [])
    assert caught.value.advice == "Try again in 30 seconds."


async def test_all_tries_and_pauses_end_within_half_a_minute() -> None:
    service = Failing(*[httpx.Response(503, headers={"Retry-After": "12"})] * 9)
    time = Time()
    with pytest.raises(ServiceFailed):
        await asking(service, time).summary()
    assert time.pauses == [12, 12]


async def test_the_time_that_a_try_takes_counts() -> None:
    time = Time()

    def slow(_: httpx.Request) -> httpx.Response:
        time.now += 20
        return httpx.Response(500)

    transport = httpx.MockTransport(slow)
    client = UsageApiClient(HOST, BearerToken(SECRET), "acme", retries=time.retries, transport=transport)
    with pytest.raises(ServiceFailed):
        await client.summary()
    assert time.pauses == [0.5]


async def test_who_failed_together_does_not_come_back_together() -> None:
    early, late = Time(chance=1.0), Time(chance=0.0)
    for time in (early, late):
        await asking(Failing(httpx.Response(500)), time).summary()
    assert (early.pauses, late.pauses) == ([0.375], [0.5])


async def test_an_answer_that_trickles_in_without_end_is_given_up() -> None:
    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    client = UsageApiClient(
        HOST,
        BearerToken(SECRET),
        "acme",
        retries=RetryPolicy(seconds=0.05),
        transport=httpx.MockTransport(lambda _: httpx.Response(200, content=trickle())),
    )
    with pytest.raises(Unreachable, match=r"^usage\.example took too long to answer\.$"):
        await client.summary()


# What is known is not sent again


async def test_a_reply_that_has_not_changed_is_the_very_same_object() -> None:
    service = Service(tagged=True)
    client = client_of(service, organization=None)

    async def look() -> list[object]:
        slices = (client.me, client.summary, client.sources, client.daily, client.grants, client.allowances)
        return [*[await ask() for ask in slices], await client.events(ANY, limit=9)]

    first, second = await look(), await look()
    assert all(one is other for one, other in zip(first, second, strict=True))
    assert service.known == [False] * 7 + [True] * 7


async def test_a_reply_that_has_changed_is_read_and_known_from_then_on() -> None:
    service = Service(tagged=True)
    client = client_of(service)
    old = await client.summary()
    service.replies["/v1/orgs/acme/usage/summary"] = {**replies.SUMMARY, "revision": 48214}
    new = await client.summary()
    assert (old.revision, new.revision) == (48213, 48214)
    assert await client.summary() is new


async def test_without_a_tag_everything_is_sent_again() -> None:
    service = Service()
    client = client_of(service)
    await client.summary()
    await client.summary()
    assert service.known == [False, False]


@pytest.mark.parametrize(
    "headers",
    [
        [(b"ETag", '"é"'.encode())],
        [(b"ETag", b'"\xff"')],
        [(b"Date", b"Mon, 01 Jan 99999999999999999999 00:00:00 GMT")],
        [(b"Date", b"Mon, 01 Jan 2026 00:00:00 +99999999999999")],
    ],
)
async def test_headers_that_mean_nothing_are_ignored(headers: list[tuple[bytes, bytes]]) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, json=replies.SUMMARY)

    client = client_of(answer)
    assert await client.summary() == await client.summary()
    assert client.service_time is None


async def test_another_query_is_another_reply() -> None:
    service = Service(tagged=True)
    client = client_of(service)
    await client.events(ANY, limit=9)
    await client.events(ANY, limit=10)
    assert service.known == [False, False]


async def test_of_many_pages_only_the_last_few_are_known() -> None:
    service = Service(tagged=True)
    client = client_of(service)
    for limit in (1, 2, 3, 4, 5, 5, 2, 1):
        await client.events(ANY, limit=limit)
    assert service.known == [False] * 5 + [True, True, False]
    await client.sources()
    await client.sources()
    assert service.known[-2:] == [False, True]


@pytest.mark.parametrize(
    ("status", "code"), [(401, "unauthenticated"), (403, "billing_access_required"), (404, "not_found")]
)
async def test_what_the_viewer_may_not_see_any_more_is_not_known_any_more(status: int, code: str) -> None:
    service = Service(tagged=True, code=code)
    client = client_of(service)
    await client.summary()
    await client.grants()
    service.status = status
    with pytest.raises(ClientError):
        await client.summary()
    service.status = 200
    await client.grants()
    assert service.known == [False, False, True, False]


async def test_not_modified_where_nothing_is_known_has_no_meaning() -> None:
    with pytest.raises(InvalidReply, match=r"unexpected answer \(304 Not Modified\)"):
        await client_of(lambda _: httpx.Response(304)).summary()


# What is read of an answer


@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "text/plain", ""])
async def test_a_page_in_the_place_of_a_reply_is_told_as_such(media_type: str) -> None:
    answer = httpx.Response(200, headers={"Content-Type": media_type}, text="<html>Sign in</html>")
    with pytest.raises(
        InvalidReply, match=r"^usage\.example answered with something other than JSON"
    ) as caught:
        await client_of(lambda _: answer).summary()
    named = media_type.partition(";")[0]
    assert caught.value.message.endswith(f"JSON ({named})." if named else "JSON.")
    assert "a sign-in page" in caught.value.advice


async def test_a_packed_answer_is_read() -> None:
    body = gzip.compress(json.dumps(replies.ME).encode())
    me = await client_of(
        lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=body)
    ).me()
    assert me.user.name == "Maria"


async def test_connections_are_opened_at_the_first_request_and_closed_once() -> None:
    class Transport(httpx.MockTransport):
        closed = 0

        async def aclose(self) -> None:
            self.closed += 1

    transport = Transport(Service())
    client = UsageApiClient(HOST, BearerToken(SECRET), "acme", transport=transport)
    await client.aclose()
    assert transport.closed == 0
    await client.summary()
    await client.aclose()
    await client.aclose()
    assert transport.closed == 1


async def test_a_failure_of_the_service_becomes_a_client_error_with_its_request_id() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        problem = {"code": "database_busy", "detail": "Try later.", "request_id": "req_7"}
        return httpx.Response(503, headers={"Retry-After": "7"}, json=problem)

    with pytest.raises(
        ServiceFailed, match=r"^usage\.example failed \(503 database_busy\): Try later\.$"
    ) as caught:
        await client_of(answer).summary()
    assert (caught.value.request_id, caught.value.retry_after) == ("req_7", 7.0)


async def test_a_redirect_is_named_and_not_followed() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(301, headers={"Location": "https://elsewhere.example/v1"})

    with pytest.raises(
        InvalidReply, match=r"redirects to https://elsewhere\.example; redirects are not followed"
    ):
        await client_of(answer).summary()
    assert asked == ["usage.example"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (json.dumps({**replies.GRANTS, "items": [{**replies.GRANTS["items"][0], "used": 1.5}]}), "used"),
        (json.dumps({**replies.GRANTS, "revision": None}), "revision"),
        ("", "JSON"),
        ("{]", "JSON"),
        ("[]", "is invalid"),
    ],
)
async def test_a_reply_that_does_not_fit_the_contract_names_the_place(body: str, named: str) -> None:
    with pytest.raises(InvalidReply, match=r"^The reply from usage\.example is invalid: ") as caught:
        await client_of(lambda _: httpx.Response(200, headers=JSON, text=body)).grants()
    assert named in caught.value.message
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("body", ["{", '{"org": {"id": "ac', "[{}, "])
async def test_a_reply_that_is_cut_off_is_told_as_such(body: str) -> None:
    with pytest.raises(InvalidReply, match=r"^The reply from usage\.example is cut off\.$"):
        await client_of(lambda _: httpx.Response(200, headers=JSON, text=body)).summary()


class Endless(httpx.AsyncByteStream):
    """A body that goes on as long as somebody reads, up to a size that fails no machine."""

    sent = 0
    closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.sent < 64:
            self.sent += 1
            yield b" " * 2**20

    async def aclose(self) -> None:
        self.closed = True


async def test_a_reply_without_end_is_not_read_to_its_end() -> None:
    body = Endless()
    with pytest.raises(InvalidReply, match=r"^The reply from usage\.example is larger than 1 MiB"):
        await client_of(lambda _: httpx.Response(200, stream=body)).summary()
    assert body.sent == 2
    assert body.closed


async def test_a_failure_with_a_body_without_end_is_told_by_its_status() -> None:
    with pytest.raises(ServiceFailed, match=r"^usage\.example failed \(500 Internal Server Error\)\.$"):
        await client_of(lambda _: httpx.Response(500, stream=Endless())).summary()


async def test_an_answer_packed_twice_is_not_unpacked() -> None:
    body = gzip.compress(gzip.compress(b" " * 2**20))
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip, gzip"}, stream=httpx.ByteStream(body))
    with pytest.raises(InvalidReply, match="compressed in a way that was not asked for"):
        await client_of(lambda _: answer).summary()


async def test_a_real_server_is_read() -> None:
    with serving(served_summary) as url:
        client = UsageApiClient(url, BearerToken(SECRET), "acme")
        summary = await client.summary()
        await client.aclose()
    assert known(summary.balance).purchased == Credits.parse("6250.25")


@pytest.mark.parametrize("turns", range(1, 13))
async def test_whenever_it_is_closed_no_connection_stays_open(turns: int) -> None:
    """A request goes through many turns of the event loop: it connects, sends, waits and reads."""
    here, gone = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here.release()
        await reader.read()  # until the other side closes
        writer.close()
        gone.release()

    async with asyncio.timeout(10), await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = UsageApiClient(f"http://127.0.0.1:{port}", BearerToken(SECRET), "acme")
        asked = asyncio.create_task(client.summary())
        for _ in range(turns):
            await asyncio.sleep(0)
        await client.aclose()
        with pytest.raises(Unreachable):
            await asked
        # One more, so that what was accepted before it has been.
        _, last = await asyncio.open_connection("127.0.0.1", port)
        last.close()
        await here.acquire()
        await gone.acquire()
        while not here.locked():
            await here.acquire()
            await gone.acquire()


# Any JSON, for any service


def service_at(handler: Callable[[httpx.Request], httpx.Response]) -> RemoteService:
    return RemoteService(
        HOST,
        BearerToken(SECRET),
        {"transport": httpx.MockTransport(handler), "retries": Time().retries},
        headers={"X-Api-Version": "2026-03-10"},
    )


async def test_a_query_is_posted_with_its_headers_and_tried_again() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503) if len(asked) == 1 else httpx.Response(200, text='{"rows": [0.1]}')

    query = b'{"metrics": ["usage"]}'
    reply = await service_at(answer).post(wire.parse_exactly, "analytics/query", query)
    assert reply == {"rows": [Decimal("0.1")]}
    assert [(one.method, one.url.path, one.content) for one in asked] == [
        ("POST", "/analytics/query", query)
    ] * 2
    sent = asked[-1].headers
    assert (sent["Content-Type"], sent["X-Api-Version"]) == ("application/json", "2026-03-10")
    assert sent["Authorization"] == f"Bearer {SECRET}"
    assert "If-None-Match" not in sent


async def test_an_exchange_gives_status_headers_and_body_as_they_are() -> None:
    service = service_at(
        lambda request: httpx.Response(200, headers={"X-Left": "7"}, text=request.url.query.decode())
    )
    answer = await service.exchange("GET", "usage", {"day": "1"}, headers={"X-Beta": "1"})
    assert (answer.status, answer.headers["X-Left"], answer.body) == (200, "7", b"day=1")


async def test_any_json_that_has_not_changed_is_the_very_same_object() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers.get("If-None-Match") == '"1"':
            return httpx.Response(304)
        return httpx.Response(200, headers={"ETag": '"1"'}, text='{"a": 1}')

    service = service_at(answer)
    first = await service.get(wire.parse_exactly, "a")
    assert await service.get(wire.parse_exactly, "a") is first


async def test_how_much_of_a_reply_is_read_can_be_limited() -> None:
    service = service_at(lambda _: httpx.Response(200, text="[" + "1," * 600 + "1]"))
    with pytest.raises(InvalidReply, match=r"is larger than 1,000 bytes"):
        await service.get(wire.parse_exactly, "a", largest=1_000)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
async def test_what_is_not_a_number_is_refused(number: str) -> None:
    service = service_at(lambda _: httpx.Response(200, headers=JSON, text=f'{{"amount": {number}}}'))
    with pytest.raises(InvalidReply, match=number):
        await service.get(wire.parse_exactly, "a")
