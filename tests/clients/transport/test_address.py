"""Which addresses are taken, and which way leads to them."""

from __future__ import annotations

import pytest

from tests.clients.transport.service import HOST, SECRET, bound, served_summary, serving
from usage_tui.clients.base import ClientError, Unreachable
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient


@pytest.mark.parametrize(
    "url", ["", "usage.example", "ftp://usage.example", "https://", "https://h:port", "a\x1b"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ClientError, match=r"^The address of the service is not an https:// address\.$"):
        UsageApiClient(url, BearerToken(SECRET))


@pytest.mark.parametrize(
    "rest", ["user:s3cret@usage.example", "usage.example/?key=s3cret", "usage.example/#s3cret"]
)
def test_an_address_that_may_hold_a_secret_is_refused_without_repeating_it(rest: str) -> None:
    with pytest.raises(ClientError, match="has more than a host, port and path") as caught:
        UsageApiClient(f"https://{rest}", BearerToken(SECRET))
    assert "s3cret" not in caught.value.message + caught.value.advice


@pytest.mark.parametrize(
    "host", ["usage.example", "10.0.0.1", "localhost.example", "[2001:db8::1]", "0.0.0.0"]
)
def test_plain_http_goes_to_other_machines_only_when_allowed(host: str) -> None:
    with pytest.raises(ClientError, match=r"^http:// would send the token to .* unencrypted\.$"):
        UsageApiClient(f"http://{host}", BearerToken(SECRET))
    assert UsageApiClient(f"http://{host}", BearerToken(SECRET), allow_plain_http=True).origin == host


async def test_an_environment_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "carrier-pigeon://s3cret@coop")
    client = UsageApiClient(HOST, BearerToken(SECRET), "acme")
    with pytest.raises(Unreachable, match=r"^The proxy variables or SSL_CERT_FILE") as caught:
        await client.summary()
    assert "s3cret" not in str(caught.value)


async def test_plain_http_on_this_machine_goes_past_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with bound(listening=False) as port, serving(served_summary) as url:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        client = UsageApiClient(url, BearerToken(SECRET), "acme")
        await client.summary()
        await client.aclose()
