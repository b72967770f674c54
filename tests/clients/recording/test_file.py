from __future__ import annotations

import gzip
import os
import stat
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.recordings import EVENTS, HEADER, record_acme, with_header, with_line, with_lines
from usage_tui.clients.base import InvalidRecording
from usage_tui.clients.recording.file import STRIDE, RecordingFile, open_recording, write_recording
from usage_tui.models import Event


async def refusal(path: Path) -> InvalidRecording:
    with pytest.raises(InvalidRecording) as caught:
        await open_recording(path)
    assert "\n" not in caught.value.message
    assert str(path.parent) not in caught.value.message
    return caught.value


@pytest.mark.parametrize("name", ["acme.jsonl", "acme.jsonl.gz"])
async def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    recording = await open_recording(record_acme(tmp_path, name))
    assert recording.header == HEADER
    assert tuple(recording.events(range(recording.count))) == tuple(EVENTS)
    recording.close()


async def test_events_are_read_by_number_in_any_order(tmp_path: Path) -> None:
    recording = await open_recording(record_acme(tmp_path))
    numbers = [470, 0, STRIDE, STRIDE - 1, 3, 3, 200]
    assert [event.id for event in recording.events(numbers)] == [EVENTS[number].id for number in numbers]
    recording.close()


@pytest.mark.parametrize("count", [0, 1, STRIDE - 1, STRIDE, STRIDE + 1, 2 * STRIDE])
async def test_any_number_of_events_is_found(tmp_path: Path, count: int) -> None:
    path = tmp_path / "some.jsonl"
    assert write_recording(path, HEADER, EVENTS[:count]) == count
    recording = await open_recording(path)
    assert recording.count == count
    assert list(recording.events(range(count))) == list(EVENTS[:count])
    recording.close()


async def test_many_lines_are_indexed_across_the_pieces_in_which_they_are_read(tmp_path: Path) -> None:
    path = _long_recording(tmp_path, lines=5000)
    recording = await open_recording(path)
    assert recording.count == 5000
    for number in range(0, 5000, 37):
        assert next(recording.events([number])).quantity == number
    recording.close()


