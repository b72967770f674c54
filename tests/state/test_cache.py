"""The cache: what is kept, who can read it, what is shown of it, and when it goes."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.known import known
from tests.named import NAMED
from tests.tui.clients import Scripted
from usage_tui.clients.base import ClientError, NotFound, Unauthenticated, Unreachable, Withheld
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.header import Header
from usage_tui.models import EventQuery, Me
from usage_tui.state import cache as module
from usage_tui.state.cache import MOST_FILES, Cache
from usage_tui.state.loading import load_all, load_past
from usage_tui.state.reducers import initial, switched
from usage_tui.state.remote import Status
from usage_tui.state.replies import OF_DASHBOARD, OF_PAST
from usage_tui.state.usage import UsageState

SUMMARY, ME = acme().statement.summary, acme().statement.me
LOADED = {reply.name for reply in OF_DASHBOARD}


class Screen:
    """The state, followed by a cache as the program does it."""

    def __init__(self, folder: Path, key: str = "key", organization: str | None = None) -> None:
        self.cache = Cache(folder, key, organization)
        self._state = initial("test", {})

    @property
    def state(self) -> UsageState:
        return self._state

    @state.setter
    def state(self, state: UsageState) -> None:
        self._state = state
        self.cache.follow(state)


async def run(
    folder: Path,
    client: Any = None,
    key: str = "key",
    organization: str | None = None,
    *,
    fill: bool = True,
) -> Screen:
    """One run of the program: from the cache, then from the client."""
    screen = Screen(folder, key, organization)
    if fill:
        await screen.cache.fill(screen)
        await screen.cache.fill_past(screen)
    if client is not None:
        await load_all(screen, client)
    await screen.cache.aclose()
    return screen


def files(folder: Path) -> list[Path]:
    """What is cached, without the digest beside each file."""
    return [file for file in folder.iterdir() if not file.name.endswith(".status.json")]


async def filled(folder: Path) -> UsageState:
    """What a start without any answer shows."""
    return (await run(folder)).state


async def test_the_next_start_knows_what_the_last_one_knew_and_marks_it(tmp_path: Path) -> None:
    before = (await run(tmp_path, open_demo())).state
    state = await filled(tmp_path)
    for name in LOADED - {"recent"}:
        assert getattr(state, name).value == getattr(before, name).value
    assert known(state.recent.value).items == known(before.recent.value).items
    assert all(getattr(state, name).stale for name in LOADED)
    assert {getattr(state, name).status for name in LOADED} == {Status.IDLE}


async def test_the_past_is_kept_too_once_it_was_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, client = Screen(tmp_path), open_demo()
    await load_all(screen, client)
    await screen.cache.aclose()
    assert (await filled(tmp_path)).days.value is None
    screen = Screen(tmp_path)
    await load_all(screen, client)
    written: list[Header] = []
    monkeypatch.setattr(screen.cache, "_write", lambda header, *_: written.append(header))
    await load_past(screen, client)
    await screen.cache.aclose()
    # Once, when all of it is there.
    assert len([header for header in written if header.periods or header.days]) == 1
    screen = Screen(tmp_path)
    await load_all(screen, client)
    await load_past(screen, client)
    await screen.cache.aclose()
    state = await filled(tmp_path)
    for reply in OF_PAST:
        assert reply.of(state).value == reply.of(screen.state).value
        assert reply.of(state).stale


async def test_an_answer_takes_the_mark_away_and_a_failure_leaves_it(tmp_path: Path) -> None:
    await run(tmp_path, open_demo())
    state = (await run(tmp_path, Scripted(grants=Unreachable("No answer.")))).state
    assert {name for name in LOADED if getattr(state, name).stale} == {"grants"}
    assert state.grants.error is not None


async def test_only_the_owner_can_read_what_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    await run(folder, open_demo())
    (file,) = files(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_what_is_kept_is_a_recording(tmp_path: Path) -> None:
    await run(tmp_path, open_demo())
    (file,) = files(tmp_path)
    client = await RecordingClient.open(file)
    await client.check()
    assert (await client.events(EventQuery(), limit=100)).page.total == 50


async def test_every_key_has_a_file_of_its_own(tmp_path: Path) -> None:
    for key in ("a", "b"):
        await run(tmp_path, open_demo(), key)
    assert len(files(tmp_path)) == 2
    screen = await run(tmp_path, None, "never seen")
    assert screen.state.summary.value is None


async def test_the_name_of_a_file_tells_nothing(tmp_path: Path) -> None:
    await run(tmp_path, open_demo(), "https://usage.example.com")
    (file,) = files(tmp_path)
    assert "example" not in file.name


async def test_the_oldest_files_go_when_there_are_many(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 2):
        await run(tmp_path, open_demo(), str(number))
    assert len(files(tmp_path)) == MOST_FILES
    assert (await run(tmp_path, None, "0")).state.summary.value is None
    newest = await run(tmp_path, None, str(MOST_FILES + 1))
    assert newest.state.summary.value is not None


async def test_a_file_that_would_be_large_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_FILE", 1000)
    await run(tmp_path, open_demo())
    assert files(tmp_path) == []


async def test_a_file_that_is_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await run(tmp_path, open_demo())
    monkeypatch.setattr(module, "LARGEST_FILE", 1000)
    assert (await filled(tmp_path)).summary.value is None


async def test_nothing_is_written_where_nothing_has_changed(tmp_path: Path) -> None:
    await run(tmp_path, open_demo())
    (file,) = files(tmp_path)
    inode = file.stat().st_ino
    await run(tmp_path, open_demo())
    assert file.stat().st_ino == inode
    await run(tmp_path, Scripted(summary=replace(SUMMARY, revision=SUMMARY.revision + 1)))
    assert file.stat().st_ino == inode, "replies of different revisions are no whole"


@pytest.mark.parametrize("name", ["summary", "grants", "events", "daily"])
async def test_what_is_no_whole_leaves_what_was_kept(tmp_path: Path, name: str) -> None:
    await run(tmp_path, open_demo())
    await run(tmp_path, Scripted(**{name: Unreachable("No answer.")}))
    assert (await filled(tmp_path)).summary.value == SUMMARY


@pytest.mark.parametrize("error", [Unauthenticated("Token revoked."), NotFound("No such organization.")])
@pytest.mark.parametrize("name", ["me", "summary"])
@pytest.mark.parametrize("fill", [True, False])
async def test_who_is_expelled_leaves_nothing_on_the_screen_and_nothing_on_the_disk(
    tmp_path: Path, error: ClientError, name: str, fill: bool
) -> None:
    await run(tmp_path, open_demo())
    screen = await run(tmp_path, Scripted(**{name: error}), fill=fill)
    assert all(getattr(screen.state, reply).value is None for reply in set(NAMED) - {"me", "summary"})
    assert getattr(screen.state, name).value is None
    assert files(tmp_path) == []


async def test_lost_billing_access_leaves_no_events_and_no_grants(tmp_path: Path) -> None:
    await run(tmp_path, open_demo())
    statement = acme().statement
    membership = replace(statement.me.organizations[0], billing_access=False)
    me = Me(user=statement.me.user, organizations=(membership,))
    screen = await run(tmp_path, Scripted(me=me))
    assert screen.state.grants.status is Status.WITHHELD
    state = await filled(tmp_path)
    assert state.summary.value == SUMMARY
    assert state.grants.status is state.recent.status is Status.WITHHELD
    assert b"evt_" not in files(tmp_path)[0].read_bytes()


async def test_access_that_is_lost_while_other_replies_fail_leaves_nothing(tmp_path: Path) -> None:
    await run(tmp_path, open_demo())
    await run(tmp_path, Scripted(grants=Withheld("Not for you."), daily=Unreachable("No answer.")))
    assert files(tmp_path) == []


async def test_a_viewer_without_billing_access_starts_from_the_cache_too(tmp_path: Path) -> None:
    await run(tmp_path, open_demo("member"))
    state = await filled(tmp_path)
    assert state.summary.cached
    assert state.grants.status is Status.WITHHELD


async def test_what_a_service_does_not_offer_is_not_kept_as_missing(tmp_path: Path) -> None:
    client = open_demo("not-offered")
    screen = Screen(tmp_path)
    screen.state = initial("test", client.not_offered)
    await load_all(screen, client)
    await screen.cache.aclose()
    state = await filled(tmp_path)
    assert state.summary.cached
    assert state.grants.status is Status.IDLE
    assert state.grants.error is None


@pytest.mark.parametrize("content", [b"", b"no recording\n", b"\x00" * 100, b'{"schema":"other/1"}\n'])
async def test_a_file_that_is_no_recording_is_ignored_and_replaced(tmp_path: Path, content: bytes) -> None:
    await run(tmp_path, open_demo())
    (file,) = files(tmp_path)
    file.write_bytes(content)
    assert (await filled(tmp_path)).summary.value is None
    await run(tmp_path, open_demo())
    assert (await filled(tmp_path)).summary.value == SUMMARY


async def test_a_folder_that_cannot_be_made_is_no_reason_to_stop(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way")
    screen = await run(place / "cache", open_demo())
    assert screen.state.summary.value == SUMMARY


async def test_cursors_are_no_part_of_what_is_kept(tmp_path: Path) -> None:
    class Walking(Scripted):
        async def events(self, *arguments: Any, **options: Any) -> Any:
            page = await super().events(*arguments, **options)
            return replace(page, page=replace(page.page, next="c1.secret.next"))

    await run(tmp_path, Walking())
    assert b"c1.secret" not in files(tmp_path)[0].read_bytes()


async def test_only_the_first_organization_is_kept_also_when_the_viewer_comes_back_to_it(
    tmp_path: Path,
) -> None:
    me = replace(ME, organizations=tuple(replace(ME.organizations[0], id=name) for name in ("acme", "other")))

    def of(org: str, state: str) -> Scripted:
        return Scripted(summary=replace(SUMMARY, org=replace(SUMMARY.org, id=org), state=state), me=me)

    screen = Screen(tmp_path)
    for client in (of("acme", "normal"), of("other", "low"), of("acme", "paused")):
        screen.state = switched(screen.state)
        await load_all(screen, client)
        kept = await filled_while_open(screen, tmp_path)
        assert kept.org.id == "acme"
    assert kept.state == "paused"


async def test_what_was_kept_of_an_organization_goes_when_the_token_begins_with_another(
    tmp_path: Path,
) -> None:
    await run(tmp_path, open_demo())
    membership = replace(ME.organizations[0], id="other")
    other = replace(SUMMARY, org=replace(SUMMARY.org, id="other"))
    await run(tmp_path, Scripted(me=replace(ME, organizations=(membership,)), summary=other))
    state = await filled(tmp_path)
    assert state.summary.value == other


async def filled_while_open(screen: Screen, folder: Path) -> Any:
    """What the next start would show, once everything so far is on the disk."""
    await asyncio.to_thread(screen.cache._disk.submit(lambda: None).result)
    return (await filled(folder)).summary.value


async def test_files_that_no_cache_has_made_are_left_alone(tmp_path: Path) -> None:
    theirs = {
        "notes.txt": b"mine",
        f"{'a' * 32}.jsonl": b'{"rows": 1}',
        "backup.jsonl": b'{"schema":"usage-tui/recording/1"}',
    }
    for name, content in theirs.items():
        (tmp_path / name).write_bytes(content)
    for number in range(MOST_FILES + 5):
        await run(tmp_path, open_demo(), key=str(number))
    assert {name: (tmp_path / name).read_bytes() for name in theirs} == theirs
    assert len(files(tmp_path)) == MOST_FILES + len(theirs)


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
async def test_a_folder_that_others_can_write_to_is_refused_in_a_sentence(tmp_path: Path, mode: int) -> None:
    await run(tmp_path, open_demo())
    kept = {file: file.read_bytes() for file in files(tmp_path)}
    await asyncio.to_thread(tmp_path.chmod, mode)
    screen = await run(tmp_path, open_demo(), key="another")
    assert screen.cache.refusal == (
        f"No cache is used: others can write to {tmp_path}. Run chmod go-w {tmp_path}, or set XDG_CACHE_HOME."
    )
    assert {file: file.read_bytes() for file in files(tmp_path)} == kept
    assert (await filled(tmp_path)).summary.value is None


async def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    screen = await run(tmp_path, open_demo())
    assert "does not belong to you" in screen.cache.refusal
    assert files(tmp_path) == []


async def test_a_folder_that_is_to_lie_in_one_that_all_can_write_to_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    await asyncio.to_thread(shared.chmod, 0o777)
    folder = shared / "usage-tui"
    screen = await run(folder, open_demo())
    assert f"others can write to {shared}." in screen.cache.refusal
    assert not folder.exists()
    await asyncio.to_thread(shared.chmod, 0o1777)  # as /tmp has it
    assert (await run(folder, open_demo())).cache.refusal == ""
    assert len(files(folder)) == 1


async def test_a_link_to_a_private_folder_is_followed(tmp_path: Path) -> None:
    private, link = tmp_path / "private", tmp_path / "link"
    private.mkdir(mode=0o700)
    link.symlink_to(private)
    assert (await run(link, open_demo())).cache.refusal == ""
    assert len(files(private)) == 1


async def test_a_folder_that_is_not_there_yet_is_not_refused(tmp_path: Path) -> None:
    assert Cache(tmp_path / "new", "key", None).refusal == ""
