"""Files of usage made into a recording."""

from __future__ import annotations

import gc
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from usage_tui.cli.output import print_error
from usage_tui.cli.progress import Progress
from usage_tui.clients.recording.file import event_line, write_lines
from usage_tui.clients.recording.header import Denial, Extent, Header, Missing
from usage_tui.clients.recording.oldest_first import OldestFirst
from usage_tui.importing import reading, times
from usage_tui.importing.columns import counts_credits
from usage_tui.importing.entry_list import EntryList, microseconds
from usage_tui.importing.exactness import rounded
from usage_tui.importing.explanation import exact_text, read_as, seller, skipped_notice
from usage_tui.importing.faults import BadLine, ImportFailed
from usage_tui.importing.organization import Description, description_of_grants
from usage_tui.importing.plan import Choices
from usage_tui.importing.reading import Reading
from usage_tui.importing.replay import History, replay
from usage_tui.importing.spending import month_of, spent_events, state_spending
from usage_tui.importing.times import instant
from usage_tui.ledger.days import Calendar
from usage_tui.models import CREDITS, Event, Notice, Summary
from usage_tui.text.amounts import spoken_amount
from usage_tui.text.clean import clean
from usage_tui.text.words import count_noun

_INSTANT = timedelta.resolution


class Order(NamedTuple):
    """What is to be made.

    Attributes:
        description: The organization that the use is booked for; None for the use alone.
        as_of: The moment of the recording, without later events; None for that of the newest row.
        skip_bad_lines: Whether bad lines are left out; otherwise nothing is made where there are some.
    """

    paths: Sequence[Path]
    choices: Choices = Choices()
    description: Description | None = None
    as_of: datetime | None = None
    skip_bad_lines: bool = False


class Made(NamedTuple):
    """What was made.

    Attributes:
        summary: How the organization stands.
        events: How many events there are.
        later: How many rows are later than `Order.as_of`.
        outside: How many events lie outside the period.
        read_as: How the files were read.
    """

    summary: Summary
    events: int
    later: int
    outside: int
    read_as: str


def make_recording(order: Order, output: Path) -> Made:
    """Read the files, and write what they hold as a recording.

    Raises:
        ImportFailed: A file is at fault, and nothing was written.
        InvalidCredits: The amounts cannot be added up, and nothing was written.
    """
    with _uncollected():
        return _make(order, output)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows make no cycles, but looking for some among a million takes a sixth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _make(order: Order, output: Path) -> Made:
    progress = Progress(sys.stderr)
    zone = order.description.zone if order.description else order.choices.time_zone or ZoneInfo("UTC")
    latest = times.present() if order.as_of is None else None
    found = reading.read(order.paths, order.choices, zone, progress.track, latest)
    if not found.entries and not order.skip_bad_lines:
        reading.report_bad_lines(found.bad_lines, print_error, skip=False)
    as_of = _as_of(order, found, zone, latest)
    description = _described(order, found, zone, as_of)
    unit = description.unit.code if description else _unit(found)
    until = bisect_right(found.entries.times, microseconds(as_of))
    later = len(found.entries) - until
    entries = found.entries[:until] if later else found.entries
    booked = rounded(entries, Calendar(zone.key), _periods(description, zone))
    booked.check_sums()
    line = read_as(found, unit)
    made = _Recording(found, order, output, progress, line)
    if description is None:
        return made.of_use(booked, as_of, zone, unit)._replace(later=later)
    return made.of_organization(booked, as_of, description)._replace(later=later)


