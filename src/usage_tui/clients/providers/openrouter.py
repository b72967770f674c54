"""OpenRouter: a prepaid balance, and the cost and requests of each model on each day."""

from __future__ import annotations

import json
from datetime import date, timedelta

from usage_tui.clients.base import InvalidReply, NotFound, NotOffered, Slice, UsageClient, Withheld
from usage_tui.clients.providers import asking
from usage_tui.clients.providers.asking import LARGE, SMALL, RangeTooLarge
from usage_tui.clients.providers.base import Account, Cell, Days
from usage_tui.clients.providers.opening import open_account
from usage_tui.clients.providers.values import InvalidValue, Value, budget, prepaid, subtract
from usage_tui.clients.registry import VENDOR_SETTINGS, ClientConfig, Key, Provider, Vendor
from usage_tui.models import Balance, IncludedProgress, Part

PROVIDER = Provider(
    name="openrouter",
    title="OpenRouter",
    opener="usage_tui.clients.providers.openrouter:open_client",
    settings=VENDOR_SETTINGS,
    key=Key(
        "OPENROUTER_API_KEY",
        "a management key",
        "https://openrouter.ai/settings/management-keys",
        prefixes=("sk-or-",),
    ),
    url="https://openrouter.ai/api/v1",
    unit="USD",
    time_zone="UTC",
    not_offered={
        Slice.ME: "OpenRouter doesn't report who the viewer is.",
        Slice.GRANTS: "OpenRouter doesn't report credit grants.",
        Slice.ALLOWANCES: "OpenRouter doesn't have allowances.",
    },
    shortest_refresh=60,
    vendor=Vendor(
        not_offered={
            Part.SPLIT: "Everything in the balance was bought.",
            Part.INCLUDED: "OpenRouter doesn't include an amount, and no budget is set.",
            Part.EVENTS: "OpenRouter doesn't report single events; these are its daily totals.",
        },
        depends=(Part.INCLUDED,),
        delay="up to a minute for the balance, some minutes for days",
    ),
)
_ORDINARY = "This key can't see the balance or days; use a management key."
_DAY = timedelta(days=1)
_DAYS, _ROWS = 92, 10_000  # the most of a query


async def open_client(config: ClientConfig) -> UsageClient:
    """The account of a key, as the registry calls it."""
    return open_account(OpenRouter(config), config)


class OpenRouter:
    """It implements `VendorApi`."""

    def __init__(self, config: ClientConfig) -> None:
        self.provider, self.service = PROVIDER, asking.service_of(PROVIDER, config)
        self._clock, self._key_id = config.clock, asking.key_id(config)
        self._is_management = self._has_queries = True

    async def account(self) -> Account:
        """The key, and what it sees of the balance. What an ordinary key is refused is not asked for."""
        key = (await self.service.get(Value.read, "key", largest=SMALL))["data"]
        kind = key.find("is_management_key") or key.find("is_provisioning_key")
        self._is_management = kind is None or kind.flag()
        missing, balance = {}, None
        if not self._is_management:
            missing = dict.fromkeys((Part.BALANCE, Part.USAGE), _ORDINARY)
        else:
            try:
                balance = await self.service.get(_balance, "credits", largest=SMALL)
            except (Withheld, InvalidReply) as error:
                missing = {Part.BALANCE: error.message}
        try:
            included = _budget(key)
        except InvalidValue as error:
            included, missing[Part.INCLUDED] = None, InvalidReply.of(self.service.origin, error).message
        return Account(
            id=key.word("organization_id") or key.word("creator_user_id") or self._key_id,
            name=PROVIDER.title,
            scope=key.word("workspace_id"),
            balance=balance,
            included=included,
            not_offered=missing,
        )

    async def days(self, first: date, last: date) -> Days:
        """The cost and requests of each model."""
        if not self._is_management:
            raise NotOffered(_ORDINARY)
        if self._has_queries:
            try:
                return Days(tuple(await asking.in_ranges(self._query, first, last, _DAYS)))
            except (Withheld, NotFound):
                self._has_queries = False
        today = self._clock().date()
        cells = await self.service.get(_completed, "activity", largest=LARGE)
        return Days(cells, oldest=today - timedelta(days=30), newest=today - _DAY)

    async def _query(self, first: date, last: date) -> tuple[Cell, ...]:
        """The cells of a range, in two halves where it is too much for one reply."""
        query = {
            "metrics": ["credits_usage", "request_count"],
            "dimensions": ["model"],
            "granularity": "day",
            "time_range": {"start": f"{first}T00:00:00Z", "end": f"{last + _DAY}T00:00:00Z"},
            "limit": _ROWS,
        }
        try:
            return await self.service.post(
                _whole, "analytics/query", json.dumps(query).encode(), largest=LARGE
            )
        except RangeTooLarge:
            if first == last:
                raise InvalidReply(f"OpenRouter doesn't report all of {first}.") from None
        middle = first + (last - first) // 2
        return await self._query(first, middle) + await self._query(middle + _DAY, last)


def _whole(body: bytes) -> tuple[Cell, ...]:
    data = Value.read(body)["data"]
    rows, about = [*data["data"].each()], data.find("metadata")
    truncated = about.find("truncated") if about is not None else None
    if truncated.flag() if truncated is not None else len(rows) >= _ROWS:
        raise RangeTooLarge("Some rows are missing.")  # sums would be wrong
    return tuple(_cell(row, "date__day", "credits_usage", "request_count") for row in rows)


def _completed(body: bytes) -> tuple[Cell, ...]:
    return tuple(_cell(row, "date", "usage", "requests") for row in Value.read(body)["data"].each())


def _cell(row: Value, day: str, amount: str, count: str) -> Cell:
    name = row.word("model")
    return Cell(row[day].day(), name, name or "Other", row[amount].amount(), row.counted(count))


def _balance(body: bytes) -> Balance:
    data = Value.read(body)["data"]
    return prepaid(subtract(data["total_credits"].amount(), data["total_usage"].amount()))


def _budget(key: Value) -> IncludedProgress | None:
    """The budget of the account, or the limit of the key; None if there is none."""
    whole, limit = key.find("effective_budget"), key.find("limit")
    if whole is not None:
        limit, left = whole["limit_usd"], whole["remaining_usd"]
        return budget(limit.amount(), left.amount(), whole.moment("resets_at"))
    return None if limit is None else budget(limit.amount(), key["limit_remaining"].amount())
