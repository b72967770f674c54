"""All that a database tells an owner of Acme, to compare it with what another one tells."""

from __future__ import annotations

from datetime import datetime

from tests.server.world import MARIA, Browser
from usage_tui.server.api.app import create_app
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.organizations import add_member
from usage_tui.server.limits import RateLimit
from usage_tui.server.service import UsageService

PATHS = (
    "usage/summary",
    "usage/sources",
    "usage/daily?range=period",
    "usage/daily?range=14d",
    "usage/daily/sources",
    "usage/events?limit=200",
    "grants",
    "allowances",
    "billing-periods",
)


def owner_token(database: Database, now: datetime) -> str:
    """A token of an owner, who is added."""
    with database.writing() as connection:
        add_member(connection, "acme", MARIA, "owner", billing_access=True)
        return create_token(connection, name="", now=now, user_id=MARIA.id)


def told(database: Database, token: str, now: datetime) -> dict[str, str]:
    """The replies by their paths."""
    service = UsageService(database, clock=lambda: now, rate_limit=RateLimit(1e9, 1e9))
    browser = Browser(create_app(service))
    try:
        return {path: _get(browser, path, token) for path in PATHS}
    finally:
        browser.close()


def _get(browser: Browser, path: str, token: str) -> str:
    response = browser.get(f"/v1/orgs/acme/{path}", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200, response.text
    return response.text
