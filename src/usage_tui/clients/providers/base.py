"""What a vendor's module tells: an account, its days, and single events if there are any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from usage_tui.clients.base import Slice
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
    from usage_tui.clients.registry import Provider


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


def cells_of(acts: Iterable[Act]) -> Iterator[Cell]:
    """What single acts cost on the UTC days on which they happened."""
    return (
        Cell(act.at.astimezone(UTC).date(), act.source_id, act.label, act.amount, act.quantity, kind=act.kind)
        for act in acts
    )
