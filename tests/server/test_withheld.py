"""Nothing that is withheld from somebody is in any byte of any reply to them.

Recognizable values are planted wherever something may be withheld, and everybody asks for everything, in
every way there is to ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from tests.server.world import NOVEMBER, NOW, SAM, World, event
from usage_tui.models import Organization, User
from usage_tui.server.auth import create_token
from usage_tui.server.ledger_writer.organizations import add_member, create_organization

EVENTS = "usage/events"
PATHS = (
    "usage/summary",
    "usage/sources",
    "usage/sources?period=2026-11&limit=1",
    "usage/sources?period=none",
    "usage/daily",
    "usage/daily?range=7d",
    "usage/daily?start=2026-11-20&end=2026-11-22",
    "usage/daily?period=2026-11",
    "usage/daily?period=none",
    "usage/daily?period=2026-11&start=2026-11-20",
    "usage/daily/sources",
    "usage/daily/sources?start=2026-11-20&end=2026-11-22&limit=1",
    "usage/daily/sources?start=none",
    EVENTS,
    f"{EVENTS}?limit=1",
    f"{EVENTS}?limit=none",
    f"{EVENTS}?from=none",
    f"{EVENTS}?kind=ai_tool&source_id=tool_contract",
    f"{EVENTS}?from=2026-11-20T00:00:00Z&to=2026-11-23T00:00:00Z",
    f"{EVENTS}?q=secret",
    f"{EVENTS}?q=nothing",
    "grants",
    "grants?status=active",
    "grants?status=none",
    "allowances",
    "billing-periods",
    "secret-grant",
)
WRITES = (
    ("POST", EVENTS),
    ("POST", f"{EVENTS}/{{event_id}}/reversal"),
    ("POST", "grants"),
    ("POST", "grants/secret-grant/void"),
    ("PUT", "allowances/storage"),
    ("PUT", "subscription"),
)
# Each with each: every body, and every kind of reply without a body.
WAYS = (
    ("GET", "application/json", "unknown"),
    ("GET", "text/csv", "unknown"),
    ("GET", "application/x-ndjson", "unknown"),
    ("GET", "text/csv", "known"),
    ("HEAD", "application/json", "known"),
    ("HEAD", "text/csv", "unknown"),
    ("HEAD", "application/x-ndjson", "known"),
)
ROLES = ("owner", "admin", "member", "viewer")

OF_EVENTS = {"secret-actor", "secret-activity", "0.123457"}
OF_GRANTS = {"secret-grant", "secret-description", "secret-origin", "2027-03-04T05:06:07Z"}
OF_BILLING = {"secret-buy", "secret-auto", '"auto_recharge":{"enabled"', "54.321"}
OF_ACME = {"Acme", "Maria", "usr_01", "tool_contract", "secret-label", "secret-line", "secret-plan"}


@pytest.fixture
def world(world: World) -> World:
    plan = {
        "plan": "secret-plan",
        "included": "100",
        "auto_recharge": True,
        "auto_recharge_threshold": "54.321",
        "buy_credits_link": "https://billing.example/secret-buy",
        "auto_recharge_link": "https://billing.example/secret-auto",
    }
    assert world.change("subscription", plan, method="PUT").status_code == 200
    terms = {"description": "secret-description", "origin": "secret-origin"}
    world.grant("secret-grant", "purchased", "50", **terms, expires_at="2027-03-04T05:06:07Z")
    storage = {"label": "Storage", "unit": "gigabyte"}
    assert world.change("allowances/storage", storage, method="PUT").status_code == 200
    words = {"label": "secret-label", "actor": "secret-actor", "activity": "secret-activity"}
    used = {
        **event("line", "0", NOW, kind="allowance.storage"),
        "data": {"amount": "3", "line": "secret-line"},
    }
    # Two on a day, that the sums which everybody sees are neither amount.
    world.post(
        event("a", "0.123457", NOW, **words),
        event("b", "2", NOW - timedelta(minutes=1), **words),
        used,
    )
    return world


@pytest.fixture
def event_id(world: World) -> str:
    return str(world.read(f"{EVENTS}?limit=1")["items"][0]["id"])


def answers(world: World, token: str, event_id: str) -> Iterator[httpx.Response]:
    """Every answer to somebody who asks Acme for everything, with all that an owner's replies gave away."""
    walked = world.read(f"{EVENTS}?limit=1")["page"]
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    cursors = [f"{EVENTS}?limit=1&cursor={walked[name]}" for name in ("here", "next")]
    for path in (*PATHS, *cursors):
        known = {"If-None-Match": world.get(path).headers.get("ETag", "none")}
        for method, accept, version in WAYS:
            headers = {**bearer, **(known if version == "known" else {}), "Accept": accept}
            yield world.http.request(method, f"/v1/orgs/acme/{path}", headers=headers)
    for method, path in WRITES:
        headers = {**bearer, "Idempotency-Key": "k", "Content-Type": "application/json"}
        url = f"/v1/orgs/acme/{path.format(event_id=event_id)}"
        yield world.http.request(method, url, headers=headers, content=b"{}")
        yield world.http.request("DELETE", url, headers=headers)
    # The description is the same everywhere, as its own test says, and has examples of everything.
    for path in ("/v1/me", "/healthz", "/readyz", "/metrics"):
        yield world.http.get(path, headers=bearer)


