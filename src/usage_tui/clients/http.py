"""The client of a Usage API over HTTP: the read path, one request a slice.

The only module that knows httpx, and so the only one to know how a request fails; every failure
leaves it as a `ClientError` in words for a person.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import quote

import httpx

from usage_tui import __version__, wire
from usage_tui.clients.base import ClientError, InvalidReply, NotFound, Slice, Unreachable
from usage_tui.clients.problems import failure
from usage_tui.models import (
    Allowances,
    DailyUsage,
    EventPage,
    EventQuery,
    Grants,
    Me,
    Ranking,
    Summary,
)

_TIMEOUT = httpx.Timeout(30, connect=5)
_MIB = 2**20
_LARGEST_BODY = 16 * _MIB
_HEADERS = {
    "Accept": "application/json, application/problem+json",
    # One layer that unpacks at most a thousandfold, so that a small answer cannot fill the memory.
    "Accept-Encoding": "gzip",
    "User-Agent": f"usage-tui/{__version__}",
}
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)

Reply = TypeVar("Reply", Me, Summary, Ranking, DailyUsage, EventPage, Grants, Allowances)


class BearerToken:
    """A token that signs requests and is never shown: its repr hides it.

    Keep no other variable that holds the secret: a traceback that prints locals would print it.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        """Keep the secret.

        Raises:
            ClientError: It is empty or cannot stand in a header.
        """
        usable = _TOKEN.fullmatch(secret) is not None
        self._secret = secret
        del secret  # this frame is part of the traceback of what is raised below
        if not usable:
            raise ClientError(
                "The token is empty or holds characters that no token has, such as spaces or line breaks.",
                advice="Copy it again.",
            )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __call__(self, request: httpx.Request) -> httpx.Request:
        """Sign the request, as httpx asks of an ``auth`` callable."""
        request.headers["Authorization"] = f"Bearer {self._secret}"
        return request


class HttpClient:
    """Reads an organization's usage from a Usage API. It implements `UsageClient`."""

    def __init__(
        self,
        url: str,
        token: BearerToken,
        organization: str | None = None,
        *,
        allow_plain_http: bool = False,
        ca_file: Path | None = None,
        timeout: httpx.Timeout = _TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare a client; nothing is sent before the first slice is asked for.

        Args:
            url: Where the service is, such as ``https://usage.example.com``; a path is a prefix.
            token: Whom the service is to take the viewer for.
            organization: The organization's id; the token's first one where it is None.
            allow_plain_http: Send the token unencrypted to other machines than this one too.
            ca_file: The certificates, in PEM, of those whom to trust; None for the usual ones.
            timeout: Seconds for each step of a request.
            transport: What carries the requests, in place of the network.

        Raises:
            ClientError: The address or the certificates cannot be used.
        """
        self._base = _service_url(url, allow_plain_http=allow_plain_http)
        self._trusted = _trusted(ca_file)
        self._token = token
        self._organization = organization
        self._asking_who = asyncio.Lock()
        self._timeout = timeout
        self._transport = transport
        self._session: httpx.AsyncClient | None = None
        self._backward: str | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.origin!r})"

    @property
    def origin(self) -> str:
        """The host, and the port where it is not the usual one."""
        return self._base.netloc.decode("ascii")

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """Nothing: the API has every slice."""
        return MappingProxyType({})

    async def me(self) -> Me:
        """Who the viewer is.

        Raises:
            NotFound: The token sees no organization, or not the one asked for.
        """
        async with self._asking_who:
            return await self._ask_who()

    async def _ask_who(self) -> Me:
        me = await self._get("v1/me", Me)
        known = [organization.id for organization in me.organizations]
        if not known:
            raise NotFound("This token belongs to no organization.", advice="Ask an owner to add you to one.")
        if self._organization is None:
            self._organization = known[0]
        if self._organization not in known:
            raise NotFound(
                f"This token sees no organization {self._organization!r}.",
                advice=f"It sees {', '.join(known[:10])}{', …' if len(known) > 10 else ''}.",
            )
        return me

    async def summary(self) -> Summary:
        """Balance, period, progress and state."""
        return await self._get(await self._path("usage/summary"), Summary)

    async def sources(self) -> Ranking:
        """The current period's sources, highest first."""
        return await self._get(await self._path("usage/sources"), Ranking, {"period": "current"})

    async def daily(self) -> DailyUsage:
        """The current period's days up to today."""
        return await self._get(await self._path("usage/daily"), DailyUsage, {"range": "period"})

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of events, newest first; the first page without a cursor."""
        parameters = {
            "limit": str(limit),
            "cursor": cursor,
            "kind": query.kind,
            "source_id": query.source_id,
            "from": _instant(query.starts_at),
            "to": _instant(query.ends_at),
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        page = await self._get(await self._path("usage/events"), EventPage, given)
        if page.page.here is not None:
            return page
        # A service that names no cursor for this very page gives it again for the cursor that led to it;
        # but one that leads back says where a page ends, not where it begins.
        here = None if cursor == self._backward else cursor
        self._backward = page.page.prev
        return replace(page, page=replace(page.page, here=here))

    async def grants(self) -> Grants:
        """All grants, in the order they are spent."""
        return await self._get(await self._path("grants"), Grants)

    async def allowances(self) -> Allowances:
        """Every meter with its lines."""
        return await self._get(await self._path("allowances"), Allowances)

    async def refresh(self) -> bool:
        """True: only the replies themselves can say whether something changed."""
        return True

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.aclose()

    async def _path(self, name: str) -> str:
        """The path of one of the organization's slices, once it is known which organization."""
        organization = self._organization
        if organization is None:
            async with self._asking_who:
                organization = self._organization or (await self._ask_who()).organizations[0].id
        return f"v1/orgs/{quote(organization, safe='')}/{name}"

    async def _get(self, path: str, model: type[Reply], query: Mapping[str, str] | None = None) -> Reply:
        """One reply, read and checked. Every request of this client comes through here.

        Raises:
            ClientError: Whatever went wrong.
        """
        try:
            response, body = await self._exchange(path, query)
        except (httpx.HTTPError, OSError) as error:
            failed = _no_answer(self._base, error)
        else:
            if response.status_code == httpx.codes.OK:
                return self._read(model, body)
            failed = failure(self.origin, response.status_code, response.headers, body or b"")
        # Out here it has no context: the locals of httpx's frames hold the token.
        raise failed

    async def _exchange(
        self, path: str, query: Mapping[str, str] | None
    ) -> tuple[httpx.Response, bytes | None]:
        session = self._opened_session()
        request = session.build_request("GET", path, params=query)
        response = await session.send(request, stream=True)
        try:
            return response, await _body(response)
        finally:
            await response.aclose()

    def _opened_session(self) -> httpx.AsyncClient:
        if self._session is None:
            try:
                self._session = httpx.AsyncClient(
                    auth=self._token,
                    base_url=self._base,
                    headers=_HEADERS,
                    timeout=self._timeout,
                    transport=self._transport,
                    verify=self._trusted,
                    # The environment may name a proxy, which would read what is sent in plain.
                    trust_env=self._base.scheme == "https" or not _is_loopback(self._base.host),
                )
            except (OSError, ValueError, ImportError):
                raise Unreachable(
                    "The proxy variables or SSL_CERT_FILE of the environment cannot be used.",
                    advice="Correct or unset them.",
                ) from None
        return self._session

    def _read(self, model: type[Reply], body: bytes | None) -> Reply:
        if body is None:
            raise InvalidReply(
                f"The answer of {self.origin} is larger than {_LARGEST_BODY // _MIB} MiB, "
                "or packed in a way that was not asked for."
            )
        try:
            return wire.parse(model, body)
        except wire.InvalidShape as error:
            raise InvalidReply(
                f"The answer of {self.origin} does not fit the contract: {error}",
                advice="Check the address, and that usage-tui is as new as the service.",
            ) from error


async def _body(response: httpx.Response) -> bytes | None:
    """The whole body; None where it is too large, or packed in a way that was not asked for."""
    if response.headers.get("Content-Encoding", "identity").lower() not in {"identity", "gzip"}:
        return None
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)


