"""The import as it is run: files in, a recording out, every word it says."""

from __future__ import annotations

import asyncio
import gzip
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.program import refused
from tests.known import known
from usage_tui.cli import main
from usage_tui.clients.base import Withheld
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.models import Credits, Event, EventQuery, Grants, Ranking, Summary

ORG = """
[organization]
name = "Acme"
time_zone = "America/New_York"
[period]
starts_at = 2026-11-01
ends_at = 2026-12-01
[[grants]]
id = "plan"
description = "Team plan"
bucket = "included"
credits = 10
[[grants]]
id = "top-up"
description = "Top-up"
bucket = "purchased"
credits = 5
granted_at = 2026-11-15
"""
EVENTS = """\
id,time,kind,source_id,label,credits,reverses
e3,2026-11-20T12:00:00Z,ai_tool,tool_1,Contract review,4,
e1,2026-10-31T12:00:00Z,agent_chat,agent_chat,Agent chat,1,
e2,2026-11-02T12:00:00Z,agent_chat,agent_chat,Agent chat,8,
e4,2026-11-21T12:00:00Z,,,,-4,e3
e5,2026-11-21T12:00:00Z,workflow,wf_1,Digest,3,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "org.toml").write_text(ORG)
    (tmp_path / "events.csv").write_text(EVENTS)
    return tmp_path


def run(folder: Path, *options: str, events: str = "events.csv", output: str = "acme.jsonl") -> int:
    paths = [str(folder / events), "--org", str(folder / "org.toml"), "-o", str(folder / output)]
    return main(["import", *paths, *options])


class Opened:
    """What a recording holds, checked."""

    summary: Summary
    sources: Ranking
    grants: Grants
    events: Sequence[Event]

    @classmethod
    async def read(cls, path: Path) -> Opened:
        client = await RecordingClient.open(path)
        await client.check()
        opened = cls()
        opened.summary, opened.sources = await client.summary(), await client.sources()
        opened.grants = await client.grants()
        opened.events = (await client.events(EventQuery(), limit=1000)).items
        await client.aclose()
        return opened


def test_a_recording_is_made_and_the_last_line_says_of_what(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder) == 0
    output = folder / "acme.jsonl"
    said = capsys.readouterr()
    assert said.out == (
        f"{output}: 5 events, 11 credits used in the period 2026-11-01 to 2026-11-30. "
        f"1 event outside the period. Open it: usage-tui {output}\n"
    )
    assert said.err == (
        "Read as a table (time=time, amount=credits, source=label): 5 rows, times with their zone, "
        "12 credits.\n"
    )
    assert stat.S_IMODE(output.stat().st_mode) == 0o600


def test_events_are_booked_in_order_of_time_whatever_their_order_in_the_file(folder: Path) -> None:
    run(folder)
    opened = asyncio.run(Opened.read(folder / "acme.jsonl"))
    assert [event.id for event in opened.events] == ["e4", "e5", "e3", "e2", "e1"]
    assert opened.summary.as_of == datetime(2026, 11, 21, 12, tzinfo=UTC)
    before_any_grant = opened.events[-1]
    assert before_any_grant.uncovered == Credits.parse("1")
    split = opened.events[2]
    assert [(part.grant_id, str(part.credits)) for part in split.allocations] == [
        ("plan", "2"),
        ("top-up", "2"),
    ]


def test_a_reversal_gives_back_to_the_grants_that_paid(folder: Path) -> None:
    run(folder)
    opened = asyncio.run(Opened.read(folder / "acme.jsonl"))
    reversal = opened.events[0]
    assert (reversal.reverses, reversal.label, str(reversal.credits)) == ("e3", "Contract review", "-4")
    assert str(known(opened.summary.usage).total) == "11"
    assert [str(grant.remaining) for grant in opened.grants.items] == ["2", "2"]


def test_a_packed_table_becomes_a_packed_recording(folder: Path) -> None:
    (folder / "events.csv.gz").write_bytes(gzip.compress(EVENTS.encode()))
    assert run(folder, events="events.csv.gz", output="acme.jsonl.gz") == 0
    assert (folder / "acme.jsonl.gz").read_bytes().startswith(b"\x1f\x8b")
    assert len(asyncio.run(Opened.read(folder / "acme.jsonl.gz")).events) == 5


def test_columns_are_chosen_by_name(folder: Path) -> None:
    table = "when;price;cost\n2026-11-02;2;9\n"
    (folder / "events.csv").write_text(table)
    assert run(folder, "--map", "occurred_at=when", "--map", "credits=price") == 0
    (event,) = asyncio.run(Opened.read(folder / "acme.jsonl")).events
    assert (event.id[:4], str(event.credits)) == ("row_", "2")
    assert event.occurred_at == datetime(2026, 11, 2, 5, tzinfo=UTC)


def test_the_moment_of_the_recording_leaves_out_what_came_later(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--as-of", "2026-11-10") == 0
    opened = asyncio.run(Opened.read(folder / "acme.jsonl"))
    assert [event.id for event in opened.events] == ["e2", "e1"]
    assert opened.summary.as_of == datetime(2026, 11, 10, 5, tzinfo=UTC)
    assert [grant.id for grant in opened.grants.items] == ["plan"]
    assert "3 later than --as-of left out." in capsys.readouterr().out


def test_a_table_without_events_needs_a_moment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "events.csv").write_text("time,credits\n")
    assert run(folder) == 1
    assert "--as-of" in capsys.readouterr().err
    assert run(folder, "--as-of", "2026-11-20T00:00:00Z") == 0
    assert known(asyncio.run(Opened.read(folder / "acme.jsonl")).summary.usage).event_count == 0


@pytest.mark.parametrize(
    ("options", "events", "message"),
    [
        (
            ["--as-of", "2026-10-31T23:59:59"],
            EVENTS,
            "--as-of: must not be before the period, which starts at 2026-11-01T04:00:00+00:00.",
        ),
        (["--as-of", "0001-01-01"], EVENTS, "--as-of: the year is out of range."),
        (
            [],
            "time,credits\n2026-10-31T12:00:00Z,1\n",
            "the last event, of 2026-10-31T12:00:00+00:00, is before the period, which starts at "
            "2026-11-01T04:00:00+00:00; correct [period], or set the time of the recording with --as-of.",
        ),
    ],
)
def test_no_recording_is_from_before_its_period(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], events: str, message: str
) -> None:
    (folder / "events.csv").write_text(events)
    assert run(folder, *options) == 1
    assert capsys.readouterr().err == f"usage-tui: {message}\n"
    assert not (folder / "acme.jsonl").exists()


@pytest.mark.parametrize("as_of", ["2026-11-01", "2026-12-01", "2027-01-01"])
def test_a_recording_of_any_later_moment_agrees_with_itself(folder: Path, as_of: str) -> None:
    assert run(folder, "--as-of", as_of) == 0
    asyncio.run(Opened.read(folder / "acme.jsonl"))


def test_a_viewer_without_billing_access_gets_neither_events_nor_grants(folder: Path) -> None:
    (folder / "org.toml").write_text(ORG + '[viewer]\nrole = "admin"\n')
    assert run(folder) == 0
    assert (folder / "acme.jsonl").read_bytes().count(b"\n") == 1
    assert b"top-up" not in (folder / "acme.jsonl").read_bytes()

    async def look() -> None:
        client = await RecordingClient.open(folder / "acme.jsonl")
        await client.check()
        assert str(known((await client.summary()).usage).total) == "11"
        with pytest.raises(Withheld):
            await client.events(EventQuery(), limit=10)
        await client.aclose()

    asyncio.run(look())


BAD = (
    EVENTS
    + "e6,yesterday,ai_tool,tool_1,x,1,\n"
    + "e7,2026-11-21T13:00:00Z,ai_tool,tool_1,x,-1,e99\n"
    + "e8,2026-11-21T13:00:00Z,ai_tool,tool_1,x,-4,e3\n"
    + "e9,2026-11-21T13:00:00Z,ai_tool,tool_1,x,-2,e5\n"
    + "e1,2026-11-21T13:00:00Z,ai_tool,tool_1,x,1,\n"
)
COMPLAINTS = [
    "usage-tui: events.csv, line 7: occurred_at: invalid time 'yesterday': use one like 2026-11-22T20:30:00Z",
    "usage-tui: events.csv, line 8: reverses: no earlier event has the id 'e99'",
    "usage-tui: events.csv, line 9: event e3 has already been reversed",
    "usage-tui: events.csv, line 10: credits: must give back all of 3, not 2",
    "usage-tui: events.csv, line 11: id: already used in line 3",
]


def test_bad_lines_stop_the_import_with_nothing_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder) == 0
    before = (folder / "acme.jsonl").read_bytes()
    capsys.readouterr()
    (folder / "events.csv").write_text(BAD)
    assert run(folder) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        *COMPLAINTS,
        "usage-tui: 5 bad lines, so nothing was imported; "
        "correct them, or leave them out with --skip-bad-lines.",
    ]
    assert (folder / "acme.jsonl").read_bytes() == before
    assert {file.name for file in folder.iterdir()} == {"acme.jsonl", "events.csv", "org.toml"}


def test_bad_lines_are_left_out_where_that_is_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "events.csv").write_text(BAD)
    assert run(folder, "--skip-bad-lines") == 0
    told = capsys.readouterr().err.splitlines()
    assert told[:-1] == [*COMPLAINTS, "usage-tui: 5 bad lines left out."]
    summary = asyncio.run(Opened.read(folder / "acme.jsonl")).summary
    assert summary.notices[0].text == "5 bad lines of events.csv were left out; the numbers lack them."
    assert len(asyncio.run(Opened.read(folder / "acme.jsonl")).events) == 5


def test_many_bad_lines_are_counted_rather_than_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "events.csv").write_text("time,credits\n" + "2026-11-02,x\n" * 1200)
    assert run(folder, "--as-of", "2026-11-20") == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 22
    assert lines[20] == "usage-tui: events.csv: and 1,180 more."
    assert "1,200 bad lines" in lines[21]


def test_a_table_without_one_good_line_shows_its_bad_lines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "events.csv").write_text("time,credits\n2026-11-02,x\n")
    assert run(folder) == 1
    assert capsys.readouterr().err.splitlines() == [
        "usage-tui: events.csv, line 2: credits: invalid amount 'x': use a number such as 1234.5",
        "usage-tui: 1 bad line, so nothing was imported; correct it, or leave it out with --skip-bad-lines.",
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"events.csv": "a,b\n"}, "events.csv: no column for the time and no column for the amount; "),
        (
            {"org.toml": ORG + '[viewer]\nrole = "amdin"\n'},
            "org.toml: viewer.role: must be owner, admin, member or viewer",
        ),
        ({"org.toml": "[organization]"}, "org.toml: organization.name: is missing"),
        (
            {"org.toml": ORG.replace('"top-up"', '"plan"')},
            "org.toml: grants: grant plan: the id is taken",
        ),
        (
            {"events.csv": "time,credits\n" + "2026-11-02,9000000000000\n" * 2},
            "the amounts cannot be added up: the amount is too large: the limit is 9,223,372,036,854.775807",
        ),
    ],
)
def test_a_fault_of_a_file_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], message: str
) -> None:
    for name, content in files.items():
        (folder / name).write_text(content)
    assert run(folder) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"usage-tui: {message}")
    assert said.err.count("\n") == 1
    assert not (folder / "acme.jsonl").exists()


def test_months_that_cannot_be_added_up_together_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "events.csv").write_text("time,credits\n2026-11-02,9000000000000\n2026-10-02,9000000000000\n")
    assert main(["import", str(folder / "events.csv"), "-o", str(folder / "acme.jsonl")]) == 1
    assert capsys.readouterr().err.startswith("usage-tui: the amounts cannot be added up: ")
    assert not (folder / "acme.jsonl").exists()


def test_a_folder_that_is_not_there_cannot_be_written_to(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, output="gone/acme.jsonl") == 1
    assert "gone/acme.jsonl: cannot be written: No such file or directory.\n" in capsys.readouterr().err


def test_standard_input_is_named_once_and_standard_output_never(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert main(["import", "-", "-", "-o", "acme.jsonl"]) == 2
    assert capsys.readouterr().err == "usage-tui: standard input can be read only once; name - once\n"
    for words in (["import", "events.csv"], ["record", "--demo"], ["export", "sources", "--demo"]):
        assert main([*words, "-o", "-"]) == 2
        said = "usage-tui: argument -o/--output: standard output is not supported; name a file (see "
        assert capsys.readouterr().err.startswith(said)
    assert {file.name for file in folder.iterdir()} == {"events.csv", "org.toml"}


def test_a_recording_needs_no_import(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    for scenario in ("acme", "member"):
        assert main(["record", "--demo", scenario, "-o", "known.jsonl.gz"]) == 0
        capsys.readouterr()
        said = refused(capsys, "import", "known.jsonl.gz", "-o", "new.jsonl")
        assert said == "known.jsonl.gz is a recording already; open it: usage-tui known.jsonl.gz"
    assert not (folder / "new.jsonl").exists()


@pytest.mark.parametrize("name", ["events.csv", "org.toml"])
def test_what_is_read_is_never_written_over(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    before = (folder / name).read_text()
    assert run(folder, output=name) == 2
    assert "would be overwritten; choose another file with -o" in capsys.readouterr().err
    assert (folder / name).read_text() == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--map", "price=cost"], "invalid FIELD=COLUMN 'price=cost'; fields are id, occurred_at, "),
        (["--map", "credits"], "invalid FIELD=COLUMN 'credits'; "),
        (["--as-of", "monday"], "invalid time 'monday': use one such as 2026-11-22T20:30:00Z"),
    ],
)
def test_a_command_that_is_not_understood_ends_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert run(folder, *options) == 2
    assert message in capsys.readouterr().err


def test_hostile_text_never_reaches_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "e\x1b]52;c;x\x07.csv"
    (folder / name).write_text("time,credits,name\n\x1b[2J,1,\x1b[2J\n")
    assert run(folder, events=name) == 1
    said = capsys.readouterr()
    assert "\x1b" not in said.err + said.out
    assert "\x07" not in said.err + said.out


def test_the_help_names_every_field_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["import", "--help"])
    text = capsys.readouterr().out
    for word in ("occurred_at", "reverses", "timestamp", "--only", "Exit codes", "--skip-bad-lines"):
        assert word in text


def test_an_organization_in_dollars_is_recorded_and_printed_in_dollars(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    described = (folder / "org.toml").read_text().replace("[period]", 'unit = "USD"\n[period]', 1)
    (folder / "org.toml").write_text(described)
    costs = EVENTS.replace("credits", "cost").replace(",4,", ",4.005,").replace(",-4,", ",-4.005,")
    (folder / "events.csv").write_text(costs)
    assert run(folder) == 0
    assert "5 events, $11.00 used in the period" in capsys.readouterr().out
    assert main([str(folder / "acme.jsonl"), "--print"]) == 0
    printed = capsys.readouterr().out
    assert "Current-period usage" in printed
    assert "$11.00\n" in printed
    assert "-$4.005" in printed
    assert "redits" not in printed
    assert asyncio.run(Opened.read(folder / "acme.jsonl")).summary.unit.code == "USD"


@pytest.mark.parametrize("columns", [70, 100])
def test_what_no_grant_paid_in_a_period_stands_beside_what_others_paid(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    (folder / "events.csv").write_text("time,credits\n2026-11-02T12:00:00Z,127\n2026-11-20T12:00:00Z,0\n")
    assert run(folder) == 0
    assert main(["periods", str(folder / "acme.jsonl")]) == 0
    *_, heads, row = capsys.readouterr().out.splitlines()
    places = [heads.index(name) + len(name) for name in ("Included", "Overage", "Credits")]
    assert [row[:place].rpartition(" ")[2] for place in places] == ["10", "117", "127"]
