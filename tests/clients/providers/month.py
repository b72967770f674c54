"""Vendors with nearly a month of use, invented and the same in every run."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx

from tests.clients.providers.vendor import OURS, Vendor, opened
from usage_tui.clients.providers.client import AccountClient

NOW = "2026-11-27T15:30:00+00:00"
_FIRST = date(2026, 9, 20)
_MODELS = ("anthropic/claude-opus-5", "openai/gpt-6-astra", "google/gemini-4-pro", "meta/llama-5-70b",
           "mistral/large-3", "deepseek/v4")  # fmt: skip


def _days(start: date, end: date) -> list[date]:
    known = (max(start, _FIRST) + timedelta(number) for number in range((end - max(start, _FIRST)).days))
    return [day for day in known if day <= date.fromisoformat(NOW[:10])]


def _cost(day: date, rank: int) -> float:
    """Less on weekends, and less the lower the model ranks."""
    weight = 0.15 if day.weekday() > 4 else 1.0
    return round(weight * (7 + (day.toordinal() * (rank + 3) * 7919) % 37) / (1 + rank * rank), 9)


def _queries(request: httpx.Request) -> httpx.Response:
    asked = json.loads(request.content)["time_range"]
    start, end = (date.fromisoformat(asked[name][:10]) for name in ("start", "end"))
    rows = [
        {"date__day": f"{day}", "model": model, "request_count": f"{9 + rank * day.day}",
         "credits_usage": _cost(day, rank)}
        for day in _days(start, end) for rank, model in enumerate(_MODELS)
    ]  # fmt: skip
    return httpx.Response(200, json={"data": {"data": rows, "metadata": {"truncated": False}}})


def _costs(request: httpx.Request) -> httpx.Response:
    asked = parse_qs(request.url.query.decode())
    start, end = (datetime.fromtimestamp(int(asked[name][0]), UTC) for name in ("start_time", "end_time"))
    items = ("gpt-6-astra, input", "gpt-6-astra, output", "gpt-6-mini, input", "web search", "o9, output")
    buckets = []
    for day in _days(start.date(), end.date()):
        at = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        results = [
            {"amount": {"value": _cost(day, rank), "currency": "usd"}, "line_item": item}
            for rank, item in enumerate(items)
        ]
        buckets.append({"start_time": at, "end_time": at + 86400, "results": results})
    return httpx.Response(200, json={"data": buckets, "has_more": False, "next_page": None})


def month(name: str, **changes: Any) -> AccountClient:
    """The account of a vendor."""
    vendor = Vendor(OURS / name)
    vendor.instead = {"/query": _queries, "/costs": _costs}
    return asyncio.run(opened(name, vendor, NOW, **changes))
