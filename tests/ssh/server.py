"""Servers that let one key in and run one program: asyncssh, and OpenSSH where it is installed."""

from __future__ import annotations

import asyncio
import os
import pty
import shutil
import socket
import subprocess
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

import asyncssh

from tests.server.postgresql import missing

TIMEOUT = 15
_AT_ONCE = 2**16


class Server(NamedTuple):
    """Where to log in, and with what.

    Attributes:
        port: On 127.0.0.1.
        key: The key that opens it.
        host_key: The key by which it is known.
    """

    port: int
    key: asyncssh.SSHKey
    host_key: asyncssh.SSHKey


@asynccontextmanager
async def asyncssh_server(
    command: str, environment: Mapping[str, str], *, patience: int = TIMEOUT
) -> AsyncIterator[Server]:
    """A server that runs the command in a terminal, whatever it is asked for.

    Args:
        command: What a shell is given.
        environment: Its variables, to which ``TERM`` is added.
        patience: Seconds of silence after which it asks whether the client is there, and once more as
            many after which it gives up.
    """
    key, host_key = _key(), _key()
    listener = await asyncssh.create_server(
        lambda: _OneKey(key, command, environment),
        "127.0.0.1",
        0,
        server_host_keys=[host_key],
        line_editor=False,
        encoding=None,
        keepalive_interval=patience,
        keepalive_count_max=1,
    )
    async with listener:
        yield Server(listener.get_port(), key, host_key)


class _OneKey(asyncssh.SSHServer):
    """Whose session it is, and which."""

    def __init__(self, key: asyncssh.SSHKey, command: str, environment: Mapping[str, str]) -> None:
        self._key = key.convert_to_public()
        self._command = command
        self._environment = environment

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key == self._key

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _PtySession(self._command, self._environment)


class _PtySession(asyncssh.SSHServerSession[bytes]):
    """A program in a terminal of its own, joined to a channel."""

    def __init__(self, command: str, environment: Mapping[str, str]) -> None:
        self._command = ["/bin/sh", "-c", command]
        self._environment = dict(environment)
        self._master = -1

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        self._environment["TERM"] = term_type
        self._master, self._program_side = pty.openpty()
        self.terminal_size_changed(*term_size)
        return True

    def shell_requested(self) -> bool:
        return self._master >= 0

    def exec_requested(self, command: str) -> bool:
        return self._master >= 0

    def session_started(self) -> None:
        tty = os.ttyname(self._program_side)
        pid = os.posix_spawn(
            self._command[0],
            self._command,
            self._environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, tty, os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1),
                (os.POSIX_SPAWN_DUP2, 0, 2),
            ],
            setsid=True,
        )
        os.close(self._program_side)
        self.resume_writing()
        self._ended = asyncio.create_task(self._tell_the_end(pid))

    def data_received(self, data: bytes, datatype: int | None) -> None:
        os.write(self._master, data)

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        termios.tcsetwinsize(self._master, (height, width))

    def pause_writing(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)

    def resume_writing(self) -> None:
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def _read(self) -> None:
        with suppress(OSError):  # how Linux says that the program has closed its side
            if data := os.read(self._master, _AT_ONCE):
                self._channel.write(data)
                return
        self.pause_writing()

    async def _tell_the_end(self, pid: int) -> None:
        _, status = await asyncio.to_thread(os.waitpid, pid, 0)
        self._channel.exit(max(0, os.waitstatus_to_exitcode(status)))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._master >= 0:
            self.pause_writing()
            os.close(self._master)


@asynccontextmanager
async def openssh_server(home: Path, settings: str, *, patience: int = TIMEOUT) -> AsyncIterator[Server]:
    """OpenSSH's server, started for each connection as inetd does; no root and no fixed port are needed.

    Args:
        home: A folder for its keys and settings.
        settings: More lines of its settings, such as a ``ForceCommand``.
        patience: As of the other server.
    """
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if sshd is None:
        missing("there is no sshd here; on Debian and Ubuntu: apt install openssh-server")
        return
    key, host_key = _key(), _key()
    config = _write_settings(home, key, host_key, settings, patience)
    daemons: list[subprocess.Popen[bytes]] = []
    with socket.create_server(("127.0.0.1", 0)) as listener, (home / "log").open("wb") as log:

        async def accept() -> None:
            while True:
                connection, _ = await asyncio.get_running_loop().sock_accept(listener)
                daemons.append(_start([sshd, "-i", "-e", "-f", str(config)], connection, log))

        listener.setblocking(False)
        accepting = asyncio.create_task(accept())
        try:
            yield Server(listener.getsockname()[1], key, host_key)
        finally:
            accepting.cancel()
            for daemon in daemons:
                daemon.kill()
                daemon.wait()


def _start(daemon: list[str], connection: socket.socket, log: IO[bytes]) -> subprocess.Popen[bytes]:
    with connection:
        connection.setblocking(True)
        return subprocess.Popen(daemon, stdin=connection.fileno(), stdout=connection.fileno(), stderr=log)


def _write_settings(
    home: Path, key: asyncssh.SSHKey, host_key: asyncssh.SSHKey, settings: str, patience: int
) -> Path:
    host_key.write_private_key(home / "host_key")
    (home / "host_key").chmod(0o600)
    key.write_public_key(home / "authorized_keys")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it shuts itself in
    config = home / "sshd_config"
    config.write_text(
        f"""
        HostKey {home}/host_key
        AuthorizedKeysFile {home}/authorized_keys
        StrictModes no
        PidFile none
        LogLevel VERBOSE
        ClientAliveInterval {patience}
        ClientAliveCountMax 1
        {settings}
        """
    )
    return config


def _key() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519")
