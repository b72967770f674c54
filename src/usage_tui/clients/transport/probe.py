"""A connection to a service that sends nothing: its name, address and certificate."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx

from usage_tui.clients.transport.address import Address, trusted
from usage_tui.clients.transport.failures import no_answer

_TIMEOUT = 10


class Way(NamedTuple):
    """What was found.

    Attributes:
        numbers: The IP addresses behind the name.
        seconds: How long the connection took, with TLS.
        tls: The version of TLS; None without.
        certificate_ends_at: When the certificate expires; None without TLS.
    """

    numbers: tuple[str, ...]
    seconds: float
    tls: str | None = None
    certificate_ends_at: datetime | None = None


async def probe(address: Address, ca_file: Path | None = None) -> Way:
    """Connect to the service, without any proxy.

    Args:
        address: Where the service is.
        ca_file: The certificates, in PEM, to trust; None for the default ones.

    Raises:
        ClientError: It cannot be reached.
    """
    context = None
    if address.scheme == "https":
        own = trusted(address, ca_file)
        context = own if isinstance(own, ssl.SSLContext) else httpx.create_ssl_context()
    try:
        async with asyncio.timeout(_TIMEOUT):
            return await _go(address.host, address.port, context)
    except OSError as error:
        failed = no_answer(address, error)
    raise failed


async def _go(host: str, port: int, context: ssl.SSLContext | None) -> Way:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = tuple(dict.fromkeys(str(place[0]) for *_, place in found))
    began = time.monotonic()
    _, writer = await asyncio.open_connection(host, port, ssl=context)
    seconds = time.monotonic() - began
    secured: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
    writer.close()
    if secured is None:
        return Way(numbers, seconds)
    certificate = secured.getpeercert() or {}
    ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return Way(numbers, seconds, secured.version(), ends_at)
