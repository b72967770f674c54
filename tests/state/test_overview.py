"""Several organizations side by side: each with its own fate, so many at once, and their order."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.service import Service
from usage_tui.clients.base import Unauthenticated
from usage_tui.clients.demo.client import DemoClient, open_demo
from usage_tui.clients.registry import DEMO, USAGE_API
from usage_tui.config.profiles import Profile, TokenCommand, TokenVariable
from usage_tui.config.started import Started
from usage_tui.models import Credits, Organization
from usage_tui.state.cache import Cache
from usage_tui.state.digest import SCHEMA, StatusAnswer, digest_of
from usage_tui.state.loading import PlainStore, load_all, load_past
from usage_tui.state.overview import AT_ONCE, Overview, Row, Target, in_order
from usage_tui.state.overview_profiles import OverviewProfile, Tokens, overview_profiles
from usage_tui.state.remote import Status

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


def demo(name: str | None, scenario: str = "acme") -> Profile:
    return Profile(name, provider=DEMO, options={"scenario": scenario})


def remote(name: str, url: str, variable: str = "TOKEN_OF_TEST") -> Profile:
    return Profile(name, provider=USAGE_API, url=url, token=TokenVariable(variable))


def overview(*profiles: Profile, keeps: bool = False, restricted: bool = False) -> Overview:
    """An overview whose first source is open."""
    first, *others = profiles
    sources = overview_profiles(
        first, None, Started(), others, keeps=keeps, restricted=restricted, refresh_seconds=0
    )
    return Overview(sources, clock=lambda: NOW)


def row_of(rows: Sequence[Row], profile: str | None, organization: str | None = None) -> Row:
    (found,) = (
        row
        for row in rows
        if row.target.profile == profile and organization in (None, row.target.organization)
    )
    return found


@contextmanager
def listening(answer: bytes) -> Iterator[str]:
    """The address of a server that gives one answer to everything; with an empty one it never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def serve() -> None:
            with suppress(OSError):
                while True:
                    line, _ = server.accept()
                    held.append(line)
                    if answer:
                        line.recv(65536)
                        line.sendall(answer)
                        line.close()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for line in held:
                line.close()


FORBIDDEN = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


async def until(reached: Callable[[], bool]) -> None:
    """Let the loop run until something is so."""
    async with asyncio.timeout(30):
        while not reached():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)


def paths_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*.json*"))


async def looked(rows: Overview) -> tuple[Row, ...]:
    async with asyncio.timeout(30):
        await rows.look()
    return rows.rows


async def test_each_profile_has_a_row_and_each_of_its_organizations() -> None:
    both = overview(demo("one"), demo("two", "organizations"))
    rows = await looked(both)
    assert {row.target for row in rows} == {
        Target("one", "acme"),
        Target("two", "acme"),
        Target("two", "beta"),
    }
    assert all(row.status is Status.READY for row in rows)
    assert rows[0].name == "Beta Labs"  # whose credits end first


async def test_a_row_says_what_status_says() -> None:
    rows = await looked(overview(demo("open"), demo("spent", "runway")))
    client = open_demo("runway")
    store = PlainStore.of(client)
    await load_all(store, client)
    await load_past(store, client)
    expected = digest_of(store.state, fetched_at=NOW)
    found = row_of(rows, "spent").digest
    assert found is not None
    for name in ("credits", "percent_used", "pace", "runs_out", "earliest", "state", "as_of", "unit"):
        assert getattr(found, name) == getattr(expected, name)


