"""A Usage API on a real socket, and a line to it that may be late, cut or spoiled."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from weakref import WeakSet

import uvicorn
from sqlalchemy import update

from tests.server.world import new_sqlite
from usage_tui.cli.recorded_organization import read_recorded
from usage_tui.clients.demo.client import open_demo
from usage_tui.models import User
from usage_tui.server.api.app import create_app
from usage_tui.server.auth import create_token
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import to_micros
from usage_tui.server.db.schema import tokens
from usage_tui.server.ledger_writer.cloudevents import BATCH, Form, read_reports
from usage_tui.server.ledger_writer.organizations import add_member
from usage_tui.server.ledger_writer.seed_demo import Demo, seed_demo
from usage_tui.server.limits import RateLimit
from usage_tui.server.service import Admitted, UsageService

ADA = User(id="usr_03", name="Ada")

Spoil = Callable[[bytes], bytes]
"""Makes of an answer what is sent in its place, before the line is cut."""


@cache
def _seeded() -> tuple[bytes, Demo, datetime]:
    """A database with the demo's organization, and its time: to make it takes longer than to copy."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "usage.db")
        database = new_sqlite(path)
        demo = seed_demo(database, asyncio.run(read_recorded(open_demo())))
        database.close()
        return path.read_bytes(), demo, demo.clock()


class LiveService:
    """The demo's organization, served on a loopback port by a thread; a context manager that ends it.

    Attributes:
        owner: A token.
        member: A token of a member without billing access.
        billing_admin: A token of an admin with billing access, Ada.
        ingest_token: A token of a machine that may write events, and read nothing.
        now: What time the service takes it to be.
    """

    def __init__(self, folder: Path) -> None:
        """Serve from a new database in this folder."""
        content, demo, now = _seeded()
        self.now = now
        path = folder / "usage.db"
        path.write_bytes(content)
        self.database = Database.open(str(path))
        self.owner, self.member = demo.owner, demo.member
        with self.database.writing() as connection:
            add_member(connection, "acme", ADA, "admin", billing_access=True)
            self.billing_admin = create_token(connection, name="ada", now=self.now, user_id=ADA.id)
            self.ingest_token = create_token(
                connection, name="tools", now=self.now, org_id="acme", scopes=("ingest",)
            )
        unlimited = RateLimit(per_second=1e9, burst=1e9)
        self.service = UsageService(self.database, clock=lambda: self.now, rate_limit=unlimited)
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.database.close()

    @property
    def url(self) -> str:
        """Where it is, before and after a restart."""
        return f"http://127.0.0.1:{self.port}"

    def forward(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)

    def book(self, sender_id: str) -> None:
        """A service reports that a tool ran just now."""
        event = {
            "specversion": "1.0",
            "type": "usage.ai_tool",
            "source": "//tools/prod",
            "id": sender_id,
            "subject": "tool_contract",
            "time": self.now.isoformat(),
            "data": {"credits": "0.125", "label": "Contract review", "activity": "run"},
        }
        admitted = Admitted("acme", "POST /v1/orgs/acme/usage/events")
        self.service.ingest(admitted, read_reports(json.dumps([event]).encode(), Form(BATCH)))

    def start(self) -> None:
        """Take connections, on the same port as before."""
        endpoint = socket.create_server(("127.0.0.1", self.port))
        self.port = endpoint.getsockname()[1]
        config = uvicorn.Config(create_app(self.service), access_log=False, log_config=None, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([endpoint],))
        self._thread.start()

    def stop(self) -> None:
        """Break every connection and take no more."""
        self._server.force_exit = self._server.should_exit = True
        self._thread.join()


def revoke(service: LiveService, token: str) -> None:
    """From now on the token is none."""
    _, token_id, _ = token.split("_", 2)
    with service.database.writing() as connection:
        this_one = update(tokens).where(tokens.c.id == token_id)
        connection.execute(this_one.values(revoked_at=to_micros(service.now)))


class Line:
    """A proxy in between, on a port of its own; an asynchronous context manager.

    Attributes:
        delay: Seconds by which each answer is late.
        spoil: What becomes of answers from now on; None lets them through.
        gate: Answers wait while it is not set.
        asked: The target of every request so far: path and query.
        received: The bytes that have come from the service.
        sent: The bytes that have gone to it.
        connections: How many are open from this side.
        opened: How many ever were.
    """

    def __init__(self, port: int) -> None:
        """Prepare a line to this port of this machine."""
        self._far_port = port
        self.delay = 0.0
        self.spoil: Spoil | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[str] = []
        self.received = self.sent = self.connections = self.opened = 0
        self._carrying: set[asyncio.Task[None]] = set()
        self._writers: WeakSet[asyncio.StreamWriter] = WeakSet()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        # What was accepted just now begins first: a task that is ended before it began closes nothing.
        for _ in range(3):
            await asyncio.sleep(0)
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying)
        # What was closed, and is still to be sent to somebody who has gone, is never sent.
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _carry(self, near: asyncio.StreamReader, near_writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.opened += 1
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        self._writers.add(near_writer)
        far_writer: asyncio.StreamWriter | None = None
        try:
            far, far_writer = await asyncio.open_connection("127.0.0.1", self._far_port)
            self._writers.add(far_writer)
            while True:
                request = await near.readuntil(b"\r\n\r\n")
                self.asked.append(request.split(b" ")[1].decode())
                far_writer.write(request)
                answer = await _read_answer(far)
                self.sent += len(request)
                self.received += len(answer)
                await asyncio.sleep(self.delay)
                await self.gate.wait()
                if self.spoil is not None:
                    near_writer.write(self.spoil(answer))
                    break
                near_writer.write(answer)
                await near_writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # one end has hung up, or the line is closed, and so do both ends
        finally:
            self.connections -= 1
            self._carrying.discard(task)
            near_writer.close()
            if far_writer is not None:
                far_writer.close()


async def _read_answer(far: asyncio.StreamReader) -> bytes:
    head = await far.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return head + (await far.readexactly(int(length[1])) if length else b"")


def cut(_: bytes) -> bytes:
    """Nothing comes."""
    return b""


def truncated(answer: bytes) -> bytes:
    """Only the first half comes."""
    return answer[: len(answer) // 2]


def garbage(_: bytes) -> bytes:
    """No HTTP at all."""
    return b"\x00\xff\x1b]52;c;aGk=\x07 NOT HTTP \r\n\r\n"


def answering(status: str, body: str = "", **headers: str) -> Spoil:
    """Every answer is this one."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda _: ("\r\n".join([*lines, "", body])).encode()
