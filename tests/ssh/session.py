"""A person at the other end of an SSH connection, with an emulated screen."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncssh

from tests.ssh.link import Link, link
from tests.ssh.server import Server
from tests.terminal import KEYS, TIMEOUT, Emulator

_AT_ONCE = 2**16


class Session:
    """A dashboard seen over SSH.

    Attributes:
        raw: Every byte that the program has sent.
        link: The way to it.
    """

    def __init__(self, process: asyncssh.SSHClientProcess[bytes], way: Link, size: tuple[int, int]) -> None:
        self.raw = b""
        self.link = way
        self._process = process
        self._emulator = Emulator(*size)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self._emulator.text

    def press(self, *keys: str) -> None:
        """Send keys, by name or as the character they are."""
        self._process.stdin.write("".join(KEYS.get(key, key) for key in keys).encode())

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        self._emulator.screen.resize(rows, columns)
        self._process.change_terminal_size(columns, rows)

    async def wait_for(self, *texts: str) -> str:
        """Wait until all the texts are on the screen, and return it.

        Raises:
            AssertionError: They did not come; with the screen as it is.
        """
        try:
            async with asyncio.timeout(TIMEOUT):
                while any(text not in self.text for text in texts):
                    if not await self._listen():
                        raise AssertionError(f"ended without {texts}\n{self.text}")
        except TimeoutError:
            raise AssertionError(f"never on the screen: {texts}\n{self.text}") from None
        return self.text

    async def wait_for_exit(self) -> int | None:
        """Wait until the program has ended; its exit code."""
        async with asyncio.timeout(TIMEOUT):
            while await self._listen():
                pass
            await self._process.wait_closed()
        return self._process.exit_status

    async def _listen(self) -> bool:
        data = await self._process.stdout.read(_AT_ONCE)
        self.raw += data
        self._emulator.feed(data)
        return bool(data)


@asynccontextmanager
async def login(server: Server, **options: Any) -> AsyncIterator[tuple[asyncssh.SSHClientConnection, Link]]:
    """A login by key over a link; no agent, no settings of the person who runs the tests.

    Args:
        server: Where to.
        options: More of asyncssh's.
    """
    async with (
        link(server.port) as way,
        asyncssh.connect(
            "127.0.0.1",
            way.port,
            username=getpass.getuser(),
            client_keys=[server.key],
            known_hosts=([server.host_key.convert_to_public()], [], []),
            agent_path=None,
            config=None,
            **options,
        ) as connection,
    ):
        yield connection, way


async def open_session(
    connection: asyncssh.SSHClientConnection,
    way: Link,
    *,
    command: str | None = None,
    term: str = "xterm-256color",
    size: tuple[int, int] = (120, 40),
    **options: Any,
) -> Session:
    """Ask for a terminal.

    Args:
        connection: The login.
        way: How it goes there.
        command: What is asked for, as in ``ssh host command``.
        term: The kind of terminal.
        size: Its columns and rows.
        options: More of asyncssh's.
    """
    process = await connection.create_process(
        command, term_type=term, term_size=size, encoding=None, **options
    )
    return Session(process, way, size)


@asynccontextmanager
async def dashboard(server: Server, **options: Any) -> AsyncIterator[Session]:
    """What the server shows in a terminal.

    Args:
        server: Where to log in.
        options: Those of `open_session`.
    """
    async with login(server) as (connection, way):
        yield await open_session(connection, way, **options)
