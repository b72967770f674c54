"""Vendors on loopback addresses: each answers in its own shapes for the days it is asked for, up to today.

They tell of an invented use that follows from the date alone, so that every look finds the same.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

import httpx

KEY = "sk-live-7d41c0ffee-Qx92"
_ONE_DAY = timedelta(days=1)
_NAMES = ("nimbus-large", "nimbus-small", "basalt-coder", "quill-mini")
_V0_TYPES = ("message", "api_request", "image_generation", "message")


class Asked(NamedTuple):
    """A request.

    Attributes:
        path: Without its parameters.
        query: The first value of each parameter.
        body: What was sent as JSON; empty without.
    """

    path: str
    query: Mapping[str, str]
    body: Mapping[str, Any]


class Answer(NamedTuple):
    """What is sent. A cut one ends before as many bytes as it says."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    is_cut: bool = False


def said(value: object) -> Answer:
    """An answer in JSON."""
    return Answer(body=json.dumps(value).encode(), headers={"Content-Type": "application/json"})


class Cell(NamedTuple):
    """A day's use of a model: in ten-thousandths of the unit, and how often."""

    day: date
    name: str
    cost: int
    uses: int


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


def cells(first: date, last: date) -> list[Cell]:
    """What was used on some days, up to today."""
    days = (first + _ONE_DAY * number for number in range((min(last, today()) - first).days + 1))
    found = []
    for day in days:
        for rank, name in enumerate(_NAMES):
            seed = crc32(f"{day}{name}".encode())
            if day.weekday() < 5 or rank == 0:
                found.append(Cell(day, name, seed % 90_000 // (rank + 1) ** 2 + 7, seed % 40 + 1))
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _at(day: date, seconds: int = 0) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(seconds=seconds)


def anthropic(asked: Asked) -> Answer:
    """An organization, and costs in cents."""
    if asked.path.endswith("/me"):
        return said({"id": "org-7", "name": "Acme Research", "type": "organization"})
    first, last = _day(asked.query["starting_at"]), _day(asked.query["ending_at"]) - _ONE_DAY
    rows = [
        {
            "starting_at": f"{cell.day}T00:00:00Z",
            "ending_at": f"{cell.day + _ONE_DAY}T00:00:00Z",
            "cost": {"amount": f"{cell.cost / 100}", "currency": "USD", "requests": cell.uses},
            "group": {"model": cell.name, "product": None},
        }
        for cell in cells(first, last)
    ]
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return said({"data": rows, "has_more": False, "next_page": None, "data_refreshed_at": now})


def openai(asked: Asked) -> Answer:
    """Costs by line item."""
    start, end = (int(asked.query[name]) for name in ("start_time", "end_time"))
    first, last = (datetime.fromtimestamp(at, UTC).date() for at in (start, end - 1))
    buckets: dict[date, list[dict[str, Any]]] = {}
    for cell in cells(first, last):
        amount = {"value": cell.cost / 10_000, "currency": "usd"}
        row = {"amount": amount, "line_item": f"{cell.name}, output", "project_id": None}
        buckets.setdefault(cell.day, []).append(row)
    data = [
        {"start_time": int(_at(day).timestamp()), "end_time": 0, "results": found}
        for day, found in buckets.items()
    ]
    return said({"data": data, "has_more": False, "next_page": None})


def openrouter(asked: Asked) -> Answer:
    """A management key, its balance, and queries."""
    if asked.path.endswith("/key"):
        return said({"data": {"is_management_key": True, "limit": None, "creator_user_id": "user_7"}})
    if asked.path.endswith("/credits"):
        return said({"data": {"total_credits": 500, "total_usage": 321.75}})
    span = asked.body["time_range"]
    rows = [
        {
            "date__day": f"{cell.day}",
            "model": cell.name,
            "request_count": f"{cell.uses}",
            "credits_usage": cell.cost / 10_000,
        }
        for cell in cells(_day(span["start"]), _day(span["end"]) - _ONE_DAY)
    ]
    return said({"data": {"data": rows, "metadata": {"truncated": False}}})


def github(asked: Asked) -> Answer:
    """An organization with twelve seats, which its viewer finds by themselves."""
    if asked.path == "/user":
        return said({"login": "ana", "name": "Ana"})
    if asked.path == "/user/orgs":
        return said([{"login": "acme"}])
    if asked.path.endswith("/copilot/billing"):
        return said({"seat_breakdown": {"total": 12}, "plan_type": "business"})
    if asked.path.endswith("/summary"):
        item = {"sku": "sandbox_linux", "unitType": "compute seconds", "grossQuantity": 72_000}
        return said({"usageItems": [item]})
    day = date(*(int(asked.query[name]) for name in ("year", "month", "day")))
    items = [
        {"model": cell.name, "unitType": "credits", "grossQuantity": cell.cost / 100, "netQuantity": 0}
        for cell in cells(day, day)
    ]
    return said({"usageItems": items})


def litellm(asked: Asked) -> Answer:
    """A virtual key of a user with a budget."""
    budget = {"max_budget": 250.0, "spend": 96.5, "budget_reset_at": f"{today() + 9 * _ONE_DAY}T00:00:00Z"}
    if asked.path.endswith("/key/info"):
        return said({"info": {"user_id": "u7", "team_id": None, "max_budget": None}})
    if asked.path.endswith("/user/info"):
        return said({"user_info": {"user_alias": "Ana Berg", **budget}})
    first, last = _day(asked.query["start_date"]), _day(asked.query["end_date"])
    if asked.path.endswith("/spend/logs/v2"):
        return _logs(asked, first, last)
    results: dict[date, dict[str, Any]] = {}
    for cell in cells(first, last):
        metrics = {"spend": cell.cost / 10_000, "api_requests": cell.uses}
        empty: dict[str, Any] = {"date": f"{cell.day}", "metrics": {"spend": 0.0, "api_requests": 0}}
        day = results.setdefault(cell.day, {**empty, "breakdown": {"models": {}}})
        day["breakdown"]["models"][cell.name] = {"metrics": metrics}
        day["metrics"]["spend"] += metrics["spend"]
        day["metrics"]["api_requests"] += cell.uses
    return said({"results": [*results.values()], "metadata": {"has_more": False}})


def _logs(asked: Asked, first: date, last: date) -> Answer:
    rows = [
        {
            "request_id": f"req-{cell.day}-{cell.name}",
            "call_type": "acompletion",
            "spend": cell.cost / 10_000,
            "model": cell.name,
            "user": "ana",
            "startTime": f"{cell.day}T00:00:{number % 60:02}",
        }
        for number, cell in enumerate(reversed(cells(first, last)))
    ]
    rows.sort(key=lambda row: str(row["startTime"]), reverse=True)
    page, size = int(asked.query["page"]), int(asked.query["page_size"])
    found = rows[(page - 1) * size : page * size]
    return said({"data": found, "page": page, "total_pages": -(-len(rows) // size)})


def v0(asked: Asked) -> Answer:
    """A team's plan with two blocks, in the middle of its cycle."""
    if asked.path.endswith("/user"):
        return said({"id": "u7", "name": "Ana"})
    start = today() - 12 * _ONE_DAY
    acts = [cell for cell in cells(start - 20 * _ONE_DAY, today()) if cell.day < today()][::-1]
    if asked.path.endswith("/billing"):
        spent = sum(cell.cost for cell in acts if cell.day >= start) / 10_000
        return said(_billing(start, spent))
    first, last = int(asked.query.get("cursor", 0)), int(asked.query.get("cursor", 0)) + 100
    data = [
        {
            "id": f"ev-{cell.day}-{cell.name}",
            "type": _V0_TYPES[_NAMES.index(cell.name)],
            "totalCost": f"{cell.cost / 10_000}",
            "userId": "ana",
            "createdAt": f"{cell.day}T{10 + _NAMES.index(cell.name)}:00:00.000Z",
        }
        for cell in acts[first:last]
    ]
    more = last < len(acts)
    return said({"data": data, "pagination": {"hasMore": more, "nextCursor": f"{last}" if more else None}})


def _billing(start: date, spent: float) -> dict[str, object]:
    def milliseconds(days: int) -> int:
        return int(_at(start + days * _ONE_DAY).timestamp() * 1000)

    blocks = [
        {"effectiveDate": milliseconds(-60), "originalBalance": 50, "currentBalance": 12.5},
        {
            "effectiveDate": milliseconds(-90),
            "expirationDate": milliseconds(40),
            "originalBalance": 100,
            "currentBalance": 20,
        },
    ]
    cycle = {"start": milliseconds(0), "end": milliseconds(30)}
    data = {"plan": "Team", "role": "OWNER", "billingCycle": cycle}
    data |= {"balance": {"remaining": 200 - spent, "total": 200}}
    data |= {"onDemand": {"balance": 32.5, "blocks": blocks}}
    return {"billingType": "token", "data": data}


VENDORS: Mapping[str, Callable[[Asked], Answer]] = {
    "anthropic": anthropic,
    "github": github,
    "litellm": litellm,
    "openai": openai,
    "openrouter": openrouter,
    "v0": v0,
}


class LiveVendor:
    """A vendor on a loopback port.

    Attributes:
        name: The vendor's.
        answer: How it answers; `VENDORS` has the usual ways.
        requests: What was asked so far.
        keys: What signed these requests.
        port: Where it is.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.answer = VENDORS[name]
        self.requests: list[Asked] = []
        self.keys: set[str | None] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def profile(self, token_file: Path) -> str:
        """A profile of its name, in TOML."""
        lines = (
            f"[profiles.{self.name}]",
            f'provider = "{self.name}"',
            f'url = "{self.url}"',
            f'token_file = "{token_file}"',
        )
        return "\n".join(lines) + "\n"


@contextmanager
def serving(name: str) -> Iterator[LiveVendor]:
    """A vendor that answers until the block ends."""
    vendor = LiveVendor(name)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            asked = Asked(parts.path, query, json.loads(body or b"{}"))
            vendor.requests.append(asked)
            vendor.keys.add(self.headers["Authorization"])
            answer = vendor.answer(asked)
            self.send_response(answer.status)
            for header, value in answer.headers.items():
                self.send_header(header, value)
            self.send_header("Content-Length", f"{len(answer.body) + 100 * answer.is_cut}")
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = True

        do_POST = do_GET  # noqa: N815 - as the server calls it

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        vendor.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield vendor
        finally:
            server.shutdown()
            thread.join()


def answered(name: str) -> Callable[[httpx.Request], httpx.Response]:
    """The same answers without a socket."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content or b"{}")
        found = VENDORS[name](Asked(request.url.path, dict(request.url.params), body))
        return httpx.Response(found.status, content=found.body, headers=dict(found.headers))

    return answer
