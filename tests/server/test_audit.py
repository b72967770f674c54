"""The audit log: every change is in it, in the transaction of the change, and nothing changes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.server.world import MARIA, NOVEMBER, NOW, SAM, World, event
from usage_tui.cli import main
from usage_tui.models import Organization
from usage_tui.server.auth import create_token
from usage_tui.server.db.schema import audit_log
from usage_tui.server.ledger_writer.audit import record
from usage_tui.server.ledger_writer.organizations import add_member, create_organization

Run = Callable[..., str]


@pytest.fixture
def run(either_world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the database of the world, at its time, as anna."""
    url = either_world.database._engine.url.render_as_string(hide_password=False)
    name = str(either_world.database.path or url)
    monkeypatch.setenv("SUDO_USER", "anna")
    for module in ("options", "organizations", "people", "tokens", "audit"):
        monkeypatch.setattr(f"usage_tui.cli.admin.{module}.utc_now", lambda: NOW)

    def run(command: str, *arguments: str, status: int = 0) -> str:
        ended = main(["admin", *command.split(), *arguments, "--database", name])
        said = capsys.readouterr()
        assert ended == status, said.err
        return said.err if status else said.out

    return run


def logged(run: Run, org: str = "acme") -> list[tuple[str, str, str]]:
    """Who did what to what, oldest first."""
    entries = json.loads(run(f"audit {org} --json"))
    return [(one["actor"], one["action"], one["target"]) for one in reversed(entries)]


def test_every_change_by_a_command_is_recorded_with_who_and_what(either_world: World, run: Run) -> None:
    run("member add acme usr_03 --role viewer")
    run("grant add acme g 10 --description Top-up")
    run("grant void acme g")
    run("grant void acme g")  # changes nothing
    run("subscription set acme --plan Team --included 100")
    run("allowance set acme hours --label Runtime --unit hour")
    run("allowance use acme hours u1 2")
    event_id = either_world.post(event("e", "5", NOW))["results"][0]["event_id"]
    run("event adjust acme a1 -1 --kind ai_tool --source tool_contract")
    run(f"event reverse acme {event_id}")
    run("org set acme --name", "Acme Inc.")
    run("org set acme --name", "Acme Inc.")  # changes nothing
    token = run("token create --user usr_03 --name laptop").split("_")[1]
    run("member remove acme usr_03")
    assert logged(run) == [
        ("operator:anna", action, target)
        for action, target in (
            ("member.set", "usr_03"),
            ("grant.add", "g"),
            ("grant.void", "g"),
            ("subscription.set", "acme"),
            ("allowance.set", "hours"),
            ("allowance.use", "u1"),
            ("event.adjust", "a1"),
            ("event.reverse", event_id),
            ("org.set", "acme"),
            ("token.create", token),
            ("member.remove", "usr_03"),
            ("token.revoke", token),
        )
    ]
    lines = run("audit acme").splitlines()
    assert lines[3] == ("2026-11-22T20:30:00Z\toperator:anna\torg.set\tacme\tname: Acme -> Acme Inc.")


def test_only_what_changed_is_listed(either_world: World, run: Run) -> None:
    run("token create --machine acme --scope ingest")
    entry = run("audit acme").splitlines()[0]
    assert entry.endswith("\tscopes: none -> ingest")


def test_a_change_over_the_api_names_the_token(either_world: World, run: Run) -> None:
    token_id = either_world.billing.split("_")[1]
    either_world.grant("g", "purchased", "10")
    either_world.change("grants", {"id": "g", "description": "g", "bucket": "purchased", "credits": "10"})
    either_world.post(event("e", "5", NOW))
    assert logged(run) == [(f"token:{token_id}", "grant.add", "g")]
    (entry,) = either_world.read("audit-log")["items"]
    assert {"name": "credits", "old": None, "new": "10"} in entry["changes"]


