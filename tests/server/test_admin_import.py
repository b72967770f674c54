"""`usage-tui admin import`: a table of events booked as it happened, as often as it is run."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clients.recordings import record_acme
from tests.server.telling import owner_token, told
from tests.server.world import Browser, Clock, World, at, event
from usage_tui.cli import main
from usage_tui.cli.admin import imports
from usage_tui.cli.ending import MISUSED
from usage_tui.server.api.app import create_app
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer import import_events as replaying
from usage_tui.server.service import UsageService

LACKS = "acme has no auto-recharge, no links: see usage-tui admin --help\n"
NOBODY = "Nobody can see acme yet: usage-tui admin member add acme PERSON --role owner\n"
AFTER = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORG = """
[organization]
id = "acme"
name = "Acme"
time_zone = "America/New_York"
[period]
starts_at = 2026-11-01
ends_at = 2026-12-01
[[grants]]
description = "Team plan"
bucket = "included"
credits = 10
[[grants]]
description = "Top-up"
bucket = "purchased"
credits = 5
granted_at = 2026-10-14
expires_at = 2026-11-10
[subscription]
plan = "Team"
[[allowances]]
id = "hours"
unit = "hour"
included = 50
used = 15.5
lines = [{ label = "Nightly", used = 3 }]
"""
EVENTS = """\
id,time,kind,source,credits,actor,reverses
e1,2026-11-02T12:00:00Z,ai_tool,Review,4,maria,
e2,2026-11-03T12:00:00Z,workflow,Digest,3.5,,
r2,2026-11-04T12:00:00Z,,,-3.5,sam,e2
e3,2026-11-05 09:30,agent_chat,,8,maria,
e4,2026-11-12T12:00:00Z,ai_tool,Review,2.000001,,
"""
READ_AS = (
    "Read as a table (time=time, amount=credits, source=source, person=actor): 5 rows, "
    "America/New_York times, 14.000001 credits.\n"
)
MORE = "e5,2026-11-19T12:00:00Z,workflow,Digest,1,,\n"


class Import:
    """Runs the command in a folder, and reads what came of it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.database = folder / "usage.db"
        (folder / "org.toml").write_text(ORG)
        self.write(EVENTS)

    def write(self, events: str) -> None:
        (self.folder / "events.csv").write_text(events)

    def run(self, *arguments: str, file: str = "events.csv", org: str = "") -> tuple[int, str, str]:
        command = ["admin", "import", str(self.folder / file), "--org", org or str(self.folder / "org.toml")]
        return self.admin(*command[1:], *arguments)

    def admin(self, *arguments: str) -> tuple[int, str, str]:
        status = main(["admin", *arguments, "--database", str(self.database)])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def content(self) -> list[str]:
        with closing(sqlite3.connect(self.database)) as connection:
            return list(connection.iterdump())

    def replies(self, now: datetime = AFTER) -> dict[str, Any]:
        """What an owner is told, but for the revision and the cursors that are made of it."""
        database = Database.open(str(self.database))
        replies = told(database, owner_token(database, now), now)
        database.close()
        return {path: json.loads(text) | {"revision": None, "page": None} for path, text in replies.items()}


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setattr(imports, "trusted_now", lambda _database: AFTER)
    return Import(tmp_path, capsys)


def other(run: Import, name: str) -> Import:
    """The same files beside a database of its own."""
    run.folder.joinpath(name).mkdir()
    return Import(run.folder / name, run._capsys)


def test_a_table_gives_what_a_recording_of_it_gives(run: Import) -> None:
    assert run.run() == (
        0,
        f"Created the organization acme with 2 grants.\n{LACKS}{NOBODY}"
        "acme: 5 events booked, 0 already known.\n",
        READ_AS,
    )
    assert run.admin("verify")[1] == "Organizations verified: 1; differences: 0.\n"
    recorded = other(run, "recorded")
    recording = str(recorded.folder / "acme.jsonl")
    events, org = (str(recorded.folder / name) for name in ("events.csv", "org.toml"))
    assert main(["import", events, "--org", org, "-o", recording]) == 0
    recorded.admin("import", recording)
    assert run.replies() == recorded.replies()


