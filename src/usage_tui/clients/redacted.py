"""A client whose names are replaced: each reply by pseudonyms, each query by what they stand for."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from usage_tui.clients.base import (
    NOT_OFFERED,
    CannotFilter,
    ClientError,
    CursorExpired,
    InvalidReply,
    NotFound,
    NotOffered,
    RateLimited,
    ServiceFailed,
    Slice,
    Unauthenticated,
    Unreachable,
    UsageClient,
    Withheld,
)
from usage_tui.clients.recording.redaction import ORGANIZATION_ID, Redaction
from usage_tui.clients.redacted_query import as_meant

if TYPE_CHECKING:
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

T = TypeVar("T")

_SENTENCES: Mapping[type[ClientError], str] = MappingProxyType(
    {
        Withheld: "The viewer may not see this.",
        NotOffered: NOT_OFFERED,
        CannotFilter: "The data source cannot filter or sort events in this way.",
        Unauthenticated: "The token is missing, unknown or expired.",
        NotFound: "It does not exist, or this token may not see it.",
        CursorExpired: "That page has expired.",
        RateLimited: "The data source refuses more requests for now.",
        Unreachable: "The data source did not answer.",
        ServiceFailed: "The data source failed.",
        InvalidReply: "The data source sent an invalid answer.",
        ClientError: "The request failed.",
    }
)


def redacted_error(error: ClientError) -> ClientError:
    """The same failure in a sentence of ours: its own may contain a name, such as that of a host."""
    kind = next(kind for kind in _SENTENCES if isinstance(error, kind))
    return kind(_SENTENCES[kind], retry_after=error.retry_after)


class RedactedClient:
    """A client without names.

    Args:
        client: Where the data come from.
        redaction: What replaces the names.
        origin: What the data are said to come from.
    """

    def __init__(self, client: UsageClient, redaction: Redaction, origin: str) -> None:
        self._client = client
        self._redaction = redaction
        self.origin = origin

    @property
    def seller(self) -> str:
        """Who sold what was used. The names of vendors stay."""
        return getattr(self._client, "seller", "")

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """The slices that the client can never provide."""
        return dict.fromkeys(self._client.not_offered, NOT_OFFERED)

    async def me(self) -> Me:
        """Who the viewer is."""
        return await self._without_names(self._client.me())

    async def summary(self) -> Summary:
        """Balance, period, progress and state."""
        return await self._without_names(self._client.summary())

    async def sources(self, period_id: str | None = None) -> Ranking:
        """A billing period's sources."""
        return await self._without_names(self._client.sources(period_id))

    async def daily(self, period_id: str | None = None) -> DailyUsage:
        """A billing period's days."""
        return await self._without_names(self._client.daily(period_id))

    async def periods(self) -> BillingPeriods:
        """The billing periods."""
        return await self._without_names(self._client.periods())

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another."""
        return await self._without_names(self._client.days(first, last))

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on these days."""
        return await self._without_names(self._client.source_days(first, last))

    async def people(self, period_id: str | None = None) -> Ranking:
        """Who used what in a billing period."""
        return await self._without_names(self._client.people(period_id))

    async def people_days(self, first: date, last: date) -> SourceDays:
        """Every person on these days."""
        return await self._without_names(self._client.people_days(first, last))

    async def grants(self) -> Grants:
        """All grants."""
        return await self._without_names(self._client.grants())

    async def allowances(self) -> Allowances:
        """Every meter with its lines."""
        return await self._without_names(self._client.allowances())

    async def refresh(self) -> bool:
        """Look at the origin again; False if nothing can have changed since the last look."""
        return await self._without_names(self._client.refresh())

    async def check(self) -> None:
        """Read all there is, and raise where it contradicts itself."""
        await self._without_names(self._client.check())

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of the events that are meant.

        Raises:
            CannotFilter: The query contains a name that is not a pseudonym, or the client cannot filter so.
        """
        meant = as_meant(query, self._redaction)
        return await self._without_names(self._client.events(meant, cursor=cursor, limit=limit))

    def select(self, organization: str) -> None:
        """Answer for another organization, named by its pseudonym."""
        self._client.select(self._redaction.name(ORGANIZATION_ID, organization) or organization)

    async def aclose(self) -> None:
        """Release connections and files."""
        await self._client.aclose()

    async def _without_names(self, reply: Awaitable[T]) -> T:
        try:
            value: T = self._redaction.value(await reply)
        except ClientError as error:
            raise redacted_error(error) from None
        return value
