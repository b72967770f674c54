"""The login of docs/ssh.md that shows only the dashboard, with OpenSSH's server."""

from __future__ import annotations

import getpass
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from sysconfig import get_path

import asyncssh
import pytest

from tests.ssh.server import Server, openssh_server
from tests.ssh.session import dashboard, login
from tests.wheel import build

ROOT = Path(__file__).parents[2]
HARMFUL = {"TEXTUAL_DRIVER": "nowhere:Driver", "PYTHONHOME": "nowhere"}
"""What would keep the program from starting."""
SYSTEM_PATH = "/usr/bin:/bin"
"""As narrow as a server's may be."""


def section() -> str:
    """What docs/ssh.md says of the login."""
    text = (ROOT / "docs" / "ssh.md").read_text(encoding="utf-8")
    return text[text.index("## A login that shows only the dashboard") :]


def replaced(text: str, replacements: Mapping[str, str]) -> str:
    """The text with other words, each of which it must have."""
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in the place of ``/`` into which its commands installed the program."""
    root = tmp_path_factory.mktemp("root")
    (root / "opt").mkdir()
    (root / "usr/local/bin").mkdir(parents=True)
    wheel = build("wheel", ROOT, root / "wheel")
    commands = replaced(
        section().partition("```sh\n")[2].partition("```")[0],
        {
            # What it depends on is borrowed, and so is pip: no test needs a network.
            "python3 -m venv": f"{sys.executable} -m venv --without-pip",
            "/opt/usage-tui/bin/pip install": f"{sys.executable} -m pip --python /opt/usage-tui install",
            "--constraint constraints.txt .": f"--quiet --no-index --no-deps {wheel}",
            "/opt/": f"{root}/opt/",
            "/usr/local/bin/": f"{root}/usr/local/bin/",
        },
    )
    subprocess.run(["/bin/sh", "-euc", f"umask 077\n{commands}"], check=True)
    (packages,) = root.glob("opt/usage-tui/lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(get_path("purelib"))
    (packages / "borrowed.pth").chmod(0o644)
    return root


@pytest.fixture
async def server(prefix: Path, tmp_path: Path) -> AsyncIterator[Server]:
    settings = section()
    settings = replaced(
        settings[settings.index("Match User usage") :].partition("```")[0],
        {
            "User usage": f"User {getpass.getuser()}",
            "/usr/local/bin/": f"{prefix}/usr/local/bin/",
            "--url https://usage.example.com\n": "--demo\n",  # in the place of a service
        },
    )
    # As generous as a server can be: what the recipe closes is open everywhere else.
    generous = f"""
        AcceptEnv *
        AllowTcpForwarding yes
        SetEnv HOME={tmp_path} PATH={SYSTEM_PATH}
        Subsystem sftp internal-sftp
        """
    async with openssh_server(tmp_path, generous + settings) as server:
        yield server


def test_every_user_can_run_what_was_installed(prefix: Path) -> None:
    installed = [*(prefix / "opt/usage-tui").rglob("*")]
    assert len(installed) > 200
    for path in installed:
        if not path.is_symlink():
            wanted = 0o005 if path.is_dir() else 0o004
            assert path.stat().st_mode & wanted == wanted, path
    assert (prefix / "opt/usage-tui/bin/usage-tui").stat().st_mode & 0o005 == 0o005


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
    text = str(printed.stdout)
    assert "Credits remaining" in text
    assert "root" not in text


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
