"""A PostgreSQL server for tests: Debian's binaries in a folder of their own, on a socket, without a port."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

_SETTINGS = "-c fsync=off -c listen_addresses= -c max_connections=40"


def binaries() -> Path | None:
    """Where `initdb` is."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return debian[-1] if debian else None


def missing(reason: str) -> None:
    """Skip, but in continuous integration, where nothing may be skipped, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running() -> Iterator[str]:
    """A running server; gives what a URL says of where it is."""
    folder = binaries()
    if folder is None:
        missing("there is no PostgreSQL here; on Debian and Ubuntu: apt install postgresql")
        return
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(mkdtemp(prefix="pg"))  # short: the path of a socket may have 107 characters
    if user:
        shutil.chown(home, user, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [folder / program, *arguments],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )

    data = str(home / "data")
    run("initdb", "-D", data, "-U", "usage", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    run("pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", f"{_SETTINGS} -k {home}", "start")
    try:
        yield f"host={home}&user=usage"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home)
