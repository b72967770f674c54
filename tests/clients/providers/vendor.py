"""A vendor that answers with replies from a folder, and how its account is opened and compared.

A reply is ``{"request": {"method", "url"}, "status", "headers", "body"}``. The folders `replies/` are ours;
where a checkout has a folder ``shared/data/vendor-replies`` beside or above it, those are tried as well.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from usage_tui.clients.base import NotOffered
from usage_tui.clients.providers.client import AccountClient
from usage_tui.clients.registry import ClientConfig, require_provider
from usage_tui.clients.transport.retries import RetryPolicy
from usage_tui.clients.transport.token import BearerToken
from usage_tui.models import BUDGET, Event, EventQuery, Grant, Part, Summary

KEY = "sk-vendor-9f3c-Wq81xZ"
OURS = Path(__file__).parent / "replies"
_PAGING = ("page", "cursor", "year", "month", "day")

Answer = Callable[[httpx.Request], httpx.Response]


async def no_pause(_: float) -> None:
    pass


AT_ONCE = RetryPolicy(sleep=no_pause)


def folders(name: str) -> list[Any]:
    """The folders with a vendor's replies, ours first, as parameters of a test."""
    above = (parent / "shared/data/vendor-replies" / name for parent in OURS.parents)
    found = [OURS / name, *(folder for folder in above if folder.is_dir())]
    return [pytest.param(folder, id="ours" if folder.is_relative_to(OURS) else "theirs") for folder in found]


class Vendor:
    """Answers with the replies of a folder, each to its method, path and cursor.

    Attributes:
        requests: What was asked so far.
        instead: Answers in place of a reply, by the end of the path.
    """

    def __init__(self, folder: Path) -> None:
        replies = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
        self._replies = [reply for reply in replies if "request" in reply]
        self.requests: list[httpx.Request] = []
        self.instead: dict[str, Answer] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        for end, answer in self.instead.items():
            if request.url.path.endswith(end):
                return answer(request)
        for reply in self._replies:
            asked = httpx.URL(reply["request"]["url"])
            same = (reply["request"]["method"], asked.path) == (request.method, request.url.path)
            if same and all(asked.params.get(name) == request.url.params.get(name) for name in _PAGING):
                return httpx.Response(reply["status"], headers=reply.get("headers"), json=reply["body"])
        return httpx.Response(404, json={"error": {"message": "unknown"}})

    @property
    def asked(self) -> list[str]:
        """The last part of each path that was asked for."""
        return [request.url.path.rpartition("/")[2] for request in self.requests]


def config_of(answer: Answer, at: str = "2026-11-03T15:30:00Z", **changes: Any) -> ClientConfig:
    """How an account is opened whose vendor answers so, at that time."""
    now = datetime.fromisoformat(at)
    config = ClientConfig(
        token=BearerToken(KEY), retries=AT_ONCE, transport=httpx.MockTransport(answer), clock=lambda: now
    )
    return config._replace(**changes)


async def opened(
    name: str, answer: Answer, at: str = "2026-11-03T15:30:00Z", **changes: Any
) -> AccountClient:
    """The account of a vendor, opened as the program opens it."""
    client = await require_provider(name).open(config_of(answer, at, **changes))
    assert isinstance(client, AccountClient)
    return client


def expected(folder: Path) -> dict[str, Any]:
    """What the cards of a folder's account must say."""
    values: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    return values