def test_each_event_is_paid_by_what_was_live_at_its_time(run: Import) -> None:
    run.run()
    events = {event["id"]: event for event in run.replies()["usage/events?limit=200"]["items"]}
    # Included first, then the top-up, which has expired long before the import.
    assert [(part["grant_id"], part["credits"]) for part in events["e3"]["allocations"]] == [
        ("grant-1", "6"),
        ("grant-2", "2"),
    ]
    assert (events["e4"]["allocations"], events["e4"]["uncovered"]) == ([], "2.000001")


def test_a_second_run_changes_nothing_and_says_so(run: Import) -> None:
    run.run()
    before = run.content()
    assert _imports(run) == [{"files": "events.csv", "rows": "5"}]
    assert run.run() == (0, "acme: 0 events booked, 5 already known; nothing was changed.\n", READ_AS)
    assert run.content() == before


@pytest.mark.parametrize("seed", range(6))
def test_files_and_options_come_in_any_order(run: Import, seed: int) -> None:
    run.run()
    split = other(run, "split")
    head, *rows = EVENTS.splitlines(keepends=True)
    parts = {"older.csv": rows[:2], "middle.csv": rows[2:4], "newest.csv": rows[4:]}
    for name, part in parts.items():
        (split.folder / name).write_text("".join([head, *part]))
    words = [[str(split.folder / name)] for name in parts]
    words += [["--org", str(split.folder / "org.toml")], ["--skip-bad-lines"]]
    words = random.Random(seed).sample(words, len(words))
    assert split.admin("import", *(word for group in words for word in group))[0] == 0
    assert split.replies() == run.replies()


def _imports(run: Import) -> list[dict[str, str]]:
    """What the audit log says of imported tables, newest first."""
    entries = json.loads(run.admin("audit", "acme", "--json")[1])
    found = [entry for entry in entries if entry["action"] == "events.import"]
    assert all(entry["target"] == "acme" and entry["actor"].startswith("operator:") for entry in found)
    return [{one["name"]: one["new"] for one in entry["changes"]} for entry in found]


def test_what_was_added_to_the_table_is_booked_and_nothing_else(run: Import) -> None:
    run.run()
    run.write(EVENTS + MORE)
    assert run.run(org="acme")[1] == "acme: 1 event booked, 5 already known.\n"
    fresh = other(run, "fresh")
    fresh.write(EVENTS + MORE)
    fresh.run()
    assert run.replies() == fresh.replies()


def test_an_import_that_was_cut_short_goes_on_where_it_was(
    run: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "_BATCH", 2)
    book = replaying._Replay.book
    batches = []

    def cut_short(self: Any, opened: Any, batch: Any) -> replaying.Replayed:
        batches.append(batch)
        if len(batches) == 3:
            raise KeyboardInterrupt
        return book(self, opened, batch)

    with monkeypatch.context() as cut:
        cut.setattr(replaying._Replay, "book", cut_short)
        assert run.run()[0] == 130
    assert run.run()[1] == "acme: 1 event booked, 4 already known.\n"
    assert len(_imports(run)) == 2  # once for each run that booked something, however many batches it had
    whole = other(run, "whole")
    whole.run()
    assert run.replies() == whole.replies()
    assert run.admin("verify")[0] == 0


def test_json_lines_are_taken_too_and_their_columns_named(run: Import) -> None:
    rows = [{"id": "e1", "at": "2026-11-02T12:00:00Z", "cost": 4.25}]
    (run.folder / "events.ndjson").write_text("\n".join(map(json.dumps, rows)))
    status, out, _ = run.run("--map", "occurred_at=at", file="events.ndjson")
    assert (status, out.splitlines()[-1]) == (0, "acme: 1 event booked, 0 already known.")


def test_periods_that_end_on_the_way_grant_what_the_plan_includes(
    run: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "trusted_now", lambda _database: AFTER.replace(month=12))
    run.write(EVENTS + "d1,2026-12-02T12:00:00Z,workflow,Digest,9,,\n")
    run.run()
    assert run.admin("verify")[0] == 0
    event = run.replies(AFTER.replace(month=12))["usage/events?limit=200"]["items"][0]
    assert [part["grant_id"] for part in event["allocations"]] == ["period-2"]


