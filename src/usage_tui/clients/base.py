"""What every client offers, and how it fails.

ClientError                the request had no usable answer
├── Withheld               the viewer may not see this slice
├── NotOffered             the client cannot give this slice, as it learned when it asked
├── CannotFilter           the client cannot filter or sort events in this way
├── Unauthenticated        the token is missing, unknown or expired
├── NotFound               the organization does not exist, or not for this token
├── CursorExpired          the cursor is no longer valid; start over at the first page
├── RateLimited            too many requests; `retry_after` says how long to wait
├── Unreachable            no answer at all: name, connection, TLS, timeout
├── ServiceFailed          the service answered that it failed
└── InvalidReply           an answer that does not fit the contract
    └── InvalidRecording   a file that is not a recording, or one that contradicts itself
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from usage_tui.text.clean import clean

if TYPE_CHECKING:  # a status line needs the errors, and none of the models
    from datetime import date

    from usage_tui.models import (
        Allowances,
        BillingPeriods,
        DailyUsage,
        EventPage,
        EventQuery,
        Grants,
        Me,
        Ranking,
        SourceDays,
        Summary,
    )


class Slice(StrEnum):
    """One reply of a client; each is loaded, and fails, on its own."""

    ME = "me"
    SUMMARY = "summary"
    SOURCES = "sources"
    DAILY = "daily"
    EVENTS = "events"
    GRANTS = "grants"
    ALLOWANCES = "allowances"
    PERIODS = "periods"
    DAYS = "days"
    SOURCE_DAYS = "source_days"
    PEOPLE = "people"


SLICE_NAMES: Mapping[Slice, str] = {
    Slice.ME: "viewer",
    Slice.SUMMARY: "overview",
    Slice.SOURCES: "usage by source",
    Slice.DAILY: "daily usage",
    Slice.EVENTS: "usage events",
    Slice.GRANTS: "credit grants",
    Slice.ALLOWANCES: "allowances",
    Slice.PERIODS: "billing periods",
    Slice.DAYS: "earlier days",
    Slice.SOURCE_DAYS: "days by source",
    Slice.PEOPLE: "usage by person",
}
"""What people call each slice."""


NOT_OFFERED = "The data source does not offer this."
"""What is said in place of a reason that may hold a name."""


class ClientError(Exception):
    """A request without a usable answer, in words for the person at the screen.

    Attributes:
        message: What happened, one sentence without a token or a secret.
        advice: What to do about it; empty if there is nothing to do but try again.
        request_id: The service's id of the request, if it gave one.
        retry_after: Seconds that the service asks to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        advice: str = "",
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(clean(message))
        self.message = clean(message)
        self.advice = clean(advice)
        self.request_id = clean(request_id) if request_id else None
        self.retry_after = retry_after

    @property
    def full_text(self) -> str:
        """The whole error in one line; the advice comes last, so that it is cut first."""
        request = f"Request {self.request_id}." if self.request_id else ""
        return " ".join(filter(None, (self.message, request, self.advice)))


class Withheld(ClientError):
    """The viewer may not see this slice."""


class NotOffered(ClientError):
    """The client cannot give this slice, as it learned when it asked, such as by the scope of its key."""


class CannotFilter(ClientError):
    """The client cannot filter or sort events in this way; the message says in which."""


class Unauthenticated(ClientError):
    """The token is missing, unknown or expired."""


class NotFound(ClientError):
    """The organization does not exist, or this token cannot see it."""


class CursorExpired(ClientError):
    """The cursor is no longer valid; start over at the first page."""


class RateLimited(ClientError):
    """Too many requests."""


class Unreachable(ClientError):
    """No answer: name not found, refused, TLS, timeout."""


class ServiceFailed(ClientError):
    """The service answered that it failed."""


class InvalidReply(ClientError):
    """The answer does not fit the contract."""

    @classmethod
    def of(cls, origin: str, fault: ValueError) -> InvalidReply:
        """The reply of a service with a fault in it, which says where it is."""
        advice = "Check the address, and that usage-tui is as new as the service."
        return cls(f"The reply from {origin} is invalid: {fault}.", advice=advice)


class InvalidRecording(InvalidReply):
    """The file is not a recording, or its numbers contradict each other."""


class EventPages(Protocol):
    """Where pages of events come from. Every method may raise `ClientError`."""

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of events in the order of the query; the first page without a cursor.

        Raises:
            CannotFilter: The client cannot filter or sort in this way.
        """

    def select(self, organization: str) -> None:
        """From now on, answer for another of the viewer's organizations.

        Args:
            organization: Its id, one of those that `me` tells.
        """

    async def aclose(self) -> None:
        """Release connections and files."""


class UsageClient(EventPages, Protocol):
    """Where the dashboard's data come from. Every method may raise `ClientError`."""

    @property
    def origin(self) -> str:
        """Where the data come from, as the screen names it: ``demo``, a file name, a host."""

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """The slices this client can never provide, each with the reason as a sentence."""

    async def me(self) -> Me:
        """Who the viewer is."""

    async def summary(self) -> Summary:
        """Balance, period, progress and state."""

    async def sources(self, period_id: str | None = None) -> Ranking:
        """A billing period's sources, highest first; those of the current one without an id."""

    async def daily(self, period_id: str | None = None) -> DailyUsage:
        """A billing period's days, none after today; those of the current one without an id."""

    async def periods(self) -> BillingPeriods:
        """The billing periods that are known, newest first, and what each cost."""

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another, both included, whatever the period; none after today.

        The range of the reply says which of them are known, at most the last `LONGEST_RANGE`.
        """

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another, those that are known, as in `days`."""

    async def people(self, period_id: str | None = None) -> Ranking:
        """Who used what in a billing period, as `rank_people` ranks it; in the current one without an id."""

    async def people_days(self, first: date, last: date) -> SourceDays:
        """Every person on the days from one to another, as `source_days` tells of sources."""

    async def grants(self) -> Grants:
        """All grants, in the order they are spent."""

    async def allowances(self) -> Allowances:
        """Every meter with its lines."""

    async def refresh(self) -> bool:
        """Look at the origin again; False if nothing can have changed since the last look."""

    async def check(self) -> None:
        """Read all there is, and raise where it contradicts itself; nothing if only the origin could."""


def seller_of(client: UsageClient) -> str:
    """Who sold what was used: a vendor by its name, where the client knows it, else its origin."""
    return getattr(client, "seller", "") or client.origin
