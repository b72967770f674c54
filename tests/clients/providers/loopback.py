"""OpenRouter's shapes on a socket of this machine: the days up to today cost what their dates say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-or-v1-f00d7e57ba5e"
MODELS = ("north/large", "north/small")
_BACK = 40
"""How many days before today were used."""


def cost(day: date, model: str) -> str:
    """What a model cost on a day, in digits that need rounding."""
    return f"{day.day % 7}.{len(model)}0000004"


class Loopback:
    """What the server was asked, and how it answers.

    Attributes:
        url: Its address.
        asked: The paths.
        status: Of every answer.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.status = 200

    def answer(self, path: str, body: bytes, authorization: str | None) -> tuple[int, Any]:
        self.asked.append(path)
        if authorization != f"Bearer {KEY}":
            return 401, {"error": {"code": 401, "message": f"No such key: {authorization}"}}
        if self.status != 200:
            return self.status, {"error": {"code": self.status, "message": "as the test wants it"}}
        if path == "/key":
            return 200, {"data": {"is_management_key": True, "creator_user_id": "u1"}}
        if path == "/credits":
            return 200, {"data": {"total_credits": 1000, "total_usage": 876.5}}
        return 200, {"data": {"data": self._rows(json.loads(body)), "metadata": {"truncated": False}}}

    def _rows(self, query: dict[str, Any]) -> list[dict[str, object]]:
        start, end = (date.fromisoformat(query["time_range"][name][:10]) for name in ("start", "end"))
        today = datetime.now(UTC).date()
        days = (today - timedelta(days=number) for number in range(_BACK))
        return [
            {"date__day": f"{day}", "model": model, "request_count": "3", "credits_usage": cost(day, model)}
            for day in days
            if start <= day < end
            for model in MODELS
        ]


@contextmanager
def loopback() -> Iterator[Loopback]:
    """A server that is running."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            status, reply = vendor.answer(self.path, self.rfile.read(length), self.headers["Authorization"])
            body = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", f"{len(body)}")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - as the server calls it

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        vendor = Loopback(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield vendor
        finally:
            server.shutdown()
            thread.join()