class _Recording:
    """Writes one recording."""

    def __init__(self, found: Reading, order: Order, output: Path, progress: Progress, line: str) -> None:
        self._found = found
        self._order = order
        self._output = output
        self._progress = progress
        self._line = line

    def of_use(self, entries: EntryList, as_of: datetime, zone: ZoneInfo, unit: str) -> Made:
        """The use alone."""
        self._report(self._found.bad_lines)
        self._line += _older(entries, month_of(as_of, zone).starts_at, unit)
        stated = state_spending(
            entries, name=_name(self._order.paths), zone=zone, unit=unit, as_of=as_of, read_as=self._line
        )
        summary = replace(stated.summary, notices=self._notices(len(self._found.bad_lines)))
        missing = Missing(not_offered=stated.missing)
        header = Header(
            summary=summary,
            me=stated.me,
            sources=stated.sources,
            daily=stated.daily,
            grants=missing,
            allowances=Missing(not_offered="A file of usage has no allowances."),
            events=Extent(complete=True),
            periods=stated.periods,
            seller=seller(self._found),
            read_as=self._line,
        )
        events = self._progress.track(spent_events(entries), "Writing", len(entries))
        _write(self._output, header, map(event_line, events))
        return self._made(summary, len(entries))

    def of_organization(self, entries: EntryList, as_of: datetime, description: Description) -> Made:
        """The use, booked against the grants of an organization."""
        with _writing(self._output), OldestFirst(self._output) as events:
            return self._book(entries, as_of, description, events)

    def _book(
        self, entries: EntryList, as_of: datetime, description: Description, events: OldestFirst
    ) -> Made:
        history = self._replayed(entries, as_of, description, events)
        bad_lines = [*self._found.bad_lines, *history.bad_lines]
        self._report(bad_lines)
        notices = (*self._notices(len(bad_lines)), *_early(history, description))
        summary = replace(history.statement.summary, notices=notices)
        slices = {**history.statement._asdict(), "summary": summary}
        header = Header(
            **slices,
            events=Extent(complete=True),
            periods=history.periods,
            seller=seller(self._found),
            read_as=self._line,
        )
        if not description.viewer.billing_access:
            denial = Denial(withheld="billing_access_required")
            header = header._replace(grants=denial, events=denial)
        lines = self._progress.track(events.newest_first(), "Writing", len(events))
        _write(self._output, header, lines)
        return self._made(summary, len(events))

    def _replayed(
        self, entries: EntryList, as_of: datetime, description: Description, events: OldestFirst
    ) -> History:
        voids = {grant.terms.id: grant.voided_at for grant in self._found.grants if grant.voided_at}
        # What the viewer may not see is not in the recording.
        keep = events.add if description.viewer.billing_access else _discard
        booking = self._progress.track(iter(entries), "Booking", len(entries))
        return replay(booking, entries.reversed_ids, description, as_of, keep, voids=voids)

    def _report(self, bad_lines: list[BadLine]) -> None:
        reading.report_bad_lines(bad_lines, print_error, skip=self._order.skip_bad_lines)
        if bad_lines:
            lines = count_noun(len(bad_lines), "bad line")
            self._line += f" {lines} {'was' if len(bad_lines) == 1 else 'were'} left out."

    def _notices(self, bad_lines: int) -> tuple[Notice, ...]:
        names = ", ".join(file.name for file in self._found.files)
        return (skipped_notice(bad_lines, names),) if bad_lines else ()

    def _made(self, summary: Summary, count: int) -> Made:
        assert summary.usage is not None  # noqa: S101 - every statement has it
        in_period = summary.usage.event_count or 0
        return Made(summary, count, 0, max(count - in_period, 0), self._line)


def _discard(event: Event) -> None:
    """Keep nothing."""


def _write(output: Path, header: Header, lines: Iterable[bytes]) -> None:
    with _writing(output):
        write_lines(output, header, lines)


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ImportFailed(f"{clean(str(output))}: cannot be written: {error.strerror}.") from None


def _older(entries: EntryList, starts_at: datetime, unit: str) -> str:
    """That some rows are from before the month that is shown."""
    count = bisect_left(entries.times, microseconds(starts_at))
    if not count:
        return ""
    amount = exact_text(entries.total(count), unit)
    rows = f"{count_noun(count, 'row')} ({amount})"
    return f" {rows} {'is' if count == 1 else 'are'} from before {starts_at:%B %Y}, which is shown."


