"""Tables as files: the same figures as the commands, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.program import refused
from tests.clients.recordings import record_acme
from usage_tui.cli import main
from usage_tui.cli.ending import DONE, FAILED, WITHHELD
from usage_tui.clients.base import Withheld
from usage_tui.clients.demo.client import DemoClient
from usage_tui.models import EventPage, EventQuery

TABLES = ("sources", "daily", "history", "grants", "allowances", "periods")
FORMATS = {"csv": "csv", "json": "json", "ndjson": "ndjson", "md": "markdown"}


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, no cache, and no other computer."""
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    for name in ("SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file, so that every look at it is of the same moment."""
    return str(record_acme(tmp_path_factory.mktemp("recording")))


def exported(capsys: pytest.CaptureFixture[str], output: Path, *words: str) -> str:
    """What the file holds that an export writes."""
    code = main(["export", *words, "-o", str(output)])
    told = capsys.readouterr()
    assert (code, told.err) == (DONE, "")
    return output.read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("what", TABLES)
def test_a_file_holds_what_the_command_prints(
    what: str, suffix: str, recording: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limit = ["--limit", "all"] if what == "history" else []
    assert main([what, recording, f"--{FORMATS[suffix]}", *limit]) == DONE
    printed = capsys.readouterr().out
    assert exported(capsys, tmp_path / f"x.{suffix}", what, recording) == printed
    assert exported(capsys, tmp_path / "x", what, recording, "--format", suffix) == printed


@pytest.mark.parametrize("what", ["sources", "daily"])
def test_an_earlier_period_is_that_of_the_command(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([what, "--demo", "--period", "last", "--csv"]) == DONE
    printed = capsys.readouterr().out
    assert exported(capsys, tmp_path / "x.csv", what, "--demo", "--period", "last") == printed


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("sources", ["--by", "kind"]),
        ("daily", ["--from", "2026-10-30", "--to", "2026-11-02"]),
        ("history", ["--limit", "7"]),
        ("history", ["--limit", "70"]),
    ],
)
def test_a_part_of_a_table_is_that_of_the_command(
    what: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([what, "--demo", *words, "--csv"]) == DONE
    printed = capsys.readouterr().out
    assert exported(capsys, tmp_path / "x.csv", what, "--demo", *words) == printed


def test_the_history_of_a_period_adds_up_to_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = json.loads(exported(capsys, tmp_path / "periods.json", "periods", "--demo"))["items"]
    assert len(known) > 1
    for period in known:
        words = ("history", "--demo", "--period", period["id"])
        events = json.loads(exported(capsys, tmp_path / f"{period['id']}.json", *words))["items"]
        assert len(events) == period["event_count"]
        assert sum(Decimal(event["credits"]) for event in events) == Decimal(period["credits"])


def test_the_file_is_its_owners_and_nothing_is_overwritten_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "x.csv"
    exported(capsys, output, "sources", "--demo")
    assert output.stat().st_mode & 0o777 == 0o600
    output.write_text("kept", encoding="utf-8")
    said = refused(capsys, "export", "sources", "--demo", "-o", str(output))
    assert said == f"{output} exists; choose another file with -o, or add --force to replace it"
    assert output.read_text(encoding="utf-8") == "kept"
    assert "Agent chat" in exported(capsys, output, "sources", "--demo", "--force")


def test_the_source_itself_is_never_overwritten(recording: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "export", "history", recording, "-o", recording, "--force", "--format", "csv")
    assert said.endswith("would be overwritten; choose another file with -o")


def test_people_are_left_out_or_have_pseudonyms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def actors(*words: str) -> set[str]:
        text = exported(capsys, tmp_path / "x.csv", "history", "--demo", "--force", *words)
        return {row["actor"] for row in csv.DictReader(io.StringIO(text, newline=""))}

    assert len(actors()) > 1
    assert actors("--no-people") == {""}
    assert {re.sub(r"\d+", "N", actor) for actor in actors("--redact")} <= {"Person N", ""}


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_an_export_whose_access_ends_leaves_no_file(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = DemoClient.events

    async def events(
        self: DemoClient, query: EventQuery, *, cursor: str | None = None, limit: int
    ) -> EventPage:
        if cursor is not None:
            raise Withheld("An owner or a billing admin can see this.")
        return await whole(self, query, cursor=cursor, limit=limit)

    monkeypatch.setattr(DemoClient, "events", events)
    assert main(["export", "history", "--demo", "-o", str(tmp_path / f"x.{suffix}")]) == FAILED
    reason = "the export ended after 50 events: An owner or a billing admin can see this."
    assert capsys.readouterr() == ("", f"usage-tui: {reason}\n")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.parametrize("words", [["history"], ["history", "--period", "last"], ["grants"]])
def test_what_is_withheld_is_not_asked_for(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def asked(*_: object, **__: object) -> None:
        raise AssertionError("it was asked for")

    monkeypatch.setattr(DemoClient, "events", asked)
    monkeypatch.setattr(DemoClient, "grants", asked)
    assert main(["export", *words, "--demo", "member", "-o", str(tmp_path / "x.csv")]) == WITHHELD
    assert capsys.readouterr().out == ""
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["grants", "--period", "last", "-o", "x.csv"], "--period goes with sources, daily, history, report"),
        (
            ["daily", "-o", "x.xlsx"],
            "x.xlsx: the name does not tell the format; add --format csv|json|ndjson|md",
        ),
        (["report", "-o", "x.pdf"], "x.pdf: report is always HTML; name the file x.html"),
        (["focus", "-o", "x.json"], "x.json: focus is always CSV; name the file x.csv"),
        (["sources", "--period", "never", "-o", "x.csv"], "--period: there is no period 'never'"),
        (["sources", "--limit", "5", "-o", "x.csv"], "--limit goes with history"),
        (
            ["history", "--limit", "few", "-o", "x.csv"],
            "argument --limit: 'few' is not a number of events, or all",
        ),
        (
            ["history", "--limit", "5", "--period", "last", "-o", "x.csv"],
            "--limit and --period cannot be combined",
        ),
        (["grants", "--by", "kind", "-o", "x.csv"], "--by goes with sources"),
        (["sources", "--by", "day", "-o", "x.csv"], "argument --by: invalid choice: 'day'"),
        (["sources"], "the following arguments are required: -o/--output"),
    ],
)
def test_what_does_not_go_together_is_refused_in_a_line(
    words: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(capsys, "export", *words, "--demo").startswith(reason)


def test_where_the_file_is_over_ssh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.setattr("socket.gethostname", lambda: "bastion")
    assert main(["export", "grants", "--demo", "-o", str(tmp_path / "x.csv")]) == DONE
    assert capsys.readouterr().out == f"bastion:{tmp_path / 'x.csv'}: 8 rows\n"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "missing" / "x.csv"
    assert main(["export", "grants", "--demo", "-o", str(output)]) == FAILED
    assert capsys.readouterr().err == f"usage-tui: {output}: cannot be written: No such file or directory\n"