async def test_opening_and_reading_holds_a_small_part_of_the_file(tmp_path: Path) -> None:
    path = _long_recording(tmp_path, lines=40_000)
    assert path.stat().st_size > 10 * 2**20
    (await open_recording(path)).close()  # what is loaded once
    tracemalloc.start()
    try:
        recording = await open_recording(path)
        for number in range(0, 40_000, 997):
            next(recording.events([number]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    recording.close()
    assert peak < 2 * 2**20


async def test_one_page_reads_the_blocks_it_lies_in_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = await open_recording(record_acme(tmp_path))
    sizes = []
    pread = os.pread

    def counted(descriptor: int, size: int, offset: int) -> bytes:
        sizes.append(size)
        return pread(descriptor, size, offset)

    monkeypatch.setattr(os, "pread", counted)
    list(recording.events(range(120, 170)))
    assert len(sizes) == 2
    assert sum(sizes) < 2 * STRIDE * 500
    recording.close()


def _long_recording(folder: Path, *, lines: int) -> Path:
    """Lines that tell their number by their quantity."""
    path = record_acme(folder)
    header, _, event = path.read_bytes().splitlines()[:3]
    before, after = event.split(b'"quantity":1,')
    numbered = (b'%b"quantity":%d,%b' % (before, number, after) for number in range(lines))
    return with_lines(path, [header, *numbered])


# Writing


@pytest.mark.parametrize("name", ["acme.jsonl", "acme.jsonl.gz"])
def test_only_the_owner_can_read_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch(mode=0o644)
    record_acme(tmp_path, name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_recording_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("acme.jsonl", "acme.jsonl.gz"):
        assert record_acme(tmp_path, name).read_bytes() == record_acme(tmp_path, name).read_bytes()
    assert (
        gzip.decompress((tmp_path / "acme.jsonl.gz").read_bytes()) == (tmp_path / "acme.jsonl").read_bytes()
    )


def test_nothing_has_changed_when_the_events_fail(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    before = path.read_bytes()

    def failing() -> Iterator[Event]:
        yield EVENTS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_recording(path, HEADER, failing())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_is_there_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    before = path.read_bytes()

    def watched() -> Iterator[Event]:
        for event in EVENTS:
            assert path.read_bytes() == before
            yield event

    write_recording(path, HEADER._replace(events=None), watched())
    assert path.read_bytes() != before


def test_events_are_written_as_they_come(tmp_path: Path) -> None:
    sizes = []

    def watched() -> Iterator[Event]:
        for event in EVENTS:
            yield event
            sizes.append(sum(file.stat().st_size for file in tmp_path.iterdir()))

    write_recording(tmp_path / "acme.jsonl", HEADER, watched())
    assert 0 < sizes[len(sizes) // 2] < sizes[-1]


# What is no recording


def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="it is not a regular file"):
        write_recording(pipe, HEADER, EVENTS)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_the_other_end_of_an_output_pipe_is_no_regular_file() -> None:
    reader, writer = os.pipe()
    try:
        with pytest.raises(OSError, match="it is not a regular file"):
            write_recording(Path(f"/dev/fd/{writer}"), HEADER, EVENTS)
    finally:
        os.close(reader)
        os.close(writer)


async def test_a_link_is_kept_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.write_text("old")
    link.symlink_to(target)
    write_recording(link, HEADER, EVENTS)
    assert link.is_symlink()
    (await open_recording(target)).close()


async def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert (await refusal(tmp_path / "gone.jsonl")).message == "gone.jsonl does not exist."


async def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data.jsonl"
    folder.mkdir()
    assert (await refusal(folder)).message == "data.jsonl is a folder."


async def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert (await refusal(tmp_path / "pipe")).message == "pipe is not a regular file."


async def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)  # root may read every file
    error = await refusal(tmp_path / "acme.jsonl")
    assert error.message == "acme.jsonl cannot be read: permission denied."
    assert error.advice


async def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    path.touch()
    assert (await refusal(path)).message == "acme.jsonl: the file is empty."


async def test_whoever_opens_a_table_of_events_is_told_of_the_import(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("time,credits\n2026-11-02,5\n")
    assert (await refusal(path)).advice == (
        "To make a recording from a table of events, use usage-tui import."
    )


async def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    error = await refusal(tmp_path / "a\x1b]52;c;x\x07.jsonl")
    assert error.message == "a�]52;c;x�.jsonl does not exist."


def _is_cut_in_its_last_line(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def _is_cut_in_its_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:300])


def _has_latin_1(path: Path) -> None:
    with_lines(path, [*path.read_bytes().splitlines()[:4], b'{"id":"caf\xe9"}'])


def _is_a_csv(path: Path) -> None:
    path.write_text("id,occurred_at,credits\n1,2026-11-01T04:00:00Z,1\n")


def _has_a_number_for_credits(path: Path) -> None:
    with_line(path, 18, lambda event: event.update(credits=1.5))


def _has_an_empty_line(path: Path) -> None:
    lines = path.read_bytes().splitlines()
    with_lines(path, [*lines[:9], b"", *lines[9:]])


def _offers_no_events(path: Path) -> None:
    with_header(path, lambda header: header.pop("events"))


def _withholds_events(path: Path) -> None:
    with_header(path, lambda header: header.update(events={"withheld": "billing_access_required"}))


def _is_of_another_version(path: Path) -> None:
    with_header(path, lambda header: header.update(schema="usage-tui/recording/9"))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_is_cut_in_its_last_line, "line 472: is cut short."),
        (_is_cut_in_its_header, "line 1: invalid JSON: EOF while parsing a string at column 300."),
        (_has_latin_1, "line 5: not UTF-8, at byte 11."),
        (_is_a_csv, "line 1: invalid JSON: expected value at column 1."),
        (
            _has_a_number_for_credits,
            "line 18: credits: must be text, not a decimal number.",
        ),
        (_has_an_empty_line, "line 10: invalid JSON: EOF while parsing a value at column 0."),
        (_offers_no_events, "line 2: has an event, but the header says that this viewer may see none."),
        (_withholds_events, "line 2: has an event, but the header says that this viewer may see none."),
        (_is_of_another_version, "line 1: this recording has version '9', and this program reads version 1."),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
async def test_a_fault_is_said_with_its_line(
    tmp_path: Path, damage: Callable[[Path], None], message: str, packed: bool
) -> None:
    path = record_acme(tmp_path)
    damage(path)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    error = await refusal(path)
    assert error.message == f"acme.jsonl: {message}"
    assert error.advice


async def test_a_last_line_without_its_line_break_is_whole_all_the_same(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    recording = await open_recording(path)
    assert next(recording.events([recording.count - 1])) == EVENTS[-1]
    recording.close()


async def test_line_breaks_of_windows_are_read(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    recording = await open_recording(path)
    assert list(recording.events(range(recording.count))) == list(EVENTS)
    recording.close()


# Packed files


async def test_a_packed_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = record_acme(tmp_path, "acme.jsonl.gz").rename(tmp_path / "acme.recording")
    (await open_recording(path)).close()


async def test_a_packed_file_that_is_cut_short(tmp_path: Path) -> None:
    path = record_acme(tmp_path, "acme.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-100])
    assert (await refusal(path)).message == "acme.jsonl.gz: is cut short."


async def test_a_packed_file_that_is_damaged(tmp_path: Path) -> None:
    path = record_acme(tmp_path, "acme.jsonl.gz")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert (await refusal(path)).message == "acme.jsonl.gz: the compressed data are damaged."


async def test_a_packed_file_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(unpacked))
    path = record_acme(tmp_path, "acme.jsonl.gz")
    recording = await open_recording(path)
    assert list(unpacked.iterdir()) == []
    assert list(recording.events([470])) == [EVENTS[470]]
    recording.close()


# While it is open


async def test_a_file_that_was_replaced_stays_readable(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    recording = await open_recording(path)
    write_recording(path, HEADER, EVENTS[:10])
    assert list(recording.events([470])) == [EVENTS[470]]
    recording.close()


async def test_a_file_that_was_written_over_is_said_to_be(tmp_path: Path) -> None:
    path = record_acme(tmp_path)
    recording = await open_recording(path)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(InvalidRecording, match=r"^acme\.jsonl: the file changed while it was open\.$"):
        next(recording.events([0]))
    recording.close()


async def test_a_recording_nobody_reads_any_more_closes_its_file(tmp_path: Path) -> None:
    recording: RecordingFile | None = await open_recording(record_acme(tmp_path))
    assert recording is not None
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208
    recording = None
    assert len(os.listdir("/dev/fd")) == before - 1  # noqa: PTH208


async def test_a_closed_recording_reads_no_other_file(tmp_path: Path) -> None:
    recording = await open_recording(record_acme(tmp_path))
    recording.close()
    with record_acme(tmp_path, "other.jsonl").open("rb"), pytest.raises(InvalidRecording, match="was closed"):
        next(recording.events([0]))


async def test_a_refused_file_is_closed(tmp_path: Path) -> None:
    path = with_line(record_acme(tmp_path), 18, lambda event: event.pop("id"))
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208
    await refusal(path)
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208
