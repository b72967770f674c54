from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.clients.recordings import EVENTS, HEADER, NOVEMBER, OCTOBER, record_acme, with_lines
from usage_tui import wire
from usage_tui.clients.recording.file import RecordingFile, open_recording, write_recording
from usage_tui.clients.recording.header import dump_header
from usage_tui.clients.recording.search import find_events
from usage_tui.models import Choice, Credits, Event, EventQuery, Name, SortKey, Totals, clean


def matching(query: EventQuery) -> list[int]:
    return [EVENTS.index(event) for event in query.select(EVENTS)]


def totals(query: EventQuery) -> Totals:
    return Totals.of(event for event in EVENTS if query.matches(event))


@pytest.mark.parametrize(
    "query",
    [
        EventQuery(kind="agent_chat"),
        EventQuery(source_id="tool_contract"),
        EventQuery(kind="workflow", source_id="wf_digest"),
        EventQuery(kind="workflow", source_id="agent_chat"),
        EventQuery(kind="agent_chat", starts_at=NOVEMBER),
        EventQuery(text="CONTRACT"),
        EventQuery(kind="agent_chat", starts_at=NOVEMBER, ends_at=NOVEMBER + timedelta(days=2)),
        EventQuery(kinds=Choice(("workflow", "ai_tool"), ("ai_tool",))),
        EventQuery(source_ids=Choice(("wf_digest", "tool_contract"))),
        EventQuery(sources=Choice((Name("review"),)), activities=Choice(("run", "message"))),
        EventQuery(actors=Choice((Name("maria"),)), least=Credits.parse("5")),
        EventQuery(most=Credits.parse("-0.000001")),
        EventQuery(starts_at=NOVEMBER, ascending=True),
        EventQuery(sort=SortKey.CREDITS),
        EventQuery(kind="ai_tool", sort=SortKey.CREDITS, ascending=True),
        EventQuery(starts_at=NOVEMBER, sort=SortKey.CREDITS),
    ],
)
async def test_a_search_finds_exactly_the_events_that_match(tmp_path: Path, query: EventQuery) -> None:
    recording = await open_recording(record_acme(tmp_path))
    found = await find_events(recording, query)
    assert list(found.ordinals) == matching(query)
    assert found.totals == (totals(query) if query.has_conditions else None)
    recording.close()


async def test_every_span_of_time_is_found_to_the_instant(tmp_path: Path) -> None:
    recording = await open_recording(record_acme(tmp_path))
    moments = [
        None,
        OCTOBER,
        EVENTS[400].occurred_at,
        NOVEMBER,
        EVENTS[17].occurred_at,
        EVENTS[0].occurred_at,
    ]
    moments += [datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)]
    for starts_at in moments:
        for ends_at in moments:
            query = EventQuery(starts_at=starts_at, ends_at=ends_at)
            assert list((await find_events(recording, query)).ordinals) == matching(query)
    recording.close()


async def test_events_of_one_instant_stay_together(tmp_path: Path) -> None:
    at = EVENTS[0].occurred_at
    events = [replace(event, occurred_at=at - timedelta(seconds=n // 70)) for n, event in enumerate(EVENTS)]
    write_recording(tmp_path / "ties.jsonl", HEADER, events)
    recording = await open_recording(tmp_path / "ties.jsonl")
    query = EventQuery(starts_at=at - timedelta(seconds=2), ends_at=at)
    assert (await find_events(recording, query)).ordinals == range(70, 210)
    recording.close()


async def test_a_span_of_time_is_found_without_reading_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = await open_recording(record_acme(tmp_path))
    parse, parsed = RecordingFile.parse, []

    def counted(self: RecordingFile, ordinal: int, line: bytes) -> Event:
        parsed.append(ordinal)
        return parse(self, ordinal, line)

    monkeypatch.setattr(RecordingFile, "parse", counted)
    monkeypatch.setattr("usage_tui.clients.recording.search.ADDED_UP", 30)
    query = EventQuery(starts_at=NOVEMBER, ends_at=NOVEMBER + timedelta(days=3))
    found = await find_events(recording, query)
    assert len(parsed) <= 20 + 30
    expected = totals(query)
    assert found.totals is not None
    assert expected.events > 30
    assert found.totals.events == expected.events
    assert not found.totals.credits_complete
    newest = list(EVENTS)[found.ordinals[0] :][:30]
    assert found.totals.credits == Credits.total(event.credits for event in newest)
    recording.close()


async def test_a_search_reads_only_lines_that_may_match(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plain.jsonl"
    write_recording(path, HEADER, [replace(event, label=event.source_id) for event in EVENTS])
    recording = await open_recording(path)
    parse, parsed = RecordingFile.parse, []

    def counted(self: RecordingFile, ordinal: int, line: bytes) -> Event:
        parsed.append(ordinal)
        return parse(self, ordinal, line)

    monkeypatch.setattr(RecordingFile, "parse", counted)
    found = await find_events(recording, EventQuery(source_id="tool_contract"))
    assert parsed == list(found.ordinals) == matching(EventQuery(source_id="tool_contract"))
    recording.close()


async def test_other_work_gets_its_turn_during_a_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("usage_tui.clients.recording.search.TURN", 10)
    recording = await open_recording(record_acme(tmp_path))
    search = asyncio.create_task(find_events(recording, EventQuery(kind="agent_chat")))
    turns = 0
    while not search.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > recording.count // 10
    recording.close()


NAMES = st.text(st.sampled_from('ab"\\/\x1b\x7f\x9b\u202e\u200déß�\U0001f600'), min_size=1, max_size=5)


@example(raw=["a\x7f", "a"], escaped=False)
@given(raw=st.lists(NAMES, min_size=1, max_size=8), escaped=st.booleans())
async def test_a_name_is_found_however_the_file_writes_it(
    tmp_path_factory: pytest.TempPathFactory, raw: list[str], escaped: bool
) -> None:
    data = json.loads(wire.dump(EVENTS[1]))
    lines = [json.dumps({**data, "source_id": name}, ensure_ascii=escaped).encode() for name in raw]
    path = with_lines(tmp_path_factory.mktemp("names") / "names.jsonl", [dump_header(HEADER), *lines])
    recording = await open_recording(path)
    for name in raw:
        shown = clean(name)
        expected = [number for number, other in enumerate(raw) if clean(other) == shown]
        found = await find_events(recording, EventQuery(source_id=shown))
        assert list(found.ordinals) == expected
    recording.close()
