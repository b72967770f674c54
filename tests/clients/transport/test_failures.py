"""Every way in which no answer comes, in words."""

from __future__ import annotations

import socket
import ssl
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.transport.certificates import DAY, Authority
from tests.clients.transport.service import (
    HOST,
    SECRET,
    bound,
    client_of,
    failing,
    served_summary,
    serving,
    truncated,
)
from usage_tui.clients.base import ClientError, InvalidReply, Unreachable
from usage_tui.clients.transport.address import service_address, trusted
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (
            httpx.ConnectTimeout("x"),
            Unreachable,
            "usage.example did not accept the connection in time.",
        ),
        (httpx.ReadTimeout("x"), Unreachable, "usage.example took too long to answer."),
        (httpx.PoolTimeout("x"), Unreachable, "usage.example took too long to answer."),
        (httpx.ProxyError("407"), Unreachable, "The proxy refused the connection to usage.example."),
        (httpx.ReadError("x"), Unreachable, "The connection to usage.example failed."),
        (httpx.DecodingError("x"), InvalidReply, "The reply from usage.example cannot be decompressed."),
        (
            httpx.RemoteProtocolError("x"),
            Unreachable,
            "The reply from usage.example broke off, or is not HTTP.",
        ),
        (socket.gaierror(-2, "x"), Unreachable, "The name usage.example was not found."),
        (ConnectionRefusedError(111, "x"), Unreachable, "usage.example refused the connection."),
        (
            ExceptionGroup(
                "a name with two addresses", [OSError(101, "x"), ConnectionRefusedError(111, "x")]
            ),
            Unreachable,
            "usage.example refused the connection.",
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
        (10, "has expired.", "Check this machine's clock, or ask the operator to renew it."),
        (18, "is not signed by a trusted authority.", "set ca_file to its certificates"),
        (20, "is not signed by a trusted authority.", "set ca_file to its certificates"),
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


async def test_a_body_cut_short_is_told() -> None:
    with serving(truncated) as url:
        error = await failing(url)
    assert type(error) is Unreachable
    assert "broke off" in error.message


async def test_a_refused_connection_is_told() -> None:
    with bound(listening=False) as port:
        error = await failing(f"http://127.0.0.1:{port}")
    assert type(error) is Unreachable
    assert error.message == f"127.0.0.1:{port} refused the connection."


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


# Certificates, over a real socket


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path)


async def test_a_service_is_trusted_by_the_certificates_that_are_named(authority: Authority) -> None:
    with serving(served_summary, authority.serving()) as url:
        client = UsageApiClient(url, BearerToken(SECRET), "acme", ca_file=authority.file)
        assert (await client.summary()).org.id == "acme"
        await client.aclose()


@pytest.mark.parametrize(
    ("presented", "message"),
    [
        ({"host": "127.0.0.2"}, "is for another host."),
        ({"starts": -2 * DAY, "ends": -DAY}, "has expired."),
        ({"starts": DAY, "ends": 2 * DAY}, "is not valid yet."),
    ],
)
async def test_a_certificate_that_does_not_fit_is_told(
    presented: dict[str, Any], message: str, authority: Authority
) -> None:
    with serving(served_summary, authority.serving(**presented)) as url:
        error = await failing(url, ca_file=authority.file)
    assert error.message.startswith("The certificate of 127.0.0.1:")
    assert error.message.endswith(message)


async def test_a_certificate_signed_by_a_stranger_is_told(authority: Authority) -> None:
    with serving(served_summary, authority.serving()) as url:
        error = await failing(url)
    assert error.message.endswith("is not signed by a trusted authority.")
    assert "ca_file" in error.advice


async def test_the_default_certificates_are_not_read_where_none_is_met(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> ssl.SSLContext:
        raise AssertionError("the default certificates were read")

    monkeypatch.setattr(ssl, "create_default_context", refuse)
    with serving(served_summary) as url:
        client = UsageApiClient(url, BearerToken(SECRET), "acme")
        assert (await client.summary()).org.id == "acme"
        await client.aclose()


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1", "https://usage.example.com", "http://usage.example.com"]
)
def test_the_default_certificates_are_trusted_everywhere_else(url: str) -> None:
    assert trusted(service_address(url, allow_plain_http=True), None) is True


# Proxies


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "error", [httpx.ConnectTimeout("x"), socket.gaierror(-2, "x"), ConnectionRefusedError(111, "x")], ids=repr
)
async def test_where_a_proxy_is_named_it_is_the_proxy_that_is_away(
    error: Exception, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    monkeypatch.setenv(variable, "http://proxy.example:3128")
    with pytest.raises(Unreachable, match=r"^The proxy for usage\.example cannot be reached") as caught:
        await client_of(fail).summary()
    assert "proxy.example" not in caught.value.full_text
    monkeypatch.setenv("NO_PROXY", "usage.example")
    with pytest.raises(Unreachable) as caught:
        await client_of(fail).summary()
    assert "proxy" not in caught.value.message


async def test_a_proxy_that_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(request: BaseHTTPRequestHandler) -> None:
        request.send_error(407)

    with serving(forbidden) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        error = await failing(HOST)
    assert error.message == "The proxy refused the connection to usage.example."
