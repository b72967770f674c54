"""`usage-tui serve`: the Usage API."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from usage_tui.cli import database_option
from usage_tui.cli.ending import DONE, Failure
from usage_tui.cli.extras import extra
from usage_tui.cli.parser import Parser
from usage_tui.server.limits import BURST, PER_SECOND

if TYPE_CHECKING:
    from usage_tui.server.ledger_writer.import_recording import RecordedOrganization

_DEFAULT_PORT = 8321
_LAST_PORT = 65535
_EPILOG = f"""\
The first start creates the database. To try it with demo data, using a token that it prints:

  usage-tui serve --demo
  USAGE_TUI_TOKEN=uat_... usage-tui --url http://127.0.0.1:8321

With your own data, set up an organization first; see usage-tui admin --help.

A token can make {PER_SECOND:g} requests per second on average, and {BURST:g} at once. /healthz, /readyz
and /metrics (Prometheus) need no token and name nobody; a proxy should not publish them.
"""


def run(words: Sequence[str]) -> int:
    """Serve the Usage API."""
    options = parser().parse_args(words)
    with extra("server", "the packages of the server"):
        from usage_tui.server import serving
    try:
        serving.run(options, _read_demo)
    except serving.ServeFailed as error:
        raise Failure(str(error)) from None
    return DONE


def parser() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = Parser("usage-tui serve", description=run.__doc__, epilog=_EPILOG)
    data = parser.add_mutually_exclusive_group()
    database_option.add_argument(data)
    data.add_argument("--demo", action="store_true", help="serve demo data, deleted at the end")
    parser.add_argument("--host", default="127.0.0.1", help="the address to bind (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, default=_DEFAULT_PORT, help=f"0 for a free one (default {_DEFAULT_PORT})"
    )
    parser.add_argument("--certfile", type=Path, metavar="FILE", help="serve https with this certificate")
    parser.add_argument("--keyfile", type=Path, metavar="FILE", help="the certificate's private key")
    parser.add_argument(
        "--behind-proxy",
        action="store_true",
        help="a proxy in front of it serves https: bind any address, and log the last address "
        "of X-Forwarded-For",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 5 or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a port; use one from 0 to {_LAST_PORT}")
    return int(text)


def _read_demo() -> RecordedOrganization:
    import asyncio

    from usage_tui.cli.recorded_organization import read_recorded
    from usage_tui.clients.demo.client import open_demo

    return asyncio.run(read_recorded(open_demo()))
