"""Earlier periods and days of a recording: as they were recorded, or else by its events, if all are there."""

from __future__ import annotations

from asyncio import sleep
from datetime import date
from functools import cached_property

from usage_tui.clients.base import SLICE_NAMES, NotOffered, Slice, Withheld
from usage_tui.clients.past import (
    Past,
    current_period,
    no_days,
    no_source_days,
    part_of_days,
    part_of_source_days,
)
from usage_tui.clients.recording.file import TURN, RecordingFile
from usage_tui.clients.recording.header import Denial, Extent, Missing
from usage_tui.clients.recording.search import find_span
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.people import PeopleRollup
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import (
    NO_BILLING_ACCESS,
    BillingPeriods,
    DailyUsage,
    DateRange,
    Part,
    Period,
    Ranking,
    SourceDays,
)

_NAMED = b'"actor":"', b'"actor": "'
"""What stands in the line of an event that names a person, as we write it and as others may."""


class RecordedPast:
    """What a recording tells of the time before its period."""

    def __init__(self, recording: RecordingFile, what: str) -> None:
        """Count its events, if it has all.

        Args:
            recording: The recording.
            what: What its user calls it: a table that was just opened is also read from a recording.
        """
        self._recording, self._what = recording, what
        self._header = recording.header
        self._counted, self._people = _counted(recording, PeriodRollup), _counted(recording, PeopleRollup)

    @cached_property
    def _no_people(self) -> str:
        """Why it is not told who used what, a sentence; empty if it is, or may not be seen."""
        recording, header = self._recording, self._header
        if isinstance(header.events, Denial):
            return ""
        if self._people is None:
            return f"This {self._what} does not contain every event, so it does not tell who used what."
        if any(map(recording.contains, _NAMED)):
            return ""
        if Part.EVENTS in header.summary.not_offered:
            return f"This {self._what} has daily totals, which do not tell who used what."
        return f"No event of this {self._what} names a person, so it does not tell who used what."

    @property
    def not_offered(self) -> dict[Slice, str]:
        """What is neither recorded nor can be added up, each with the reason."""
        header, has_all = self._header, self._counted is not None
        known = {
            Slice.PERIODS: isinstance(header.periods, BillingPeriods) or bool(current_period(header.summary)),
            Slice.DAYS: has_all or any(isinstance(one, DailyUsage) for one in (header.days, header.daily)),
            Slice.SOURCE_DAYS: has_all or isinstance(header.source_days, SourceDays),
        }
        missing = {name: self._reason(name) for name, is_known in known.items() if not is_known}
        return missing | ({Slice.PEOPLE: self._no_people} if self._no_people else {})

    async def periods(self) -> BillingPeriods:
        """The billing periods that were recorded; else the current one.

        Raises:
            NotOffered: Neither is known.
        """
        recorded, summary = self._header.periods, self._header.summary
        if isinstance(recorded, BillingPeriods):
            return recorded
        self._require(Slice.PERIODS)
        return BillingPeriods(
            as_of=summary.as_of,
            revision=summary.revision,
            first_event_date=self._first_event_date(),
            items=current_period(summary),
        )

    async def ranking(self, period_id: str) -> Ranking:
        """The sources of an earlier period.

        Raises:
            NotOffered: The recording does not have all events.
            NotFound: The period does not exist.
        """
        return await self._all_events().ranking(period_id)

    async def daily(self, period_id: str) -> DailyUsage:
        """The days of an earlier period.

        Raises:
            NotOffered: The recording does not have all events.
            NotFound: The period does not exist.
        """
        return await self._all_events().daily(period_id)

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another, as far as they are known.

        Raises:
            NotOffered: No day is.
        """
        header = self._header
        if isinstance(header.days, DailyUsage) and self._is_as_asked(header.days.range, first, last):
            return header.days
        if self._counted is not None:
            return await self._counted.days(first, last)
        self._require(Slice.DAYS)
        recorded = [one for one in (header.days, header.daily) if isinstance(one, DailyUsage)]
        known = (part_of_days(one, first, last) for one in recorded)
        return next(filter(None, known), no_days(header.summary, first, last))

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another, as far as they are known.

        Raises:
            NotOffered: No day is.
        """
        recorded = self._header.source_days
        if isinstance(recorded, SourceDays) and self._is_as_asked(recorded.range, first, last):
            return recorded
        if self._counted is not None:
            return await self._counted.source_days(first, last)
        self._require(Slice.SOURCE_DAYS)
        known = part_of_source_days(recorded, first, last) if isinstance(recorded, SourceDays) else None
        return known or no_source_days(self._header.summary, first, last)

    def people(self) -> Past:
        """The same by person, of any period and any days.

        Raises:
            Withheld: The viewer could not see who used what.
            NotOffered: The recording does not have all events.
        """
        header = self._header
        if isinstance(header.events, Denial):
            raise Withheld(header.summary.access_notice or NO_BILLING_ACCESS)
        if self._people is None or self._no_people:
            raise NotOffered(self._no_people)
        return self._people

    def _is_as_asked(self, recorded: DateRange, first: date, last: date) -> bool:
        summary = self._header.summary
        today = Calendar(summary.org.time_zone).date_of(summary.as_of)
        return recorded == DateRange(start_date=first, end_date=min(last, today))

    def _require(self, name: Slice) -> None:
        reason = self.not_offered.get(name)
        if reason is not None:
            raise NotOffered(reason)

    def _all_events(self) -> Past:
        if self._counted is None:
            raise NotOffered(
                f"This {self._what} does not contain every event, so it shows no earlier period."
            )
        return self._counted

    def _reason(self, name: Slice) -> str:
        slice_ = self._header.slice(name)
        if isinstance(slice_, Missing) and slice_.not_offered:
            return slice_.not_offered
        return f"This {self._what} has no {SLICE_NAMES[name]}."

    def _first_event_date(self) -> date | None:
        recording = self._recording
        if self._counted is None or not recording.count:
            return None
        (oldest,) = recording.events([recording.count - 1])
        return Calendar(recording.header.summary.org.time_zone).date_of(oldest.occurred_at)


def _counted(recording: RecordingFile, by: type[PeriodRollup]) -> Past | None:
    """What the events add up to; None if some are missing."""
    header = recording.header
    if not isinstance(header.events, Extent) or not header.events.complete:
        return None

    async def add_up(period: Period, rollup: PeriodRollup) -> None:
        ordinals = find_span(recording, period.starts_at, period.ends_at)
        for start in range(0, len(ordinals), TURN):
            for event in recording.events(ordinals[start : start + TURN]):
                rollup.add(event)
            await sleep(0)

    recorded, current = header.periods, header.summary.period
    all_periods = recorded.items if isinstance(recorded, BillingPeriods) else ()
    former = tuple(one.period for one in all_periods if current is None or one.period.id != current.id)
    return Past(header.summary, former, add_up, by)
