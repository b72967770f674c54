"""How a vendor is asked: with its key, a few requests at once, a range of days in parts, page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from usage_tui.clients.base import ClientError, InvalidReply, NotFound, Unauthenticated, Withheld
from usage_tui.clients.providers.base import Cell
from usage_tui.clients.providers.values import InvalidValue, Value
from usage_tui.clients.transport.retries import RetryPolicy
from usage_tui.clients.transport.service import Service

if TYPE_CHECKING:
    from usage_tui.clients.registry import ClientConfig, Provider
    from usage_tui.clients.transport.problems import Dialect, Meaning, Problem

MOST_PAGES = 100
"""Pages of one list that are fetched at most."""
SMALL, LARGE = 2**20, 4 * 2**20
"""Bytes of a reply at most: of one about an account, and of one with thousands of rows."""
_AT_ONCE = 4
"""Requests that are under way at the same time."""
_LONGEST_WAIT = 45.0
"""Seconds for all tries of a request: vendors ask to wait for half a minute."""

REFUSED = Withheld, NotFound, Unauthenticated
"""How a vendor may refuse one thing to a key with which it answered before."""

T = TypeVar("T")
R = TypeVar("R")
P = TypeVar("P", bound=Sequence[object])


class RangeTooLarge(ClientError):
    """The vendor cannot answer for so many days at once; ask for fewer."""


def service_of(
    provider: Provider,
    config: ClientConfig,
    *,
    headers: Mapping[str, str] | None = None,
    dialect: Dialect | None = None,
) -> Service:
    """Where a vendor is asked, with its default address unless another one is set.

    Args:
        provider: The vendor.
        config: How it is opened.
        headers: Sent with every request.
        dialect: What answers mean at this vendor, where that differs from other vendors.

    Raises:
        ClientError: There is no key, or the address or the certificates cannot be used.
    """
    looks = provider.key.mistaken(config.signed()) if provider.key is not None else ""

    def meaning(origin: str, status: int, problem: Problem) -> Meaning | None:
        special = dialect(origin, status, problem) if dialect is not None else None
        return special or _meaning(provider, status, problem, looks)

    reach = config.reach
    if config.retries is None:
        reach["retries"] = RetryPolicy(seconds=_LONGEST_WAIT)
    return Service(
        config.url or provider.url, config.signed(), reach, headers=headers, dialect=lambda: meaning
    )


def key_id(config: ClientConfig) -> str:
    """Tells accounts apart whose vendor does not say who they are: a part of the digest of the key."""
    return config.signed().digest[:16]


def not_allowed(provider: Provider, problem: Problem) -> Meaning:
    """What a refusal of a key means that the vendor knows."""
    from usage_tui.clients.transport.problems import Meaning, sentence

    message = sentence(f"{provider.title} doesn't let this key see that", problem)
    return Meaning(Withheld, message, _needed(provider))


def _needed(provider: Provider) -> str:
    return provider.key.needed("It") if provider.key is not None else ""


def _meaning(provider: Provider, status: int, problem: Problem, looks: str) -> Meaning | None:
    from usage_tui.clients.transport.problems import Meaning

    match status:
        case 401:
            # Vendors repeat a part of the key here.
            which = f", which looks like {looks}" if looks else ""
            return Meaning(
                Unauthenticated, f"{provider.title} doesn't accept the key{which}.", _needed(provider)
            )
        case 403:
            return not_allowed(provider, problem)
        case 408:
            return Meaning(RangeTooLarge, f"{provider.title} took too long to answer.", "Try again later.")
    return None


async def at_once(fetch: Callable[[T], Awaitable[R]], wanted: Iterable[T]) -> list[R]:
    """One answer for each, in their order, asked for a few at once. The first failure ends all."""
    left = iter(enumerate(wanted))
    answers: dict[int, R] = {}

    async def ask() -> None:
        for number, one in left:
            answers[number] = await fetch(one)

    tasks = [asyncio.ensure_future(ask()) for _ in range(_AT_ONCE)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
    return [answers[number] for number in sorted(answers)]


async def told(
    service: Service,
    path: str,
    query: Mapping[str, str] | None = None,
    *,
    refused: tuple[type[ClientError], ...] = (Withheld, NotFound),
) -> Value | None:
    """A small reply about an account; None if the vendor refuses it to this key.

    Args:
        service: The vendor.
        path: Where, below its address.
        query: The parameters.
        refused: How it refuses.
    """
    try:
        return await service.get(Value.read, path, query, largest=SMALL)
    except refused:
        return None


async def optional(service: Service, answer: Awaitable[T]) -> T | InvalidReply:
    """An answer that the rest of the account can do without; if it is invalid, the error that says why."""
    try:
        return await answer
    except InvalidReply as error:
        return error
    except InvalidValue as error:
        return InvalidReply.of(service.origin, error)


async def is_refused(answer: Awaitable[object]) -> bool:
    """Whether the vendor refuses something to a key with which it answered before."""
    try:
        await answer
    except REFUSED:
        return True
    except ClientError:
        return False
    return False


async def in_ranges(
    fetch: Callable[[date, date], Awaitable[Iterable[Cell]]], first: date, last: date, most: int
) -> list[Cell]:
    """The cells of a range of days, asked for in parts, the newest first.

    Args:
        fetch: Gives the cells of a part, both ends included.
        first: The first day.
        last: The last day.
        most: Days of a part at most.
    """
    parts: list[Cell] = []
    while first <= last:
        start = max(first, last - timedelta(days=most - 1))
        parts += [cell for cell in await fetch(start, last) if start <= cell.day <= last]
        last = start - timedelta(days=1)
    return parts


async def follow(title: str, fetch: Callable[[str | None], Awaitable[tuple[P, str | None]]]) -> list[P]:
    """Every page of a list, which always ends.

    Args:
        title: The vendor's, for the message.
        fetch: Gives the page that a cursor leads to, and the cursor of the next one; None at the end.

    Raises:
        InvalidReply: A page or its cursor comes again, or there are more than `MOST_PAGES`.
    """
    pages: list[P] = []
    cursor, followed = None, set[str]()
    while True:
        page, cursor = await fetch(cursor)
        # The amounts of a page that comes again would count twice.
        if cursor in followed or (any(page) and page in pages):
            raise InvalidReply(f"The pages of {title} lead back to one that was read before.")
        pages.append(page)
        if cursor is None:
            return pages
        if len(pages) == MOST_PAGES:
            raise InvalidReply(f"{title} answers with more than {MOST_PAGES} pages.")
        followed.add(cursor)
