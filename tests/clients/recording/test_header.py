import json
from typing import Any

import pytest

from tests.clients.recordings import EVENTS, HEADER
from tests.schema import faults
from usage_tui import wire
from usage_tui.clients.base import Slice
from usage_tui.clients.recording.header import Denial, Header, dump_header, parse_header, recording_schema


def changed(**slices: Any) -> bytes:
    data = json.loads(dump_header(HEADER))
    data.update(slices)
    return json.dumps({name: value for name, value in data.items() if value is not ...}).encode()


def refusal(line: bytes) -> str:
    with pytest.raises(wire.InvalidShape) as caught:
        parse_header(line)
    return str(caught.value)


def test_a_header_is_read_back_as_it_was_written() -> None:
    line = dump_header(HEADER)
    assert parse_header(line) == HEADER
    assert line.startswith(b'{"schema":"usage-tui/recording/1","me":{"user":')
    assert line.endswith(b'"events":{"complete":true}}')
    assert b"\n" not in line


def test_a_slice_may_be_absent_or_withheld() -> None:
    header = parse_header(changed(sources=..., daily=None, grants={"withheld": "billing_access_required"}))
    assert header.sources is None
    assert header.daily is None
    assert header.grants == Denial(withheld="billing_access_required")
    assert parse_header(dump_header(header)) == header


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{}", 'not a recording: it must begin with "schema":"usage-tui/recording/1"'),
        (b"[1]", 'not a recording: it must begin with "schema":"usage-tui/recording/1"'),
        (b'{"schema":1}', 'not a recording: it must begin with "schema":"usage-tui/recording/1"'),
        (
            b'{"schema":"usage-tui/recording/2"}',
            "this recording has version '2', and this program reads version 1",
        ),
        (b"id,occurred_at,credits", "invalid JSON: expected value at column 1"),
        (b"\x93NUMPY", "not UTF-8, at byte 1"),
    ],
)
def test_what_is_no_header_is_refused(line: bytes, message: str) -> None:
    assert refusal(line) == message


def test_the_summary_is_never_missing() -> None:
    assert refusal(changed(summary=...)) == "summary: is missing"
    assert refusal(changed(summary={"withheld": "x"})) == "summary: is missing"


def test_a_fault_names_the_slice_and_the_place_in_it() -> None:
    daily = json.loads(dump_header(HEADER))["daily"]
    daily["items"][2]["credits"] = 5
    assert refusal(changed(daily=daily)) == "daily: items 3, credits: must be text, not a number"
    assert refusal(changed(events=[])) == "events: must be an object, not a list"
    assert refusal(changed(events={"complete": "yes"})) == "events: complete: must be true or false, not text"


@pytest.mark.parametrize("name", [Slice.EVENTS, Slice.GRANTS])
def test_what_the_viewer_may_not_see_is_refused(name: Slice) -> None:
    data = json.loads(dump_header(HEADER))
    data["me"]["organizations"][0]["billing_access"] = False
    other = {Slice.EVENTS: Slice.GRANTS, Slice.GRANTS: Slice.EVENTS}[name]
    data[other] = {"withheld": "billing_access_required"}
    message = f"{name}: must not be here, because the viewer has no billing access"
    assert refusal(json.dumps(data).encode()) == message

    data["me"]["organizations"][0]["billing_access"] = True
    data["summary"]["capabilities"][f"view_{name}"] = False
    assert refusal(json.dumps(data).encode()) == message


@pytest.mark.parametrize("other", [["1"], ["1", "2"]])
def test_each_source_has_one_amount_for_each_day(other: list[str]) -> None:
    data = json.loads(dump_header(HEADER))
    days = {**data["daily"], "range": {"start_date": "2026-11-21", "end_date": "2026-11-22"}}
    data["source_days"] = {**days, "items": [], "other": other}
    if len(other) == 2:
        assert parse_header(json.dumps(data).encode()).source_days is not None
    else:
        with pytest.raises(wire.InvalidShape, match=r"^source_days: each source must have one amount"):
            parse_header(json.dumps(data).encode())


def test_the_viewer_is_a_member_of_the_organization() -> None:
    me = json.loads(dump_header(HEADER))["me"]
    me["organizations"][0]["id"] = "globex"
    assert refusal(changed(me=me)) == "me: the viewer is not a member of the organization 'acme'"


def test_the_schema_accepts_every_line_of_a_recording() -> None:
    schema = recording_schema()
    denied = HEADER._replace(grants=Denial(withheld="x"), events=Denial(withheld="x"))
    lines = [dump_header(header) for header in (HEADER, denied, Header(summary=HEADER.summary))]
    lines += [wire.dump(event, omit_null=True) for event in EVENTS]
    for line in lines:
        assert faults(json.loads(line), schema, schema["$defs"]) == []


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    schema = recording_schema()
    event = json.loads(wire.dump(EVENTS[0]))
    for name, value in (("credits", 1.5), ("credits", "1.1234567"), ("quantity", 2**63), ("id", None)):
        assert faults({**event, name: value}, schema, schema["$defs"])
    header = json.loads(dump_header(HEADER))
    changes: list[dict[str, Any]] = [
        {"schema": "usage-tui/recording/2"},
        {"summary": None},
        {"me": {"user": {}}},
    ]
    for change in changes:
        assert faults({**header, **change}, schema, schema["$defs"])
