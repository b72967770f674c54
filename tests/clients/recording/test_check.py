from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from tests.clients.recordings import (
    EVENTS,
    HEADER,
    STATEMENT,
    record_acme,
    with_header,
    with_line,
    with_lines,
)
from tests.known import known
from usage_tui.clients.base import InvalidRecording
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.file import TURN, write_recording
from usage_tui.clients.recording.header import Denial, Header
from usage_tui.models import Credits


async def refusal(path: Path) -> str:
    client = await RecordingClient.open(path)
    with pytest.raises(InvalidRecording) as caught:
        await client.check()
    await client.aclose()
    assert caught.value.advice
    return caught.value.message.removeprefix("acme.jsonl: ").removesuffix(".")


async def accepted(path: Path) -> bool:
    client = await RecordingClient.open(path)
    await client.check()
    await client.aclose()
    return True


async def test_a_recording_that_agrees_with_itself_passes(tmp_path: Path) -> None:
    assert await accepted(record_acme(tmp_path))
    assert await accepted(record_acme(tmp_path, "acme.jsonl.gz"))


async def test_what_was_not_recorded_is_not_compared(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    write_recording(path, Header(summary=HEADER.summary), [])
    assert await accepted(path)
    denial = Denial(withheld="x")
    write_recording(path, HEADER._replace(sources=denial, daily=denial, grants=denial, events=denial), [])
    assert await accepted(path)


async def test_events_that_are_not_all_there_are_not_added_up(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    write_recording(path, HEADER, EVENTS[:100])
    assert "by the events" in await refusal(path)
    with_header(path, lambda header: header["events"].update(complete=False))
    assert await accepted(path)


def in_summary(**changes: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def change(header: dict[str, Any]) -> None:
        for part, values in changes.items():
            header["summary"][part].update(values)

    return change


def in_slice(name: str, row: int, **values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda header: header[name]["items"][row].update(values)


def a_missing_day(header: dict[str, Any]) -> None:
    header["daily"]["items"].pop(3)


def a_source_of_nothing(header: dict[str, Any]) -> None:
    header["sources"]["items"][0]["source_id"] = "agent_smith"


FIRST_SOURCE = STATEMENT.sources.items[0]
THIRD_DAY = STATEMENT.daily.items[2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            in_summary(usage={"total": "700"}),
            "summary, usage, total: 700, but its parts add up to 753.991747; they differ by 53.991747",
        ),
        (
            in_summary(usage={"event_count": 299}),
            "summary, usage, event_count: 299, but by the events 300; they differ by 1",
        ),
        (in_summary(balance={"total": "1"}), "summary, balance, total: 1, but its parts add up to "),
        (in_summary(balance={"locked": "3.5"}), "summary, balance, locked: 3.5, but locked grants hold 0; "),
        (in_summary(included={"granted": "501"}), "summary, included, granted: 501, but used and remaining "),
        (in_slice("sources", 0, credits="1"), "sources, total: "),
        (
            in_slice("sources", 0, count=7),
            f"sources, {FIRST_SOURCE.label}, count: 7, but by the events {FIRST_SOURCE.count}; they differ ",
        ),
        (a_source_of_nothing, f"sources, {FIRST_SOURCE.label}, credits: {FIRST_SOURCE.credits}, but by the "),
        (
            in_slice("daily", 2, credits="9", by_kind={}),
            "daily, total: ",
        ),
        (in_slice("daily", 2, credits="9"), "daily, 2026-11-03: 9, but its categories add up to "),
        (
            in_slice("daily", 2, count=99),
            f"daily, 2026-11-03, count: 99, but by the events {THIRD_DAY.count}; they differ by "
            f"{99 - known(THIRD_DAY.count)}",
        ),
        (a_missing_day, "daily: the days are not every one from 2026-11-01 to 2026-11-22, in order"),
        (in_slice("grants", 0, used="1"), "grants, gr_1, original: 5000, but its parts add up to "),
        (in_slice("grants", 0, status="locked"), "summary, balance, purchased: "),
    ],
)
async def test_numbers_that_disagree_are_named_with_the_difference(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    assert (await refusal(with_header(record_acme(tmp_path), change))).startswith(message)


def past(data: dict[str, Any]) -> None:
    """A past of two days in the header: the last of the period so far, and today."""
    span = {"start_date": "2026-11-21", "end_date": "2026-11-22"}
    made = {name: data["daily"][name] for name in ("as_of", "revision", "time_zone")} | {"range": span}
    days = [{**day, "by_kind": {}} for day in data["daily"]["items"][-2:]]
    data["days"] = {
        **made,
        "items": days,
        "total": str(Credits.total(Credits.parse(d["credits"]) for d in days)),
    }
    row = {"kind": "ai_tool", "source_id": "a", "label": "A", "credits": [day["credits"] for day in days]}
    data["source_days"] = {**made, "items": [row], "other": None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data["source_days"]["items"][0]["credits"].__setitem__(1, "1"), "days, 2026-11-22: "),
        (lambda data: data["days"].update(total="1"), "days, total: 1, but its days add up to "),
        (
            lambda data: data.update(periods=periods(data, total="1")),
            "periods, total: 1, but summary, usage, total is ",
        ),
    ],
)
async def test_the_past_agrees_with_the_present(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    def alter(data: dict[str, Any]) -> None:
        past(data)
        change(data)

    assert await accepted(with_header(record_acme(tmp_path), past))
    assert message in await refusal(with_header(record_acme(tmp_path), alter))


def periods(data: dict[str, Any], total: str) -> dict[str, Any]:
    summary = data["summary"]
    one = {"period": summary["period"], "usage": {**summary["usage"], "total": total}}
    return {"as_of": summary["as_of"], "revision": summary["revision"], "items": [one]}


async def test_more_than_one_disagreement_is_counted(tmp_path: Path) -> None:
    path = with_header(record_acme(tmp_path), in_summary(balance={"included": "1", "total": "2"}))
    assert (await refusal(path)).endswith(" more)")


async def test_a_row_of_other_sources_is_compared_as_a_whole(tmp_path: Path) -> None:
    def fold(header: dict[str, Any]) -> None:
        row = header["sources"]["items"].pop()
        other = {name: row[name] for name in ("credits", "share", "count")}
        header["sources"]["other"] = {"sources": 1, **other}

    path = with_header(record_acme(tmp_path), fold)
    assert await accepted(path)
    with_header(path, lambda header: header["sources"]["other"].update(count=1))
    assert (await refusal(path)).startswith("sources, other, count: 1, but by the events ")


async def test_amounts_whose_sum_no_credits_can_hold(tmp_path: Path) -> None:
    huge = "9000000000000"
    path = with_header(
        record_acme(tmp_path), in_summary(usage={"from_included": huge, "from_purchased": huge})
    )
    assert (await refusal(path)).startswith("the numbers cannot be added up: ")


# Lines


async def test_the_newest_event_comes_first(tmp_path: Path) -> None:
    lines = record_acme(tmp_path).read_bytes().splitlines()
    lines[300], lines[301] = lines[301], lines[300]
    path = with_lines(tmp_path / "acme.jsonl", lines)
    assert await refusal(path) == "line 302: is newer than the line before it; sort newest first"


async def test_events_of_one_instant_are_in_any_order(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    before = json.loads(path.read_bytes().splitlines()[99])["occurred_at"]
    assert await accepted(with_line(path, 101, lambda event: event.update(occurred_at=before)))


async def test_an_id_stands_once(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    repeated = json.loads(path.read_bytes().splitlines()[39])["id"]
    with_line(path, 401, lambda event: event.update(id=repeated))
    assert await refusal(path) == f"line 401: the id {repeated!r} is already used in line 40"


async def test_ids_with_one_fingerprint_are_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("usage_tui.clients.recording.check.hash", lambda text: 7, raising=False)
    path = record_acme(tmp_path)
    assert await accepted(path)


async def test_a_repeated_id_is_found_among_more_fingerprints_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "usage_tui.clients.recording.check.hash", lambda text: crc32(text.encode()) << 12, raising=False
    )
    path = record_acme(tmp_path)
    assert await accepted(path)
    repeated = json.loads(path.read_bytes().splitlines()[39])["id"]
    with_line(path, 401, lambda event: event.update(id=repeated))
    assert await refusal(path) == f"line 401: the id {repeated!r} is already used in line 40"


async def test_an_event_is_paid_to_the_last_micro_credit(tmp_path: Path) -> None:
    path = with_line(record_acme(tmp_path), 99, lambda event: event.update(uncovered="0.000001"))
    assert (await refusal(path)).startswith("line 99: credits: ")
    assert (await refusal(path)).endswith("they differ by 0.000001")


async def test_a_fault_behind_the_first_page_is_found(tmp_path: Path) -> None:
    path = with_line(record_acme(tmp_path), 400, lambda event: event.update(credits="1.2345678"))
    assert await refusal(path) == (
        "line 400: credits: '1.2345678' has more than 6 decimals; round it to 6 first"
    )


async def test_other_work_gets_its_turn_during_a_check(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    header, _, line = path.read_bytes().splitlines()[:3]
    lines = (line.replace(b'"id":"', b'"id":"%d_' % number) for number in range(6 * TURN))
    with_lines(path, [header.replace(b'"complete":true', b'"complete":false'), *lines])
    client = await RecordingClient.open(path)
    check = asyncio.create_task(client.check())
    turns = 0
    while not check.done():
        await asyncio.sleep(0)
        turns += 1
    await check
    await client.aclose()
    assert turns > 6
