"""One service: requests are signed, tried again, and made conditional once a reply is known."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import NamedTuple, TypeAlias, TypeVar

import httpx

from usage_tui import __version__
from usage_tui.clients.base import ClientError, InvalidReply, NotFound, Unauthenticated, Unreachable, Withheld
from usage_tui.clients.transport.address import Address, uses_env_proxy
from usage_tui.clients.transport.bounds import LARGEST_PROBLEM, TooLarge, is_as_asked, read_body
from usage_tui.clients.transport.calls import CallsLeft, read_calls_left
from usage_tui.clients.transport.failures import is_retryable, no_answer
from usage_tui.clients.transport.known import KnownReplies
from usage_tui.clients.transport.problems import Dialect, failure, shortened
from usage_tui.clients.transport.retries import RetryPolicy, is_retryable_status
from usage_tui.clients.transport.token import BearerToken

LARGEST_BODY = 16 * 2**20
"""Bytes of a reply that are read, unless a request says otherwise."""
_HEADERS = {
    "Accept": "application/json, application/problem+json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"usage-tui/{__version__}",
}
_TIMEOUT = httpx.Timeout(10, connect=5)
# A kept connection outlasts the time between two looks. Few are kept: any of them may have died unnoticed,
# as while the machine slept, and then costs a try.
_LIMITS = httpx.Limits(max_keepalive_connections=2, keepalive_expiry=90)

Reply = TypeVar("Reply")

Parameters: TypeAlias = Mapping[str, str | Sequence[str]]
"""The parameters of a request; one with several values is sent several times."""


class Answer(NamedTuple):
    """An answer that has what was asked for.

    Attributes:
        status: 200, or 304 where the request named a tag.
        headers: Its headers.
        body: Its whole body, unpacked.
    """

    status: int
    headers: httpx.Headers
    body: bytes


class _Received(NamedTuple):
    """What came over the wire; in place of the body, why it was not read."""

    status: int
    headers: httpx.Headers
    body: bytes | InvalidReply


class Connection:
    """Asks one service for JSON. Connections are opened at the first request and kept.

    Redirects are never followed: they would carry the token elsewhere.

    Attributes:
        service_time: What the service's clock said with its last answer; None if it did not say.
        calls_left: How much it said may still be asked; None if it did not say.
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
        headers: Mapping[str, str] | None = None,
        dialect: Dialect | None = None,
    ) -> None:
        """Prepare it; nothing is sent yet.

        Args:
            address: Where the service is.
            token: Signs the requests.
            trusted: The certificates to trust, as httpx takes them.
            retries: When a request that failed is sent again.
            timeout: Seconds for each step of a try.
            transport: Carries the requests in place of the network.
            headers: Sent with every request, in addition to the default ones.
            dialect: What answers other than success mean at this service in particular.
        """
        self._address = address
        self._token = token
        self._trusted = trusted
        self._retries = retries or RetryPolicy()
        self._timeout = timeout or _TIMEOUT
        self._transport = transport
        self._headers = {**_HEADERS, **(headers or {})}
        self._dialect = dialect
        self._session: httpx.AsyncClient | None = None
        self._tries: dict[asyncio.Timeout, asyncio.Event] = {}
        self._is_closed = False
        self._known = KnownReplies()
        self.service_time: datetime | None = None
        self.calls_left: CallsLeft | None = None

    async def get(
        self,
        read: Callable[[bytes], Reply],
        path: str,
        query: Parameters | None = None,
        *,
        largest: int = LARGEST_BODY,
    ) -> Reply:
        """One reply, read and checked; the very same object as before where it has not changed.

        Args:
            read: Makes the reply of a body. It raises `ValueError`, with the place and the fault, where the
                body does not fit. A path is always read in the same way.
            path: Where, below the service's address.
            query: The parameters.
            largest: Bytes of the body that are read at most.

        Raises:
            ClientError: Whatever went wrong.
        """
        request = httpx.URL(path, params=query)
        known = self._known.get(request)
        headers = {"If-None-Match": known.tag} if known else {}
        try:
            answer = await self.exchange("GET", path, query, headers=headers, largest=largest)
        except (Withheld, Unauthenticated, NotFound):
            self._known.forget()
            raise
        if known is not None and answer.status == httpx.codes.NOT_MODIFIED:
            reply: Reply = known.reply
            return reply
        reply = self._read(read, answer)
        self._known.keep(request, _tag(answer.headers), reply)
        return reply

    async def post(
        self, read: Callable[[bytes], Reply], path: str, body: bytes, *, largest: int = LARGEST_BODY
    ) -> Reply:
        """The reply to a query that is sent as JSON. It changes nothing there, so it is tried again too.

        Args:
            read: As for `get`.
            path: Where, below the service's address.
            body: The query, as JSON.
            largest: Bytes of the reply that are read at most.

        Raises:
            ClientError: Whatever went wrong.
        """
        return self._read(read, await self.exchange("POST", path, body=body, largest=largest))

    async def exchange(
        self,
        method: str,
        path: str,
        query: Parameters | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        largest: int = LARGEST_BODY,
    ) -> Answer:
        """An answer that has what was asked for, after as many tries as needed.

        Args:
            method: Such as ``GET``. Nothing that is asked may change anything there: it may be sent twice.
            path: Where, below the service's address.
            query: The parameters.
            headers: Sent with this request only.
            body: JSON to send.
            largest: Bytes of the body that are read at most.

        Raises:
            ClientError: No such answer came in all the tries there are.
        """
        sent = dict(headers or {})
        if body is not None:
            sent["Content-Type"] = "application/json"
        request = self._opened_session().build_request(
            method, httpx.URL(path, params=query), headers=sent, content=body
        )
        received = await self._answered(request, largest)
        if isinstance(received.body, InvalidReply):
            raise received.body
        return Answer(received.status, received.headers, received.body)

    async def aclose(self) -> None:
        """Close the connections. What is still being asked for ends as if nobody answered."""
        if self._session is None:
            return
        self._is_closed, tries = True, dict(self._tries)
        try:
            # The session closes no connection that is only being made, so that it is given up first.
            for limit in tries:
                if not limit.expired():
                    limit.reschedule(asyncio.get_running_loop().time())
            for ended in tries.values():
                await ended.wait()
        finally:
            await self._session.aclose()

    async def _answered(self, request: httpx.Request, largest: int) -> _Received:
        retries = self._retries
        ends_at = retries.clock() + retries.seconds
        for tried in count(1):
            try:
                async with asyncio.timeout(ends_at - retries.clock()) as limit:
                    answer = await self._try(request, largest, limit)
            except (httpx.HTTPError, OSError) as error:
                failed, again = no_answer(self._address, error), is_retryable(error)
            else:
                if _is_success(request, answer):
                    return answer
                failed, again = self._failure(answer), is_retryable_status(answer.status)
            again = again and not self._is_closed
            pause = retries.pause(tried, failed.retry_after)
            if not again or tried == retries.tries or retries.clock() + pause >= ends_at:
                break
            await retries.sleep(pause)
        # Out here it has no context: the locals of httpx's frames hold the token.
        raise failed

    async def _try(self, request: httpx.Request, largest: int, limit: asyncio.Timeout) -> _Received:
        ended = self._tries[limit] = asyncio.Event()
        try:
            response = await self._opened_session().send(request, stream=True)
        finally:
            del self._tries[limit]
            ended.set()
        try:
            self.service_time = _date(response.headers)
            self.calls_left = read_calls_left(response.headers)
            is_reply = response.status_code == httpx.codes.OK
            body = await self._body(response, largest if is_reply else LARGEST_PROBLEM)
            return _Received(response.status_code, response.headers, body)
        finally:
            await response.aclose()

    async def _body(self, response: httpx.Response, largest: int) -> bytes | InvalidReply:
        origin = self._address.origin
        if not is_as_asked(response):
            return InvalidReply(f"The reply from {origin} is compressed in a way that was not asked for.")
        try:
            return await read_body(response, largest)
        except TooLarge as error:
            return InvalidReply(f"The reply from {origin} is larger than {error}.")

    def _failure(self, answer: _Received) -> ClientError:
        return failure(
            self._address.origin,
            answer.status,
            answer.headers,
            answer.body if isinstance(answer.body, bytes) else b"",
            dialect=self._dialect,
            hide=self._token.hide,
        )

    def _opened_session(self) -> httpx.AsyncClient:
        if self._session is None:
            try:
                self._session = httpx.AsyncClient(
                    auth=self._token,
                    base_url=self._address.text,
                    headers=self._headers,
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

    def _read(self, read: Callable[[bytes], Reply], answer: Answer) -> Reply:
        origin = self._address.origin
        try:
            return read(answer.body)
        except ValueError as error:
            media_type = _media_type(answer.headers)
            if not _is_json(media_type):
                named = f" ({shortened(media_type, 80)})" if media_type else ""
                raise InvalidReply(
                    f"{origin} answered with something other than JSON{named}.",
                    advice="Check the address; a proxy or a sign-in page may have answered in its place.",
                ) from None
            if answer.body[:1] in (b"{", b"[") and answer.body.rstrip()[-1:] not in (b"}", b"]"):
                raise InvalidReply(f"The reply from {origin} is cut off.", advice="Try again.") from None
            raise InvalidReply.of(origin, error) from error


def _is_success(request: httpx.Request, answer: _Received) -> bool:
    if answer.status == httpx.codes.NOT_MODIFIED:
        return "If-None-Match" in request.headers
    return answer.status == httpx.codes.OK


def _date(headers: httpx.Headers) -> datetime | None:
    try:
        said = parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, OverflowError):
        return None
    return said if said.tzinfo is not None else None


def _tag(headers: httpx.Headers) -> str | None:
    """The reply's tag; None if it has none that can be sent back."""
    tag: str | None = headers.get("ETag")
    return tag if tag is not None and tag.isascii() else None


def _media_type(headers: httpx.Headers) -> str:
    media_type: str = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return media_type


def _is_json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")
