"""One service: requests to it are signed, tried again, and asked conditionally where a reply is known."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import NamedTuple, TypeVar

import httpx

from usage_tui import __version__, wire
from usage_tui.clients.base import InvalidReply, NotFound, Unauthenticated, Unreachable, Withheld
from usage_tui.clients.transport.address import Address, uses_env_proxy
from usage_tui.clients.transport.failures import is_retryable, no_answer
from usage_tui.clients.transport.known import KnownReplies
from usage_tui.clients.transport.problems import failure
from usage_tui.clients.transport.retries import RetryPolicy, status_may_pass
from usage_tui.clients.transport.token import BearerToken
from usage_tui.models import (
    Allowances,
    DailyUsage,
    EventPage,
    Grants,
    Me,
    Ranking,
    Summary,
)

_MIB = 2**20
_LARGEST_BODY = 16 * _MIB
_HEADERS = {
    "Accept": "application/json, application/problem+json",
    # One layer that unpacks at most a thousandfold, so that a small answer cannot fill the memory.
    "Accept-Encoding": "gzip",
    "User-Agent": f"usage-tui/{__version__}",
}
_TIMEOUT = httpx.Timeout(10, connect=5)
# A kept connection outlasts the time between two looks. Few are kept: any of them may have died unnoticed,
# as while the machine slept, and then costs a try.
_LIMITS = httpx.Limits(max_keepalive_connections=2, keepalive_expiry=90)

Reply = TypeVar("Reply", Me, Summary, Ranking, DailyUsage, EventPage, Grants, Allowances)


class _Answer(NamedTuple):
    """What came over the wire; no body where it is too large, or packed in a way that was not asked for."""

    status: int
    headers: httpx.Headers
    body: bytes | None


class Connection:
    """Reads replies of a service. Connections are opened at the first request and kept.

    Attributes:
        service_time: What the service's clock said with its last answer; None where it did not tell.
    """

    def __init__(
        self,
        address: Address,
        token: BearerToken,
        trusted: ssl.SSLContext | bool,
        *,
        retries: RetryPolicy | None = None,
        timeout: httpx.Timeout | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare it; nothing is sent yet.

        Args:
            address: Where the service is.
            token: Signs the requests.
            trusted: Whom to trust there, as httpx takes it.
            retries: When a request that failed is sent again.
            timeout: Seconds for each step of a try.
            transport: What carries the requests, in place of the network.
        """
        self._address = address
        self._token = token
        self._trusted = trusted
        self._retries = retries or RetryPolicy()
        self._timeout = timeout or _TIMEOUT
        self._transport = transport
        self._session: httpx.AsyncClient | None = None
        self._known = KnownReplies()
        self.service_time: datetime | None = None

    async def get(self, model: type[Reply], path: str, query: Mapping[str, str] | None = None) -> Reply:
        """One reply, read and checked; the very same object as before where it has not changed.

        Args:
            model: What it is to be.
            path: Where, below the service's address.
            query: The parameters.

        Raises:
            ClientError: Whatever went wrong.
        """
        request = httpx.URL(path, params=query)
        known = self._known.get(model, request)
        try:
            answer = await self._answered(request, known.tag if known else None)
        except (Withheld, Unauthenticated, NotFound):
            self._known.forget()
            raise
        if known is not None and answer.status == httpx.codes.NOT_MODIFIED:
            return known.reply
        reply = self._read(model, answer)
        self._known.keep(request, _tag(answer.headers), reply)
        return reply

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.aclose()

    async def _answered(self, request: httpx.URL, tag: str | None) -> _Answer:
        """An answer that has what was asked for, after as many tries as it takes.

        Raises:
            ClientError: None came in all the tries there are.
        """
        retries = self._retries
        ends_at = retries.clock() + retries.seconds
        for tried in count(1):
            try:
                async with asyncio.timeout(ends_at - retries.clock()):
                    answer = await self._exchange(request, tag)
            except (httpx.HTTPError, OSError) as error:
                failed, again = no_answer(self._address, error), is_retryable(error)
            else:
                if answer.status == httpx.codes.OK or (tag and answer.status == httpx.codes.NOT_MODIFIED):
                    return answer
                failed = failure(self._address.origin, answer.status, answer.headers, answer.body or b"")
                again = status_may_pass(answer.status)
            pause = retries.pause(tried, failed.retry_after)
            if not again or tried == retries.tries or retries.clock() + pause >= ends_at:
                break
            await retries.sleep(pause)
        # Out here it has no context: the locals of httpx's frames hold the token.
        raise failed

    async def _exchange(self, request: httpx.URL, tag: str | None) -> _Answer:
        """One try."""
        session = self._opened_session()
        headers = {"If-None-Match": tag} if tag else {}
        response = await session.send(session.build_request("GET", request, headers=headers), stream=True)
        try:
            self.service_time = _date(response.headers)
            return _Answer(response.status_code, response.headers, await _body(response))
        finally:
            await response.aclose()

    def _opened_session(self) -> httpx.AsyncClient:
        if self._session is None:
            try:
                self._session = httpx.AsyncClient(
                    auth=self._token,
                    base_url=self._address.text,
                    headers=_HEADERS,
                    limits=_LIMITS,
                    timeout=self._timeout,
                    transport=self._transport,
                    trust_env=uses_env_proxy(self._address),
                    verify=self._trusted,
                )
            except (OSError, ValueError, ImportError):
                raise Unreachable(
                    "The proxy variables or SSL_CERT_FILE of the environment cannot be used.",
                    advice="Correct or unset them.",
                ) from None
        return self._session

    def _read(self, model: type[Reply], answer: _Answer) -> Reply:
        if answer.body is None:
            raise InvalidReply(
                f"The answer of {self._address.origin} is larger than {_LARGEST_BODY // _MIB} MiB, "
                "or packed in a way that was not asked for."
            )
        try:
            return wire.parse(model, answer.body)
        except wire.InvalidShape as error:
            if not _is_json(answer.headers):
                raise InvalidReply(
                    f"{self._address.origin} answered with something other than JSON.",
                    advice="Check the address; a proxy or a sign-in page may have answered in its place.",
                ) from None
            raise InvalidReply(
                f"The answer of {self._address.origin} does not fit the contract: {error}",
                advice="Check the address, and that usage-tui is as new as the service.",
            ) from error


def _date(headers: httpx.Headers) -> datetime | None:
    try:
        said = parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, OverflowError):
        return None
    return said if said.tzinfo is not None else None


def _tag(headers: httpx.Headers) -> str | None:
    """The reply's tag; None where it has none that can be sent back."""
    tag: str | None = headers.get("ETag")
    return tag if tag is not None and tag.isascii() else None


def _is_json(headers: httpx.Headers) -> bool:
    media_type: str = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


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
