"""`usage-tui record`: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.clients.recordings import record_acme
from usage_tui.cli import main
from usage_tui.cli.ending import FAILED, MISUSED


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_demo_is_recorded_where_nothing_else_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "-o", "acme usage.jsonl"]) == 0
    out, err = capsys.readouterr()
    assert out == (
        "acme usage.jsonl: 676 events, as of 2026-11-22T20:30:00Z. Open it: usage-tui 'acme usage.jsonl'\n"
    )
    assert err == ""
    assert main(["acme usage.jsonl", "--print"]) == 0
    assert "3,759.50" in capsys.readouterr().out


def test_a_recording_is_recorded_with_fewer_events_and_without_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record_acme(tmp_path)
    assert main(["record", "acme.jsonl", "--events", "5", "--redact", "-o", "less.jsonl"]) == 0
    assert capsys.readouterr().out.startswith("less.jsonl: 5 events")
    text = (tmp_path / "less.jsonl").read_text(encoding="utf-8")
    assert '"events":{"complete":false}' in text
    assert "Acme" not in text
    assert main(["record", "acme.jsonl", "--events", "all", "-o", "all.jsonl"]) == 0
    assert (tmp_path / "all.jsonl").read_bytes() == (tmp_path / "acme.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["-o", "x.jsonl", "--events", "few"], "'few' is not a number of events, or all"),
        (["-o", "x.jsonl", "--events", "-1"], "--events"),
        ([], "-o/--output"),
        (["--demo", "nowhere", "-o", "x.jsonl"], "unknown demo scenario 'nowhere'"),
        (["missing.jsonl", "-o", "x.jsonl"], "missing.jsonl does not exist."),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", *words]) == MISUSED
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert why in err


@pytest.mark.parametrize("name", ["it.jsonl", "it.jsonl.gz"])
def test_a_recording_takes_the_place_of_an_earlier_one(tmp_path: Path, name: str) -> None:
    output = tmp_path / name
    for events in ("3", "5"):
        assert main(["record", "--demo", "acme", "--events", events, "-o", str(output)]) == 0
        read = gzip.decompress(output.read_bytes()) if name.endswith("gz") else output.read_bytes()
        assert read.count(b"\n") == 1 + int(events)


@pytest.mark.parametrize("words", [["record", "--demo"], ["import", "events.csv"]])
def test_no_other_file_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("events.csv", "notes.txt"):
        Path(name).write_text("time,name,credits\n2026-11-02T10:00:00Z,a,1\n")
    before = Path("notes.txt").read_bytes()
    assert main([*words, "-o", "notes.txt"]) == MISUSED
    said = "usage-tui: notes.txt exists and is not a recording; choose another file with -o\n"
    assert capsys.readouterr().err == said
    assert Path("notes.txt").read_bytes() == before
    Path("notes.txt").write_bytes(b"")  # as mktemp makes it
    assert main([*words, "-o", "notes.txt"]) == 0


@pytest.mark.parametrize("output", ["acme.jsonl", "./acme.jsonl", "link.jsonl"])
def test_what_is_read_is_not_written_over(
    tmp_path: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = record_acme(tmp_path).read_bytes()
    (tmp_path / "link.jsonl").symlink_to("acme.jsonl")
    assert main(["record", "acme.jsonl", "--redact", "-o", output]) == MISUSED
    assert "would be overwritten" in capsys.readouterr().err
    assert (tmp_path / "acme.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--demo", "failed", "-o", "x.jsonl"], "The server answered 503, database busy."),
        (["-o", "nowhere/x.jsonl"], "nowhere/x.jsonl: cannot be written: No such file or directory"),
        (["-o", "."], "cannot be written"),
    ],
)
def test_what_fails_writes_nothing_and_says_why_in_one_line(
    tmp_path: Path, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", *words]) == FAILED
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert why in err
    assert list(tmp_path.glob("*.jsonl")) == []
