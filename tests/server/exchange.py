"""One request to an application, its body a part at a time, so that a test sees when each is asked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message

HANG_UP: Message = {"type": "http.disconnect"}


@dataclass
class Exchange:
    """What was read and answered, in order.

    Attributes:
        read_first: How many parts of the body were read before the answer began.
    """

    parts: list[Message]
    read: int = 0
    read_first: int = 0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def code(self) -> Any:
        return json.loads(self.body)["code"]

    async def receive(self) -> Message:
        if self.read == len(self.parts):
            await asyncio.get_running_loop().create_future()  # a sender that stalls
        self.read += 1
        return self.parts[self.read - 1]

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.read_first = message["status"], self.read
            self.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message["body"]


def part(content: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": content, "more_body": more}


async def exchange(
    app: ASGIApp, method: str, path: str, headers: dict[str, str], parts: Iterable[Message]
) -> Exchange:
    """Send a request, and give its answer once the application is done with it."""
    made = Exchange(list(parts))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("usage", 80),
        "client": ("192.0.2.7", 4000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, made.receive, made.send)
    return made