async def compare(client: AccountClient, said: dict[str, Any], *, within: int = 0) -> None:
    """Compare every card with what is expected.

    Args:
        client: The account.
        said: As in ``expected.json``.
        within: Millionths by which a day or source may differ, where those were rounded one by one.
    """
    summary, sources, daily = await client.summary(), await client.sources(), await client.daily()
    assert summary.unit.code == said["unit"]
    assert summary.org.time_zone == said["time_zone"]
    assert summary.period is not None
    assert [f"{summary.period.start_date}", f"{summary.period.end_date}"] == said["period"]
    assert summary.usage is not None
    total = round(Decimal(said["exact"]), 6)
    for amount in (summary.usage.total, sources.total, daily.total):
        assert Decimal(f"{amount}") == total
    assert sum(item.credits.micro for item in sources.items) == sum(day.credits.micro for day in daily.items)
    assert [item.source_id for item in sources.items] == [source_id for source_id, *_ in said["sources"]]
    for item, (_, amount, count) in zip(sources.items, said["sources"], strict=True):
        assert _gap(f"{item.credits}", amount) <= within
        assert item.count == count
    assert [f"{day.date}" for day in daily.items] == list(said["days"])
    for day in daily.items:
        assert _gap(f"{day.credits}", said["days"][f"{day.date}"]) <= within
    await _compare_account(client, summary, said)
    slices = {f"{name}" for name in client.not_offered} | await _refused(client)
    missing = {*summary.not_offered, *slices}
    assert missing >= set(said["not_offered"])
    found = [row async for row in rows(client)]
    if Part.EVENTS in summary.not_offered:
        assert len(found) == said["rows"]
    else:
        assert [len(found), found[0].id] == said["events"]
    for part in (Part.BALANCE, Part.INCLUDED):
        assert (getattr(summary, part) is None) == (part in summary.not_offered)


async def _compare_account(client: AccountClient, summary: Summary, said: dict[str, Any]) -> None:
    """Compare what is known beside the days."""
    assert _amount(summary.balance and summary.balance.total) == said["balance"]
    told = summary.included
    progress = None if told is None else [f"{told.granted}", f"{told.used}", f"{told.remaining}"]
    if "included" in said:
        assert progress == said["included"]
    if "budget" in said:
        assert (told and told.kind, progress and progress[:2]) == (BUDGET, said["budget"])
    if "split" in said:
        assert summary.balance is not None
        assert [f"{summary.balance.included}", f"{summary.balance.purchased}"] == said["split"]
    assert summary.usage is not None
    assert said.get("overage") in (None, f"{summary.usage.uncovered}")
    assert said.get("as_of") in (None, f"{summary.as_of:%Y-%m-%dT%H:%M:%SZ}")
    if "grants" in said:
        assert [_words(grant) for grant in (await client.grants()).items] == said["grants"]


async def rows(client: AccountClient, limit: int = 3) -> AsyncIterator[Event]:
    """Every row of the history, a few at a time."""
    cursor = None
    while True:
        page = await client.events(EventQuery(), cursor=cursor, limit=limit)
        for event in page.items:
            yield event
        cursor = page.page.next
        if cursor is None:
            return


async def _refused(client: AccountClient) -> set[str]:
    refused = set()
    for ask in (client.me, client.grants, client.allowances):
        try:
            await ask()
        except NotOffered:
            refused.add(ask.__name__)
    return refused


def _words(grant: Grant) -> list[str | None]:
    ends = f"{grant.expires_at:%Y-%m-%d}" if grant.expires_at else None
    return [f"{grant.original}", f"{grant.remaining}", ends]


def spread(rows: dict[str, Decimal], columns: dict[str, Decimal]) -> dict[tuple[str, str], Decimal]:
    """A table whose rows and columns have these sums, which add up to the same; few cells are not 0."""
    table, left = {}, dict(columns)
    for row, amount in rows.items():
        rest = amount
        for column in columns:
            part = min(rest, left[column])
            if part:
                table[row, column] = part
                rest, left[column] = rest - part, left[column] - part
    return table


def _amount(value: object) -> str | None:
    return None if value is None else f"{value}"


def _gap(one: str, other: str) -> int:
    return int(abs(Decimal(one) - Decimal(other)) * 10**6)


def failing(status: int, body: object = None, **headers: str) -> Answer:
    """Answers with a failure each time."""
    return lambda _: httpx.Response(status, json=body or {"error": {"message": "no"}}, headers=headers)
