"""A vendor that is held in memory: what it tells is what a test sets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from usage_tui.clients.base import ClientError, Slice
from usage_tui.clients.providers.base import Account, Act, Acts, Cell, Days
from usage_tui.clients.providers.client import AccountClient
from usage_tui.clients.registry import ClientConfig, Provider, Vendor
from usage_tui.clients.transport.service import Service
from usage_tui.clients.transport.token import BearerToken
from usage_tui.models import EventQuery, Part

ALL = EventQuery()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROVIDER = Provider(
    name="fake", title="Fake", opener="", url="https://fake.example", unit="USD", time_zone="UTC",
    not_offered={Slice.ME: "Fake tells no viewer.", Slice.GRANTS: "Fake tells no grants."},
    shortest_refresh=60, vendor=Vendor(not_offered={Part.EVENTS: "Fake tells no single events."}),
)  # fmt: skip


def cell(day: str, source: str, amount: str, quantity: int | None = 1, **more: Any) -> Cell:
    return Cell(date.fromisoformat(day), source, source, Decimal(amount), quantity, **more)


def grant(amount: str, granted: str, expires: str | None = None, **more: Any) -> dict[str, Any]:
    """A grant as it is typed in."""
    dates = {"expires": date.fromisoformat(expires)} if expires else {}
    return {"amount": amount, "granted": date.fromisoformat(granted), **dates, **more}


class Fake:
    """A `Provider`.

    Attributes:
        cells: What it knows.
        asked: The ranges of days that were asked for, and ``account``.
        fails: What it raises instead, by ``account`` or ``days``.
    """

    def __init__(self, *cells: Cell, now: datetime = NOW, **account: Any) -> None:
        self.provider = PROVIDER
        self.cells: Iterable[Cell] = cells
        self.now = now
        self.told: dict[str, Any] = {}
        self.account_values: dict[str, Any] = {"id": "a1", "name": "Fake Ltd", **account}
        self.asked: list[str] = []
        self.fails: dict[str, ClientError] = {}
        config = ClientConfig(token=BearerToken("sk-fake"), clock=lambda: self.now)
        self.service = Service(PROVIDER.url, config.signed(), config.reach)
        self.config = config

    async def account(self) -> Account:
        self._ask("account", "account")
        return Account(**self.account_values)

    async def days(self, first: date, last: date) -> Days:
        self._ask("days", f"{first} {last}")
        return Days(tuple(cell for cell in self.cells if first <= cell.day <= last), **self.told)

    def _ask(self, what: str, words: str) -> None:
        self.asked.append(words)
        if what in self.fails:
            raise self.fails[what]


class FakeWithEvents(Fake):
    """An `EventProvider` that gives so many acts at once."""

    def __init__(self, *acts: Act, at_once: int = 2, **more: Any) -> None:
        super().__init__(**more)
        self.acts_known = list(acts)
        self.at_once = at_once
        self.pages = 0

    async def acts(self, query: EventQuery, cursor: str | None) -> Acts:
        self.pages += 1
        start = int(cursor or 0)
        end = start + self.at_once
        more = end < len(self.acts_known)
        return Acts(tuple(self.acts_known[start:end]), f"{end}" if more else None)


def client_of(fake: Fake, **changes: Any) -> AccountClient:
    return AccountClient(fake, fake.config._replace(**changes))
