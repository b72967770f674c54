"""Acme: what each model cost on each day. This is all that a vendor needs."""

from __future__ import annotations

from datetime import date

from usage_tui.clients.base import Slice, UsageClient
from usage_tui.clients.providers import asking
from usage_tui.clients.providers.base import Account, Cell, Days
from usage_tui.clients.providers.opening import open_account
from usage_tui.clients.providers.values import Value
from usage_tui.clients.registry import VENDOR_SETTINGS, ClientConfig, Key, Provider, Vendor
from usage_tui.models import Part

PROVIDER = Provider(
    name="acme",
    title="Acme",
    opener="tests.clients.providers.seventh:open_client",
    settings=VENDOR_SETTINGS,
    key=Key("ACME_API_KEY", "an account key", "https://acme.example/keys"),
    url="https://api.acme.example",
    unit="USD",
    time_zone="UTC",
    not_offered={
        Slice.ME: "Acme doesn't report who the viewer is.",
        Slice.GRANTS: "Acme doesn't report credit grants.",
        Slice.ALLOWANCES: "Acme doesn't report allowances.",
    },
    vendor=Vendor(
        not_offered={
            Part.BALANCE: "Acme doesn't report a balance.",
            Part.INCLUDED: "Acme doesn't report an included amount.",
            Part.EVENTS: "Acme doesn't report single events; these are its daily totals.",
        },
        delay="about an hour",
    ),
)


async def open_client(config: ClientConfig) -> UsageClient:
    return open_account(Acme(config), config)


class Acme:
    def __init__(self, config: ClientConfig) -> None:
        self.provider, self.service = PROVIDER, asking.service_of(PROVIDER, config)

    async def account(self) -> Account:
        told = await self.service.get(Value.read, "account")
        return Account(id=told["id"].text(), name=told["name"].text())

    async def days(self, first: date, last: date) -> Days:
        return Days(await self.service.get(_cells, "costs", {"first": f"{first}", "last": f"{last}"}))


def _cells(body: bytes) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            row["day"].day(),
            row["model"].text(),
            row["model"].text(),
            row["usd"].amount(),
            row["calls"].count(),
        )
        for row in Value.read(body)["costs"].each()
    )
