"""What every answering command promises, whatever the data: formats, streams, exit codes."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.hostile import record_hostile
from tests.cli.program import refused
from tests.clients.recordings import record_acme
from tests.schema import faults
from usage_tui.cli import main
from usage_tui.cli.ending import DONE, FAILED, UNANSWERED, UNREAD, WITHHELD
from usage_tui.cli.schema import ANSWERS, answer_schema
from usage_tui.clients.demo.client import DemoClient

ONE, TABLE = ("text", "json"), ("text", "json", "csv", "markdown", "ndjson")
COMMANDS = {
    "status": ONE,
    "check": ONE,
    "forecast": ONE,
    "plan --credits 100": ONE,
    "why": TABLE,
    "sources": TABLE,
    "sources --by kind": TABLE,
    "daily": TABLE,
    "history": TABLE,
    "grants": TABLE,
    "allowances": TABLE,
    "periods": TABLE,
}
EVERY = [(command, form) for command, forms in COMMANDS.items() for form in forms]
FORMULA = re.compile(r"[=+@\t\r]|-(?!\d)")


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, no cache, nothing told."""
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """A recording whose names are written to do harm."""
    return record_hostile(tmp_path)


def printed(capsys: pytest.CaptureFixture[str], command: str, form: str, *source: str) -> str:
    """What a command prints when it works."""
    option = [] if form == "text" else [f"--{form}"]
    code = main([*command.split(), *source, *option])
    out, _ = capsys.readouterr()
    assert code in ((0, 1, 2) if command == "check" else (DONE,))
    return out


def assert_well_formed(out: str, command: str, form: str) -> None:
    """The output is of its format, and holds nothing that steers a terminal."""
    assert out.endswith("\n") or (out, form) == ("", "ndjson")
    assert all(character.isprintable() or character == "\n" for character in out)
    match form:
        case "json":
            schema = answer_schema(command.split()[0])
            data = json.loads(out)
            assert faults(data, schema, schema["$defs"]) == []
            assert "\n" not in out.rstrip("\n")
        case "ndjson":
            assert all(isinstance(json.loads(line), dict) for line in out.splitlines())
        case "csv":
            head, *rows = list(csv.reader(io.StringIO(out, newline="")))
            assert all(len(row) == len(head) for row in rows)
            assert not [cell for row in rows for cell in row if FORMULA.match(cell)]
        case "markdown":
            bars = {len(re.findall(r"(?<!\\)\|", line)) for line in out.splitlines()}
            assert len(bars) == 1
        case "text":
            assert max(map(len, out.splitlines())) <= 400


@pytest.mark.parametrize(("command", "form"), EVERY)
def test_every_format_is_well_formed_whatever_the_names(
    command: str, form: str, hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for source in (["--demo"], ["--demo", "labels"], ["--demo", "dollars"], [hostile]):
        assert_well_formed(printed(capsys, command, form, *source), command, form)


@pytest.mark.parametrize("command", COMMANDS)
def test_names_are_replaced_where_asked(
    command: str, hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(capsys, command, "json", hostile, "--redact")
    assert "cmd()" not in out
    assert "Maria" not in out


@pytest.mark.parametrize("command", ["status", "check", "plan --credits 1", "why", "sources", "history"])
def test_nobody_reads_to_the_end_or_the_disk_is_full(command: str) -> None:
    words = [sys.executable, "-m", "usage_tui", *command.split(), "--demo", "low"]
    if command == "check":
        words.append("--quiet")
    program = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    told = program.stderr.read()
    program.stderr.close()
    assert (program.wait(), told) == (UNREAD, b"")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == FAILED
    assert done.stderr == "usage-tui: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_no_home_and_no_place_to_write_change_no_answer(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = printed(capsys, command, "text", "--demo")
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.delenv(f"XDG_{kind}_HOME")
    monkeypatch.setenv("HOME", "/dev/null/nowhere")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    assert printed(capsys, command, "text", "--demo") == before


@pytest.mark.parametrize("command", ["history", "grants"])
def test_what_is_withheld_ends_with_its_code_and_prints_nothing(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in TABLE:
        option = [] if form == "text" else [f"--{form}"]
        assert main([command, "--demo", "member", *option]) == WITHHELD
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1


def test_for_a_member_nothing_is_asked_that_they_may_not_see(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def never(*_: object, **__: object) -> Any:
        raise AssertionError("asked for")

    monkeypatch.setattr(DemoClient, "grants", never)
    monkeypatch.setattr(DemoClient, "events", never)
    out = printed(capsys, "forecast", "json", "--demo", "member")
    assert json.loads(out)["expiries_known"] is False
    assert main(["plan", "--runs", "5", "--of", "contract", "--demo", "member"]) == WITHHELD
    assert capsys.readouterr().err.startswith("usage-tui: usage events: An owner or a billing admin")


@pytest.mark.parametrize("command", COMMANDS)
def test_without_an_answer_nothing_is_printed_but_why(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("USAGE_TUI_TOKEN", "uat_1_secret")
    words = [*command.split(), "--url", "http://127.0.0.1:1", "--timeout", "1s"]
    assert main(words) == (3 if command == "check" else UNANSWERED)
    out, err = capsys.readouterr()
    assert out == ("\n" if command == "status" else "")  # a status bar keeps its place
    assert err.startswith("usage-tui: ")
    assert "secret" not in err
    monkeypatch.setenv("USAGE_TUI_TOKEN", "uat_1_secret")
    assert main([*words, "--offline"]) == (3 if command == "check" else UNANSWERED)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "check"])
def test_a_source_must_be_named(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no data source is named" in refused(capsys, *command.split())


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_every_surface_shows_the_same_total(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    rows = list(csv.DictReader(io.StringIO(printed(capsys, "sources", "csv", "--demo"))))
    assert str(sum(float(row["credits"]) for row in rows)) == "6240.5"
    assert json.loads(printed(capsys, "sources", "json", "--demo"))["total"] == "6240.5"
    assert json.loads(printed(capsys, "daily", "json", "--demo"))["total"] == "6240.5"
    for command in ("sources", "daily"):
        assert "6,240.50" in printed(capsys, command, "text", "--demo")
    assert main(["--demo", "--print"]) == 0
    assert "6,240.50" in capsys.readouterr().out


def test_every_schema_is_of_a_command_that_prints_it() -> None:
    assert set(ANSWERS) == {command.split()[0] for command in COMMANDS}


@pytest.mark.parametrize(("limit", "rows"), [("1", 1), ("50", 50), ("201", 201), ("all", 471)])
def test_the_history_has_as_many_events_as_asked_for(
    limit: str, rows: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = str(record_acme(tmp_path))
    for form in ("ndjson", "json"):
        assert main(["history", recording, "--limit", limit, f"--{form}"]) == 0
        out = capsys.readouterr().out
        items = [json.loads(line) for line in out.splitlines()]
        items = items[0]["items"] if form == "json" else items
        assert len({item["id"] for item in items}) == rows
        times = [item["occurred_at"] for item in items]
        assert times == sorted(times, reverse=True)
