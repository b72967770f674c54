"""The commands of `usage-tui admin`, as they are typed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.recordings import record_acme, with_header
from tests.server.world import new_sqlite
from usage_tui.cli import main
from usage_tui.cli.recorded_organization import read_recorded
from usage_tui.clients.demo.client import open_demo
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.import_recording import CannotImport, import_recording
from usage_tui.server.replies import slices
from usage_tui.server.service import Ask, UsageService


class Admin:
    """Types commands at one database."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = folder / "usage.db"
        self._capsys = capsys

    def __call__(self, command: str, *arguments: str) -> str:
        status, out, err = self.run(command, *arguments)
        assert status == 0, err
        return out

    def content(self) -> list[str]:
        with closing(sqlite3.connect(self.path)) as connection:
            return list(connection.iterdump())

    def run(self, command: str, *arguments: str) -> tuple[int, str, str]:
        status = main(["admin", *command.split(), *arguments, "--database", str(self.path)])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err


@pytest.fixture
def from_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Admin:
    """Without a database."""
    return Admin(tmp_path, capsys)


@pytest.fixture
def admin(from_nothing: Admin) -> Admin:
    """With the tables, and nothing in them."""
    new_sqlite(from_nothing.path).close()
    return from_nothing


def test_from_nothing_to_an_organization_that_is_served(from_nothing: Admin) -> None:
    from_nothing("org create acme --name Acme --time-zone America/New_York")
    from_nothing("member add acme maria --name Maria --role owner")
    from_nothing("subscription set acme --plan Team --included 10000 --auto-recharge on")
    from_nothing("grant add acme gr_1 500 --description Top-up --expires-at 2099-01-01T00:00:00Z")
    from_nothing("allowance set acme hours --label Runtime --unit hour --included 50")
    machine = from_nothing("token create --machine acme --scope ingest --scope billing")
    token = from_nothing("token create --user maria --name laptop").strip()
    assert machine.startswith("uat_")
    database = Database.open(str(from_nothing.path))
    body = UsageService(database).me(Ask(f"Bearer {token}", "GET /v1/me")).body
    database.close()
    assert body is not None
    assert b'"role":"owner","billing_access":true' in body
    assert from_nothing("verify") == "Organizations verified: 1; differences: 0.\n"
    assert "acme\tAcme\tAmerica/New_York\tcredit\t0 events" in from_nothing("org list")


def test_a_token_is_shown_once_listed_without_its_secret_and_revoked(admin: Admin) -> None:
    admin("org create acme")
    admin("member add acme maria")
    token = admin("token create --user maria --days 30").strip()
    _, token_id, secret = token.split("_", 2)
    listed = admin("token list")
    assert token_id in listed
    assert secret not in listed
    assert "is revoked" in admin(f"token revoke {token_id}")
    assert "revoked" in admin("token list")
    admin(f"token revoke {token_id}")


@pytest.mark.parametrize(
    "command",
    [
        "org create acme --name Acme --time-zone Europe/Vienna --low-threshold 5",
        "grant add acme g 500 --description Top-up --expires-at 2099-01-01T00:00:00Z",
    ],
)
def test_what_is_there_already_is_said_and_left(admin: Admin, command: str) -> None:
    admin("org create acme --name Acme --time-zone Europe/Vienna --low-threshold 5")
    admin("grant add acme g 500 --description Top-up --expires-at 2099-01-01T00:00:00Z")
    before = admin.content()
    assert admin(command).endswith("; nothing was changed.\n")
    assert admin.content() == before


def test_what_is_not_said_of_a_member_stays(admin: Admin) -> None:
    admin("org create acme")
    assert admin("member add acme maria") == (
        "acme, member maria:\n"
        "  name: none -> maria, from now on\n"
        "  role: none -> member, from now on\n"
        "  billing access: none -> no, from now on\n"
    )
    admin("member set acme maria --role admin --billing-access --name Maria")
    assert admin("member set acme maria") == "acme, member maria: nothing was changed.\n"
    assert admin("member set acme maria --role viewer") == (
        "acme, member maria:\n  role: admin -> viewer, from now on\n"
    )
    assert admin("member set acme maria --no-billing-access") == (
        "acme, member maria:\n  billing access: yes -> no, from now on\n"
    )
    assert "VALUES('maria','Maria')" in "".join(admin.content())


def test_an_owner_who_is_none_any_more_loses_what_came_with_it(admin: Admin) -> None:
    admin("org create acme")
    assert "billing access: none -> yes" in admin("member add acme maria --role owner")
    assert "billing access: yes -> no" in admin("member set acme maria --role member")


