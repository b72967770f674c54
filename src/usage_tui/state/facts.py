"""The facts that answers are made of: what is known of an organization, and why the rest is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from usage_tui.clients.base import Slice
from usage_tui.frozen import frozen
from usage_tui.insight.pace import KNOWN_DAYS
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.ledger.ranking import SourceTotal
from usage_tui.models import (
    BillingPeriods,
    Credits,
    DailyUsage,
    Day,
    EventPage,
    Grants,
    Ranking,
    SourceDays,
    Summary,
)
from usage_tui.models.summary import INCLUDED
from usage_tui.state.remote import Remote
from usage_tui.state.replies import OF_FACTS, AnyReply
from usage_tui.state.usage import UsageState

OTHER_SOURCES = SourceTotal("", "", "Other sources", 0, None)
"""Stands for the sources that a reply adds up."""

_UNKNOWN = "It is not known yet."


@frozen
class Facts:
    """What is known of an organization. A reply is None if unknown, or not for this viewer.

    Attributes:
        ranking: The sources of the current period.
        daily: Its days.
        recent: The newest events.
        days: The days of the last weeks, in whatever period.
        source_days: The same days by source.
        missing: Why a reply is None, a sentence by the name of its slice.
    """

    summary: Summary
    grants: Grants | None = None
    ranking: Ranking | None = None
    daily: DailyUsage | None = None
    recent: EventPage | None = None
    periods: BillingPeriods | None = None
    days: DailyUsage | None = None
    source_days: SourceDays | None = None
    missing: Mapping[Slice, str]

    @property
    def are_of_one_revision(self) -> bool:
        """Whether all replies are of the same state of the organization, so that their numbers agree."""
        replies = (self.grants, self.ranking, self.daily, self.periods, self.days, self.source_days)
        return {one.revision for one in replies if one is not None} <= {self.summary.revision}

    @property
    def calendar(self) -> Calendar:
        """The days of the organization's zone."""
        return Calendar(self.summary.org.time_zone)

    @property
    def today(self) -> date:
        """The date that is not over."""
        return self.calendar.date_of(self.summary.as_of)

    @property
    def included(self) -> Credits:
        """What the period includes; zero where that is not known."""
        progress = self.summary.included
        return progress.granted if progress is not None and progress.kind == INCLUDED else Credits.ZERO

    @property
    def known_days(self) -> tuple[Day, ...]:
        """The days that are known, up to today; those of the current period where no earlier ones are."""
        known = self.days or self.daily
        return known.items if known is not None else ()

    @property
    def first_event_date(self) -> date | None:
        """The day of the organization's first event; None if it is not reported."""
        return self.periods.first_event_date if self.periods is not None else None

    @property
    def days_for_pace(self) -> tuple[Day, ...]:
        """The known days, and if they begin with a pause, a day that tells it from the time before any use.

        The amount of that day is not known, and the pace looks at no day that is so long ago.
        """
        days, first = self.known_days, self.first_event_date
        if not days or first is None or first >= days[0].date:
            return days
        if days[0].date > self.today - ONE_DAY * KNOWN_DAYS:
            return days
        return (replace(days[0], date=first, credits=Credits.ZERO, count=1, by_kind={}, top=None), *days)

    def source_totals(self, known: SourceDays) -> dict[date, list[SourceTotal]]:
        """What each source used on each of these days, from the first day of which that is known."""
        found = {day: [*totals] for day, totals in _by_day(known)}
        first = self.first_event_date
        if first is None or first > known.range.start_date:
            first = min((day for day, totals in found.items() if totals), default=date.max)
        return {day: totals for day, totals in found.items() if day >= first}

    def source_usage(self, known: SourceDays, first: date, last: date) -> dict[str, int]:
        """What each source used on some of these days, both ends included, in millionths by its id."""
        used: dict[str, int] = {}
        for day, totals in self.source_totals(known).items():
            for total in totals if first <= day <= last else ():
                used[total.source_id] = used.get(total.source_id, 0) + total.credits
        return used

    def source_labels(self) -> dict[str, str]:
        """The name of each source by its id, the one that used most lately first."""
        items = [*(self.source_days.items if self.source_days else ())]
        labels = {item.source_id: item.label for item in items}
        return labels | {item.source_id: item.label for item in (self.ranking.items if self.ranking else ())}


def facts_of(state: UsageState) -> Facts | None:
    """The facts that a state holds; None before the summary is known."""
    summary = state.summary.value
    if summary is None:
        return None
    return Facts(
        summary=summary,
        grants=state.grants.value,
        ranking=state.sources.value,
        daily=state.daily.value,
        recent=state.recent.value,
        periods=state.periods.value,
        days=state.days.value,
        source_days=state.source_days.value,
        missing=dict(_missing(state, OF_FACTS)),
    )


def _missing(state: UsageState, replies: Iterable[AnyReply[object]]) -> Iterator[tuple[Slice, str]]:
    for reply in replies:
        remote = reply.of(state)
        if remote.value is None:
            yield reply.slice, _why(remote)


def _why(remote: Remote[object]) -> str:
    if remote.is_unavailable:
        return remote.reason
    return remote.error.message if remote.error is not None else _UNKNOWN


def _by_day(known: SourceDays) -> Iterator[tuple[date, Iterator[SourceTotal]]]:
    length = (known.range.end_date - known.range.start_date).days + 1
    for number in range(length if known.items else 0):
        yield known.range.start_date + timedelta(days=number), _totals_of(known, number)


def _totals_of(known: SourceDays, number: int) -> Iterator[SourceTotal]:
    for item in known.items:
        if item.credits[number]:
            yield SourceTotal(item.kind, item.source_id, item.label, item.credits[number].micro, None)
    if known.other is not None and known.other[number]:
        yield OTHER_SOURCES._replace(credits=known.other[number].micro)
