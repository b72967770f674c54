"""``usage-tui serve``: one organization's or many organizations' usage, served from one database."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import uvicorn

from usage_tui.server.app import create_app
from usage_tui.server.database import DatabaseUnavailable, InvalidDatabase
from usage_tui.server.instants import utc_now
from usage_tui.server.limits import BURST, PER_SECOND
from usage_tui.server.prepare import open_prepared
from usage_tui.server.seeding import Demo, seed_demo
from usage_tui.server.service import UsageService

STOPPED, FAILED = 0, 1
DEFAULT_DATABASE = "usage.db"
DEFAULT_PORT = 8321

_GRACEFUL_SECONDS = 30
_EPILOG = f"""\
The first start creates the database. From nothing to a dashboard with data:

  usage-tui serve --demo
  USAGE_TUI_TOKEN=<the owner's token it prints> usage-tui --url http://127.0.0.1:8321

With your own data, set up an organization first; see usage-tui admin --help.

A token may make {PER_SECOND:g} requests a second in the long run, and {BURST:g} at once. /healthz, /readyz
and /metrics (Prometheus) need no token and name nobody; a proxy should not publish them.
"""


class ServeFailed(Exception):
    """The service cannot start as it was told to."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser of ``usage-tui serve`` what it takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    data = parser.add_mutually_exclusive_group()
    data.add_argument(
        "--database",
        default=DEFAULT_DATABASE,
        metavar="URL|PATH",
        help=f"an SQLite file, or postgresql+psycopg://HOST/NAME (default {DEFAULT_DATABASE})",
    )
    data.add_argument("--demo", action="store_true", help="serve demo data that are gone afterwards")
    parser.add_argument("--host", default="127.0.0.1", help="the address to bind (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help=f"0 for a free one (default {DEFAULT_PORT})"
    )
    parser.add_argument("--certfile", type=Path, metavar="FILE", help="serve https with this certificate")
    parser.add_argument("--keyfile", type=Path, metavar="FILE", help="the certificate's private key")
    parser.add_argument(
        "--behind-proxy", action="store_true", help="a proxy in front of it serves https: bind any address"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until a signal ends it.

    Returns:
        `STOPPED` or `FAILED`.
    """
    try:
        _check_binding(options)
        if options.demo:
            with TemporaryDirectory(prefix="usage-tui-") as folder:
                return _serve(options, str(Path(folder) / DEFAULT_DATABASE))
        return _serve(options, options.database)
    except (ServeFailed, InvalidDatabase) as error:
        return _fail(str(error))
    except DatabaseUnavailable as error:
        return _fail(f"the database cannot be opened: {error}")


def _fail(message: str) -> int:
    sys.stderr.write(f"usage-tui serve: {message}\n")
    return FAILED


def _check_binding(options: argparse.Namespace) -> None:
    """Tokens go over the wire: beyond this machine only within TLS.

    Raises:
        ServeFailed: They would go over it in plain, or half of a certificate was given.
    """
    if bool(options.certfile) != bool(options.keyfile):
        raise ServeFailed("--certfile and --keyfile go together")
    if not (options.certfile or options.behind_proxy or _is_loopback(options.host)):
        raise ServeFailed(
            f"{options.host} can be reached from other machines, and tokens would go over the network "
            "unencrypted; give --certfile and --keyfile, or --behind-proxy if a proxy serves https"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _serve(options: argparse.Namespace, name: str) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("usage_tui.server").setLevel(logging.INFO)
    database = open_prepared(name, create=True)
    try:
        demo = seed_demo(database) if options.demo else None
        service = UsageService(database, clock=demo.clock if demo else utc_now)
        address = _Address("https" if options.certfile else "http", options.host)
        server = Server(_config(options, service), lambda port: _announce(address, port, demo))
        with suppress(KeyboardInterrupt):  # raised anew once every request was finished
            server.run()
    finally:
        database.close()
    return STOPPED if server.started else FAILED


def _config(options: argparse.Namespace, service: UsageService) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(service),
        host=options.host,
        port=options.port,
        ssl_certfile=options.certfile,
        ssl_keyfile=options.keyfile,
        proxy_headers=options.behind_proxy,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )


class Server(uvicorn.Server):
    """A server that says once that it listens, and where."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[int], None]) -> None:
        """Prepare it.

        Args:
            config: What to serve.
            announce: Called with the port once connections are taken.
        """
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override,unused-ignore]
        """Start, and announce it."""
        await super().startup(sockets)  # type: ignore[arg-type,unused-ignore]
        if self.started:
            self._announce(self.servers[0].sockets[0].getsockname()[1])


class _Address(NamedTuple):
    scheme: str
    host: str


def _announce(address: _Address, port: int, demo: Demo | None) -> None:
    host = f"[{address.host}]" if ":" in address.host else address.host
    url = f"{address.scheme}://{host}:{port}"
    lines = [f"Serving the Usage API at {url}; Ctrl+C ends it."]
    if demo is not None:
        for who, token in (("an owner", demo.owner), ("a member without billing access", demo.member)):
            lines += ["", f"As {who}:", f"  USAGE_TUI_TOKEN={token} usage-tui --url {url}"]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