def test_members_are_changed_and_removed_as_often_as_asked(admin: Admin) -> None:
    admin("org create acme")
    for _ in range(2):
        admin("member set acme maria --role viewer --billing-access")
    assert "is no longer a member" in admin("member remove acme maria")
    assert "was not a member" in admin("member remove acme maria")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("org create acme --name Other", "the organization 'acme' already exists"),
        ("grant add acme g 6 --description x", "Another grant"),
        ("org create other --time-zone Mars/Base", "not an IANA time zone"),
        ("member add none maria", "no organization 'none'"),
        ("grant add none g 5 --description x", "no organization 'none'"),
        ("grant void acme none", "There is no grant with this ID."),
        ("subscription set acme --plan x --ends-at 2001-01-01T00:00:00Z", "ends_at"),
        ("token create --user nobody", "there is no user 'nobody'"),
        ("token create --machine acme", "--scope goes with --machine"),
        ("token create --machine none --scope ingest", "no organization"),
        ("token revoke 00", "no token"),
        ("org create a/b", "'a/b' is not a valid ID"),
        ("org create \x1b[31m", "is not a valid ID"),
        ("allowance set acme h --label x --unit hour --included 1e400", "included must be from 0 to"),
        ("backup missing/copy.db", "missing/copy.db: No such file"),
        ("verify none", "no organization"),
        ("import missing.jsonl", "missing.jsonl"),
    ],
)
def test_what_cannot_be_done_is_one_line(admin: Admin, command: str, words: str) -> None:
    admin("org create acme")
    admin("grant add acme g 5 --description x")
    status, out, err = admin.run(command)
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert words in err


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        (["--user", ""], "there is no user ''"),
        (["--machine", "", "--scope", "ingest"], "there is no organization ''"),
    ],
)
def test_an_empty_name_owns_no_token(admin: Admin, owner: list[str], words: str) -> None:
    admin("org create acme")
    status, out, err = admin.run("token create", *owner)
    assert (status, out) == (1, "")
    assert words in err


@pytest.mark.parametrize("days", ["0", "-1", "99999999999", "many"])
def test_a_token_is_valid_for_some_days(admin: Admin, days: str) -> None:
    admin("org create acme")
    admin("member add acme maria")
    status, out, err = admin.run(f"token create --user maria --days={days}")
    assert (status, out) == (2, "")
    assert "must be a whole number of days" in err


def test_a_recording_that_does_not_add_up_is_not_taken_over(admin: Admin, tmp_path: Path) -> None:
    recording = record_acme(tmp_path)
    with_header(recording, lambda header: header["grants"]["items"][0].update(used="1"))
    status, _, _ = admin.run("import", str(recording))
    assert status == 1
    assert admin("org list") == ""


def test_a_history_with_events_of_a_period_to_come_is_not_taken_over(admin: Admin, tmp_path: Path) -> None:
    admin("org create other")
    kept = asyncio.run(read_recorded(open_demo()))
    assert kept.summary.period
    early = replace(kept.summary.period, ends_at=kept.events[-1].occurred_at)
    database = Database.open(str(tmp_path / "usage.db"))
    with pytest.raises(CannotImport, match="is after the end"), database.writing() as connection:
        import_recording(connection, kept._replace(summary=replace(kept.summary, period=early)))
    database.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE grants SET used = used - 1, remaining = remaining + 1 WHERE used > 0", "used: stored"),
        ("UPDATE organizations SET overage = overage + 1", "overage: stored"),
        ("UPDATE rollups SET credits = credits + 1", " on 2026-"),
        ("UPDATE billing_periods SET total = total + 1 WHERE number = 1", "period 2026-11: stored"),
        (
            "DROP TRIGGER events_no_update; UPDATE events SET credits = credits + 1 WHERE seq = 1",
            "event evt_",
        ),
        (
            "DROP TRIGGER journal_no_delete; DELETE FROM journal WHERE number = 1",
            "original: stored 5,000 credits, but should be 0 credits",
        ),
        (
            "UPDATE grant_moves SET used = used + 1000000",
            "used in period number 1: stored",
        ),
        ("UPDATE organizations SET last_seq = last_seq + 1", "the sums of all events: stored"),
        ("UPDATE billing_periods SET ends_at = starts_at + 1 WHERE number = 1", "period 2026-11: stored"),
        (
            "DROP TRIGGER events_no_update; UPDATE events SET period_number = 0 WHERE credits > 0",
            "counted in the wrong period",
        ),
        (
            "DROP TRIGGER allocations_no_update; UPDATE allocations SET grant_id = 'gr_x' WHERE position = 0",
            "grant gr_x: paid for events, but not stored",
        ),
        (
            "DROP TRIGGER events_no_delete; DELETE FROM events WHERE uncovered = 0",
            "paid by grants, but not stored",
        ),
    ],
)
def test_verify_names_what_differs(admin: Admin, tmp_path: Path, change: str, words: str) -> None:
    admin("import", str(record_acme(tmp_path)))
    with closing(sqlite3.connect(admin.path)) as connection:
        connection.executescript(change)
    status, out, _ = admin.run("verify")
    assert status == 1
    assert words in out