def test_bad_lines_are_named_and_nothing_is_written(run: Import) -> None:
    run.write(EVENTS + "e6,yesterday,,,1,,\ne1,2026-11-02,,,1,,\n")
    status, out, err = run.run()
    assert (status, out) == (1, "")
    assert "events.csv, line 7: occurred_at: invalid time" in err
    assert "events.csv, line 8: id: already used in line 2" in err
    assert err.endswith(
        "2 bad lines, so nothing was imported; correct them, or leave them out with --skip-bad-lines.\n"
    )
    assert run.admin("org", "list")[1] == ""
    assert run.run("--skip-bad-lines")[1].endswith("acme: 5 events booked, 0 already known.\n")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("e1,2026-11-02T12:00:00Z,ai_tool,Review,5,maria,", "id: a different event has the id 'e1'"),
        ("e9,2026-11-21T12:00:00Z,,,1,,", "occurred_at: is in the future"),
        ("r9,2026-11-06T12:00:00Z,,,-1,,none", "reverses: no earlier event has the id 'none'"),
        ("r9,2026-11-06T12:00:00Z,,,-1,,e1", "credits: must give back all of 4, not 1"),
        ("r9,2026-11-06T12:00:00Z,,,-3.5,,e2", "event e2 has already been reversed"),
        (f"e9,2026-11-06T12:00:00Z,,{'x' * 201},1,,", "source_id: longer than 200 characters"),
    ],
)
def test_what_cannot_be_booked_is_named_and_the_rest_is_booked(run: Import, line: str, reason: str) -> None:
    run.run()
    run.write(f"{EVENTS.splitlines()[0]}\n{line}\n{MORE}")
    status, out, err = run.run()
    assert (status, out) == (1, "acme: 1 event booked, 0 already known.\n")
    assert f"events.csv, line 2: {reason}\n" in err
    assert err.endswith("1 bad line not booked; correct the table and import it again\n")
    assert run.admin("verify")[0] == 0


@pytest.mark.parametrize(
    ("now", "plan"),
    [("06:00", 'plan = "Team"\nends_at = 2026-12-01'), ("04:59", 'plan = "Team"')],
    ids=["after the paid term", "before the period ends"],
)
def test_an_event_ahead_waits_for_the_period_that_may_begin_before_it(
    run: Import, monkeypatch: pytest.MonkeyPatch, now: str, plan: str
) -> None:
    present = datetime.fromisoformat(f"2026-12-01T{now}+00:00")
    ahead = present + timedelta(minutes=3)
    run.folder.joinpath("org.toml").write_text(ORG.replace('plan = "Team"', plan))
    run.write(f"{EVENTS}a1,{ahead.isoformat()},workflow,Digest,1,,\n")
    monkeypatch.setattr(imports, "trusted_now", lambda _database: present)
    status, _, err = run.run()
    assert (status, "line 7: occurred_at: is in the future" in err) == (1, True)
    monkeypatch.setattr(imports, "trusted_now", lambda _database: ahead)
    assert run.run()[0] == 0
    assert run.admin("verify")[0] == 0


def test_an_organization_that_does_not_exist_is_not_made_without_a_description(run: Import) -> None:
    assert "there is no database" in run.run(org="acme")[2]
    assert not run.database.exists()
    run.admin("org", "create", "other")
    assert "there is no organization 'acme'" in run.run(org="acme")[2]


def test_a_table_without_an_organization_is_told_what_it_needs(run: Import) -> None:
    status, _, err = run.admin("import", str(run.folder / "events.csv"))
    assert (status, err.count("\n")) == (1, 1)
    assert err.endswith("A table of events needs --org.\n")


def test_a_recording_without_billing_access_is_told_what_it_lacks(run: Import) -> None:
    recording = str(run.folder / "member.jsonl")
    assert main(["record", "--demo", "member", "-o", recording]) == 0
    status, _, err = run.admin("import", recording)
    assert status == 1
    assert "member.jsonl was recorded without billing access" in err
    assert err.endswith("record it as an owner or a billing admin\n")


def test_options_go_behind_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "--database", "usage.db", "org", "list"]) == MISUSED
    assert capsys.readouterr().err.startswith("usage-tui: write the command first")


def test_a_recording_is_taken_over_once(run: Import) -> None:
    recording = str(record_acme(run.folder))
    assert run.admin("import", recording)[1] == (
        "Imported acme with 471 events and 2 grants.\n"
        f"acme has no auto-recharge, no links, no allowances: see usage-tui admin --help\n{NOBODY}"
    )
    before = run.content()
    status, out, _ = run.admin("import", recording)
    assert (status, out) == (0, "acme already has all 471 events and 2 grants; nothing was changed.\n")
    assert run.content() == before


