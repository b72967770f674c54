"""The client over HTTP: what it asks, what it reads, and every way in which no answer comes."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import ssl
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from rich.console import Console
from rich.traceback import Traceback

from tests import replies
from usage_tui.clients.base import ClientError, InvalidReply, NotFound, ServiceFailed, Unreachable
from usage_tui.clients.http import BearerToken, HttpClient
from usage_tui.clients.http.retries import RetryPolicy
from usage_tui.models import Credits, EventQuery

SECRET = "uat_7_c0ffee-s3cret"
HOST = "https://usage.example"
ANY = EventQuery()


async def no_pause(_: float) -> None:
    pass


AT_ONCE = RetryPolicy(sleep=no_pause)
"""Tries again without a pause."""

Handler = (
    Callable[[httpx.Request], httpx.Response]
    | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
)


class Service:
    """Answers with the example replies and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.replies: dict[str, dict[str, Any]] = {
            "/v1/me": replies.ME,
            "/v1/orgs/acme/usage/summary": replies.SUMMARY,
            "/v1/orgs/acme/usage/sources": replies.SOURCES,
            "/v1/orgs/acme/usage/daily": replies.DAILY,
            "/v1/orgs/acme/usage/events": replies.EVENTS,
            "/v1/orgs/acme/grants": replies.GRANTS,
            "/v1/orgs/acme/allowances": replies.ALLOWANCES,
        }

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.sleep(0)  # lets the other requests begin
        return httpx.Response(200, json=self.replies[request.url.path])

    @property
    def asked(self) -> list[str]:
        """The targets of the requests so far: path and query."""
        return [request.url.raw_path.decode() for request in self.requests]


def client_of(handler: Handler, organization: str | None = "acme", url: str = HOST) -> HttpClient:
    transport = httpx.MockTransport(handler)
    return HttpClient(url, BearerToken(SECRET), organization, retries=AT_ONCE, transport=transport)


# What is asked, and what is read


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
    assert summary.balance.total == Credits.parse("10009.75")
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
        starts_at=datetime(2026, 11, 21, tzinfo=new_york),
        ends_at=datetime(2026, 11, 22, 0, 0, 0, 120_000, tzinfo=new_york),
    )
    await client_of(service).events(query, cursor="c1.a+b/c=", limit=30)
    assert dict(service.requests[0].url.params) == {
        "limit": "30",
        "cursor": "c1.a+b/c=",
        "kind": "ai_tool",
        "source_id": "tool & more",
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
    client = HttpClient(HOST, BearerToken(SECRET), "acme", transport=transport)
    await client.aclose()
    assert transport.closed == 0
    await client.summary()
    await client.aclose()
    await client.aclose()
    assert transport.closed == 1


async def test_everything_is_offered_and_a_refresh_may_always_find_something_new() -> None:
    client = client_of(Service())
    assert not client.not_offered
    assert await client.refresh()


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
    client = HttpClient(url, BearerToken(SECRET))
    assert client.origin == origin
    assert repr(client) == f"HttpClient('{origin}')"


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


async def test_no_organization_is_said() -> None:
    client = client_of(lambda _: httpx.Response(200, json={**replies.ME, "organizations": []}), None)
    for ask in (client.me, client.summary):
        with pytest.raises(NotFound, match=r"^This token belongs to no organization\.$"):
            await ask()


async def test_an_unknown_organization_is_said_with_those_known() -> None:
    with pytest.raises(NotFound, match=r"^This token sees no organization 'umbrella'\.$") as caught:
        await client_of(Service(), organization="umbrella").me()
    assert caught.value.advice == "It sees acme, globex."


# Addresses and tokens


@pytest.mark.parametrize(
    "url", ["", "usage.example", "ftp://usage.example", "https://", "https://h:port", "a\x1b"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ClientError, match=r"^The address of the service is no https:// address\.$"):
        HttpClient(url, BearerToken(SECRET))


@pytest.mark.parametrize(
    "rest", ["user:s3cret@usage.example", "usage.example/?key=s3cret", "usage.example/#s3cret"]
)
def test_an_address_that_may_hold_a_secret_is_refused_without_repeating_it(rest: str) -> None:
    with pytest.raises(ClientError, match="holds more than host, port and path") as caught:
        HttpClient(f"https://{rest}", BearerToken(SECRET))
    assert "s3cret" not in caught.value.message + caught.value.advice


@pytest.mark.parametrize(
    "host", ["usage.example", "10.0.0.1", "localhost.example", "[2001:db8::1]", "0.0.0.0"]
)
def test_plain_http_goes_to_other_machines_only_when_allowed(host: str) -> None:
    with pytest.raises(ClientError, match=r"^http:// would send the token to .* unencrypted\.$"):
        HttpClient(f"http://{host}", BearerToken(SECRET))
    assert HttpClient(f"http://{host}", BearerToken(SECRET), allow_plain_http=True).origin == host


@pytest.mark.parametrize("secret", ["", " ", "two words", "line\n", "tökén", "\x1b"])
def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(ClientError, match=r"^The token is empty or holds characters") as caught:
        BearerToken(f"{SECRET}{secret}" if secret else "")
    assert caught.value.__traceback__
    beyond_this_test = caught.value.__traceback__.tb_next
    assert SECRET not in rendered(caught.value.with_traceback(beyond_this_test))


async def test_an_environment_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "carrier-pigeon://s3cret@coop")
    client = HttpClient(HOST, BearerToken(SECRET), "acme")
    with pytest.raises(Unreachable, match=r"^The proxy variables or SSL_CERT_FILE") as caught:
        await client.summary()
    assert "s3cret" not in str(caught.value)


# Answers that are none


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
        ("<html>Sign in</html>", "JSON"),
        ("", "JSON"),
        ("[]", "does not fit"),
    ],
)
async def test_a_reply_that_does_not_fit_the_contract_names_the_place(body: str, named: str) -> None:
    with pytest.raises(
        InvalidReply, match=r"^The answer of usage\.example does not fit the contract: "
    ) as caught:
        await client_of(lambda _: httpx.Response(200, text=body)).grants()
    assert named in caught.value.message
    assert caught.value.message.isprintable()


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
    with pytest.raises(InvalidReply, match=r"^The answer of usage\.example is larger than 16 MiB"):
        await client_of(lambda _: httpx.Response(200, stream=body)).summary()
    assert body.sent == 17
    assert body.closed


