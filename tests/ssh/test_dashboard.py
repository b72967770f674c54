"""The dashboard over a real SSH connection: asyncssh's server, and OpenSSH's where it is installed."""

from __future__ import annotations

import asyncio
import os
import re
import select
import shlex
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path

import asyncssh
import pytest

from tests.ssh.server import Server, asyncssh_server, openssh_server
from tests.ssh.session import Session, dashboard
from tests.terminal import TIMEOUT, environment, usage_tui

SERVERS = ["asyncssh", "openssh"]
SLOW = 2400
"""Bytes per second: a bad line, such as a modem's."""
FAR = 0.15
"""Seconds each way: half a world and a satellite."""


class Program:
    """Tells when the program and all that it started have ended: they hold one end of a pipe with a name."""

    def __init__(self, home: Path) -> None:
        fifo = home / "lifeline"
        os.mkfifo(fifo)
        self._lifeline = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        self.command = f"exec 9>{fifo}; exec {shlex.join(usage_tui('--demo'))}"

    async def wait_until_gone(self) -> None:
        """Wait until nothing of it is left."""
        readable, _, _ = await asyncio.to_thread(select.select, [self._lifeline], [], [], TIMEOUT)
        assert readable, "still running, without a connection"

    def close(self) -> None:
        os.close(self._lifeline)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.close()


def serving(kind: str, program: Program, home: Path, **options: int) -> AbstractAsyncContextManager[Server]:
    if kind == "openssh":
        settings = " ".join(f"{name}={value}" for name, value in environment(home).items())
        return openssh_server(home, f"ForceCommand {program.command}\nSetEnv {settings}", **options)
    # OpenSSH sets it by itself.
    variables = environment(home, SSH_CONNECTION="127.0.0.1 50022 127.0.0.1 22")
    return asyncssh_server(program.command, variables, **options)


@pytest.fixture(params=SERVERS)
async def server(request: pytest.FixtureRequest, program: Program, tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(request.param, program, tmp_path) as server:
        yield server


async def leave(session: Session) -> None:
    session.press("q")
    assert await session.wait_for_exit() == 0


async def test_a_key_opens_the_dashboard_and_it_is_used_and_left(server: Server, program: Program) -> None:
    async with dashboard(server) as session:
        await session.wait_for("Credits remaining", "q quit", "Background AI")
        session.press("2", "down")
        await session.wait_for("Event details")
        session.press("3")
        await session.wait_for("usable in 3 grants")
        await leave(session)
    await program.wait_until_gone()


async def test_another_key_opens_nothing(server: Server) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    with pytest.raises(asyncssh.PermissionDenied):
        async with dashboard(server._replace(key=stranger)):
            pass


async def test_the_size_is_that_of_the_window_and_follows_it(server: Server) -> None:
    async with dashboard(server, size=(80, 24)) as session:
        await session.wait_for("Credits remaining", "q quit", "▼ more")
        session.resize(36, 10)
        await session.wait_for("Too small: 36x10.")
        session.resize(120, 40)
        await session.wait_for("Background AI")
        await leave(session)


async def test_without_colorterm_256_colors_are_sent_and_no_more(server: Server) -> None:
    async with dashboard(server) as session:
        await session.wait_for("Credits remaining", "q quit")
        await leave(session)
    assert b"38;5;" in session.raw
    assert b"38;2;" not in session.raw
    assert b"48;2;" not in session.raw


async def test_the_keyboard_of_the_viewer_is_left_as_it_is(server: Server) -> None:
    async with dashboard(server) as session:
        await session.wait_for("Credits remaining", "q quit")
        await leave(session)
    assert not re.search(rb"\x1b\[>\d+u", session.raw)


async def test_a_connection_that_breaks_takes_the_program_with_it(server: Server, program: Program) -> None:
    with suppress(asyncssh.Error, ConnectionError):
        async with dashboard(server) as session:
            await session.wait_for("Credits remaining", "q quit")
            session.link.cut()
            await program.wait_until_gone()


@pytest.mark.parametrize("kind", SERVERS)
async def test_a_connection_that_falls_silent_takes_the_program_with_it(
    kind: str, program: Program, tmp_path: Path
) -> None:
    async with serving(kind, program, tmp_path, patience=1) as server:
        with suppress(asyncssh.Error, ConnectionError):
            async with dashboard(server) as session:
                await session.wait_for("Credits remaining", "q quit")
                session.link.stand_still()
                await program.wait_until_gone()


async def test_on_a_slow_link_it_can_be_used(server: Server) -> None:
    async with dashboard(server, size=(80, 24)) as session:
        await session.wait_for("Credits remaining", "q quit")
        session.press("2")
        await session.wait_for("Rows 1–13")
        session.press("y")
        await session.wait_for("clipboard")  # and so all that was painted before
        session.link.rate = SLOW
        before = session.link.received
        session.press("down")
        await session.wait_for("6.75  Team plan")
        assert session.link.received - before < SLOW
        await leave(session)


async def test_far_away_keys_typed_ahead_all_arrive(server: Server) -> None:
    async with dashboard(server, size=(80, 24)) as session:
        await session.wait_for("Credits remaining", "q quit")
        session.link.delay = FAR
        session.press("3", "down", "up", "2")
        await session.wait_for("Rows 1–13")
        session.press("n")
        await session.wait_for("Rows 14–26")
        await leave(session)
