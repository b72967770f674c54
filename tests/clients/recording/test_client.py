from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clients.recordings import AS_OF, EVENTS, HEADER, NOVEMBER, record_acme, with_header
from usage_tui.clients.base import ClientError, CursorExpired, InvalidRecording, Slice, UsageClient, Withheld
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.file import write_recording
from usage_tui.clients.recording.header import Denial, Header
from usage_tui.models import NO_BILLING_ACCESS, Credits, Event, EventPage, EventQuery, Totals

ANY = EventQuery()
CHAT = EventQuery(kind="agent_chat")


async def everything(client: UsageClient) -> list[Event]:
    return list((await client.events(ANY, limit=10_000)).items)


async def test_every_slice_is_the_recorded_one(tmp_path: Path) -> None:
    client: UsageClient = await RecordingClient.open(record_acme(tmp_path))
    assert await client.me() == HEADER.me
    assert await client.summary() == HEADER.summary
    assert await client.sources() == HEADER.sources
    assert await client.daily() == HEADER.daily
    assert await client.grants() == HEADER.grants
    assert await client.allowances() == HEADER.allowances
    assert await everything(client) == EVENTS
    nobody = "No event of this recording names a person, so it does not tell who used what."
    assert client.not_offered == {Slice.PEOPLE: nobody}
    await client.aclose()


async def test_the_origin_is_the_files_name_made_harmless(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_acme(tmp_path, "a\x1b]0;b\x07c.jsonl"))
    assert client.origin == "a�]0;b�c.jsonl"
    await client.aclose()


async def test_slices_that_were_not_recorded_are_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "bare.jsonl"
    write_recording(path, Header(summary=HEADER.summary), [])
    client = await RecordingClient.open(path)
    assert set(client.not_offered) == set(Slice) - {Slice.SUMMARY, Slice.PERIODS}
    assert client.not_offered[Slice.GRANTS] == "This recording has no credit grants."
    assert await client.summary() == HEADER.summary
    with pytest.raises(ClientError, match=r"^This recording has no daily usage\.$"):
        await client.daily()
    with pytest.raises(ClientError, match=r"^This recording has no usage events\.$"):
        await client.events(ANY, limit=10)
    await client.aclose()


async def test_what_a_table_lacks_is_said_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    write_recording(path, Header(summary=HEADER.summary), [])
    client = await RecordingClient.open(path, "costs.csv")
    before = client.not_offered
    assert before
    assert all("his table " in reason and "recording" not in reason for reason in before.values())
    write_recording(path, Header(summary=HEADER.summary), [])
    assert await client.refresh() is True
    assert client.not_offered == before
    await client.aclose()


async def test_slices_that_were_withheld_stay_withheld(tmp_path: Path) -> None:
    path = tmp_path / "viewer.jsonl"
    denial = Denial(withheld="billing_access_required")
    write_recording(path, HEADER._replace(grants=denial, events=denial), [])
    client = await RecordingClient.open(path)
    assert client.not_offered == {Slice.SOURCE_DAYS: "This recording has no days by source."}
    for load in (client.grants(), client.events(ANY, limit=10)):
        with pytest.raises(Withheld) as caught:
            await load
        assert caught.value.message == NO_BILLING_ACCESS
    await client.aclose()


# Pages


async def test_the_first_page_knows_where_it_lies(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_acme(tmp_path))
    page = await client.events(ANY, limit=20)
    assert list(page.items) == EVENTS[:20]
    assert (page.page.size, page.page.total, page.page.prev, page.newer) == (20, 471, None, 0)
    assert (page.as_of, page.revision) == (AS_OF, 7)
    await client.aclose()


@given(forth=st.lists(st.integers(1, 200), min_size=1), back=st.lists(st.integers(1, 200), min_size=1))
async def test_pages_forth_and_back_cover_every_event_once_with_any_limits(
    tmp_path_factory: pytest.TempPathFactory, forth: list[int], back: list[int]
) -> None:
    path, events = tmp_path_factory.mktemp("walk") / "acme.jsonl", EVENTS[:130]
    write_recording(path, HEADER, events)
    client = await RecordingClient.open(path)
    for query in (ANY, CHAT):
        expected = [event for event in events if query.matches(event)]
        page = await client.events(query, limit=forth[0])
        walked = list(page.items)
        turn = 0
        while page.page.next is not None:
            turn += 1
            page = await client.events(query, cursor=page.page.next, limit=forth[turn % len(forth)])
            walked += page.items
        assert walked == expected
        walked = list(page.items)
        while page.page.prev is not None:
            turn += 1
            page = await client.events(query, cursor=page.page.prev, limit=back[turn % len(back)])
            walked = [*page.items, *walked]
        assert walked == expected
    await client.aclose()


async def test_a_page_can_be_asked_for_again_with_more_rows(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_acme(tmp_path))
    first = await client.events(ANY, limit=20)
    second = await client.events(ANY, cursor=first.page.next, limit=20)
    again = await client.events(ANY, cursor=second.page.here, limit=33)
    assert list(again.items) == EVENTS[20:53]
    await client.aclose()


async def test_the_last_page_is_the_one_that_next_leads_to(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_acme(tmp_path))
    page = await client.events(ANY, limit=20)
    last = await client.events(ANY, cursor=page.page.last, limit=20)
    assert list(last.items) == EVENTS[460:]
    assert last.page.next is None
    before = await client.events(ANY, cursor=last.page.prev, limit=20)
    assert list(before.items) == EVENTS[440:460]
    await client.aclose()


