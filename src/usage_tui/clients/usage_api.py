"""The client of a Usage API: one request for each slice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, Unpack
from urllib.parse import quote

from usage_tui import wire
from usage_tui.clients.applied import refuse_ignored
from usage_tui.clients.base import InvalidReply, NotFound, NotOffered, Slice
from usage_tui.clients.same_period import is_of_current_period
from usage_tui.clients.transport.service import Reach, Service
from usage_tui.clients.transport.token import BearerToken
from usage_tui.event_parameters import write_parameters
from usage_tui.ledger.people import ACTOR, is_by_person
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
from usage_tui.text.secrets import masked_input

if TYPE_CHECKING:
    from usage_tui.clients.registry import ClientConfig
    from usage_tui.clients.transport.connection import Parameters
    from usage_tui.clients.transport.problems import Dialect

_LARGEST_SUMMARY = 2**20
_LARGEST_REPLY = 2 * 2**20
"""Bytes. Thousands of grants or sources fit, and 200 events; while JSON is read it takes far more memory."""

_BY_PERSON = {"by": "actor"}
"""The parameter that asks for people in place of sources."""

OfPeriodReply = TypeVar("OfPeriodReply", Ranking, DailyUsage, Allowances)
OfDays = TypeVar("OfDays", DailyUsage, SourceDays)
Reply = TypeVar(
    "Reply",
    Me,
    Summary,
    Ranking,
    DailyUsage,
    EventPage,
    Grants,
    Allowances,
    BillingPeriods,
    SourceDays,
)


async def open_client(config: ClientConfig) -> UsageApiClient:
    """The client of a configured service, as the registry calls it.

    Raises:
        ClientError: There is no token, or the address or the certificates cannot be used.
    """
    return UsageApiClient(config.url, config.signed(), config.organization, **config.reach)


class UsageApiClient:
    """Reads an organization's usage from a Usage API. It implements `UsageClient`."""

    def __init__(
        self, url: str, token: BearerToken, organization: str | None = None, **reach: Unpack[Reach]
    ) -> None:
        """Prepare a client; nothing is sent before the first slice is asked for.

        Args:
            url: Where the service is, such as ``https://usage.example.com``; a path is a prefix.
            token: Says who the viewer is.
            organization: The organization's id; the token's first one where it is None.
            reach: How the service is reached.

        Raises:
            ClientError: The address or the certificates cannot be used.
        """
        self._service = Service(url, token, reach, dialect=_dialect)
        self._organization = organization
        self._asking_who = asyncio.Lock()
        self._newest: Summary | None = None
        self._unread: Summary | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.origin!r})"

    @property
    def origin(self) -> str:
        """The host, and the port unless it is the default one."""
        return self._service.origin

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """Nothing: the API has every slice."""
        return MappingProxyType({})

    @property
    def service_time(self) -> datetime | None:
        """What the service's clock said with its last answer; None if it did not say."""
        return self._service.service_time

    async def me(self) -> Me:
        """Who the viewer is.

        Raises:
            NotFound: The token sees no organization, or not the one asked for.
        """
        async with self._asking_who:
            return await self._ask_who()

    async def _ask_who(self) -> Me:
        me = await self._get(Me, "v1/me", largest=_LARGEST_SUMMARY)
        known = [organization.id for organization in me.organizations]
        if not known:
            raise NotFound("This token belongs to no organization.", advice="Ask an owner to add you to one.")
        if self._organization is None:
            self._organization = known[0]
        if self._organization not in known:
            raise NotFound(
                f"This token sees no organization {masked_input(self._organization)!r}.",
                advice=f"It sees {', '.join(known[:10])}{', …' if len(known) > 10 else ''}.",
            )
        return me

    async def summary(self) -> Summary:
        """Balance, period, progress and state. What `refresh` has fetched is not fetched again."""
        unread, self._unread = self._unread, None
        return unread or await self._look()

    async def sources(self, period_id: str | None = None) -> Ranking:
        """A billing period's sources, highest first; those of the current one without an id."""
        return await self._ranking(period_id, {})

    async def daily(self, period_id: str | None = None) -> DailyUsage:
        """A billing period's days, none after today; those of the current one without an id."""
        path = await self._path("usage/daily")
        if period_id is not None:
            return await self._get(DailyUsage, path, {"period": period_id})
        return self._of_period(await self._get(DailyUsage, path, {"range": "period"}), path)

    async def periods(self) -> BillingPeriods:
        """Every billing period, newest first.

        Raises:
            NotOffered: The service does not have them.
        """
        return await self._optional(BillingPeriods, "billing-periods", "billing periods")

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another, both included, whatever the period; none after today."""
        span = _span(first, last)
        return self._within(await self._get(DailyUsage, await self._path("usage/daily"), span), first, last)

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another; those past the first 200 are one sum.

        Raises:
            NotOffered: The service does not have them.
        """
        span = _span(first, last)
        reply = await self._optional(SourceDays, "usage/daily/sources", "days by source", span)
        return self._within(reply, first, last)

    async def people(self, period_id: str | None = None) -> Ranking:
        """Who used what in a billing period; in the current one without an id.

        Raises:
            NotOffered: The service does not tell.
        """
        ranking = await self._ranking(period_id, _BY_PERSON)
        if not is_by_person(ranking):
            raise self._no_people()
        return ranking

    async def people_days(self, first: date, last: date) -> SourceDays:
        """Every person on the days from one to another; those past the first 200 are one sum.

        Raises:
            NotOffered: The service does not tell.
        """
        span = {**_span(first, last), **_BY_PERSON}
        reply = await self._optional(SourceDays, "usage/daily/sources", "days by person", span)
        if any(item.kind != ACTOR for item in reply.items):
            raise self._no_people()
        return self._within(reply, first, last)

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of events in the order of the query; the first page without a cursor.

        Raises:
            CannotFilter: The service does not know a condition of the query.
        """
        parameters = write_parameters(query)
        place = {"limit": str(limit)} if cursor is None else {"limit": str(limit), "cursor": cursor}
        page = await self._get(EventPage, await self._path("usage/events"), {**place, **parameters})
        refuse_ignored(self.origin, parameters, page)
        return page

    async def grants(self) -> Grants:
        """All grants, in the order they are spent."""
        return await self._get(Grants, await self._path("grants"))

    async def allowances(self) -> Allowances:
        """Every meter with its lines."""
        path = await self._path("allowances")
        return self._of_period(await self._get(Allowances, path), path)

    def select(self, organization: str) -> None:
        """From now on, ask for another of the viewer's organizations."""
        self._organization = organization
        self._newest = self._unread = None

    async def refresh(self) -> bool:
        """Ask for the summary, whose tag changes with anything else; False if it is still the same.

        After a failed look it is True: other requests may have failed meanwhile.
        """
        before = self._newest
        newest = await self._look()
        if newest is before:
            return False
        # Unless it is of an organization that is not the selected one any more.
        self._unread = self._newest
        return True

    async def check(self) -> None:
        """Nothing: only the service could compare every event."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._service.aclose()

    def _no_people(self) -> NotOffered:
        return NotOffered(f"{self.origin} does not tell who used what.")

    async def _ranking(self, period_id: str | None, query: Mapping[str, str]) -> Ranking:
        path = await self._path("usage/sources")
        ranking = await self._get(Ranking, path, {"period": period_id or "current", **query})
        if period_id is None:
            return self._of_period(ranking, path)
        if ranking.period is None or ranking.period.id != period_id:
            raise self._of_another("period")
        return ranking

    async def _get(
        self,
        model: type[Reply],
        path: str,
        query: Parameters | None = None,
        *,
        largest: int = _LARGEST_REPLY,
    ) -> Reply:
        return await self._service.get(partial(wire.parse, model), path, query, largest=largest)

    async def _optional(
        self, model: type[Reply], name: str, what: str, query: Mapping[str, str] | None = None
    ) -> Reply:
        """A reply that other services with this API may not have.

        Raises:
            NotOffered: This one has not.
        """
        try:
            return await self._get(model, await self._path(name), query)
        except NotFound:
            raise NotOffered(f"{self.origin} does not offer {what}.") from None

    def _within(self, reply: OfDays, first: date, last: date) -> OfDays:
        """The reply, if it is of the days that were asked for.

        Raises:
            InvalidReply: It is not.
        """
        span = reply.range
        is_within = first <= span.start_date and span.end_date <= last
        if not is_within or (isinstance(reply, SourceDays) and not reply.is_whole):
            raise self._of_another("range of days")
        return reply

    async def _look(self) -> Summary:
        """The summary as it is now."""
        self._newest = self._unread = None
        path = await self._path("usage/summary")
        newest = await self._get(Summary, path, largest=_LARGEST_SUMMARY)
        if path != self._path_of(newest.org.id, "usage/summary"):
            raise self._of_another("organization")
        if path == await self._path("usage/summary"):
            self._newest = newest
        return newest

    def _of_period(self, reply: OfPeriodReply, path: str) -> OfPeriodReply:
        """The reply, unless it is of another period than the newest summary.

        Raises:
            InvalidReply: It is.
        """
        summary = self._newest
        is_selected = summary is not None and path.startswith(self._path_of(summary.org.id, ""))
        if summary is not None and is_selected and not is_of_current_period(reply, summary):
            raise self._of_another("period")
        return reply

    def _of_another(self, what: str) -> InvalidReply:
        return InvalidReply(
            f"{self.origin} answered for another {what} than the one asked for.",
            advice="Report it to whoever runs the service.",
        )

    async def _path(self, name: str) -> str:
        """The path of one of the organization's slices, once it is known which organization."""
        organization = self._organization
        if organization is None:
            async with self._asking_who:
                organization = self._organization or (await self._ask_who()).organizations[0].id
        return self._path_of(organization, name)

    @staticmethod
    def _path_of(organization: str, name: str) -> str:
        return f"v1/orgs/{quote(organization, safe='', errors='surrogateescape')}/{name}"


def _span(first: date, last: date) -> Mapping[str, str]:
    return {"start": first.isoformat(), "end": last.isoformat()}


def _dialect() -> Dialect:
    from usage_tui.clients.usage_api_problems import usage_api_dialect

    return usage_api_dialect
