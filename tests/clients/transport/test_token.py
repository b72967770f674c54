"""The token is used, and never shown."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from tests.clients.transport.service import (
    HOST,
    SECRET,
    bound,
    client_of,
    failing,
    rendered,
    serving,
    truncated,
)
from usage_tui.clients.base import ClientError, Unreachable
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient


@pytest.mark.parametrize("secret", ["", " ", "two words", "line\n", "tökén", "\x1b"])
def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(ClientError, match=r"^The token is empty or has characters") as caught:
        BearerToken(f"{SECRET}{secret}" if secret else "")
    assert caught.value.__traceback__
    beyond_this_test = caught.value.__traceback__.tb_next
    assert SECRET not in rendered(caught.value.with_traceback(beyond_this_test))


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
    client = UsageApiClient(HOST, token)
    assert SECRET not in f"{token} {token!r} {client} {client!r} {vars(client)}"