def test_a_backup_is_a_whole_database_that_only_its_owner_reads(admin: Admin, tmp_path: Path) -> None:
    admin("import", str(record_acme(tmp_path)))
    copy = tmp_path / "copy.db"
    admin("backup", str(copy))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert main(["admin", "verify", "--database", str(copy)]) == 0
    status, _, err = admin.run("backup", str(copy))
    assert status == 1
    assert "exists already" in err


@pytest.mark.parametrize(
    "command",
    [
        "",
        "org create",
        "org set",
        "member add",
        "token create",
        "grant add",
        "grant void",
        "verify",
        "backup",
        "copy",
    ],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["admin", *command.split(), "--help"])
    assert left.value.code == 0
    assert "usage: usage-tui admin" in capsys.readouterr().out


def test_a_new_database_is_read_by_its_owner_alone(from_nothing: Admin) -> None:
    from_nothing("org create acme")
    assert stat.S_IMODE(from_nothing.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("command", ["org list", "member add acme maria", "verify", "token list", "backup x"])
def test_a_misspelled_database_is_said_in_one_line_and_not_made(from_nothing: Admin, command: str) -> None:
    status, _, err = from_nothing.run(command)
    assert (status, err.count("\n")) == (1, 1)
    assert f"there is no database {from_nothing.path}" in err
    assert not from_nothing.path.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "there is no database"), (b"a letter, no database" * 99, "is not a database")],
)
def test_a_file_that_is_no_database_of_usage_is_left_as_it_is(
    admin: Admin, content: bytes, words: str
) -> None:
    admin.path.write_bytes(content)
    status, _, err = admin.run("org list")
    assert (status, err.count("\n")) == (1, 1)
    assert words in err
    assert admin.path.read_bytes() == content


def test_a_database_in_no_folder_is_one_line(admin: Admin) -> None:
    admin.path = admin.path.parent / "none" / "usage.db"
    status, _, err = admin.run("org create acme")
    assert (status, err.count("\n")) == (1, 1)
    assert "cannot be opened" in err


def test_what_a_change_of_the_plan_does_not_name_stays(admin: Admin) -> None:
    admin("org create acme")
    first = admin(
        "subscription set acme --plan Team --included 10000 --auto-recharge on --auto-recharge-threshold 5000"
        " --buy-credits-link https://billing.example/buy"
    )
    assert "  plan: none -> Team, from now on\n" in first
    assert (
        "  included: 0 credits -> 10,000 credits, from now on\n" in first
    )  # nothing was granted for this period yet
    changed = admin("subscription set acme --included 30000")
    assert changed.startswith(
        "acme, subscription:\n  included: 10,000 credits -> 30,000 credits, from the period that begins at "
    )
    assert changed.count("\n") == 2
    assert admin("subscription set acme --included 30000") == "acme, subscription: nothing was changed.\n"
    assert admin("subscription set acme --auto-recharge none") == (
        "acme, subscription:\n  auto recharge: yes -> none, from now on\n"
    )
    assert admin("subscription set acme --no-entitled --ends-at 2001-01-01T00:00:00Z") == (
        "acme, subscription:\n"
        "  ends at: none -> 2001-01-01T00:00:00Z, from now on\n"
        "  entitlement active: yes -> no, from now on\n"
    )
    assert "ends at: 2001-01-01T00:00:00Z -> none" in admin(
        "subscription set acme --entitled --ends-at never"
    )


def test_a_plan_that_has_ended_is_active_once_it_is_paid_again(admin: Admin, tmp_path: Path) -> None:
    admin("org create acme")
    admin("subscription set acme --plan Team --included 10")
    with closing(sqlite3.connect(tmp_path / "usage.db")) as connection, connection:
        connection.execute("UPDATE subscriptions SET status = 'ended', entitlement_active = 0")
    assert admin("subscription set acme --entitled") == (
        "acme, subscription:\n"
        "  status: ended -> active, from now on\n"
        "  entitlement active: no -> yes, from now on\n"
    )


