"""Who used what of a vendor's account, where the vendor tells single events with their actors."""

from __future__ import annotations

from usage_tui.clients.base import NotOffered
from usage_tui.clients.providers.base import EventApi, VendorApi
from usage_tui.clients.providers.event_log import EventLog
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.people import PeopleRollup, person_total
from usage_tui.models import Credits, DailyUsage, EventQuery, Part, Period, Summary


class EventPeople:
    """Adds up single events by their actors. What they lack of a day belongs to nobody.

    Attributes:
        reason: Why a vendor without single events tells nothing, as a sentence.
    """

    def __init__(self, api: VendorApi, calendar: Calendar) -> None:
        """Ask nothing yet.

        Args:
            api: The vendor.
            calendar: The days of the vendor.
        """
        self._api = api
        self._calendar = calendar
        self.reason = f"{api.provider.title} reports usage by day and source, not by person."

    async def rollup(self, summary: Summary, period: Period | None, daily: DailyUsage) -> PeopleRollup:
        """What each person used.

        Args:
            summary: How the account stands.
            period: The period, or any span; None if none is told.
            daily: What each of its days used.

        Raises:
            NotOffered: The vendor tells no single events, or too many.
            ClientError: The events cannot be read.
        """
        if not isinstance(self._api, EventApi) or Part.EVENTS in summary.not_offered:
            raise NotOffered(self.reason)
        if period is None:
            raise NotOffered(f"{self._api.provider.title} tells no billing period.")
        rollup = PeopleRollup(period, self._calendar)
        # Another log than that of the history, which would lose its place.
        query = EventQuery(starts_at=period.starts_at, ends_at=period.ends_at)
        for event in await EventLog(self._api).all(query):
            rollup.add(event)
        found = rollup.daily(as_of=daily.as_of, revision=daily.revision)
        known = {day.date: day.credits for day in found.items}
        for day in daily.items:
            rest = day.credits - known.get(day.date, Credits.ZERO)
            if rest:
                total = person_total("", rest.micro, None)
                rollup.add_sum(day.date, total, events=0, labeled_at=None)
        return rollup