def said(world: World, token: str, event_id: str) -> str:
    """All that somebody is told: bodies, and headers."""
    return "\n".join(f"{answer.headers}\n{answer.text}" for answer in answers(world, token, event_id))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("billing_access", [True, False])
def test_a_member_is_told_what_their_access_allows(
    world: World, event_id: str, role: str, billing_access: bool
) -> None:
    with world.database.writing() as connection:
        add_member(connection, "acme", SAM, role, billing_access=billing_access)
    text = said(world, world.member, event_id)
    told = {secret for secret in {*OF_EVENTS, *OF_GRANTS, *OF_BILLING, event_id} if secret in text}
    if billing_access or role == "owner":
        assert told == {*OF_EVENTS, *OF_GRANTS, *OF_BILLING, event_id}
    else:
        assert told == set()


@pytest.mark.parametrize("who", ["ingest", "nobody", "stranger", "foreign owner", "foreign machine"])
def test_others_are_told_nothing_of_the_organization(world: World, event_id: str, who: str) -> None:
    with world.database.writing() as connection:
        create_organization(connection, Organization(id="o2", name="Other", time_zone="UTC"), NOVEMBER)
        eve = User(id="usr_09", name="Eve")
        add_member(connection, "o2", eve, "owner", billing_access=True)
        token = {
            "ingest": world.ingest,
            "nobody": "",
            "stranger": "uat_0_0",
            "foreign owner": create_token(connection, name="eve", now=NOW, user_id=eve.id),
            "foreign machine": create_token(connection, name="m", now=NOW, org_id="o2", scopes=("billing",)),
        }[who]
    text = said(world, token, event_id)
    secrets = {*OF_EVENTS, *OF_GRANTS, *OF_BILLING, *OF_ACME, event_id}
    assert {secret for secret in secrets if secret in text} == set()


def test_what_is_looked_for_is_there_to_be_found(world: World, event_id: str) -> None:
    text = said(world, world.owner, event_id)
    secrets = {*OF_EVENTS, *OF_GRANTS, *OF_BILLING, *OF_ACME, event_id}
    assert {secret for secret in secrets if secret not in text} == set()


def test_the_tag_of_one_viewer_tells_another_nothing(world: World) -> None:
    tags = {
        who: {path: world.get(path, token).headers.get("ETag") for path in ("usage/summary", EVENTS)}
        for who, token in (("owner", world.owner), ("member", world.member))
    }
    assert tags["owner"]["usage/summary"] != tags["member"]["usage/summary"]
    assert tags["member"][EVENTS] is None