def test_what_a_change_of_an_allowance_does_not_name_stays(admin: Admin) -> None:
    admin("org create acme")
    status, _, err = admin.run("allowance set acme hours --included 50")
    assert (status, err) == (1, "usage-tui: a new allowance needs --label and --unit\n")
    admin("allowance set acme hours --label Hours --unit hour --included 50 --no-resets")
    assert admin("allowance set acme hours --included unlimited") == (
        "acme, allowance hours:\n  included: 50 -> none, from now on\n"
    )
    assert admin("allowance set acme hours --no-resets --label Hours") == (
        "acme, allowance hours: nothing was changed.\n"
    )


def test_an_organization_counts_in_its_unit(admin: Admin) -> None:
    admin("org create acme --unit USD --low-threshold 5")
    assert admin("org list") == "acme\tacme\tUTC\tUSD\t0 events\n"
    assert "included: $0.00 -> $80.00" in admin("subscription set acme --plan Team --included 80")
    assert admin("grant add acme g 2.5 --description x") == "Granted $2.50 to acme as g: active.\n"
    assert admin("grant void acme g") == "Voided $2.50 of g; $0.00 had been used.\n"


def test_the_unit_of_an_organization_can_change_until_its_first_event(admin: Admin, tmp_path: Path) -> None:
    admin("org create acme")
    admin("subscription set acme --plan Team --included 80")
    assert admin("org set acme --unit USD --name Acme --low-threshold 5") == (
        "acme:\n"
        "  name: acme -> Acme, from now on\n"
        "  unit: credit -> USD, from now on\n"
        "  low threshold: none -> $5.00, from now on\n"
    )
    assert admin("org set acme --unit USD") == "acme: nothing was changed.\n"
    assert "low threshold: $5.00 -> none" in admin("org set acme --low-threshold none")
    assert admin("verify") == "Organizations verified: 1; differences: 0.\n"
    other = Admin(tmp_path / "other", admin._capsys)
    other.path.parent.mkdir()
    other("import", str(record_acme(tmp_path)))
    before = other.content()
    status, out, err = other.run("org set acme --unit USD")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "acme has events in credit, so its unit cannot change" in err
    assert other.content() == before
    assert "name: Acme -> Acme Inc." in other("org set acme --name", "Acme Inc.")


def test_a_changed_organization_is_another_revision(admin: Admin) -> None:
    admin("org create acme")
    admin("member add acme maria --role owner")
    token = admin("token create --user maria").strip()
    database = Database.open(str(admin.path))
    service = UsageService(database)

    def summary() -> tuple[str, int, str | None]:
        answer = service.read(Ask(f"Bearer {token}", "GET /"), "acme", slices.summary)
        reply = json.loads(answer.body or b"")
        return reply["unit"]["code"], reply["revision"], answer.etag

    before = summary()
    admin("org set acme --unit EUR")
    after = summary()
    database.close()
    assert (before[0], after[0]) == ("credit", "EUR")
    assert after[1] == before[1] + 1
    assert after[2] != before[2]


@pytest.mark.parametrize(
    ("code", "words"),
    [("usd", "must be in capitals: USD"), ("Dollars", "a currency code such as USD"), ("", "must be credit")],
)
def test_a_unit_that_no_screen_knows_is_refused(from_nothing: Admin, code: str, words: str) -> None:
    status, _, err = from_nothing.run("org create acme --unit", code)
    assert status == 2
    assert words in err
    assert not from_nothing.path.exists()


def test_ids_that_differ_in_case_only_are_refused(admin: Admin, tmp_path: Path) -> None:
    admin("org create Acme")
    status, _, err = admin.run("org create acme")
    assert status == 1
    assert "the organization 'Acme' exists, and 'acme' differs" in err
    status, _, err = admin.run("import", str(record_acme(tmp_path)))
    assert status == 1
    assert "the organization 'Acme' exists, and 'acme' differs" in err


def test_an_import_says_what_the_organization_lacks(admin: Admin, tmp_path: Path) -> None:
    told = admin("import", str(record_acme(tmp_path)))
    assert "acme has no auto-recharge, no links, no allowances: see usage-tui admin --help\n" in told
    assert "Nobody can see acme yet: usage-tui admin member add acme PERSON --role owner\n" in told
