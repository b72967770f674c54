"""The README's login that shows only the dashboard, with OpenSSH's server."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh
import pytest

from tests.ssh.server import Server, openssh_server
from tests.ssh.session import dashboard, login
from tests.terminal import environment, usage_tui

README = Path(__file__).parents[2] / "README.md"
HARMFUL = {"TEXTUAL_DRIVER": "nowhere:Driver", "PYTHONHOME": "nowhere"}
"""What would keep the program from starting."""


def recipe() -> str:
    """The settings that the README gives, with the demo in the place of a service."""
    text = README.read_text(encoding="utf-8")
    lines = text[text.index("Match User usage") :].partition("```")[0]
    assert "usage-tui --restricted --url https://usage.example.com\n" in lines
    demo = shlex.join(usage_tui("--restricted", "--demo"))
    return lines.replace("usage-tui --restricted --url https://usage.example.com", demo).replace(
        "User usage", f"User {getpass.getuser()}"
    )


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    # As generous as a server can be: what the recipe closes is open everywhere else.
    generous = f"""
        AcceptEnv *
        AllowTcpForwarding yes
        SetEnv HOME={tmp_path} PATH={environment(tmp_path)["PATH"]}
        Subsystem sftp internal-sftp
        """
    async with openssh_server(tmp_path, generous + recipe()) as server:
        yield server


async def test_the_dashboard_is_shown_and_leaving_it_ends_the_login(server: Server) -> None:
    async with dashboard(server) as session:
        await session.wait_for("Credits remaining")
        session.press("q")
        assert await session.wait_for_exit() == 0


@pytest.mark.parametrize("command", ["/bin/sh", "usage-tui schema", "exit 7"])
async def test_a_command_that_is_asked_for_is_not_run(command: str, server: Server) -> None:
    async with dashboard(server, command=command) as session:
        await session.wait_for("Credits remaining")
        session.press("q")
        assert await session.wait_for_exit() == 0


async def test_keys_that_signal_or_suspend_lead_nowhere(server: Server) -> None:
    async with dashboard(server) as session:
        await session.wait_for("Credits remaining")
        session.press("\x03", "\x1a", "\x1c")
        session.press("2")
        await session.wait_for("Event details")
        session.press("q")
        assert await session.wait_for_exit() == 0


@pytest.mark.parametrize("command", [None, "cat /etc/passwd"])
async def test_without_a_terminal_the_cards_are_printed(command: str | None, server: Server) -> None:
    async with login(server) as (connection, _):
        printed = await connection.run(command, stdin=asyncssh.DEVNULL)
    assert printed.exit_status == 0
    assert "Credits remaining" in printed.stdout
    assert "root" not in printed.stdout


async def test_there_are_no_files(server: Server) -> None:
    async with login(server) as (connection, _):
        with pytest.raises(asyncssh.SFTPError):
            await connection.start_sftp_client()


async def test_nothing_is_forwarded(server: Server) -> None:
    async with login(server) as (connection, _):
        with pytest.raises(asyncssh.ChannelOpenError) as caught:
            await connection.open_connection("127.0.0.1", server.port)
        assert caught.value.code == asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", server.port)


async def test_variables_are_not_taken_over_but_for_colors(server: Server) -> None:
    async with dashboard(server, env=HARMFUL | {"COLORTERM": "truecolor"}) as session:
        await session.wait_for("Credits remaining")
        assert b"48;2;" in session.raw
