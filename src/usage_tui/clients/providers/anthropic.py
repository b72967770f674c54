"""Anthropic: the cost and requests of each model on each day of an organization."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from usage_tui.clients.base import ClientError, Slice, UsageClient
from usage_tui.clients.providers.asking import LARGE, follow, in_ranges, key_id, service_of, told
from usage_tui.clients.providers.base import Account, Cell, Days
from usage_tui.clients.providers.opening import open_account
from usage_tui.clients.providers.values import Value, from_cents, one_currency
from usage_tui.clients.registry import VENDOR_SETTINGS, ClientConfig, Key, Provider, Vendor
from usage_tui.clients.transport.problems import Meaning, Problem
from usage_tui.models import Part

PROVIDER = Provider(
    name="anthropic",
    title="Anthropic",
    opener="usage_tui.clients.providers.anthropic:open_client",
    settings=VENDOR_SETTINGS,
    key=Key(
        "ANTHROPIC_ADMIN_KEY",
        "an admin key (sk-ant-admin…), or an analytics key of an Enterprise organization",
        "https://console.anthropic.com/settings/admin-keys",
        prefixes=("sk-ant-admin",),
        others={"sk-ant-api": "an API key", "sk-ant-oat": "a login of Claude Code"},
    ),
    url="https://api.anthropic.com",
    unit="USD",
    time_zone="UTC",
    not_offered={
        Slice.ME: "Anthropic doesn't report who the viewer is.",
        Slice.GRANTS: "Anthropic doesn't report credit grants.",
        Slice.ALLOWANCES: "Anthropic doesn't report allowances.",
    },
    shortest_refresh=300,
    vendor=Vendor(
        not_offered={
            Part.BALANCE: "Anthropic doesn't report a balance.",
            Part.INCLUDED: "Anthropic doesn't report an included amount.",
            Part.EVENTS: "Anthropic doesn't report single events; these are its daily totals.",
        },
        reaches=timedelta(days=364),
        delay="hours; the time of the data is shown",
    ),
)
_BETA = "analytics-usage-cost-2026-08-24"
_HEADERS = {"anthropic-version": "2026-10-21", "anthropic-beta": _BETA}
_FIRST = date(2026, 1, 1)
"""Nothing is told of earlier days."""
_DAYS, _ROWS = 31, 1000  # the most of a query, and of a page
_NO_MODEL = "no model (code execution)"


async def open_client(config: ClientConfig) -> UsageClient:
    """The account of a key, as the registry calls it."""
    return open_account(Anthropic(config), config)


class _Page(NamedTuple):
    """Some rows: the cells, the currencies of their amounts, and the time of the data."""

    cells: list[Cell]
    currencies: set[str]
    as_of: datetime | None


class Anthropic:
    """It implements `VendorApi`."""

    def __init__(self, config: ClientConfig) -> None:
        self.provider, self.service = (
            PROVIDER,
            service_of(PROVIDER, config, headers=_HEADERS, dialect=_dialect),
        )
        self._key_id = key_id(config)

    async def account(self) -> Account:
        """The organization, where the key may see which one it is."""
        me = await told(self.service, "v1/organizations/me")
        if me is None:
            return Account(id=self._key_id, name=PROVIDER.title)
        return Account(id=me["id"].text(), name=me.word("name") or PROVIDER.title)

    async def days(self, first: date, last: date) -> Days:
        """The cost and requests of each model."""
        pages: list[_Page] = []

        async def part(start: date, end: date) -> list[Cell]:
            pages.extend(found := await self._pages(start, end))
            return [cell for page in found for cell in page.cells]

        cells = tuple(await in_ranges(part, max(first, _FIRST), last, _DAYS))
        currency = one_currency(PROVIDER.title, set().union(*(page.currencies for page in pages)))
        times = [page.as_of for page in pages if page.as_of is not None]
        return Days(cells, as_of=min(times, default=None), oldest=_FIRST, currency=currency)

    async def _pages(self, first: date, last: date) -> list[_Page]:
        query = {
            "starting_at": f"{first}T00:00:00Z",
            "ending_at": f"{last + timedelta(days=1)}T00:00:00Z",
            "time_bucket_width": "1d",
            "group_by[]": "model",
            "order_by": "time",
            "limit": f"{_ROWS}",
        }

        async def fetch(cursor: str | None) -> tuple[_Page, str | None]:
            asked = query if cursor is None else {**query, "page": cursor}
            return await self.service.get(_page, "v1/organizations/analytics/cost", asked, largest=LARGE)

        return await follow(PROVIDER.title, fetch)


def _page(body: bytes) -> tuple[_Page, str | None]:
    reply = Value.read(body)
    rows = [(row["starting_at"].day(), row.find("group"), row["cost"]) for row in reply["data"].each()]
    page = _Page(
        [_cell(day, group.word("model") if group else "", cost) for day, group, cost in rows],
        {cost["currency"].currency() for _, _, cost in rows},
        reply.moment("data_refreshed_at"),
    )
    return page, reply.cursor("has_more", "next_page")


def _cell(day: date, model: str, cost: Value) -> Cell:
    """The cost of a model; without one, of code execution and session time."""
    return Cell(
        day,
        model,
        model or _NO_MODEL,
        from_cents(cost["amount"].amount()),
        cost.counted("requests"),
        kind="model" if model else "tool",
    )


def _dialect(_: str, status: int, problem: Problem) -> Meaning | None:
    if status == 400 and _BETA in problem.detail:
        return Meaning(ClientError, "Anthropic's usage analytics are not enabled for this organization.")
    return None
