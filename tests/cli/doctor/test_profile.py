"""What is found out about a source: a real one on this machine, and ones that go wrong."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clients.transport.certificates import Authority
from tests.service import Service
from usage_tui.cli.doctor.profile import check_profile
from usage_tui.clients import checks
from usage_tui.clients.check_results import CheckResult, Mark
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.config.profiles import Profile, TokenVariable

UNKNOWN = "uat_000000000000_5up3r-s3cr3t"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


async def results(
    url: str, token: str, monkeypatch: pytest.MonkeyPatch, **members: object
) -> dict[str, CheckResult]:
    """By what they are about. None has the token in it."""
    monkeypatch.setenv("TOKEN", token)
    profile = Profile(name="work", url=url, token=TokenVariable("TOKEN"), **members)  # type: ignore[arg-type]
    found = [one async for one in check_profile(profile)]
    assert not any(token in part for one in found for part in (one.text, one.advice))
    return {one.subject: one for one in found}


async def test_an_owner_finds_all_well(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await results(service.url, service.maria, monkeypatch)
    assert {one.mark for one in found.values()} == {Mark.OK}
    assert found["address"].text.endswith(", on this computer.")
    assert found["name"].text == "127.0.0.1 is 127.0.0.1."
    assert found["token"].text == "accepted, belongs to Maria."
    assert found["organization"].text == "Acme, role owner; press o to switch to 1 other."
    assert found["clock"].text == "in sync with the service."
    assert found["access"].text.startswith("billing access: history, grants")
    assert found["latency"].text.endswith(" ms.")


async def test_a_member_is_told_what_is_withheld_and_who_can_give_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = (await results(service.url, service.sam, monkeypatch))["access"]
    assert access.mark is Mark.WARN
    assert access.text.startswith("no billing access, so no history, grants")
    assert "owner" in access.advice


async def test_an_unknown_token_is_a_fault(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await results(service.url, UNKNOWN, monkeypatch)
    assert found["service"].mark is Mark.FAIL
    assert found["connection"].mark is Mark.OK


async def test_an_organization_that_the_token_does_not_see_is_a_fault(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await results(service.url, service.sam, monkeypatch, organization="beta")
    assert found["service"].text == "This token sees no organization 'beta'."
    assert found["service"].advice == "It sees acme."


async def test_no_token_is_a_fault_after_the_way_was_found(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = Profile(name=None, url=service.url, token=TokenVariable("TOKEN"))
    monkeypatch.delenv("TOKEN", raising=False)
    found = [one async for one in check_profile(profile)]
    assert [one.mark for one in found if one.subject == "connection"] == [Mark.OK]
    assert found[-1].advice == "Set TOKEN to a token of the service."


async def test_where_nobody_listens_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    found = await results(f"http://127.0.0.1:{port}", UNKNOWN, monkeypatch)
    assert found["service"].text == f"127.0.0.1:{port} refused the connection."


async def test_a_name_that_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await results("https://usage.invalid", UNKNOWN, monkeypatch)
    assert found["service"].text == "The name usage.invalid was not found."


async def test_an_address_that_would_show_the_token_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await results("http://usage.example", UNKNOWN, monkeypatch)
    assert list(found) == ["service"]
    assert found["service"].advice == "Use https://usage.example."


async def test_a_token_that_goes_unencrypted_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await results("http://usage.invalid", UNKNOWN, monkeypatch, allow_plain_http=True)
    assert found["address"].mark is Mark.WARN


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-200, "this computer's clock is 200 s behind the service's."),
        (200, "this computer's clock is 200 s ahead of the service's."),
    ],
)
async def test_clocks_that_differ_are_set_right(
    seconds: int, text: str, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = property(lambda client: datetime.now(UTC) - timedelta(seconds=seconds))
    monkeypatch.setattr(UsageApiClient, "service_time", there)
    clock = (await results(service.url, service.sam, monkeypatch))["clock"]
    assert (clock.mark, clock.text) == (Mark.WARN, text)


async def test_a_slow_reply_is_said(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_SLOW", 0.0)
    assert (await results(service.url, service.sam, monkeypatch))["latency"].mark is Mark.WARN


async def test_behind_a_proxy_name_and_certificate_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:s3cr3t@127.0.0.1:1")
    found = await results("https://usage.invalid", UNKNOWN, monkeypatch)
    assert list(found) == ["address", "connection", "service"]
    assert "s3cr3t" not in "".join(one.text + one.advice for one in found.values())


@asynccontextmanager
async def tls_service(authority: Authority, **validity: Any) -> AsyncIterator[str]:
    """A port that speaks TLS and hangs up; its address."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=authority.serving(**validity))
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_certificate_that_ends_soon_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority.create(tmp_path)
    async with tls_service(authority, ends=timedelta(days=1)) as url:
        found = await results(url, UNKNOWN, monkeypatch, ca_file=authority.file)
    assert found["connection"].text.endswith("with TLSv1.3.")
    assert (found["certificate"].mark, found["certificate"].advice) == (
        Mark.WARN,
        "Ask the service's operator to renew it.",
    )


async def test_a_certificate_of_a_stranger_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tls_service(Authority.create(tmp_path)) as url:
        found = await results(url, UNKNOWN, monkeypatch)
    assert "is not signed by a trusted authority" in found["service"].text
    assert "ca_file" in found["service"].advice