async def test_one_fails_and_one_is_slow_and_neither_keeps_the_others(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GOOD", "BAD", "SLOW"):
        monkeypatch.setenv(name, service.maria)
    with listening(FORBIDDEN) as failing, listening(b"") as slow:
        rows = overview(
            demo(None),
            remote("good", service.url, "GOOD"),
            remote("failing", failing, "BAD"),
            remote("slow", slow, "SLOW"),
        )
        look = asyncio.create_task(rows.look())
        answered = {Status.READY, Status.FAILED}
        await until(lambda: sum(row.status in answered for row in rows.rows) == 4)
        assert row_of(rows.rows, "slow").status is Status.LOADING
        good = [row for row in rows.rows if row.target.profile == "good"]
        assert [row.name for row in good] == ["Acme", "Beta Labs"]
        failed = row_of(rows.rows, "failing")
        assert failed.status is Status.FAILED
        assert "token" in failed.reason
        look.cancel()
        with suppress(asyncio.CancelledError):
            await look
        assert row_of(rows.rows, "slow").status is Status.IDLE


async def test_a_member_sees_what_a_member_may(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_SAM", service.sam)
    rows = await looked(overview(demo(None), remote("work", service.url, "OF_SAM")))
    row = row_of(rows, "work")
    assert (row.name, row.status) == ("Acme", Status.READY)
    assert row.digest is not None
    assert row.digest.org.id == "acme"


class Counting(OverviewProfile):
    """A source that counts its clients, each of which waits."""

    opened = closed = most = 0
    go: asyncio.Event

    async def client(self, organization: str | None) -> Any:
        cls = type(self)
        client = await super().client(organization)
        cls.opened += 1
        cls.most = max(cls.most, cls.opened - cls.closed)
        waited, close = client.me, client.aclose

        async def me() -> Any:
            await cls.go.wait()
            return await waited()

        async def aclose() -> None:
            cls.closed += 1
            await close()

        client.me, client.aclose = me, aclose  # type: ignore[method-assign]
        return client


def counting(count: int) -> Overview:
    Counting.opened = Counting.closed = Counting.most = 0
    Counting.go = asyncio.Event()
    tokens = Tokens(runs_commands=True)
    return Overview([Counting(demo(f"p{number}"), tokens, keeps=False) for number in range(count)])


async def test_only_so_many_are_asked_at_once() -> None:
    rows = counting(3 * AT_ONCE)
    look = asyncio.create_task(rows.look())
    await until(lambda: Counting.opened == AT_ONCE)
    Counting.go.set()
    await look
    assert Counting.most == AT_ONCE
    assert Counting.opened == Counting.closed == 3 * AT_ONCE


async def test_leaving_closes_what_was_opened() -> None:
    rows = counting(3)
    look = asyncio.create_task(rows.look())
    await until(lambda: Counting.opened == 3)
    look.cancel()
    with suppress(asyncio.CancelledError):
        await look
    assert Counting.closed == 3
    assert {row.status for row in rows.rows} == {Status.IDLE}


async def test_rows_keep_their_place_until_all_have_answered() -> None:
    rows = overview(demo("first"), demo("second", "runway"), demo("third", "organizations"))
    seen: list[tuple[Target, ...]] = []
    rows.changed = lambda: seen.append(tuple(row.target for row in rows.rows))
    await looked(rows)
    profiles = [[target.profile for target in targets] for targets in seen[:-1]]
    assert all(
        names == sorted(names, key=lambda name: ["first", "second", "third"].index(str(name)))
        for names in profiles
    )
    assert [row.target.profile for row in rows.rows] != ["first", "second", "third", "third"]
    order = [row.target for row in rows.rows]
    await looked(rows)
    assert [row.target for row in rows.rows] == order


async def test_what_an_earlier_run_kept_is_shown_at_once(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("KEPT", service.maria)
    profile = remote("kept", service.url, "KEPT")
    source = OverviewProfile(profile, Tokens(runs_commands=False), keeps=True)
    opened = await source.open(None)
    assert isinstance(opened.cache, Cache)
    store = PlainStore.of(opened.client)
    await load_all(store, opened.client)
    opened.cache.follow(store.state)
    await opened.cache.aclose()
    await opened.pages.aclose()

    kept = await source.kept()
    assert kept is not None
    rows = Overview([OverviewProfile(demo(None), Tokens(runs_commands=False), keeps=True), source])
    seen: list[Row] = []
    rows.changed = lambda: seen.append(next(row for row in rows.rows if row.target.profile == "kept"))
    await looked(rows)
    first = next(row for row in seen if row.digest is not None)
    assert (first.digest, first.cached, first.status) == (kept, True, Status.LOADING)
    assert not row_of(rows.rows, "kept", "acme").cached


async def test_a_damaged_digest_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from usage_tui.config import paths

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("KEPT", "uat_kept")
    profile = remote("kept", "http://127.0.0.1:9", "KEPT")
    source = OverviewProfile(profile, Tokens(runs_commands=False), keeps=True)
    assert await source.kept() is None
    key = profile.provider.cache_key("kept", await source._config())
    assert key is not None
    path = paths.digest_of(paths.cache_folder() / paths.cache_name(key))
    path.parent.mkdir(mode=0o700, parents=True)
    path.write_bytes(b'{"schema": "usage-tui/status/1"')
    assert await source.kept() is None


@pytest.mark.parametrize("restricted", [True, False])
async def test_a_token_command_is_run_only_without_restrictions(
    restricted: bool, service: Service, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    words = sys.executable, "-c", f"open({str(ran)!r}, 'w'); print('uat_x')"
    command = TokenCommand(words, tmp_path / "config.toml")
    profile = Profile("work", url=service.url, token=command)
    rows = await looked(overview(demo(None), profile, restricted=restricted))
    row = row_of(rows, "work")
    assert row.status is Status.FAILED  # the service does not know the token either
    assert ran.exists() != restricted
    assert ("--restricted" in row.reason) == restricted


async def test_two_profiles_may_share_a_variable(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARED", service.sam)
    rows = await looked(
        overview(demo(None), remote("a", service.url, "SHARED"), remote("b", service.url, "SHARED"))
    )
    assert {row.status for row in rows if row.target.profile} == {Status.READY}


async def test_nothing_is_kept_where_that_is_not_wanted(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SOME", service.maria)
    rows = overview(demo(None), remote("work", service.url, "SOME"), restricted=True)
    await looked(rows)
    opened = await rows.open(Target("work", "acme"))
    assert opened.cache is None
    await opened.pages.aclose()
    assert not any(map(paths_in, (tmp_path / "cache", tmp_path / "state")))


async def test_who_loses_access_sees_nothing_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = overview(demo("open"), demo("lost"))
    await looked(rows)
    assert row_of(rows.rows, "lost").digest is not None

    async def refuse(self: DemoClient) -> Any:
        raise Unauthenticated("The token has expired.")

    monkeypatch.setattr(DemoClient, "me", refuse)
    monkeypatch.setattr(DemoClient, "summary", refuse)
    await looked(rows)
    lost = row_of(rows.rows, "lost")
    assert (lost.status, lost.digest, lost.reason) == (Status.FAILED, None, "The token has expired.")


async def test_the_row_that_is_open_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = overview(demo(None, "organizations"))
    client = open_demo("organizations")
    store = PlainStore.of(client)
    await load_all(store, client)
    rows.follow(store.state)
    asked: list[str | None] = []
    of_source = OverviewProfile.client

    async def noted(self: OverviewProfile, organization: str | None) -> Any:
        asked.append(organization)
        return await of_source(self, organization)

    monkeypatch.setattr(OverviewProfile, "client", noted)
    await looked(rows)
    assert asked == ["beta"]
    assert row_of(rows.rows, None, "acme").current


def digest(name: str, runs_out: date | None, pace: str | None = "1") -> Row:
    return Row(
        target=Target(name, name),
        source=name,
        digest=StatusAnswer(
            schema=SCHEMA,
            as_of=NOW,
            fetched_at=NOW,
            stale=False,
            origin="",
            org=Organization(id=name, name=name, time_zone="UTC"),
            unit="credit",
            credits=None,
            included=None,
            purchased=None,
            locked=None,
            overage=None,
            used=None,
            progress_of=None,
            progress_used=None,
            progress_granted=None,
            percent_used=None,
            percent_left=None,
            days_left=None,
            refresh=None,
            state=None,
            runs_out=runs_out,
            earliest=None,
            latest=None,
            pace=None if pace is None else Credits.parse(pace),
            reconcile=None,
        ),
    )


def test_the_shortest_runway_comes_first_and_unknown_last() -> None:
    failed = Row(target=Target("failed", None), source="failed", status=Status.FAILED)
    rows = [
        failed,
        digest("young", None, None),
        digest("long", None),
        digest("later", date(2027, 1, 1)),
        digest("soon", date(2026, 11, 23)),
    ]
    assert [row.source for row in in_order(rows)] == ["soon", "later", "long", "failed", "young"]


def test_a_source_is_named_by_its_profile_or_by_what_it_is() -> None:
    tokens = Tokens(runs_commands=False)

    def name(profile: Profile) -> str:
        return OverviewProfile(profile, tokens, keeps=False).name

    assert name(demo("work")) == "work"
    assert name(demo(None, "low")) == "demo low"
    assert name(Profile(None, url="https://usage.example.com")) == "usage.example.com"
