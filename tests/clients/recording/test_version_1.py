"""Recordings of version 1 open for good; these two were made before a reply could lack parts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cards.states import demo
from usage_tui.cards.page import page
from usage_tui.cards.typeset.glyphs import MONOCHROME
from usage_tui.clients.base import Slice
from usage_tui.clients.demo.client import open_demo
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.header import dump_header
from usage_tui.models import EventQuery
from usage_tui.state.loading import load_all
from usage_tui.state.recorder import record
from usage_tui.state.reducers import initial
from usage_tui.state.replies import OF_PAST
from usage_tui.state.usage import UsageState

KEPT = Path(__file__).parent
PAST = {reply.name for reply in OF_PAST}


def without_past(state: UsageState) -> UsageState:
    """The state of a source that tells nothing of earlier days, as recordings of before do not."""
    for reply in OF_PAST:
        state = reply.changed(state, lambda remote: remote.idle().found_not_offered("It is not told."))
    return state


PAGES = {scenario: page(without_past(demo(scenario)), 100, MONOCHROME) for scenario in ("clocks", "member")}


class Store:
    """The state, and nothing else."""

    def __init__(self, client: RecordingClient) -> None:
        self.state: UsageState = initial("demo", client.not_offered)


def without_runway(text: str) -> str:
    return re.sub(r"^Runway .*?\n\n", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("scenario", ["clocks", "member"])
async def test_a_recording_of_before_opens_agrees_and_shows_the_same_screen(scenario: str) -> None:
    client = await RecordingClient.open(KEPT / f"version-1-{scenario}.jsonl")
    await client.check()
    store = Store(client)
    await load_all(store, client)
    shown = page(without_past(store.state), 100, MONOCHROME)
    assert without_runway(shown) == without_runway(PAGES[scenario])
    await client.aclose()


@pytest.mark.parametrize("scenario", ["clocks", "member"])
async def test_what_is_recorded_now_is_what_was_recorded_before(tmp_path: Path, scenario: str) -> None:
    path = tmp_path / "now.jsonl"
    await record(open_demo(scenario), path)
    before = (KEPT / f"version-1-{scenario}.jsonl").read_bytes()
    # The balance carried forward is told now; a viewer who sees no events has the past in the header.
    first, *events = path.read_bytes().splitlines(keepends=True)
    header = {name: value for name, value in json.loads(first).items() if name not in PAST}
    assert header == json.loads(before.splitlines()[0])
    assert events == before.splitlines(keepends=True)[1:]
    assert PAST & json.loads(first).keys() == ({"periods"} if scenario == "clocks" else PAST)


async def test_its_events_are_single_ones(tmp_path: Path) -> None:
    client = await RecordingClient.open(KEPT / "version-1-clocks.jsonl")
    events = (await client.events(EventQuery(), limit=10)).items
    assert len(events) == 8
    assert {event.ends_at for event in events} == {None}
    await client.aclose()


async def test_a_slice_that_was_not_offered_was_left_out(tmp_path: Path) -> None:
    header, *events = (KEPT / "version-1-clocks.jsonl").read_bytes().splitlines(keepends=True)
    data: dict[str, Any] = json.loads(header)
    del data["grants"]
    path = tmp_path / "bare.jsonl"
    path.write_bytes(json.dumps(data).encode() + b"\n" + b"".join(events))
    client = await RecordingClient.open(path)
    assert client.not_offered == {Slice.GRANTS: "This recording has no credit grants."}
    assert b'"grants"' not in dump_header(client._recording.header)
    await client.aclose()