async def test_a_failure_with_a_body_without_end_is_told_by_its_status() -> None:
    with pytest.raises(ServiceFailed, match=r"^usage\.example failed \(500 Internal Server Error\)\.$"):
        await client_of(lambda _: httpx.Response(500, stream=Endless())).summary()


async def test_an_answer_packed_twice_is_not_unpacked() -> None:
    body = gzip.compress(gzip.compress(b" " * 2**20))
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip, gzip"}, stream=httpx.ByteStream(body))
    with pytest.raises(InvalidReply, match="packed in a way that was not asked for"):
        await client_of(lambda _: answer).summary()


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (
            httpx.ConnectTimeout("x"),
            Unreachable,
            "usage.example did not take the connection in time.",
        ),
        (httpx.ReadTimeout("x"), Unreachable, "usage.example took too long to answer."),
        (httpx.PoolTimeout("x"), Unreachable, "usage.example took too long to answer."),
        (httpx.ProxyError("407"), Unreachable, "The proxy on the way to usage.example refused."),
        (httpx.ReadError("x"), Unreachable, "The connection to usage.example failed."),
        (httpx.DecodingError("x"), InvalidReply, "The answer of usage.example cannot be unpacked."),
        (
            httpx.RemoteProtocolError("x"),
            Unreachable,
            "The answer of usage.example broke off, or it does not speak HTTP.",
        ),
        (socket.gaierror(-2, "x"), Unreachable, "The name usage.example was not found."),
        (ConnectionRefusedError(111, "x"), Unreachable, "usage.example refuses the connection."),
        (
            ExceptionGroup(
                "a name with two addresses", [OSError(101, "x"), ConnectionRefusedError(111, "x")]
            ),
            Unreachable,
            "usage.example refuses the connection.",
        ),
        (OSError(101, "x"), Unreachable, "The connection to usage.example failed."),
    ],
)
async def test_a_failure_on_the_way_is_told_in_words(
    error: Exception, kind: type[ClientError], message: str
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        if isinstance(error, httpx.HTTPError):
            raise error
        raise httpx.ConnectError("x") from error

    with pytest.raises(ClientError) as caught:
        await client_of(fail).summary()
    assert type(caught.value) is kind
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("code", "message", "advice"),
    [
        (9, "is not valid yet.", "Check this machine's clock: it may be behind."),
        (10, "has expired.", "Check this machine's clock, or have it renewed."),
        (18, "is not signed by anyone trusted here.", "name its certificates in ca_file"),
        (20, "is not signed by anyone trusted here.", "name its certificates in ca_file"),
        (62, "is for another host.", "Check the address."),
        (64, "is for another host.", "Check the address."),
        (23, "is not trusted: certificate revoked.", ""),
    ],
)
async def test_a_certificate_that_is_not_trusted_says_why_and_is_not_asked_for_again(
    code: int, message: str, advice: str
) -> None:
    tries = 0

    def fail(_: httpx.Request) -> httpx.Response:
        nonlocal tries
        tries += 1
        error = ssl.SSLCertVerificationError(1, "x")
        error.verify_code, error.verify_message = code, "certificate revoked"
        raise httpx.ConnectError("x") from error

    with pytest.raises(Unreachable) as caught:
        await client_of(fail).summary()
    assert caught.value.message == f"The certificate of usage.example {message}"
    assert advice in caught.value.advice
    assert tries == 1


