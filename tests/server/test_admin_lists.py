"""What `usage-tui admin` lists, deletes and corrects by hand."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.server.world import ACME, MARIA, NOVEMBER, NOW, World, event
from usage_tui.cli import main
from usage_tui.models import Organization
from usage_tui.server.db.schema import events, metadata, tokens
from usage_tui.server.db.token_use import TokenUse
from usage_tui.server.ledger_writer.organizations import add_member, create_organization
from usage_tui.server.ledger_writer.verify import differences

Run = Callable[..., str]


@pytest.fixture
def run(either_world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the database of the world, at its time."""
    url = either_world.database._engine.url.render_as_string(hide_password=False)
    name = str(either_world.database.path or url)
    for module in ("options", "organizations", "people", "tokens"):
        monkeypatch.setattr(f"usage_tui.cli.admin.{module}.utc_now", lambda: NOW)

    def run(command: str, *arguments: str, status: int = 0) -> str:
        ended = main(["admin", *command.split(), *arguments, "--database", name])
        said = capsys.readouterr()
        assert ended == status, said.err
        return said.err if status else said.out

    return run


def as_json(run: Run, command: str) -> Any:
    return json.loads(run(f"{command} --json"))


def test_every_list_is_text_for_people_and_json_for_programs(either_world: World, run: Run) -> None:
    either_world.grant("g", "purchased", "10")
    either_world.post(event("e", "2.5", NOW))
    assert run("member list acme").splitlines() == [
        "usr_01\tMaria\towner\tbilling access",
        "usr_02\tSam\tmember\tno billing access",
    ]
    assert as_json(run, "member list acme")[1] == {
        "id": "usr_02",
        "name": "Sam",
        "role": "member",
        "billing_access": False,
    }
    assert run("grant list acme") == (
        "g\tpurchased\tactive\t7.50 credits of 10 credits left\tdoes not expire\tg\n"
    )
    told = either_world.read("grants")["items"]
    assert as_json(run, "grant list acme") == told
    assert as_json(run, "org list") == [
        {"id": "acme", "name": "Acme", "time_zone": "America/New_York", "unit": "credit", "events": 1}
    ]
    listed = as_json(run, "token list")
    assert {one["name"]: (one["user"], one["org"], one["scopes"], one["state"]) for one in listed} == {
        "maria": ("usr_01", None, [], "valid"),
        "sam": ("usr_02", None, [], "valid"),
        "tools": (None, "acme", ["ingest"], "valid"),
        "shop": (None, "acme", ["billing"], "valid"),
    }


def test_an_organization_is_shown_as_its_owner_sees_it(either_world: World, run: Run) -> None:
    either_world.grant("g", "purchased", "10")
    either_world.post(event("e", "2.5", NOW))
    shown, told = as_json(run, "org show acme"), either_world.read("usage/summary")
    assert shown == told
    lines = run("org show acme").splitlines()
    assert "balance:        7.50 credits" in lines
    assert "used:           2.50 credits in this period" in lines
    assert "there is no organization 'acm'" in run("org show acm", status=1)


def test_the_last_use_of_a_token_is_a_day_written_without_a_request_waiting(
    either_world: World, run: Run
) -> None:
    either_world.read("usage/summary")
    assert "never used" in run("token list")
    either_world.service.keep_token_use()
    owner = next(one for one in as_json(run, "token list") if one["name"] == "maria")
    assert (owner["last_used_date"], owner["created_at"]) == ("2026-11-22", "2026-11-22T20:30:00Z")
    either_world.clock.forward(days=1)
    either_world.read("usage/summary")
    either_world.service.keep_token_use()
    assert "created 2026-11-22\tlast used 2026-11-23\tdoes not expire" in run("token list")


def test_a_day_of_use_never_moves_back(either_world: World) -> None:
    token_id = either_world.owner.split("_")[1]
    for days in (1, 0):
        use = TokenUse()
        use.note(token_id, NOW.date().replace(day=20 + days))
        use.write(either_world.database)
    with either_world.database.reading() as connection:
        kept = connection.scalar(select(tokens.c.last_used_date).where(tokens.c.id == token_id))
    assert kept == "2026-11-21"


def test_the_tokens_of_a_removed_member_are_dead_for_good(either_world: World, run: Run) -> None:
    token_id = either_world.member.split("_")[1]
    assert run("member remove acme usr_02") == (
        f"usr_02 is no longer a member of acme.\nRevoked 1 token of usr_02: {token_id}.\n"
    )
    refused = either_world.get("usage/summary", either_world.member)
    assert refused.status_code == 401
    assert "no longer a member of any organization" in refused.json()["detail"]
    assert "Sam" not in run("member list acme")
    assert f"{token_id}\tusr_02\tsam\tno longer a member\t" in run("token list")
    run("member add acme usr_02")
    assert either_world.get("usage/summary", either_world.member).status_code == 401
    assert "\trevoked\t" in run("token list")