async def test_no_event_matches(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_acme(tmp_path))
    page = await client.events(EventQuery(kind="mining"), limit=20)
    assert page.items == ()
    assert (page.page.next, page.page.prev, page.page.last, page.page.total) == (None, None, None, 0)
    assert page.totals == Totals(events=0, credits=Credits.ZERO)
    last = await client.events(EventQuery(kind="mining"), cursor="last", limit=20)
    assert last == replace(page, totals=None)
    await client.aclose()


@pytest.mark.parametrize("cursor", ["", "from-472", "from--1", "before-x", "r5", "from-1 ", "from-١"])
async def test_a_cursor_of_another_recording_has_expired(tmp_path: Path, cursor: str) -> None:
    client = await RecordingClient.open(record_acme(tmp_path))
    with pytest.raises(CursorExpired):
        await client.events(ANY, cursor=cursor, limit=20)
    await client.aclose()


# Refresh


async def test_a_file_that_has_not_changed_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await RecordingClient.open(record_acme(tmp_path))

    def unexpected(*args: object) -> int:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(os, "open", unexpected)
    assert await client.refresh() is False
    await client.aclose()


async def test_a_page_keeps_its_place_when_newer_events_were_recorded(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    write_recording(path, HEADER, EVENTS[30:])
    client = await RecordingClient.open(path)
    first = await client.events(ANY, limit=20)
    second = await client.events(ANY, cursor=first.page.next, limit=20)
    write_recording(path, HEADER._replace(allowances=None), EVENTS)
    assert await client.refresh() is True
    assert await client.refresh() is False
    assert Slice.ALLOWANCES in client.not_offered
    again = await client.events(ANY, cursor=second.page.here, limit=20)
    assert again.items == second.items
    assert await everything(client) == EVENTS
    await client.aclose()


async def test_a_search_is_made_anew_in_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    write_recording(path, HEADER, EVENTS[100:])
    client = await RecordingClient.open(path)
    before = (await client.events(CHAT, limit=1)).page.total
    write_recording(path, HEADER, EVENTS)
    await client.refresh()
    after = (await client.events(CHAT, limit=1)).page.total
    assert before == sum(event.kind == "agent_chat" for event in EVENTS[100:])
    assert after == sum(event.kind == "agent_chat" for event in EVENTS)
    await client.aclose()


def _is_half_written(path: Path) -> None:
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:20_000])


def _is_gone(path: Path) -> None:
    path.unlink()


def _is_no_recording_any_more(path: Path) -> None:
    path.rename(path.with_suffix(".old"))
    path.write_text("id,credits\n")


@pytest.mark.parametrize("harm", [_is_half_written, _is_gone, _is_no_recording_any_more])
async def test_a_broken_new_file_is_said_every_time_and_the_old_view_keeps_working(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path = record_acme(tmp_path)
    client = await RecordingClient.open(path)
    harm(path)
    for _ in range(2):
        with pytest.raises(InvalidRecording):
            await client.refresh()
        assert await everything(client) == EVENTS
        assert await client.summary() == HEADER.summary
    path.unlink(missing_ok=True)
    record_acme(tmp_path)
    assert await client.refresh() is True
    await client.aclose()


async def test_a_file_that_is_being_written_over_in_place_shows_no_wrong_row(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    client = await RecordingClient.open(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:20_000])
    with pytest.raises(InvalidRecording, match="is cut short"):
        await client.refresh()
    with pytest.raises(InvalidRecording, match="the file changed"):
        await client.events(ANY, limit=20)
    assert await client.summary() == HEADER.summary
    path.write_bytes(whole)
    assert await client.refresh() is True
    assert await everything(client) == EVENTS
    await client.aclose()


async def test_a_walk_that_began_before_a_refresh_ends_in_the_old_file(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    client = await RecordingClient.open(path)
    check = asyncio.create_task(client.check())
    await asyncio.sleep(0)  # as far as its first pause
    assert not check.done()
    write_recording(path, HEADER, EVENTS[:10])
    assert await client.refresh() is True
    await check
    assert len(await everything(client)) == 10
    await client.aclose()


async def test_nothing_is_left_open_after_a_refresh_and_closing(tmp_path: Path) -> None:
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208
    path = record_acme(tmp_path)
    client = await RecordingClient.open(path)
    record_acme(tmp_path)
    assert await client.refresh() is True
    await client.aclose()
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208


async def test_a_summary_that_withholds_events_refuses_their_lines(tmp_path: Path) -> None:
    path = with_header(
        record_acme(tmp_path), lambda header: header["summary"]["capabilities"].update(view_events=False)
    )
    with pytest.raises(
        InvalidRecording, match="events: must not be here, because the viewer has no billing access"
    ):
        await RecordingClient.open(path)


async def test_a_page_of_one_day(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_acme(tmp_path))
    day = EventQuery(starts_at=NOVEMBER, ends_at=NOVEMBER + timedelta(days=1))
    page: EventPage = await client.events(day, limit=100)
    assert list(page.items) == [event for event in EVENTS if day.matches(event)]
    assert 10 < page.page.size < 20
    await client.aclose()
