"""OpenAI: the cost of each model and tool on each day of an organization."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from usage_tui.clients.base import Slice, UsageClient
from usage_tui.clients.providers.asking import LARGE, follow, key_id, service_of
from usage_tui.clients.providers.base import Account, Cell, Days
from usage_tui.clients.providers.opening import open_account
from usage_tui.clients.providers.values import Value, one_currency
from usage_tui.clients.registry import VENDOR_SETTINGS, ClientConfig, Key, Provider, Setting, Vendor
from usage_tui.models import Part

PROVIDER = Provider(
    name="openai",
    title="OpenAI",
    opener="usage_tui.clients.providers.openai:open_client",
    settings=(*VENDOR_SETTINGS, Setting("project", str, help="one project instead of all, such as proj_abc")),
    key=Key(
        "OPENAI_ADMIN_KEY",
        "an admin key (sk-admin-…) of an organization owner",
        "https://platform.openai.com/settings/organization/admin-keys",
        prefixes=("sk-admin-",),
        others={"sk-proj-": "a project key", "sk-svcacct-": "the key of a service account"},
    ),
    url="https://api.openai.com/v1",
    unit="USD",
    time_zone="UTC",
    not_offered={
        Slice.ME: "OpenAI doesn't report who the viewer is.",
        Slice.GRANTS: "OpenAI doesn't report credit grants.",
        Slice.ALLOWANCES: "OpenAI doesn't report allowances.",
    },
    shortest_refresh=300,
    vendor=Vendor(
        not_offered={
            Part.BALANCE: "OpenAI doesn't report a balance.",
            Part.INCLUDED: "OpenAI doesn't report an included amount.",
            Part.COUNTS: "OpenAI doesn't report counts with its costs.",
            Part.EVENTS: "OpenAI doesn't report single events; these are its daily totals.",
        },
        count_unit="",
        days_at_once=6 * 31,
        delay="up to some hours",
    ),
)
_DAYS = 31
"""Days of a page."""


async def open_client(config: ClientConfig) -> UsageClient:
    """The account of a key, as the registry calls it."""
    return open_account(OpenAI(config), config)


class _Page(NamedTuple):
    """Some days: the cells, and the currencies of their amounts."""

    cells: list[Cell]
    currencies: set[str]


class OpenAI:
    """It implements `VendorApi`."""

    def __init__(self, config: ClientConfig) -> None:
        self.provider, self.service = PROVIDER, service_of(PROVIDER, config)
        self._id = key_id(config)
        self._project: str = config.options.get("project") or ""

    async def account(self) -> Account:
        """Nothing is asked: the vendor tells nothing of an organization but its days."""
        return Account(id=self._id, name=self._project or PROVIDER.title, scope=self._project)

    async def days(self, first: date, last: date) -> Days:
        """The cost of each model and tool."""
        query = {
            "start_time": _seconds(first),
            "end_time": _seconds(last + timedelta(days=1)),
            "bucket_width": "1d",
            "group_by[]": "line_item",
            "limit": f"{_DAYS}",
        }
        if self._project:
            query["project_ids[]"] = self._project

        async def fetch(cursor: str | None) -> tuple[_Page, str | None]:
            asked = query if cursor is None else {**query, "page": cursor}
            return await self.service.get(_page, "organization/costs", asked, largest=LARGE)

        pages = await follow(PROVIDER.title, fetch)
        cells = tuple(cell for page in pages for cell in page.cells)
        return Days(
            cells, currency=one_currency(PROVIDER.title, set().union(*(page.currencies for page in pages)))
        )


def _seconds(day: date) -> str:
    return f"{datetime.combine(day, time.min, UTC).timestamp():.0f}"


def _page(body: bytes) -> tuple[_Page, str | None]:
    reply = Value.read(body)
    cells, currencies = [], set()
    for bucket in reply["data"].each():
        day = bucket["start_time"].day()
        for result in bucket["results"].each():
            amount = result.find("amount")
            if amount is not None:
                cells.append(_cell(day, result, amount))
                currencies.add(amount["currency"].currency())
    return _Page(cells, currencies), reply.cursor("has_more", "next_page")


def _cell(day: date, result: Value, amount: Value) -> Cell:
    """The cost of a line item. That of a model names what was counted after its name: ``x, input tokens``."""
    item = result.word("line_item")
    model, _, counted = item.rpartition(", ")
    source = model if counted and model else item
    return Cell(day, source, source or "Other", amount["value"].amount(), kind="model" if model else "tool")