def test_a_recording_of_another_history_is_refused(run: Import) -> None:
    run.run()
    status, _, err = run.admin("import", str(record_acme(run.folder)))
    assert (status, err) == (1, "usage-tui: the organization 'acme' already exists\n")


def test_what_was_exported_and_taken_over_is_not_booked_again_when_its_sender_retries(
    run: Import, world: World
) -> None:
    sent = [event("e1", "1.5", at("11-19T12:00")), event("e2", "2", at("11-19T13:00"), kind="workflow")]
    world.post(*sent)
    run.write(world.get("usage/events", Accept="text/csv").text)
    run.run()
    there = Database.open(str(run.database))
    with there.writing() as connection:
        token = create_token(connection, name="", now=AFTER, org_id="acme", scopes=("ingest",))
    world.service.database = there
    receipt = world.send(*sent, token=token).json()
    assert (receipt["duplicates"], receipt["accepted"]) == (2, 0)
    assert run.admin("verify")[0] == 0
    there.close()


def test_an_export_taken_into_the_same_organization_changes_nothing(run: Import) -> None:
    run.run()
    database = Database.open(str(run.database))
    world = World(database, Clock(AFTER), service := UsageService(database), Browser(create_app(service)))
    service.clock = world.clock
    world.owner = owner_token(database, AFTER)
    run.write(world.get("usage/events", Accept="text/csv").text)
    world.close()
    before = run.content()
    assert run.run()[1] == "acme: 0 events booked, 5 already known; nothing was changed.\n"
    assert run.content() == before


REFUNDS = """\
f1,2026-11-06T12:00:00Z,ai_tool,Review,-1.5,,
f2,2026-11-13T12:00:00Z,ai_tool,Review,-9,,
f3,2026-11-13T12:00:00Z,,,-0.25,,
e6,2026-11-13T12:00:00Z,ai_tool,Review,1,,
"""


def test_refunds_in_a_table_are_given_back_in_any_order_of_its_lines(run: Import) -> None:
    lines = (EVENTS + REFUNDS).splitlines(keepends=True)
    outcomes = []
    for number in range(3):
        one = other(run, f"shuffled-{number}")
        random.Random(number).shuffle(rest := lines[1:])
        one.write("".join([lines[0], *rest]))
        assert "9 events booked" in one.run()[1]
        assert one.admin("verify")[0] == 0
        assert "0 events booked, 9 already known" in one.run()[1]
        recording = str(one.folder / "acme.jsonl")
        events, org = (str(one.folder / name) for name in ("events.csv", "org.toml"))
        assert main(["import", events, "--org", org, "-o", recording]) == 0
        recorded = other(one, "recorded")
        assert recorded.admin("import", recording)[0] == 0
        outcomes += [one.replies(), recorded.replies()]
    totals = [(reply["usage/summary"]["balance"], reply["usage/sources"]["items"]) for reply in outcomes]
    assert all(total == totals[0] for total in totals)
    by_id = {event["id"]: event for event in outcomes[0]["usage/events?limit=200"]["items"]}
    # The last payer comes first: 1.500001 that no grant paid, then 4 of the plan; the rest is nobody's.
    assert by_id["f1"]["allocations"] == [{"grant_id": "grant-1", "bucket": "included", "credits": "-1.5"}]
    assert (by_id["f2"]["allocations"][0]["credits"], by_id["f2"]["uncovered"]) == ("-4", "-5")
    assert (by_id["f3"]["kind"], by_id["f3"]["activity"], by_id["f3"]["quantity"]) == (
        "other",
        "adjustment",
        0,
    )


def in_unit(run: Import, code: str) -> None:
    (run.folder / "org.toml").write_text(ORG.replace("[period]", f'unit = "{code}"\n[period]', 1))


def test_a_table_and_a_recording_bring_their_unit_with_them(run: Import) -> None:
    in_unit(run, "USD")
    assert run.run()[0] == 0
    recorded = other(run, "recorded")
    in_unit(recorded, "USD")
    recording = str(recorded.folder / "acme.jsonl")
    events, org = (str(recorded.folder / name) for name in ("events.csv", "org.toml"))
    assert main(["import", events, "--org", org, "-o", recording]) == 0
    assert recorded.admin("import", recording)[0] == 0
    for one in (run, recorded):
        assert one.replies()["usage/summary"]["unit"]["code"] == "USD"
        assert one.admin("verify")[0] == 0
    assert "acme already has all 5 events and 2 grants" in recorded.admin("import", recording)[1]