def test_a_member_of_two_organizations_keeps_the_token_for_the_other(either_world: World, run: Run) -> None:
    with either_world.database.writing() as connection:
        create_organization(connection, Organization(id="other", name="Other", time_zone="UTC"), NOVEMBER)
        add_member(connection, "other", MARIA, "owner", billing_access=True)
    assert "valid there only" in run("member remove acme usr_01")
    assert either_world.get("usage/summary").status_code == 404
    assert either_world.get("usage/summary", org="other").status_code == 200


def test_an_organization_is_deleted_only_when_its_id_is_typed(
    either_world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = either_world
    world.grant("g", "purchased", "10")
    world.post(event("e", "2.5", NOW))
    with world.database.writing() as connection:
        create_organization(connection, Organization(id="other", name="Other", time_zone="UTC"), NOVEMBER)
        add_member(connection, "other", MARIA, "owner", billing_access=True)
    for typed in ("", "Acme\n", "yes\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert "acme was not deleted" in run("org delete acme", status=1)
    assert "acme was not deleted" in run("org delete acme --yes other", status=1)
    assert world.get("usage/summary").status_code == 200
    monkeypatch.setattr("sys.stdin", io.StringIO("acme\n"))
    assert run("org delete acme") == "Deleted acme with 1 event.\n"
    assert world.get("usage/summary").status_code == 404
    assert world.get("usage/summary", org="other").status_code == 200
    assert world.send(event("f", "1", NOW)).status_code == 401
    with world.database.reading() as connection:
        for table in metadata.sorted_tables:
            if "org_id" in table.columns and table.name != "audit_log":
                rows = connection.execute(select(table).where(table.c.org_id == ACME.id)).all()
                assert rows == [], table.name


def test_what_is_booked_stays_protected_after_an_organization_was_deleted(
    either_world: World, run: Run
) -> None:
    with either_world.database.writing() as connection:
        create_organization(connection, Organization(id="other", name="Other", time_zone="UTC"), NOVEMBER)
    run("org delete other --yes other")
    either_world.post(event("e", "2.5", NOW))
    with pytest.raises(Exception, match="is append-only"), either_world.database.writing() as connection:
        connection.execute(text("DELETE FROM events"))
    with either_world.database.reading() as connection:
        assert len(connection.execute(select(events)).all()) == 1


def test_an_event_is_reversed_once(either_world: World, run: Run) -> None:
    either_world.grant("g", "purchased", "10")
    event_id = either_world.post(event("e", "2.5", NOW))["results"][0]["event_id"]
    assert run(f"event reverse acme {event_id} --actor anna").startswith(
        f"Reversed {event_id}: 2.50 credits given back, as evt_"
    )
    assert either_world.read("usage/summary")["balance"]["total"] == "10"
    assert "already been reversed" in run(f"event reverse acme {event_id}", status=1)
    assert "no event with this ID" in run("event reverse acme evt_none", status=1)
    newest = either_world.read("usage/events")["items"][0]
    assert (newest["reverses"], newest["actor"]) == (event_id, "anna")


def test_an_adjustment_is_booked_once(either_world: World, run: Run) -> None:
    either_world.grant("g", "purchased", "10")
    either_world.post(event("e", "5", NOW))
    command = "event adjust acme refund-7 -2 --kind ai_tool --source tool_contract --activity refund"
    assert run(command).startswith("Adjusted acme by -2 credits, as evt_")
    assert run(command) == "refund-7 was already booked; nothing was changed.\n"
    other = command.replace("-2", "-3")
    assert "a different event with this source and id" in run(other, status=1)
    assert either_world.read("usage/summary")["balance"]["total"] == "7"
    (source,) = either_world.read("usage/sources")["items"]
    assert (source["source_id"], source["credits"]) == ("tool_contract", "3")
    with either_world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []


def test_the_use_of_an_allowance_is_counted_once(either_world: World, run: Run) -> None:
    run("allowance set acme hours --label Runtime --unit hour --included 50")
    assert run("allowance use acme hours shift-1 1.5 --line Nightly") == ("Counted 1.5 of hours for acme.\n")
    assert "already counted" in run("allowance use acme hours shift-1 1.5 --line Nightly")
    (meter,) = either_world.read("allowances")["items"]
    assert (meter["used"], meter["lines"]) == ("1.5", [{"label": "Nightly", "used": "1.5"}])
    assert "no allowance 'hour'" in run("allowance use acme hour shift-2 1.5", status=1)
    assert "must be from 0 to" in run("allowance use acme hours shift-2 -1", status=1)
    with either_world.database.reading() as connection:
        assert list(differences(connection, "acme")) == []