def test_what_fails_is_not_recorded(either_world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("the disk is full")

    run("grant add acme g 10 --description Top-up")
    monkeypatch.setattr("usage_tui.server.ledger_writer.time_effects.OpenLedger.save", fail)
    run("grant void acme g", status=1)
    monkeypatch.undo()
    monkeypatch.setattr("usage_tui.cli.admin.people.record_by_operator", fail)
    assert "the disk is full" in run("member remove acme usr_02", status=1)
    assert either_world.get("usage/summary", either_world.member).status_code == 200
    assert [action for _, action, _ in logged(run)] == ["grant.add"]


def test_only_owners_read_it_over_the_api(either_world: World) -> None:
    for role in ("admin", "member", "viewer"):
        with either_world.database.writing() as connection:
            add_member(connection, "acme", SAM, role, billing_access=True)
        refused = either_world.get("audit-log", either_world.member)
        assert (refused.status_code, refused.json()["code"]) == (403, "owner_required")
        assert refused.json()["your_role"] == role
    for token in (either_world.ingest, either_world.billing):
        assert either_world.get("audit-log", token).json()["code"] == "scope_missing"
    assert either_world.get("audit-log").status_code == 200
    assert either_world.get("audit-log", org="other").status_code == 404


def test_it_is_read_page_by_page_and_tells_by_its_tag_what_is_new(either_world: World, run: Run) -> None:
    for number in range(5):
        either_world.grant(f"g{number}", "purchased", "10")
    targets, before = [], ""
    while True:
        page = either_world.read(f"audit-log?limit=2{before}")
        targets += [one["target"] for one in page["items"]]
        if page["next_before"] is None:
            break
        before = f"&before={page['next_before']}"
    assert targets == ["g4", "g3", "g2", "g1", "g0"]
    tag = either_world.get("audit-log").headers["ETag"]
    assert either_world.get("audit-log", **{"If-None-Match": tag}).status_code == 304
    run("member add acme usr_03")  # no new revision
    assert either_world.get("audit-log", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("change", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log"])
def test_nothing_changes_it(either_world: World, run: Run, change: str) -> None:
    run("member add acme usr_03")
    with pytest.raises(Exception, match="is append-only"), either_world.database.writing() as connection:
        connection.execute(text(change))
    assert len(logged(run)) == 1


def test_it_outlives_the_organization_but_a_new_one_does_not_show_it(either_world: World, run: Run) -> None:
    run("member add acme usr_03")
    run("org delete acme --yes acme")
    with either_world.database.writing() as connection:
        create_organization(connection, Organization(id="acme", name="New", time_zone="UTC"), NOVEMBER)
        add_member(connection, "acme", MARIA, "owner", billing_access=True)
    run("member add acme usr_04")
    assert [action for _, action, _ in logged(run)] == ["member.set", "org.delete", "member.set"]
    assert [one["target"] for one in either_world.read("audit-log")["items"]] == ["usr_04"]
    assert "there is no organization 'none'" in run("audit none", status=1)


def test_the_token_of_a_person_is_in_each_of_their_organizations(either_world: World, run: Run) -> None:
    with either_world.database.writing() as connection:
        create_organization(connection, Organization(id="other", name="Other", time_zone="UTC"), NOVEMBER)
        add_member(connection, "other", MARIA, "owner", billing_access=True)
    run("token create --user usr_01")
    assert logged(run)[-1][1] == logged(run, "other")[-1][1] == "token.create"


def test_no_secret_is_in_it(either_world: World, run: Run) -> None:
    secret = run("token create --machine acme --scope ingest").strip().split("_", 2)[2]
    with either_world.database.reading() as connection:
        rows: list[Any] = [*connection.execute(select(audit_log))]
    assert rows
    assert secret not in repr(rows)


def test_entries_of_transactions_at_the_same_time_have_numbers_of_their_own(either_world: World) -> None:
    def change(number: int) -> None:
        with either_world.database.writing() as connection:
            create_token(connection, name="", now=NOW, user_id=MARIA.id)
            record(connection, "acme", "token.create", str(number), at=NOW, actor="operator:anna")

    threads = [Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with either_world.database.reading() as connection:
        assert [*connection.scalars(select(audit_log.c.number).order_by(audit_log.c.number))] == [1, 2, 3, 4]