def test_a_table_in_another_unit_than_the_organization_is_refused(run: Import) -> None:
    run.run()
    before = run.content()
    in_unit(run, "USD")
    status, _, said = run.run()
    assert (status, said.count("\n")) == (1, 1)
    assert "org.toml says USD, but acme counts in credit; amounts are never converted" in said
    assert run.content() == before


HEAD = "time,model,user,credits\n"


def row(day: int, amount: str) -> str:
    return f"2026-11-{day:02}T03:00:00Z,auto,ana,{amount}\n"


def test_overlapping_exports_book_each_row_once_and_every_row_once(run: Import) -> None:
    shared = row(4, "4") + row(3, "1") + row(3, "1")
    run.write(HEAD + shared + row(2, "0.5"))
    assert run.run()[1].endswith("acme: 4 events booked, 0 already known.\n")
    # Vendors list the newest first, so that every row has moved.
    (run.folder / "later.csv").write_text(HEAD + row(6, "2") + row(5, "0.25") + shared)
    assert run.run(file="later.csv")[1] == "acme: 2 events booked, 3 already known.\n"
    assert run.run(file="later.csv")[1].endswith("nothing was changed.\n")
    whole = other(run, "whole")
    files = [str(run.folder / name) for name in ("later.csv", "events.csv")]
    out = whole.admin("import", *files, "--org", str(whole.folder / "org.toml"))[1]
    assert out.endswith("acme: 6 events booked, 0 already known.\n")
    assert run.replies() == whole.replies()
    assert run.admin("verify")[1] == "Organizations verified: 1; differences: 0.\n"


def test_a_later_export_changes_nothing_that_was_rounded_before(run: Import) -> None:
    run.write(HEAD + row(3, "0.0000005") + row(2, "0.0000006"))
    run.run()
    before = run.replies()["usage/events?limit=200"]["items"]
    assert sorted(event["credits"] for event in before) == ["0", "0.000001"]
    run.write(HEAD + row(5, "0.0000007") + row(3, "0.0000005") + row(2, "0.0000006"))
    status, out, err = run.run()
    assert (status, out) == (0, "acme: 1 event booked, 2 already known.\n")
    assert "the total may differ by less than a millionth" in err
    after = run.replies()["usage/events?limit=200"]["items"]
    assert [event for event in after if event["id"] in {one["id"] for one in before}] == before


GITHUB = "date,username,product,sku,model,quantity,unit_type\n"


def test_a_day_that_was_not_over_is_never_booked_twice(run: Import) -> None:
    run.write(GITHUB + "2026-11-01,mona,copilot,s,Opus,0.5,ai-credits\n")
    run.run()
    run.write(
        GITHUB
        + "2026-11-02,mona,copilot,s,Opus,1,ai-credits\n2026-11-01,mona,copilot,s,Opus,0.75,ai-credits\n"
    )
    status, out, err = run.run()
    assert (status, out) == (1, "acme: 1 event booked, 0 already known.\n")
    assert "line 3: credits: 0.75 differs from 0.5, which was booked when the day was perhaps not over" in err


def test_another_unit_is_refused(run: Import) -> None:
    run.write("date,model,cost_usd\n2026-11-03,gpt,1\n")
    status, _, err = run.run()
    assert status == 1
    assert "events.csv is in USD, but acme counts credit; amounts are never converted" in err


def test_grants_of_a_file_come_with_a_new_organization(run: Import) -> None:
    grants = run.folder / "grants.csv"
    grants.write_text("id,description,credits,granted_at\ng1,Bonus,7,2026-11-01\n")
    files = [str(run.folder / "events.csv"), str(grants)]
    words = ["import", *files, "--org", str(run.folder / "org.toml")]
    assert run.admin(*words)[1].startswith("Created the organization acme with 3 grants.\n")
    assert "Bonus" in {grant["description"] for grant in run.replies()["grants"]["items"]}
    status, _, err = run.admin(*words)
    assert status == 1
    assert "grants from a file go with a new organization" in err
