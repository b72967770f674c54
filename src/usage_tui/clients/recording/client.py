"""The client that reads a recording, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from usage_tui.clients.base import SLICE_NAMES, NotOffered, Slice, Withheld
from usage_tui.clients.offset_pages import page_of, rows_of
from usage_tui.clients.recording.file import RecordingFile, open_recording, state_of
from usage_tui.clients.recording.header import Denial, Missing
from usage_tui.clients.recording.past import RecordedPast
from usage_tui.clients.recording.search import Found, find_events
from usage_tui.models import (
    NO_BILLING_ACCESS,
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

if TYPE_CHECKING:
    from usage_tui.clients.registry import ClientConfig

T = TypeVar("T")

_RECORDED = (
    Slice.ME,
    Slice.SOURCES,
    Slice.DAILY,
    Slice.EVENTS,
    Slice.GRANTS,
    Slice.ALLOWANCES,
)


class RecordingClient:
    """Reads usage from a recording; make one with `open`. It implements `UsageClient`."""

    def __init__(self, path: Path, recording: RecordingFile, name: str = "") -> None:
        self._path = path
        self._recording = recording
        self._name = name
        self._search: tuple[RecordingFile, EventQuery, Found] | None = None
        self._what = "table" if name else "recording"
        self._past = RecordedPast(recording, self._what)

    @classmethod
    async def open(cls, path: Path, name: str = "") -> RecordingClient:
        """Open a file and check its header, its ends and its first page. `check` looks at the rest.

        Args:
            path: The recording.
            name: The table that it was just made from; empty for a recording of its own.

        Raises:
            InvalidRecording: The file cannot be read or is no recording.
        """
        return cls(path, await open_recording(path), name)

    @property
    def origin(self) -> str:
        """The file's name."""
        return self._name or self._recording.name

    @property
    def seller(self) -> str:
        """The vendor of the export that it was made from; empty where that is not known."""
        return self._recording.header.seller

    @property
    def read_as(self) -> str:
        """How it was made from an export; empty if it was recorded."""
        return self._recording.header.read_as

    @property
    def not_offered(self) -> Mapping[Slice, str]:
        """The slices that the recorded client did not offer, or that were not recorded."""
        slices = {name: self._recording.header.slice(name) for name in _RECORDED}
        return {
            name: (isinstance(slice_, Missing) and slice_.not_offered)
            or f"This {self._what} has no {SLICE_NAMES[name]}."
            for name, slice_ in slices.items()
            if slice_ is None or isinstance(slice_, Missing)
        } | self._past.not_offered

    async def me(self) -> Me:
        """Who looked when it was recorded."""
        return self._offered(Slice.ME, self._recording.header.me)

    async def summary(self) -> Summary:
        """Balance, period, progress and state."""
        return self._recording.header.summary

    async def sources(self, period_id: str | None = None) -> Ranking:
        """A billing period's sources, highest first; those of the current one without an id."""
        if self._is_current(period_id):
            return self._offered(Slice.SOURCES, self._recording.header.sources)
        return await self._past.ranking(period_id or "")

    async def daily(self, period_id: str | None = None) -> DailyUsage:
        """A billing period's days up to the recording's; those of the current one without an id."""
        if self._is_current(period_id):
            return self._offered(Slice.DAILY, self._recording.header.daily)
        return await self._past.daily(period_id or "")

    async def periods(self) -> BillingPeriods:
        """The billing periods that were recorded; else the current one."""
        return await self._past.periods()

    async def days(self, first: date, last: date) -> DailyUsage:
        """The days from one to another, whatever the period, as far as they are known."""
        return await self._past.days(first, last)

    async def source_days(self, first: date, last: date) -> SourceDays:
        """Every source on the days from one to another, as far as they are known."""
        return await self._past.source_days(first, last)

    async def people(self, period_id: str | None = None) -> Ranking:
        """Who used what in a billing period; in the current one without an id."""
        return await self._past.people().ranking(period_id)

    async def people_days(self, first: date, last: date) -> SourceDays:
        """Every person on the days from one to another."""
        return await self._past.people().source_days(first, last)

    async def grants(self) -> Grants:
        """All grants, in the order they are spent."""
        return self._offered(Slice.GRANTS, self._recording.header.grants)

    async def allowances(self) -> Allowances:
        """Every meter with its lines."""
        return self._offered(Slice.ALLOWANCES, self._recording.header.allowances)

    async def events(self, query: EventQuery, *, cursor: str | None = None, limit: int) -> EventPage:
        """One page of events in the order of the query; the first page without a cursor.

        A cursor counts rows from the oldest. So it keeps its place when a newer recording of the same
        history is read in, and for any limit.

        Raises:
            CursorExpired: The recording that was read in since is shorter.
            InvalidRecording: A line is not a valid event, or the file changed.
        """
        recording = self._recording
        self._offered(Slice.EVENTS, recording.header.events)
        matches, totals = await self._matches(recording, query)
        rows = rows_of(cursor, len(matches), limit)
        items = tuple(recording.events(matches[rows.start : rows.stop]))
        summary = recording.header.summary
        return EventPage(
            as_of=summary.as_of,
            revision=summary.revision,
            items=items,
            page=page_of(rows, len(matches)),
            totals=totals if cursor is None else None,
        )

    async def check(self) -> None:
        """Read every event, and compare the numbers of the recording with each other.

        Other work gets its turn every few milliseconds. A million events take several seconds.

        Raises:
            InvalidRecording: A line is at fault, or numbers disagree; the message says which, and by
                how much.
        """
        from usage_tui.clients.recording.check import check_recording

        await check_recording(self._recording)

    def select(self, organization: str) -> None:
        """A recording is of one organization: there is no other."""

    async def refresh(self) -> bool:
        """Read the file again if it has changed; False if it has not.

        Raises:
            InvalidRecording: What is there now cannot be read. The client keeps what it had.
        """
        if state_of(self._path) == self._recording.state:
            return False
        self._recording = await open_recording(self._path)
        self._past = RecordedPast(self._recording, self._what)
        return True

    async def aclose(self) -> None:
        """Close the file."""
        self._search = None
        self._recording.close()

    def _is_current(self, period_id: str | None) -> bool:
        period = self._recording.header.summary.period
        return period_id is None or (period is not None and period.id == period_id)

    def _offered(self, name: Slice, value: T | Denial | Missing | None) -> T:
        if value is None or isinstance(value, Missing):
            raise NotOffered(self.not_offered[name])
        if isinstance(value, Denial):
            raise Withheld(self._recording.header.summary.access_notice or NO_BILLING_ACCESS)
        return value

    async def _matches(self, recording: RecordingFile, query: EventQuery) -> Found:
        """The events that match; those of the latest query are kept for its next page."""
        if self._search is None or self._search[:2] != (recording, query):
            self._search = recording, query, await find_events(recording, query)
        return self._search[2]


async def open_client(config: ClientConfig) -> RecordingClient:
    """The recording that a configuration names, as the registry calls it.

    Raises:
        InvalidRecording: The file cannot be read or is not a recording.
    """
    return await RecordingClient.open(config.options["file"], config.options.get("name", ""))
