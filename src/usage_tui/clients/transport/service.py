"""A service to ask. httpx is loaded with the first request: a start from the cache has no time for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack

from usage_tui.clients.transport.address import service_address, trusted
from usage_tui.clients.transport.token import BearerToken

if TYPE_CHECKING:
    import httpx

    from usage_tui.clients.transport.calls import CallsLeft
    from usage_tui.clients.transport.connection import Answer, Connection, Parameters
    from usage_tui.clients.transport.problems import Dialect
    from usage_tui.clients.transport.retries import RetryPolicy

    Carrier = httpx.AsyncBaseTransport

Reply = TypeVar("Reply")


class Reach(TypedDict, total=False):
    """How a service is reached; every key may be left out.

    Attributes:
        allow_plain_http: Send the token unencrypted, also to other machines.
        ca_file: The certificates, in PEM, to trust; None for the default ones.
        retries: When a request that failed is sent again.
        timeout: Seconds for each step of a try.
        transport: Carries the requests in place of the network.
    """

    allow_plain_http: bool
    ca_file: Path | None
    retries: RetryPolicy | None
    timeout: httpx.Timeout | None
    transport: Carrier | None


class Limit(TypedDict, total=False):
    """How many bytes of a reply are read at most."""

    largest: int


class Service:
    """One service, asked for JSON with one token.

    Attributes:
        origin: The service as the screen names it: host, and the port unless it is the default one.
    """

    def __init__(
        self,
        url: str,
        token: BearerToken,
        reach: Reach,
        *,
        headers: Mapping[str, str] | None = None,
        dialect: Callable[[], Dialect] | None = None,
    ) -> None:
        """Prepare it; nothing is sent before the first request.

        Args:
            url: Where it is, such as ``https://usage.example.com``; a path is a prefix.
            token: Signs the requests.
            reach: How it is reached.
            headers: Sent with every request, in addition to the default ones.
            dialect: Gives the `Dialect` of the service, when the first request is sent.

        Raises:
            ClientError: The address or the certificates cannot be used.
        """
        self._address = service_address(url, allow_plain_http=reach.get("allow_plain_http", False))
        self._trusted = trusted(self._address, reach.get("ca_file"))
        self._token = token
        self._reach = reach
        self._headers = headers or {}
        self._dialect = dialect
        self._connected: Connection | None = None
        self.origin = self._address.origin

    @property
    def service_time(self) -> datetime | None:
        """What the service's clock said with its last answer; None if it did not say."""
        return self._connected.service_time if self._connected is not None else None

    @property
    def calls_left(self) -> CallsLeft | None:
        """How much the service said may still be asked; None if it did not say."""
        return self._connected.calls_left if self._connected is not None else None

    async def get(
        self,
        read: Callable[[bytes], Reply],
        path: str,
        query: Parameters | None = None,
        **limit: Unpack[Limit],
    ) -> Reply:
        """One reply, the same object while it has not changed; see `Connection.get`."""
        return await self._connection.get(read, path, query, **limit)

    async def post(
        self, read: Callable[[bytes], Reply], path: str, body: bytes, **limit: Unpack[Limit]
    ) -> Reply:
        """The reply to a query; see `Connection.post`."""
        return await self._connection.post(read, path, body, **limit)

    async def exchange(
        self,
        method: str,
        path: str,
        query: Parameters | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        **limit: Unpack[Limit],
    ) -> Answer:
        """One answer; see `Connection.exchange`."""
        return await self._connection.exchange(method, path, query, headers=headers, body=body, **limit)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._connected is not None:
            await self._connected.aclose()

    @property
    def _connection(self) -> Connection:
        if self._connected is None:
            from usage_tui.clients.transport.connection import Connection

            self._connected = Connection(
                self._address,
                self._token,
                self._trusted,
                retries=self._reach.get("retries"),
                timeout=self._reach.get("timeout"),
                transport=self._reach.get("transport"),
                headers=self._headers,
                dialect=self._dialect() if self._dialect is not None else None,
            )
        return self._connected