def _service_url(text: str, *, allow_plain_http: bool) -> httpx.URL:
    """The address of the service, checked. No message repeats it: it may hold a secret."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"https", "http"} or not url.host:
        raise ClientError(
            "The address of the service is no https:// address.",
            advice="It looks like https://usage.example.com.",
        )
    if url.userinfo or url.query or url.fragment:
        raise ClientError(
            "The address of the service holds more than host, port and path.",
            advice="Leave out user, password, ? and #: they would be shown.",
        )
    if url.scheme == "http" and not allow_plain_http and not _is_loopback(url.host):
        raise ClientError(
            f"http:// would send the token to {url.host} unencrypted.", advice=f"Use https://{url.host}."
        )
    return url


def _trusted(ca_file: Path | None) -> ssl.SSLContext | bool:
    """Whom to trust, as httpx takes it."""
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = "it holds no certificates in PEM" if isinstance(error, ssl.SSLError) else error.strerror
        raise ClientError(
            f"The certificates in {ca_file} cannot be used: {reason}.", advice="Correct ca_file."
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, the fraction kept, without trailing zeros."""
    if at is None:
        return None
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}Z"


def _no_answer(url: httpx.URL, error: Exception) -> ClientError:
    """What kept an answer from coming."""
    origin = url.netloc.decode("ascii")
    match error:
        case httpx.ConnectTimeout():
            return Unreachable(
                f"{origin} did not take the connection in time.", advice="Check the address and the network."
            )
        case httpx.TimeoutException():
            return Unreachable(f"{origin} took too long to answer.", advice="Try again later.")
        case httpx.ProxyError():
            return Unreachable(f"The proxy on the way to {origin} refused.", advice="Check the proxy.")
        case httpx.RemoteProtocolError():
            return Unreachable(f"The answer of {origin} broke off, or it does not speak HTTP.")
        case httpx.DecodingError():
            return InvalidReply(f"The answer of {origin} cannot be unpacked.")
    return _no_connection(url.host, origin, error)


def _no_connection(host: str, origin: str, error: Exception) -> Unreachable:
    """What broke the connection, or kept it from being made."""
    for cause in _causes(error):
        match cause:
            case socket.gaierror():
                return Unreachable(
                    f"The name {host} was not found.", advice="Check its spelling and the network."
                )
            case ssl.SSLCertVerificationError():
                return Unreachable(f"The certificate of {origin} is not trusted: {cause.verify_message}.")
            case ssl.SSLError():
                reason = (cause.reason or "TLS failed").replace("_", " ").lower()
                return Unreachable(
                    f"No secure connection to {origin}: {reason}.", advice="Check that it speaks https."
                )
            case ConnectionRefusedError():
                return Unreachable(
                    f"{origin} refuses the connection.", advice="Check the port, and that the service runs."
                )
    return Unreachable(f"The connection to {origin} failed.", advice="Check the network.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all it came from, outermost first."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__
