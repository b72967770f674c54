"""Recording a client: the whole of it, of one revision, readable again and in agreement with itself."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients.recordings import record_acme
from tests.tui.clients import Scripted
from usage_tui.clients.base import ClientError, CursorExpired, Unreachable, UsageClient
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.demo.scenarios.catalog import SCENARIOS
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.file import open_recording
from usage_tui.clients.recording.header import Denial, Extent
from usage_tui.models import EventQuery
from usage_tui.state.recorder import record

ALL = 10**6
WITHOUT_ANSWER = {"loading", "failed", "stale"}


async def everything(client: UsageClient) -> list[Any]:
    """What a client answers to each question; a failure counts as an answer."""
    answers: list[Any] = []
    for name in ("me", "summary", "sources", "daily", "grants", "allowances"):
        try:
            answers.append(await getattr(client, name)())
        except ClientError as error:
            answers.append(type(error))
    try:
        answers.append((await client.events(EventQuery(), limit=ALL)).items)
    except ClientError as error:
        answers.append(type(error))
    return answers


@pytest.mark.parametrize("scenario", sorted(set(SCENARIOS) - WITHOUT_ANSWER))
async def test_a_recorded_demo_answers_as_the_demo_and_agrees_with_itself(
    tmp_path: Path, scenario: str
) -> None:
    demo, path = open_demo(scenario), tmp_path / "demo.jsonl"
    await record(demo, path)
    recording = await RecordingClient.open(path)
    await recording.check()
    assert await everything(recording) == await everything(demo)


async def test_a_recorded_recording_is_the_same_file(tmp_path: Path) -> None:
    original, copy = record_acme(tmp_path), tmp_path / "copy.jsonl"
    written = await record(await RecordingClient.open(original), copy)
    assert copy.read_bytes() == original.read_bytes()
    assert written.events == 471


async def test_only_the_owner_can_read_it_and_its_name_says_whether_it_is_packed(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl.gz"
    await record(open_demo(), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes()[:2] == b"\x1f\x8b"
    await (await RecordingClient.open(path)).check()


@pytest.mark.parametrize(
    ("most", "events", "complete"),
    [(0, 0, False), (20, 20, False), (675, 675, False), (676, 676, True), (None, 676, True)],
)
async def test_fewer_events_than_all_are_the_newest_and_said_to_be_fewer(
    tmp_path: Path, most: int | None, events: int, complete: bool
) -> None:
    path = tmp_path / "acme.jsonl"
    assert (await record(open_demo(), path, most=most)).events == events
    recording = await open_recording(path)
    assert recording.header.events == Extent(complete=complete)
    newest = (await open_demo().events(EventQuery(), limit=ALL)).items[:events]
    assert tuple(recording.events(range(recording.count))) == newest


async def test_what_the_viewer_may_not_see_is_neither_asked_for_nor_recorded(tmp_path: Path) -> None:
    path = tmp_path / "member.jsonl"
    written = await record(open_demo("member"), path, most=3)
    assert written.events == 0
    assert written.header.grants == written.header.events == Denial(withheld="billing_access_required")
    await (await RecordingClient.open(path)).check()


async def test_replies_of_an_old_revision_are_read_again(tmp_path: Path) -> None:
    class Moving(Scripted):
        revision = 0

        async def _answer(self, name: Any, reply: Any) -> Any:
            self.revision = min(self.revision + 1, 4)
            return replace(reply, revision=self.revision) if hasattr(reply, "revision") else reply

    path = tmp_path / "acme.jsonl"
    await record(Moving(), path)
    header = json.loads(path.read_bytes().split(b"\n", 1)[0])
    revisions = {header[name]["revision"] for name in ("summary", "sources", "daily", "grants", "allowances")}
    assert revisions == {4}


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


class Restless(Scripted):
    """Acme, changed with every answer."""

    revision = 0

    async def _answer(self, name: Any, reply: Any) -> Any:
        self.revision += 1
        return replace(reply, revision=self.revision) if hasattr(reply, "revision") else reply


class LateChange(Scripted):
    """Acme, whose later pages are of another revision, or gone."""

    def __init__(self, failure: ClientError | None = None) -> None:
        super().__init__()
        self.failure = failure

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> Any:
        page = await super().events(query, cursor=cursor, limit=limit)
        if cursor is not None and self.failure is not None:
            raise self.failure
        return page if cursor is None else replace(page, revision=page.revision + 1)


class Circular(Scripted):
    """Acme, whose every page leads to the second one, or to an empty one."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__()
        self.most = most
        self.asked = 0

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> Any:
        self.asked += 1
        assert self.asked < 20, "the walk does not end"
        first = await super().events(query, limit=limit)
        page = await super().events(query, cursor=first.page.next, limit=limit) if cursor else first
        items = page.items[: self.most] if cursor else page.items
        return replace(page, items=items, page=replace(page.page, next=f"cursor {self.asked}"))


@pytest.mark.parametrize(
    ("client", "why"),
    [
        (Circular(), "a second time"),
        (Circular(most=0), "no events"),
        (Scripted(daily=Unreachable("No answer.")), "No answer."),
        (Restless(), "kept changing"),
        (LateChange(), "changed while being read"),
        (LateChange(CursorExpired("This page is gone.")), "This page is gone."),
    ],
    ids=["circular", "empty", "missing", "restless", "late change", "expired"],
)
async def test_what_is_no_whole_is_not_written(tmp_path: Path, client: UsageClient, why: str) -> None:
    path = tmp_path / "acme.jsonl"
    path.write_text("before")
    with pytest.raises(ClientError, match=why):
        await record(client, path)
    assert path.read_text() == "before"
    assert left_in(tmp_path) == [path]
