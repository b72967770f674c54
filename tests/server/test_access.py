"""Who is answered what: roles, billing access, scopes, tokens, other organizations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.server.world import NOVEMBER, NOW, SAM, World, event
from usage_tui.models import Organization
from usage_tui.server.auth import create_token
from usage_tui.server.db.instants import to_micros
from usage_tui.server.db.schema import organizations, tokens
from usage_tui.server.ledger_writer.organizations import add_member, create_organization, remove_member

READS = (
    "usage/summary",
    "usage/sources",
    "usage/daily",
    "usage/daily/sources",
    "usage/events",
    "grants",
    "allowances",
    "billing-periods",
)
BILLING = {"usage/events", "grants"}
WRITES = (
    ("POST", "usage/events/evt_x/reversal"),
    ("POST", "grants"),
    ("POST", "grants/gr_1/void"),
    ("PUT", "allowances/a"),
    ("PUT", "subscription"),
)


@pytest.fixture
def world(world: World) -> World:
    world.change(
        "subscription",
        {
            "plan": "Team",
            "included": "100",
            "auto_recharge": True,
            "buy_credits_link": "https://billing.example/secret-buy",
            "auto_recharge_link": "https://billing.example/secret-auto",
        },
        method="PUT",
    )
    world.post(event("a", "5", NOW, actor="actor-name"))
    return world


@pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer"])
@pytest.mark.parametrize("billing_access", [True, False])
@pytest.mark.parametrize("path", READS)
def test_billing_access_decides_and_the_role_does_not(
    world: World, role: str, billing_access: bool, path: str
) -> None:
    with world.database.writing() as connection:
        add_member(connection, "acme", SAM, role, billing_access=billing_access)
    response = world.get(path, world.member)
    if path in BILLING and not billing_access and role != "owner":
        assert (response.status_code, response.json()["code"]) == (403, "billing_access_required")
        assert response.json()["your_role"] == role
    else:
        assert response.status_code == 200


def test_without_billing_access_nothing_of_billing_is_sent_by_any_reply(world: World) -> None:
    for path in (*READS, "usage/events?limit=5&kind=ai_tool", "grants?status=active"):
        text = world.get(path, world.member).text
        for secret in ("secret-buy", "secret-auto", "period-1", "actor-name", "Team plan"):
            assert secret not in text, path
    summary = world.read("usage/summary", world.member)
    assert (summary["links"], summary["auto_recharge"], summary["balance"]["next_expiry"]) == (
        None,
        None,
        None,
    )
    assert summary["capabilities"] == {
        "view_events": False,
        "view_grants": False,
        "buy_credits": False,
        "auto_recharge": False,
    }
    assert "billing access" in summary["access_notice"]


def test_a_tag_of_one_access_is_not_that_of_another(world: World) -> None:
    tag = world.get("usage/summary").headers["ETag"]
    assert world.get("usage/summary", **{"If-None-Match": tag}).status_code == 304
    assert world.get("usage/summary", world.member, **{"If-None-Match": tag}).status_code == 200


def test_a_tag_is_that_of_the_same_history(world: World) -> None:
    """As after a backup was put back, when the revisions come again with other events."""
    tag = world.get("usage/summary").headers["ETag"]
    with world.database.writing() as connection:
        connection.execute(update(organizations).values(credits_booked=6))
    assert world.get("usage/summary", **{"If-None-Match": tag}).status_code == 200


def test_a_change_of_membership_takes_effect_at_once(world: World) -> None:
    with world.database.writing() as connection:
        add_member(connection, "acme", SAM, "member", billing_access=True)
    assert world.get("usage/events", world.member).status_code == 200
    with world.database.writing() as connection:
        assert remove_member(connection, "acme", SAM.id)
    refused = world.get("usage/summary", world.member)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert "no longer a member of any organization" in refused.json()["detail"]
    assert world.http.get("/v1/me", headers={"Authorization": f"Bearer {world.member}"}).status_code == 401


@pytest.mark.parametrize("path", READS)
def test_another_organization_looks_like_none(world: World, path: str) -> None:
    with world.database.writing() as connection:
        create_organization(connection, Organization(id="other", name="Other", time_zone="UTC"), NOVEMBER)
    answers = [world.get(path, org=org) for org in ("other", "none", "a%00b", "%F0%9F")]
    for answer in answers:
        assert answer.status_code == 404
        document = answer.json()
        document.pop("request_id")
        assert document == {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "code": "not_found",
            "detail": "Not found, or not visible to this token.",
        }


@pytest.mark.parametrize("path", READS)
def test_a_machine_reads_nothing(world: World, path: str) -> None:
    for token in (world.ingest, world.billing):
        response = world.get(path, token)
        assert (response.status_code, response.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_only_the_scope_billing_changes_grants_and_plans(world: World, method: str, path: str) -> None:
    for token in (world.owner, world.member, world.ingest):
        response = world.change(path, {}, method=method, token=token)
        assert (response.status_code, response.json()["code"]) == (403, "scope_missing")


def test_only_the_scope_ingest_books_events(world: World) -> None:
    for token in (world.owner, world.member, world.billing):
        response = world.send(event("b", "5", NOW), token=token)
        assert (response.status_code, response.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("path", READS)
def test_an_organization_that_cannot_be_is_none(either_world: World, path: str) -> None:
    assert either_world.get(path, org="ac%00me").status_code == 404
    assert either_world.get(path, org="acme%E2%80%8B").status_code == 404


def test_a_machine_of_another_organization_sees_none_here(world: World) -> None:
    with world.database.writing() as connection:
        create_organization(connection, Organization(id="other", name="Other", time_zone="UTC"), NOVEMBER)
        foreign = create_token(connection, name="", now=NOW, org_id="other", scopes=("ingest", "billing"))
    assert world.send(event("b", "5", NOW), token=foreign).status_code == 404
    assert world.change("grants", {}, token=foreign).status_code == 404


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic dXNlcg==", "Bearer uat_0_0"])
def test_without_a_valid_token_nothing_is_answered(world: World, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = world.http.get("/v1/me", headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_secret_an_expired_and_a_revoked_token_are_refused(world: World) -> None:
    wrong = world.owner[:-1] + ("A" if world.owner[-1] != "A" else "B")
    assert world.get("usage/summary", wrong).json()["code"] == "unauthenticated"
    token_id = world.owner.split("_")[1]
    with world.database.writing() as connection:
        this_one = tokens.c.id == token_id
        connection.execute(update(tokens).where(this_one).values(expires_at=to_micros(NOW)))
    assert world.get("usage/summary").json()["code"] == "token_expired"
    with world.database.writing() as connection:
        connection.execute(update(tokens).where(this_one).values(revoked_at=to_micros(NOW)))
    assert world.get("usage/summary").json()["code"] == "unauthenticated"


def test_no_secret_is_stored(world: World) -> None:
    secret = world.owner.split("_", 2)[2]
    path = world.database.path
    assert path is not None
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert secret.encode() not in stored
    assert b"usr_01" in stored


def test_me_names_the_memberships(world: World) -> None:
    response = world.http.get("/v1/me", headers={"Authorization": f"Bearer {world.member}"})
    assert response.json() == {
        "user": {"id": "usr_02", "name": "Sam"},
        "organizations": [
            {
                "id": "acme",
                "name": "Acme",
                "role": "member",
                "billing_access": False,
                "time_zone": "America/New_York",
            }
        ],
        "scopes": ["read"],
    }


def test_what_time_alone_changes_is_a_new_revision(world: World) -> None:
    tag = world.get("usage/summary").headers["ETag"]
    world.clock.forward(hours=1)
    assert world.get("usage/summary", **{"If-None-Match": tag}).status_code == 304
    world.clock.now = NOW + timedelta(hours=9)  # past midnight in New York
    response = world.get("usage/summary", **{"If-None-Match": tag})
    assert (response.status_code, response.json()["period"]["days_left"]) == (200, 8)
