"""pgbouncer in transaction mode, in front of a PostgreSQL server of the tests."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from tests.server.postgresql import Cluster, missing

_PORT = 6432
_SESSIONS = 3
"""How many sessions of the server it shares out: fewer than there are connections to it."""


class Pooler:
    """Where pgbouncer listens."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def url(self, direct: str) -> str:
        """The URL of a database through it."""
        query = {"host": str(self._home), "port": str(_PORT), "user": "usage", "pgbouncer": "true"}
        return make_url(direct).set(query=query).render_as_string(hide_password=False)


@contextmanager
def running(cluster: Cluster) -> Iterator[Pooler]:
    """Run it until the block ends."""
    program = shutil.which("pgbouncer", path="/usr/local/bin:/usr/bin:/usr/sbin:/bin")
    if program is None:
        missing("no pgbouncer; on Debian and Ubuntu: apt install pgbouncer")
        return
    settings = cluster.home / "pgbouncer.ini"
    settings.write_text(
        f"""\
[databases]
* = host={cluster.home} user=usage
[pgbouncer]
pool_mode = transaction
default_pool_size = {_SESSIONS}
max_client_conn = 500
server_idle_timeout = 2
log_connections = 0
log_disconnections = 0
auth_type = any
listen_addr =
listen_port = {_PORT}
unix_socket_dir = {cluster.home}
"""
    )
    as_user = ["--user", cluster.user] if cluster.user else []
    with subprocess.Popen(
        [program, *as_user, str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            told = []
            for line in process.stderr:
                told.append(line)
                if "process up" in line:
                    break
            else:
                raise AssertionError("".join(told))
            yield Pooler(cluster.home)
        finally:
            process.terminate()
