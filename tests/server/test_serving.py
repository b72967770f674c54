"""The commands as they are typed: serving on a loopback address, read by the dashboard's own client."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn

from tests.known import known
from tests.server.processes import Served, serve
from tests.server.world import World
from usage_tui.cli import main
from usage_tui.cli.serve import parser
from usage_tui.clients.base import Withheld
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.models import EventQuery
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import utc_now
from usage_tui.server.ledger_writer.cloudevents import BATCH, ONE
from usage_tui.server.serving import as_tcp, configure, listen

ANY = EventQuery()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve("--demo") as running:
        yield running


async def test_the_screens_get_the_same_data_over_http_as_from_the_demo(served: Served) -> None:
    demo, client = open_demo(), UsageApiClient(served.url, BearerToken(served.owner))
    expected, summary = await demo.summary(), await client.summary()
    assert summary.balance == expected.balance
    assert (summary.period, summary.included, summary.usage) == (
        expected.period,
        expected.included,
        expected.usage,
    )
    assert (summary.subscription, summary.auto_recharge, summary.allowances, summary.links) == (
        expected.subscription,
        expected.auto_recharge,
        expected.allowances,
        expected.links,
    )
    assert (summary.state, summary.low_threshold, summary.last_event_at) == (
        expected.state,
        expected.low_threshold,
        expected.last_event_at,
    )
    ranking, expected_ranking = await client.sources(), await demo.sources()
    assert (ranking.items, ranking.total) == (expected_ranking.items, expected_ranking.total)
    daily, expected_daily = await client.daily(), await demo.daily()
    assert (daily.items, daily.total, daily.range) == (
        expected_daily.items,
        expected_daily.total,
        expected_daily.range,
    )
    assert (await client.grants()).items == (await demo.grants()).items
    assert (await client.allowances()).items == (await demo.allowances()).items
    await client.aclose()


async def test_the_whole_history_is_walked_over_http(served: Served) -> None:
    demo, client = open_demo(), UsageApiClient(served.url, BearerToken(served.owner))
    page = await client.events(ANY, limit=170)
    events = list(page.items)
    while page.page.next is not None:
        page = await client.events(ANY, cursor=page.page.next, limit=170)
        events += page.items
    assert events == list((await demo.events(ANY, limit=10_000)).items)
    await client.aclose()


async def test_a_member_without_billing_access_is_refused_the_events_over_http(served: Served) -> None:
    client = UsageApiClient(served.url, BearerToken(served.member))
    assert known((await client.summary()).balance).next_expiry is None
    with pytest.raises(Withheld):
        await client.events(ANY, limit=10)
    with pytest.raises(Withheld):
        await client.grants()
    await client.aclose()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "usage.example.com"])
def test_an_address_that_others_reach_is_refused_without_tls(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--demo", "--host", host]) == 1
    assert "--behind-proxy" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_under_way_is_answered_before_a_signal_ends_it(
    number: signal.Signals, tmp_path: Path
) -> None:
    with serve("--demo", TMPDIR=str(tmp_path)) as running:
        address = urlsplit(running.url)
        token = machine_token(next(tmp_path.rglob("demo.db")))
        with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
            body = b'{"specversion": "1.0"}'
            head = "POST /v1/orgs/acme/usage/events HTTP/1.1\r\nHost: usage\r\nExpect: 100-continue\r\n"
            head += f"Authorization: Bearer {token}\r\nContent-Type: {ONE}\r\n"
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 100")  # it waits for the body
            running.process.send_signal(number)
            while is_listening(address.hostname, address.port):
                pass
            connection.sendall(body)
            assert connection.recv(1000).startswith(b"HTTP/1.1 422")
        assert running.process.wait(timeout=30) == 0
        running.log.seek(0)
        assert "Traceback" not in running.log.read()
    assert list(tmp_path.iterdir()) == []  # the demo's database, with its tokens, is gone


def machine_token(path: Path) -> str:
    database = Database.open(str(path))
    with database.writing() as connection:
        token = create_token(connection, name="", now=utc_now(), org_id="acme", scopes=("ingest",))
    database.close()
    return token


@asynccontextmanager
async def served_here(world: World, listening: socket.socket) -> AsyncIterator[uvicorn.Server]:
    """The service as the command runs it, in the loop of the test."""
    server = uvicorn.Server(configure(options(), world.service))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)
    try:
        yield server
    finally:
        server.should_exit = True
        await running
        listening.close()


def options(*arguments: str) -> argparse.Namespace:
    return parser().parse_args(["--port", "0", *arguments])


@pytest.mark.parametrize("way", ["IPv4", "IPv6", "inherited"])
async def test_no_write_waits_for_the_acknowledgment_of_the_last_one(world: World, way: str) -> None:
    if way == "inherited":
        listening = as_tcp(socket.create_server(("127.0.0.1", 0)))
    else:
        listening = listen(options("--host", "127.0.0.1" if way == "IPv4" else "::1"))
    async with served_here(world, listening) as server:
        reader, writer = await asyncio.open_connection(*listening.getsockname()[:2])
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: usage\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        (connection,) = server.server_state.connections
        accepted = connection.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        writer.close()


async def test_a_sender_without_a_token_is_answered_in_the_middle_of_its_body(world: World) -> None:
    listening = listen(options())
    async with served_here(world, listening):
        reader, writer = await asyncio.open_connection(*listening.getsockname()[:2])
        head = f"POST /v1/orgs/acme/usage/events HTTP/1.1\r\nHost: u\r\nContent-Type: {BATCH}\r\n"
        writer.write(f"{head}Content-Length: 1000000\r\n\r\n[".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 401")
        writer.write(b" " * 999_999)  # the rest is taken, so that nothing is reset
        assert (await reader.read()).endswith(b"}")
        writer.close()


async def test_a_sender_that_hangs_up_in_its_body_is_no_failure(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    listening = listen(options())
    caplog.set_level("INFO", logger="usage_tui.server")
    async with served_here(world, listening):
        _, writer = await asyncio.open_connection(*listening.getsockname()[:2])
        head = f"POST /v1/orgs/acme/usage/events HTTP/1.1\r\nHost: u\r\nContent-Type: {BATCH}\r\n"
        head += f"Authorization: Bearer {world.ingest}\r\nContent-Length: 1000\r\n\r\n["
        writer.write(head.encode())
        writer.close()
        while not caplog.records:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
    (record,) = caplog.records
    assert (record.levelname, record.msg["status"]) == ("INFO", 499)  # type: ignore[index]


def is_listening(host: str | None, port: int | None) -> bool:
    try:
        socket.create_connection((host, port), timeout=30).close()
    except ConnectionError:
        return False
    return True


def test_the_owner_and_the_member_of_the_demo_see_it_in_the_dashboard(served: Served) -> None:
    for token, words in ((served.owner, "Team plan, November 2026"), (served.member, "no billing access")):
        environment = {**os.environ, "USAGE_TUI_TOKEN": token, "COLUMNS": "80"}
        command = [sys.executable, "-m", "usage_tui", "--url", served.url, "--print"]
        result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        assert "6,240.50 used" in result.stdout
        assert words in result.stdout


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_what_is_no_port_is_refused_before_anything_starts(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--demo", "--port", port]) == 2
    assert "is not a port; use one from 0 to 65535" in capsys.readouterr().err


def test_an_address_in_use_is_one_line(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    port = urlsplit(served.url).port
    assert main(["serve", "--demo", "--port", str(port)]) == 1
    err = capsys.readouterr().err
    assert err == (
        f"usage-tui: cannot listen on 127.0.0.1, port {port}: Address already in use; "
        "choose another with --host or --port\n"
    )


def test_a_certificate_needs_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--demo", "--certfile", "cert.pem"]) == 1
    assert "go together" in capsys.readouterr().err


def test_a_database_that_is_none_is_named_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--database", "mysql://x/y"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", [["serve"], ["admin", "--help"]])
def test_without_the_extra_one_line_says_what_to_install(words: list[str]) -> None:
    hide = "import sys; sys.modules['sqlalchemy'] = None; from usage_tui.cli import main; "
    script = f"{hide}sys.exit(main({words}))"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ
    )
    assert result.returncode == 2
    needed = "this needs the packages of the server; in a checkout of usage-tui run: pip install '.[server]'"
    assert result.stderr == f"usage-tui: {needed}\n"