def _early(history: History, description: Description) -> tuple[Notice, ...]:
    count, total = history.early
    if not count:
        return ()
    amount = spoken_amount(total, description.unit.code)
    what = (
        f"{count_noun(count, 'event')} ({amount}) {'is' if count == 1 else 'are'} older than the first grant"
    )
    return (Notice(code="before_grants", text=f"{what}; no grant paid, and it is not counted as overage."),)


def _as_of(order: Order, found: Reading, zone: ZoneInfo, latest: datetime | None) -> datetime:
    """The time of the recording, which is never before the period.

    Raises:
        ImportFailed: There is none, or it is out of range.
    """
    starts_at = order.description.bounds.starts_at if order.description else None
    if order.as_of is not None:
        try:
            as_of = instant(order.as_of, zone)
        except ValueError as error:
            raise ImportFailed(f"--as-of: {error}.") from None
        if starts_at is not None and as_of < starts_at:
            raise ImportFailed(
                f"--as-of: must not be before the period, which starts at {starts_at.isoformat()}."
            )
        return as_of
    newest = found.entries[-1].use.occurred_at if found.entries else None
    until = _until(found, latest) or newest
    if until is None:
        raise ImportFailed(_no_rows(found))
    last = max(until, newest or until)
    if starts_at is not None and last < starts_at:
        raise ImportFailed(
            f"the last event, of {last.isoformat()}, is before the period, which starts at "
            f"{starts_at.isoformat()}; correct [period], or set the time of the recording with --as-of."
        )
    return last


def _no_rows(found: Reading) -> str:
    """That there is nothing to date the recording by, and why."""
    names = ", ".join(file.name for file in found.files)
    if any(file.tally.filtered for file in found.files):
        return f"{names}: --only leaves no row; check its value."
    return (
        f"{names}: has no row of usage; "
        "to make a recording without usage, give its time with usage-tui import --as-of TIME."
    )


def _until(found: Reading, latest: datetime | None) -> datetime | None:
    """Until when the files tell of use: the last instant of a day, unless that lies ahead."""
    ends = [
        file.tally.until - (_INSTANT if file.times.days_read and not file.times.times_read else timedelta(0))
        for file in found.files
        if file.tally.until is not None
    ]
    ends += [grant.terms.granted_at for grant in found.grants]
    last = max(ends, default=None)
    return last if last is None or latest is None else min(last, latest)


def _described(order: Order, found: Reading, zone: ZoneInfo, as_of: datetime) -> Description | None:
    """The organization that the use is booked for: the one that was named, with what the files granted it.

    Raises:
        ImportFailed: The files are in another unit, or grant what cannot be.
    """
    terms = tuple(grant.terms for grant in found.grants)
    if order.description is None:
        if not terms:
            return None
        bounds = month_of(as_of, zone)
        return description_of_grants(_name(order.paths), zone, found.unit, bounds, terms)
    unit = order.description.unit.code
    if found.unit and found.unit != unit:
        raise ImportFailed(
            f"{found.files[0].name} is in {found.unit}, but the organization counts {unit}; "
            f'set unit = "{found.unit}" in its description, or choose another column.'
        )
    return order.description.with_grants(terms)


def _unit(found: Reading) -> str:
    """The unit of use alone; empty if nothing says it."""
    if found.unit:
        return found.unit
    return CREDITS.code if all(counts_credits(file.plan.column("credits")) for file in found.files) else ""


def _periods(description: Description | None, zone: ZoneInfo) -> Callable[[date], Hashable]:
    """The period of a day: that of the organization, or the calendar month."""
    if description is None:
        return _month
    calendar = Calendar(zone.key)
    first = calendar.date_of(description.bounds.starts_at)
    last = calendar.date_of(description.bounds.ends_at - _INSTANT)

    def period(day: date) -> Hashable:
        return _month(day) if not first <= day <= last else first

    return period


def _month(day: date) -> Hashable:
    return day.year, day.month


def _name(paths: Sequence[Path]) -> str:
    """What the use is called, after its files."""
    first = clean(paths[0].name.split(".")[0]) or "stdin"
    first = "stdin" if first == "-" else first
    return f"{first} and {count_noun(len(paths) - 1, 'other file')}" if len(paths) > 1 else first