async def test_a_tls_failure_after_the_handshake_does_not_escape() -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        error = ssl.SSLError(1, "x")
        error.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
        raise error

    with pytest.raises(Unreachable, match=r"^No secure connection to usage\.example: tlsv13 alert certif"):
        await client_of(fail).summary()


# Over a real socket


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server on this machine; yields its address."""

    class RequestHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), RequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def bound(*, listening: bool) -> Iterator[int]:
    """A port of this machine that refuses connections, or takes them and never answers."""
    with socket.socket() as endpoint:
        endpoint.bind(("127.0.0.1", 0))
        if listening:
            endpoint.listen()
        yield endpoint.getsockname()[1]


async def failing(url: str, **options: Any) -> ClientError:
    """How asking for the summary at this address fails."""
    client = HttpClient(url, BearerToken(SECRET), "acme", retries=AT_ONCE, **options)
    try:
        with pytest.raises(ClientError) as caught:
            await client.summary()
        return caught.value
    finally:
        await client.aclose()


def truncated(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"org":')


def served_summary(request: BaseHTTPRequestHandler) -> None:
    body = json.dumps(replies.SUMMARY).encode()
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


async def test_a_real_server_is_read() -> None:
    with serving(served_summary) as url:
        client = HttpClient(url, BearerToken(SECRET), "acme")
        summary = await client.summary()
        await client.aclose()
    assert summary.balance.purchased == Credits.parse("6250.25")


async def test_a_body_cut_short_is_told() -> None:
    with serving(truncated) as url:
        error = await failing(url)
    assert type(error) is Unreachable
    assert "broke off" in error.message


async def test_a_refused_connection_is_told() -> None:
    with bound(listening=False) as port:
        error = await failing(f"http://127.0.0.1:{port}")
    assert type(error) is Unreachable
    assert error.message == f"127.0.0.1:{port} refuses the connection."


async def test_a_server_that_never_answers_is_told() -> None:
    with bound(listening=True) as port:
        error = await failing(f"http://127.0.0.1:{port}", timeout=httpx.Timeout(0.05))
    assert type(error) is Unreachable
    assert error.message == f"127.0.0.1:{port} took too long to answer."


async def test_a_server_that_speaks_no_tls_is_told() -> None:
    with serving(served_summary) as url:
        error = await failing(url.replace("http:", "https:"))
    assert type(error) is Unreachable
    assert error.message.startswith("No secure connection to 127.0.0.1:")


async def test_plain_http_on_this_machine_goes_past_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with bound(listening=False) as port, serving(served_summary) as url:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        client = HttpClient(url, BearerToken(SECRET), "acme")
        await client.summary()
        await client.aclose()


# The token is never shown


def rendered(error: BaseException) -> str:
    """The error as tracebacks with local variables print it, and its whole context, shown or not."""
    rich = Console(width=1000)
    with rich.capture() as capture:
        rich.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
    text = [capture.get()]
    parts = [traceback.TracebackException.from_exception(error, capture_locals=True)]
    while parts:
        part = parts.pop()
        text += part.format(chain=False)
        parts += [further for further in (part.__cause__, part.__context__) if further]
    return "\n".join(text)


def test_a_secret_in_a_local_variable_would_be_found() -> None:
    def careless() -> None:
        header = f"Bearer {SECRET}"
        raise ValueError(len(header))

    with pytest.raises(ValueError, match=r"^\d+$") as caught:
        careless()
    assert rendered(caught.value).count(SECRET) >= 2


def refused_token(request: BaseHTTPRequestHandler) -> None:
    request.send_response(401)
    request.send_header("WWW-Authenticate", "Bearer")
    request.send_header("Content-Length", "0")
    request.end_headers()


def no_usage(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    request.wfile.write(b"<html>")


def no_http(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize("answer", [refused_token, no_usage, no_http, truncated])
async def test_no_failed_request_shows_the_token(
    answer: Callable[[BaseHTTPRequestHandler], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(answer) as url:
        error = await failing(url)
    assert SECRET not in rendered(error)
    assert "send_request_headers" in caplog.text
    assert SECRET not in caplog.text


async def test_no_failed_connection_shows_the_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for listening in (True, False):
        with bound(listening=listening) as port:
            error = await failing(f"http://127.0.0.1:{port}", timeout=httpx.Timeout(0.05))
        assert SECRET not in rendered(error)
    assert SECRET not in caplog.text


async def test_no_frame_that_holds_the_token_hangs_on_an_error() -> None:
    def careless(request: httpx.Request) -> httpx.Response:
        header = request.headers["Authorization"]
        raise httpx.WriteError(f"{len(header)} bytes not sent")

    with pytest.raises(Unreachable) as caught:
        await client_of(careless).summary()
    assert SECRET not in rendered(caught.value)


def test_neither_client_nor_token_show_the_secret() -> None:
    token = BearerToken(SECRET)
    client = HttpClient(HOST, token)
    assert SECRET not in f"{token} {token!r} {client} {client!r} {vars(client)}"
