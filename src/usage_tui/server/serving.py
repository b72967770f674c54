"""``usage-tui serve``: serves the usage of organizations from one database."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import uvicorn

from usage_tui.hosts import is_loopback
from usage_tui.server.api.app import create_app
from usage_tui.server.db.database import DatabaseUnavailable, InvalidDatabase
from usage_tui.server.ledger_writer.import_recording import RecordedOrganization
from usage_tui.server.ledger_writer.seed_demo import Demo, seed_demo
from usage_tui.server.logs import write_logs
from usage_tui.server.prepare import open_prepared
from usage_tui.server.service import UsageService
from usage_tui.server.timekeeping import keeping_time
from usage_tui.server.trusted_clock import TrustedClock

_GRACEFUL_SECONDS = 30
_IDLE_SECONDS = 75
"""Seconds that a connection stays open between requests. A dashboard polls once a minute."""


class ServeFailed(Exception):
    """The service cannot start. The message is one line: what is wrong, and what to do."""


def run(options: argparse.Namespace, read_demo: Callable[[], RecordedOrganization]) -> None:
    """Serve until a signal ends it.

    Raises:
        ServeFailed: It cannot start.
    """
    _check_binding(options)
    _check_certificate(options)
    try:
        if options.demo:
            with TemporaryDirectory(prefix="usage-tui-") as folder:
                _serve(options, str(Path(folder) / "demo.db"), read_demo)
        else:
            _serve(options, options.database, read_demo)
    except InvalidDatabase as error:
        raise ServeFailed(str(error)) from None
    except DatabaseUnavailable as error:
        raise ServeFailed(f"the database cannot be opened: {error}") from None


def _check_binding(options: argparse.Namespace) -> None:
    """Check that tokens leave this machine only through TLS.

    Raises:
        ServeFailed: They would be sent unencrypted, or the certificate or its key is missing.
    """
    if bool(options.certfile) != bool(options.keyfile):
        raise ServeFailed("--certfile and --keyfile go together")
    if not (options.certfile or options.behind_proxy or is_loopback(options.host)):
        raise ServeFailed(
            f"{options.host} can be reached from other machines, and tokens would go over the network "
            "unencrypted; use --certfile and --keyfile, or --behind-proxy if a proxy serves https"
        )


def _check_certificate(options: argparse.Namespace) -> None:
    """Check the certificate before the service is announced.

    Raises:
        ServeFailed: It cannot be read, or does not match its key.
    """
    if not options.certfile:
        return
    for path in (options.certfile, options.keyfile):
        try:
            path.open("rb").close()
        except OSError as error:
            raise ServeFailed(f"{path}: cannot be read: {error.strerror}") from None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            options.certfile,
            options.keyfile,
            password=str,  # so that it is never asked for on the terminal
        )
    except ssl.SSLError as error:
        raise ServeFailed(
            f"{options.certfile} and {options.keyfile} must be a certificate and its unencrypted key, "
            f"both in PEM: {error.reason or error}"
        ) from None


def listen(options: argparse.Namespace) -> socket.socket:
    """Listen on the address of the options.

    Raises:
        ServeFailed: The address cannot be bound.
    """
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        return as_tcp(socket.create_server((options.host, options.port), family=family))
    except OSError as error:
        # Python's own text repeats the address: "Address already in use (while attempting to bind on ...)".
        reason = str(error.strerror or error).partition(" (while")[0]
        raise ServeFailed(
            f"cannot listen on {options.host}, port {options.port}: {reason}; "
            "choose another with --host or --port"
        ) from None


def as_tcp(listening: socket.socket) -> socket.socket:
    """The socket with its protocol set to TCP, which connections that it accepts inherit.

    Without it, asyncio does not set TCP_NODELAY, and a small write waits for the acknowledgment of the last
    one, some 40 ms.
    """
    family, kind = listening.family, listening.type
    return socket.socket(family, kind, socket.IPPROTO_TCP, fileno=listening.detach())


def _serve(options: argparse.Namespace, name: str, read_demo: Callable[[], RecordedOrganization]) -> None:
    write_logs()
    _end_alike()
    database = open_prepared(name, create=True, older="upgrade")
    try:
        demo = seed_demo(database, read_demo()) if options.demo else None
        clock = TrustedClock(database, demo.clock, monotonic) if demo else TrustedClock(database)
        service = UsageService(database, clock=clock, check_clock=clock.check)
        server = _NotifyingServer(configure(options, service))
        with listen(options) as listening, keeping_time(service, clock):
            _announce(options, listening.getsockname()[1], demo)
            server.run(sockets=[listening])
    except KeyboardInterrupt:  # raised after all requests are finished
        return
    finally:
        database.close()
    # The process may have been started with that signal ignored.
    if not server.started:
        raise ServeFailed("the service did not start; see the log")


class _NotifyingServer(uvicorn.Server):
    """Tells systemd when requests are answered, and when the end begins (``Type=notify``)."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        _notify("READY=1")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        _notify("STOPPING=1")
        await super().shutdown(sockets=sockets)


def _notify(state: str) -> None:
    """Tell the service manager a state, if there is one; a socket that is gone changes nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.sendto(state.encode(), address.replace("@", "\0", 1) if address[0] == "@" else address)


def _end_alike() -> None:
    """Make every signal end it the same way: finish requests, then clean up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # ignored, as after nohup
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def configure(options: argparse.Namespace, service: UsageService) -> uvicorn.Config:
    """How a service is served over HTTP."""
    return uvicorn.Config(
        create_app(service, behind_proxy=options.behind_proxy),
        ssl_certfile=options.certfile,
        ssl_keyfile=options.keyfile,
        proxy_headers=False,  # it would trust the first address, which the sender can choose
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
        timeout_keep_alive=_IDLE_SECONDS,
    )


def _announce(options: argparse.Namespace, port: int, demo: Demo | None) -> None:
    scheme = "https" if options.certfile else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = f"{scheme}://{host}:{port}"
    lines = [f"Serving the Usage API at {url}; Ctrl+C ends it."]
    if demo is not None:
        for who, token in (("an owner", demo.owner), ("a member without billing access", demo.member)):
            lines += ["", f"As {who}:", f"  USAGE_TUI_TOKEN={token} usage-tui --url {url}"]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
