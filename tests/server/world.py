"""A service over a database of its own, with a clock that the test moves, and requests to it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from starlette.routing import BaseRoute

from usage_tui.ledger.ledger import Use
from usage_tui.models import CREDITS, Credits, Organization, Unit, User
from usage_tui.server.api.app import create_app
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.cloudevents import BATCH
from usage_tui.server.ledger_writer.organizations import add_member, create_organization
from usage_tui.server.limits import RateLimit
from usage_tui.server.prepare import prepare
from usage_tui.server.service import UsageService

NOVEMBER = "2026-11", datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
ACME = Organization(id="acme", name="Acme", time_zone="America/New_York")
MARIA = User(id="usr_01", name="Maria")
SAM = User(id="usr_02", name="Sam")
SOURCE = "//tools/prod-eu"

# At each request httpx looks for it on the whole path, and it is not installed.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

_SHARED: dict[int, BaseRoute] = {}
"""What applications have in common, by router; to prepare these routes takes longer than most tests."""


def share_routes(app: FastAPI) -> FastAPI:
    """The application, with routes that were prepared for the first one."""
    for number, route in enumerate(app.router.routes):
        if (router := getattr(route, "original_router", None)) is not None:
            app.router.routes[number] = _SHARED.setdefault(id(router), route)
    return app


@cache
def _empty_sqlite() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "usage.db")
        database = Database.open(str(path))
        prepare(database)
        database.close()
        return path.read_bytes()


def new_sqlite(path: Path) -> Database:
    """A new SQLite file with the tables, and empty: to copy it costs a tenth of making it."""
    path.write_bytes(_empty_sqlite())
    path.chmod(0o600)
    return Database.open(str(path))


class Clock:
    """Says what it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


def at(text: str) -> datetime:
    """``11-22T20:30`` in UTC of 2026."""
    return datetime.fromisoformat(f"2026-{text}+00:00")


def event(
    sender_id: str,
    amount: str,
    time: datetime,
    *,
    kind: str = "ai_tool",
    subject: str | None = "tool_contract",
    source: str = SOURCE,
    **data: Any,
) -> dict[str, Any]:
    """A CloudEvent as a service posts it."""
    envelope = {"specversion": "1.0", "type": f"usage.{kind}", "source": source, "id": sender_id}
    if subject is not None:
        envelope["subject"] = subject
    return {**envelope, "time": time.isoformat(), "data": {"credits": amount, **data}}


class Browser:
    """Sends requests to the application itself, without a network.

    Attributes:
        app: The application.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = share_routes(app)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://usage")
        # In one loop that goes on, the threads that requests are answered in stay for the next one.
        self._portal = start_blocking_portal()
        self._loop = self._portal.__enter__()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._loop.call(partial(self._client.request, method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def close(self) -> None:
        self._loop.call(self._client.aclose)
        self._portal.__exit__(None, None, None)


@dataclass
class World:
    """One organization, Acme, with an owner, a member without billing access, and two machines."""

    database: Database
    clock: Clock
    service: UsageService
    http: Browser
    owner: str = ""
    member: str = ""
    ingest: str = ""
    billing: str = ""
    keys: count[int] = field(default_factory=count)

    @classmethod
    def open(
        cls,
        database: Database,
        now: datetime = NOW,
        rate_limit: RateLimit | None = None,
        unit: Unit = CREDITS,
    ) -> World:
        """Fill a database that has the tables."""
        clock = Clock(now)
        service = UsageService(
            database, clock=clock, rate_limit=rate_limit or RateLimit(per_second=1e9, burst=1e9)
        )
        http = Browser(create_app(service))
        world = cls(database, clock, service, http)
        with database.writing() as connection:
            create_organization(connection, ACME, NOVEMBER, unit=unit)
            add_member(connection, "acme", MARIA, "owner", billing_access=True)
            add_member(connection, "acme", SAM, "member", billing_access=False)
            world.owner = create_token(connection, name="maria", now=now, user_id=MARIA.id)
            world.member = create_token(connection, name="sam", now=now, user_id=SAM.id)
            world.ingest = create_token(connection, name="tools", now=now, org_id="acme", scopes=("ingest",))
            world.billing = create_token(connection, name="shop", now=now, org_id="acme", scopes=("billing",))
        return world

    def close(self) -> None:
        self.http.close()
        self.database.close()

    def get(self, path: str, token: str = "", *, org: str = "acme", **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {token or self.owner}", **headers}
        return self.http.get(f"/v1/orgs/{org}/{path}", headers=headers)

    def read(self, path: str, token: str = "") -> Any:
        """A reply that must succeed."""
        response = self.get(path, token)
        assert response.status_code == 200, response.text
        return response.json()

    def send(self, *events: Any, content_type: str = BATCH, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token or self.ingest}", "Content-Type": content_type}
        content = json.dumps(events if content_type.startswith(BATCH) else events[0])
        return self.http.request("POST", "/v1/orgs/acme/usage/events", content=content, headers=headers)

    def post(self, *events: Any) -> Any:
        """The receipt of a batch."""
        response = self.send(*events)
        assert response.status_code == 200, response.text
        return response.json()

    def change(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        method: str = "POST",
        key: str = "",
        token: str = "",
    ) -> Any:
        headers = {
            "Authorization": f"Bearer {token or self.billing}",
            "Content-Type": "application/json",
            "Idempotency-Key": key or f"key-{next(self.keys)}",
        }
        content = b"" if body is None else json.dumps(body).encode()
        return self.http.request(method, f"/v1/orgs/acme/{path}", content=content, headers=headers)

    def grant(self, grant_id: str, bucket: str, amount: str, **members: Any) -> Any:
        body = {"id": grant_id, "description": grant_id, "bucket": bucket, "credits": amount, **members}
        response = self.change("grants", body)
        assert response.status_code == 200, response.text
        return response.json()


def use(event_id: str, amount: str, time: datetime) -> Use:
    return Use(event_id, time, "ai_tool", "tool", "Tool", "run", Credits.parse(amount))
