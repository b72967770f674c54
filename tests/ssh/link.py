"""A network between a client and a server on this machine: it can be slow, far, or cut."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_AT_ONCE = 240
"""Bytes that travel together on a slow link: a tenth of a second's at 2,400 B/s."""
_BUFFER = 4096


class Link:
    """A connection to a port, as bad as is asked for at any time.

    Attributes:
        port: Where it begins.
        received: Bytes that came back through it from the server.
        rate: Bytes per second each way; None for as fast as can be.
        delay: Seconds that every byte takes, each way.
    """

    def __init__(self, to: int) -> None:
        self.port = 0
        self.received = 0
        self.rate: float | None = None
        self.delay = 0.0
        self._to = to
        self._open = asyncio.Event()
        self._open.set()
        self._pumps: list[asyncio.Task[None]] = []
        self._writers: list[asyncio.StreamWriter] = []

    def stand_still(self) -> None:
        """From now on nothing gets through, and neither side is told."""
        self._open.clear()

    def cut(self) -> None:
        """Break the connection off; both sides notice."""
        for writer in self._writers:
            writer.transport.abort()

    async def join(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        """Carry what comes, both ways."""
        near = socket.create_connection(("127.0.0.1", self._to))
        # What waits in the kernel is not on a slow link.
        near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        server, to_server = await asyncio.open_connection(sock=near, limit=_BUFFER)
        self._writers += [to_client, to_server]
        self._pumps += [
            asyncio.create_task(self._carry(client, to_server)),
            asyncio.create_task(self._carry(server, to_client, counted=True)),
        ]

    async def close(self) -> None:
        """Break off what is still there."""
        self.cut()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, counted: bool = False
    ) -> None:
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):
            while data := await source.read(_AT_ONCE if self.rate else _BUFFER):
                await self._open.wait()
                if self.rate:
                    await asyncio.sleep(len(data) / self.rate)
                self.received += len(data) if counted else 0
                loop.call_later(self.delay, target.write, data)
                await target.drain()
        loop.call_later(self.delay, target.close)


@asynccontextmanager
async def link(to: int) -> AsyncIterator[Link]:
    """A link to a port of this machine."""
    made = Link(to)
    server = await asyncio.start_server(made.join, "127.0.0.1", 0, limit=_BUFFER)
    async with server:
        made.port = server.sockets[0].getsockname()[1]
        try:
            yield made
        finally:
            await made.close()
