"""Checks that a recording is consistent: every line, and every number that it states twice."""

from __future__ import annotations

from array import array
from asyncio import sleep
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from itertools import chain
from math import isqrt

from usage_tui.clients.recording.file import TURN, RecordingFile, place
from usage_tui.clients.recording.header import Extent, Header
from usage_tui.clients.recording.numbers import compare, event_disagreements, header_disagreements
from usage_tui.clients.recording.past_numbers import past_disagreements
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.models import Credits, Event, InvalidCredits

_ID_SHOWN = 40
_BUCKETS = 1 << 12


async def check_recording(recording: RecordingFile) -> None:
    """Read all of a recording. Other work gets its turn every few milliseconds.

    Raises:
        InvalidRecording: A line is not a valid event or out of order, an id is used twice, or numbers
            disagree.
    """
    header = recording.header
    try:
        _refuse(recording, chain(header_disagreements(header), past_disagreements(header)))
        rollup = await _add_up(recording)
        if rollup is not None and _are_all(header):
            _refuse(recording, event_disagreements(header, rollup))
    except InvalidCredits as error:
        raise recording.fault(f"the numbers cannot be added up: {error}") from None


def _are_all(header: Header) -> bool:
    """Whether the events are all that the sums count. A client without a count of them may lack some."""
    usage = header.summary.usage
    counted = usage is None or usage.event_count is not None
    return counted and isinstance(header.events, Extent) and header.events.complete


def _refuse(recording: RecordingFile, disagreements: Iterator[str]) -> None:
    found = list(disagreements)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise recording.fault(found[0] + more)


async def _add_up(recording: RecordingFile) -> PeriodRollup | None:
    """The sums of the period's events, each event checked on the way; None if no period is told."""
    summary = recording.header.summary
    rollup = PeriodRollup(summary.period, Calendar(summary.org.time_zone)) if summary.period else None
    tells_who_paid = summary.usage is not None and summary.usage.from_included is not None
    fingerprints = _Fingerprints(recording.count)
    newer: Event | None = None
    async for ordinal, event in _all_events(recording):
        if newer is not None and event.occurred_at > newer.occurred_at:
            raise recording.fault(f"{place(ordinal)}: is newer than the line before it; sort newest first")
        paid = sum(allocation.credits.micro for allocation in event.allocations) + event.uncovered.micro
        if tells_who_paid and paid != event.credits.micro:
            said = f"{place(ordinal)}: credits", event.credits
            _refuse(recording, compare(*said, "allocations and uncovered add up to", Credits(paid)))
        fingerprints.add(event.id)
        if rollup is not None:
            rollup.add(event)
        newer = event
    await _refuse_repeated(recording, await fingerprints.repeated())
    return rollup


async def _all_events(recording: RecordingFile) -> AsyncIterator[tuple[int, Event]]:
    for start in range(0, recording.count, TURN):
        ordinals = range(start, min(start + TURN, recording.count))
        for ordinal, event in zip(ordinals, recording.events(ordinals), strict=True):
            yield ordinal, event
        await sleep(0)


async def _refuse_repeated(recording: RecordingFile, suspects: set[int]) -> None:
    """Look again at the events whose ids may be used twice, because a fingerprint proves nothing."""
    if not suspects:
        return
    seen: dict[str, int] = {}
    async for ordinal, event in _all_events(recording):
        if _fingerprint(event.id) in suspects:
            first = seen.setdefault(event.id, ordinal)
            if first != ordinal:
                raise recording.fault(
                    f"{place(ordinal)}: the id {event.id[:_ID_SHOWN]!r} is already used in {place(first)}"
                )


def _fingerprint(text: str) -> int:
    """44 bits of the text's hash."""
    return hash(text) & (1 << 44) - 1


class _Fingerprints:
    """Some four bytes an id: a million of them in 5 MiB, where a set of the ids would take 150.

    The bucket says the lower 12 bits. Among a million ids two rarely have the same 44 bits. All buckets stand
    in one array, for memory that grows in small pieces is not given back to the system.

    Args:
        count: How many there will be.
    """

    def __init__(self, count: int) -> None:
        average = count // _BUCKETS
        self._room = average + 2 * isqrt(average) + 1
        self._slots = array("I", [0]) * (_BUCKETS * self._room)
        self._filled = array("I", [0]) * _BUCKETS
        self._without_room = defaultdict[int, list[int]](list)

    def add(self, text: str) -> None:
        value = _fingerprint(text)
        bucket, upper = value % _BUCKETS, value // _BUCKETS
        filled = self._filled[bucket]
        if filled < self._room:
            self._slots[bucket * self._room + filled] = upper
            self._filled[bucket] = filled + 1
        else:
            self._without_room[bucket].append(upper)

    async def repeated(self) -> set[int]:
        """The fingerprints that were added more than once."""
        found: set[int] = set()
        for bucket in range(_BUCKETS):
            start = bucket * self._room
            values = [*self._slots[start : start + self._filled[bucket]], *self._without_room.get(bucket, ())]
            if len(set(values)) < len(values):
                found.update(
                    upper * _BUCKETS + bucket for upper, times in Counter(values).items() if times > 1
                )
            if not bucket % 64:
                await sleep(0)
        return found
