"""What a vendor's module tells: an account, its days, and single events if there are any."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar, runtime_checkable

from usage_tui.clients.base import ClientError, InvalidReply, NotFound, Slice, Unauthenticated, Withheld
from usage_tui.clients.providers.values import InvalidValue, Value
from usage_tui.clients.transport.retries import RetryPolicy
from usage_tui.clients.transport.service import Service
from usage_tui.frozen import frozen
from usage_tui.models import (
    Balance,
    Credits,
    EventQuery,
    Grant,
    IncludedProgress,
    Me,
    Meter,
    Part,
    Subscription,
)

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


class Cell(NamedTuple):
    """What one source cost on one day.

    Attributes:
        day: The civil day in the vendor's time zone.
        source_id: The vendor's name of the source; empty if it tells none.
        label: What people call it.
        amount: Exact, in the account's unit.
        quantity: How many of the vendor's count unit; None if that is not reported.
        uncovered: The part that the included amount did not cover; None if that is not reported.
        kind: The category.
    """

    day: date
    source_id: str
    label: str
    amount: Decimal
    quantity: int | None = None
    uncovered: Decimal | None = None
    kind: str = "model"


class Days(NamedTuple):
    """What a range of days cost.

    Attributes:
        cells: Exact; the same day and source may occur several times. A day without any cost nothing.
        as_of: The time of the data, where the vendor tells it.
        oldest: The first day that the vendor knows; None for all of the range.
        newest: The last day that it knows; None for all of the range.
        currency: The code of the amounts' currency, where it is another one than the provider's.
    """

    cells: tuple[Cell, ...]
    as_of: datetime | None = None
    oldest: date | None = None
    newest: date | None = None
    currency: str = ""


class Act(NamedTuple):
    """A single act of use, as the vendor tells it; see `Event` and `Cell`."""

    id: str
    at: datetime
    source_id: str
    label: str
    activity: str
    amount: Decimal
    quantity: int | None = 1
    actor: str | None = None
    kind: str = "model"


class Acts(NamedTuple):
    """Some acts, newest first, and the vendor's cursor to older ones; None at the end."""

    items: tuple[Act, ...]
    next: str | None = None


@frozen
class Account:
    """What a vendor tells of an account beside its days. What is None is not told.

    Attributes:
        id: Tells the account from any other one of the vendor.
        name: What people call it.
        scope: What the key sees of it, such as one project; empty for all.
        period: The first instant of the billing period and the exclusive last one, in UTC; None for the
            calendar month.
        included: How far the included amount or a budget is used, as the vendor says.
        pool: The amount that each period includes, where the vendor does not say how far it is used.
        seats: The most seats of the month so far, where the pool follows from them.
        plan: The subscription.
        grants: Every grant: the usable ones in the order they are spent, then the rest, newest first.
        meters: Every allowance with its lines.
        me: The viewer, and the organizations among which they can choose.
        not_offered: Why this account lacks a part that the vendor tells others.
        slices_not_offered: The same for whole replies.
        entered: The parts that were typed in.
        low: At or below which balance the account is low, where that was typed in.
    """

    id: str
    name: str
    scope: str = ""
    period: tuple[datetime, ...] | None = None
    balance: Balance | None = None
    included: IncludedProgress | None = None
    pool: Credits | None = None
    seats: int | None = None
    plan: Subscription | None = None
    grants: tuple[Grant, ...] | None = None
    meters: tuple[Meter, ...] | None = None
    me: Me | None = None
    not_offered: Mapping[Part, str] = field(default_factory=dict)
    slices_not_offered: Mapping[Slice, str] = field(default_factory=dict)
    entered: tuple[Part, ...] = ()
    low: Credits | None = None


class VendorApi(Protocol):
    """A vendor, asked with one key. Every method may raise `ClientError`.

    Attributes:
        provider: What is declared of the vendor.
        service: Where it is asked.
    """

    provider: Provider
    service: Service

    async def account(self) -> Account:
        """Who the account is and how it stands; asked first, at every look."""

    async def days(self, first: date, last: date) -> Days:
        """What each source cost on each day of a range, both ends included, in as many requests as needed.

        Raises:
            NotOffered: The vendor does not tell it to this key.
        """


@runtime_checkable
class EventApi(VendorApi, Protocol):
    """A vendor that tells single events too."""

    async def acts(self, query: EventQuery, cursor: str | None) -> Acts:
        """The newest acts, or the ones that a cursor leads to.

        Args:
            query: What is wanted. A vendor that cannot filter by it may answer with others too.
            cursor: Of the answer before, with the same query; None for the newest ones.
        """


@runtime_checkable
class Selecting(Protocol):
    """A vendor whose key sees several organizations."""

    def select(self, organization: str) -> None:
        """From now on, ask for another of the organizations that the account tells."""


@runtime_checkable
class Remembering(Protocol):
    """A vendor that has to know more of an account than the vendor says now."""

    def remember(self, account: Account, kept: Account, told_at: datetime) -> Account:
        """The account, with what matters of an earlier look.

        Args:
            account: As it is told now.
            kept: As it was told at the last look of an earlier run.
            told_at: When that was.
        """


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


def cells_of(acts: Iterable[Act]) -> Iterator[Cell]:
    """What single acts cost on the UTC days on which they happened."""
    return (
        Cell(act.at.astimezone(UTC).date(), act.source_id, act.label, act.amount, act.quantity, kind=act.kind)
        for act in acts
    )


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
